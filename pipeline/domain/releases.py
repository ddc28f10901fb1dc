"""Who may have what, what was asked, and what was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pipeline.domain.documents import Owner
from pipeline.domain.holdings import Exclusion, Judgement, Kept, Reason

#: In an entitlement or a subscription: any agency, procedure or type.
ANY = "*"


@dataclass(frozen=True, slots=True)
class System:
    """A system that calls: ``agency`` is the code of the agency it acts for, ``scopes`` what its credentials allow."""

    id: str
    agency: str
    scopes: frozenset[str] = frozenset()


class ReleaseForm(StrEnum):
    """What leaves: some values, or the whole paper."""

    FIELDS = "fields"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One line of the list: ``agency`` may have papers of ``type`` in ``procedure`` for ``purpose``, by the law ``basis``.

    Each of agency, procedure and type may be :data:`ANY`; a purpose never is. From ``since`` to ``until`` (ISO days, both
    included; empty: open). ``form`` FIELDS gives the ``fields`` alone. ``consent``: only with a reference to the owner's.
    ``by_name``: also papers whose owner is known by name and birth date only.
    """

    agency: str
    procedure: str
    type: str
    purpose: str
    form: ReleaseForm
    basis: str
    fields: tuple[str, ...] = ()
    consent: bool = False
    by_name: bool = False
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class ExcludedType:
    """Papers of ``type`` are excluded from ``since`` to ``until`` (ISO days) by ``basis``: ``holder`` has them."""

    type: str
    exclusion: Exclusion
    basis: str
    holder: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class RightsList:
    """The lists in force: entitlements and excluded types, each with the number of its import (0: none)."""

    entitlements: tuple[Entitlement, ...] = ()
    exclusions: tuple[ExcludedType, ...] = ()
    numbers: tuple[int, int] = field(default=(0, 0))


class Held(StrEnum):
    """The answer to whether a component is held; ``NOT_ENTITLED`` says nothing of whether it is."""

    REUSABLE = "held_reusable"
    NOT_REUSABLE = "held_not_reusable"
    NOT_HELD = "not_held"
    NOT_ENTITLED = "not_entitled"


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """What a one-stop desk asks: of ``owner``, for ``purpose``, ``on`` a day, the papers of ``procedure`` or of ``types``.

    Without ``types`` they are those that the list of entitlements names for the procedure.
    """

    owner: Owner
    purpose: str
    on: date
    procedure: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentAnswer:
    """What is known of one component; ``document`` and ``until`` of the best paper held.

    ``forms`` are what the caller may ask for, ``vi`` and ``en`` say it all in a sentence for the clerk.
    """

    type: str
    title: str
    held: Held
    vi: str
    en: str
    document: str = ""
    part: int = 0
    until: date | None = None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    forms: tuple[ReleaseForm, ...] = ()
    consent: bool = False


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """The answer to a :class:`CheckQuestion`; ``id`` is its own, ``at`` when it was given."""

    id: str
    at: datetime
    on: date
    procedure: str
    purpose: str
    components: tuple[ComponentAnswer, ...]

    @property
    def dont_ask_again(self) -> tuple[ComponentAnswer, ...]:
        """The components that the citizen must not be asked for: they are held and reusable."""
        return tuple(one for one in self.components if one.held is Held.REUSABLE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for: a ``document`` (and ``part``), or the one paper of ``type`` of ``owner``; for ``purpose``.

    ``form`` None: the least that the caller is entitled to. ``consent`` refers to the owner's, where one is needed.
    """

    purpose: str
    procedure: str = ""
    document: str = ""
    part: int = 0
    type: str = ""
    owner: Owner | None = None
    form: ReleaseForm | None = None
    fields: tuple[str, ...] = ()
    consent: str = ""


class RequestState(StrEnum):
    """How far a request is."""

    OPEN = "open"
    RELEASED = "released"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReuseRequest:
    """A request of ``system``, bound to one paper and one form; it may be released until ``until``.

    ``basis`` is the law that entitles, ``by_name`` as of :class:`Kept`. ``codes`` say why it was refused.
    """

    id: str
    system: str
    agency: str
    document: str
    part: int
    type: str
    purpose: str
    procedure: str
    form: ReleaseForm
    fields: tuple[str, ...]
    consent: str
    basis: str
    owner: str
    state: RequestState
    at: datetime
    until: datetime
    by_name: bool = False
    idempotency_key: str = ""
    digest: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a release would give: no values, no content. ``reasons`` stand against it, where ``judgement`` allows none."""

    request: ReuseRequest
    title: str
    revision: int
    pages: int
    bytes: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was given: what, whose (hashed), to whom, for what, when, its sha256, until when the paper holds.

    ``owner`` is the sha256 of the ``disclosure`` of the release and the owner; nobody without the disclosure learns whose.
    ``sha256`` is that of the PDF, or of the canonical JSON of the fields; ``check`` that of the code for prints.
    """

    id: str
    issuer: str
    system: str
    agency: str
    document: str
    part: int
    revision: int
    type: str
    owner: str
    form: ReleaseForm
    fields: tuple[str, ...]
    sha256: str
    purpose: str
    procedure: str
    basis: str
    consent: str
    at: datetime
    valid_on: date
    valid_until: date | None
    check: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """What leaves: ``values`` by field, or a ``url`` that leads to the PDF until ``url_until``; ``jws`` is the signed receipt.

    ``stream`` of the service gives the PDF itself. ``media_type`` and ``bytes`` are those of the PDF. ``check_code`` is for a
    print of it, ``notes`` are worth knowing (units that were reorganised, conditions).
    """

    request: ReuseRequest
    receipt: Receipt
    jws: str
    disclosure: str
    values: tuple[tuple[str, str | int | tuple[str, ...]], ...] = ()
    url: str = ""
    url_until: datetime | None = None
    bytes: int = 0
    check_code: str = ""
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Released:
    """A release as the books keep it: ``code`` is the digest of that for its prints; ``kept``: it stands in the bucket."""

    id: str
    system: str
    agency: str
    document: str
    part: int
    revision: int
    type: str
    purpose: str
    form: ReleaseForm
    sha256: str
    at: datetime
    jws: str
    disclosure: str
    code: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class RequestScene:
    """All that a request is judged by, of one moment: ``kept`` are the papers of its document, ``rights`` the lists."""

    request: ReuseRequest
    kept: tuple[Kept, ...]
    released: Released | None
    rights: RightsList
