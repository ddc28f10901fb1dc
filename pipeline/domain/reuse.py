"""Reuse of what is held: who asks, what may leave, why not, what was given, and who must be told.

It all stands in the audit log, by these actions (``domain.audit.Action``); ``details`` never hold personal data:

=================  ==========================================================================================================
``check``          a system asked what is held: ``system``, ``agency``, ``procedure``, ``purpose``, ``on``, ``owner`` (hashed),
                   ``answers`` (pairs of type and :class:`Held`), ``documents``
``reuse_open``     a request was opened: ``request``, ``system``, ``agency``, ``procedure``, ``purpose``, ``type``, ``consent``
``reuse_release``  a document left: as before, with ``form``, ``fields``, ``sha256``, ``receipt`` (sha256 of the receipt)
``reuse_fetch``    what was released was fetched: ``request``, ``way`` (``link`` or ``stream``)
``reuse_refusal``  something was refused at intake, archive or release: ``gate``, ``codes``, ``request``, ``system``,
                   ``agency``, ``type``, ``purpose``
``asked_again``    a paper came in though it was held and reusable: ``held`` (the document), ``type``, ``office``
``standing``       somebody said what a document is worth: ``kind``, ``number``, ``key``, ``sha256``, ``basis``
``owner_event``    something befell an owner: ``kind``, ``key``, ``sha256``, ``basis``
``print_code``     a code for prints was made: ``key``, ``sha256``
``delivery_dead``  a webhook was given up: ``delivery``, ``event``, ``subscription``
``subscription``   a subscription was made, changed or ended: ``subscription``, ``system``, ``what``
``import``         a list of entitlements or exclusions was imported (``key``, ``sha256``)
=================  ==========================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pipeline.domain.documents import Owner, Status
from pipeline.domain.findings import Validity

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


class Exclusion(StrEnum):
    """What is not digitised for reuse (Thông tư 01/2023/TT-VPCP, article 4)."""

    PHOTOCOPY = "photocopy"
    SHOW_ONLY = "show_only"
    CLASSIFIED = "secret"
    SHARED_ELSEWHERE = "shared_elsewhere"


@dataclass(frozen=True, slots=True)
class ExcludedType:
    """Papers of ``type`` are excluded from ``since`` to ``until`` (ISO days) by ``basis``: ``holder`` has them."""

    type: str
    exclusion: Exclusion
    basis: str
    holder: str = ""
    since: str = ""
    until: str = ""


class State(StrEnum):
    """What a paper is worth on a day; only ``VALID`` may leave."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    DOUBTFUL = "doubtful"
    UNAPPROVED = "unapproved"
    EXCLUDED = "excluded"
    ERASED = "erased"


class ReasonCode(StrEnum):
    """Why a paper is not worth what it says, or a request is refused; stable, for programs."""

    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REVOKED_AS_COPY = "revoked_as_copy"
    SUPERSEDED = "superseded"
    SUPERSEDED_BY_NEWER = "superseded_by_newer"
    NEWER_UNCERTAIN = "newer_uncertain"
    OWNER_DIED = "owner_died"
    OWNER_CHANGED = "owner_changed"
    OWNER_BY_NAME = "owner_by_name"
    OWNER_UNKNOWN = "owner_unknown"
    TERM_UNKNOWN = "term_unknown"
    TERM_DOUBTFUL = "term_doubtful"
    CONDITIONS = "conditions"
    FIELDS_UNSURE = "fields_unsure"
    SIGNATURE_BROKEN = "signature_broken"
    DOUBTED = "doubted"
    NEEDS_REVIEW = "needs_review"
    IN_WORK = "in_work"
    NOT_APPROVED = "not_approved"
    PHOTOCOPY = "photocopy"
    SHOW_ONLY = "show_only"
    CLASSIFIED = "secret"
    SHARED_ELSEWHERE = "shared_elsewhere"
    ERASED = "erased"
    UNITS_CHANGED = "units_changed"
    SEVERAL_IN_FILE = "several_in_file"
    DAMAGED = "damaged"
    NOT_ENTITLED = "not_entitled"
    CONSENT_MISSING = "consent_missing"
    FORM_NOT_ENTITLED = "form_not_entitled"
    FIELDS_NOT_HELD = "fields_not_held"
    NOT_HELD = "not_held"
    SEVERAL_HELD = "several_held"
    REQUEST_EXPIRED = "request_expired"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as a clerk reads it, in Vietnamese and English; ``document`` names another paper where one is the cause."""

    code: ReasonCode
    vi: str
    en: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a paper is worth ``on`` a day; ``until`` is its last day, None where it has none or none is known.

    ``notes`` are worth knowing and stand in nobody's way (units that were reorganised, conditions as printed).
    """

    document: str
    part: int
    on: date
    state: State
    reasons: tuple[Reason, ...] = ()
    until: date | None = None
    notes: tuple[Reason, ...] = ()

    @property
    def is_reusable(self) -> bool:
        """Whether the paper may leave, to those who may have it."""
        return self.state is State.VALID


@dataclass(frozen=True, slots=True)
class Holding:
    """One paper in keeping, as the newest revision of its file says. Rebuilt from the record.

    ``part`` is 0 where the file is the paper, else its place among the several of the file, from 1. ``owners`` are the
    people it belongs to. ``number`` is folded. ``paper`` tells the same paper in other files (empty: nothing does),
    ``lineage`` papers of which the newest counts (empty: each stands for itself). ``unsure`` are keys of fields that are not
    certain. ``marks`` are exclusions that the file itself shows. ``units_note`` tells which units were reorganised.
    """

    document: str
    part: int
    dossier: str
    revision: int
    type: str
    owners: tuple[Owner, ...] = ()
    number: str = ""
    validity: Validity | None = None
    paper: str = ""
    lineage: str = ""
    pages: int = 0
    unsure: tuple[str, ...] = ()
    marks: tuple[Exclusion, ...] = ()
    signature_broken: bool = False
    units_note: str = ""
    record_key: str = ""
    pdf_key: str = ""
    pdf_sha256: str = ""
    pdf_bytes: int = 0


class StandingKind(StrEnum):
    """What can be said of a document after it was kept; ``RESTORED``, ``INCLUDED`` and ``CLEARED`` take the others back."""

    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    RESTORED = "restored"
    EXCLUDED = "excluded"
    INCLUDED = "included"
    DOUBTED = "doubted"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Standing:
    """The ``number``-th word on a document, said by ``actor`` at ``at``, for ``reason``, by the legal ``basis``.

    It counts from the day ``since`` on (ISO; empty: always). ``other`` is the document that takes its place, or the
    :class:`Exclusion`.
    """

    document: str
    number: int
    kind: StandingKind
    actor: str
    reason: str
    basis: str
    at: datetime
    since: str = ""
    other: str = ""


class OwnerEventKind(StrEnum):
    """What a population register tells of a person."""

    DIED = "died"
    RENAMED = "renamed"
    ID_CHANGED = "id_changed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OwnerEvent:
    """Something that befell ``owner`` on ``day`` (ISO), told from outside with its ``basis``. ``now`` is who they are since.

    ``CANCELLED`` takes back what was told under the id ``cancels``. ``id`` is the register's own, so that it counts once.
    """

    id: str
    kind: OwnerEventKind
    owner: Owner
    day: str
    basis: str
    actor: str
    at: datetime
    now: Owner | None = None
    cancels: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A holding with all that is known of it besides: the status of its document, words said of it and of its copies.

    ``siblings`` are the other papers of its lineage, ``copies`` the documents that are the same paper.
    """

    holding: Holding
    status: Status
    former: Status | None = None
    standings: tuple[Standing, ...] = ()
    copies: tuple[Standing, ...] = ()
    siblings: tuple[Kept, ...] = ()
    owner_events: tuple[OwnerEvent, ...] = ()


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

    ``basis`` is the law that entitles. ``codes`` say why it was refused.
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
    ``sha256`` is that of the PDF, or of the canonical JSON of the fields.
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


@dataclass(frozen=True, slots=True)
class Release:
    """What leaves: ``values`` by field, or a ``url`` that leads to the PDF until ``url_until``; ``jws`` is the signed receipt.

    ``stream`` of the service gives the PDF itself. ``media_type`` and ``bytes`` are those of the PDF. ``check_code`` is for a
    print of it.
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


@dataclass(frozen=True, slots=True)
class Released:
    """A release as the books keep it. ``kept``: its receipt stands in the bucket."""

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
    kept: bool = False


class EventKind(StrEnum):
    """What systems are told of."""

    DOSSIER_DIGITISED = "dossier.digitised"
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_REVISED = "document.revised"
    DOCUMENT_REVOKED = "document.revoked"
    DOCUMENT_SUPERSEDED = "document.superseded"
    DOCUMENT_RESTORED = "document.restored"


#: Whoever fetched the document is told of these, whatever else was subscribed to.
PUSHED = frozenset(
    {EventKind.DOCUMENT_REVISED, EventKind.DOCUMENT_REVOKED, EventKind.DOCUMENT_SUPERSEDED, EventKind.DOCUMENT_RESTORED}
)


@dataclass(frozen=True, slots=True)
class ReuseEvent:
    """One event: ``seq`` grows with time, ``id`` is its own for ever. No personal data, no reason in free text.

    ``other`` is the document that takes the place, ``code`` a :class:`ReasonCode` or empty.
    """

    seq: int
    id: str
    kind: EventKind
    at: datetime
    dossier: str
    document: str = ""
    type: str = ""
    revision: int = 0
    other: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where ``system`` of ``agency`` wants to be told: ``url``, of which ``kinds``, of dossiers of which ``offices``.

    ``offices`` are agency codes, or :data:`ANY`. ``key`` counts the secrets it has had; the former one signs too until
    ``former_until``.
    """

    id: str
    system: str
    agency: str
    url: str
    kinds: frozenset[EventKind]
    offices: frozenset[str]
    created_at: datetime
    key: int = 1
    former_until: datetime | None = None
    ended: bool = False


class DeliveryState(StrEnum):
    """How far a delivery is; ``DEAD``: given up, until somebody has it tried again."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a subscription: ``tries`` so far, the next one ``due``; ``error`` of the last."""

    id: str
    event: ReuseEvent
    subscription: str
    state: DeliveryState
    tries: int
    due: datetime
    error: str = ""


class PublicState(StrEnum):
    """What the public page says of a print."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrintCode:
    """A code on prints of a revision: ``digest`` is the sha256 of the code, which stands nowhere else."""

    digest: str
    document: str
    part: int
    revision: int
    at: datetime
    actor: str = ""


@dataclass(frozen=True, slots=True)
class RightsList:
    """The lists in force: entitlements and excluded types, each with the number of its import (0: none)."""

    entitlements: tuple[Entitlement, ...] = ()
    exclusions: tuple[ExcludedType, ...] = ()
    numbers: tuple[int, int] = field(default=(0, 0))
