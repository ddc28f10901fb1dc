"""What is held, what was said of it, and what it is worth on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.domain.documents import Owner, Status
from pipeline.domain.findings import Validity
from pipeline.domain.folding import fold

#: The lineage of a paper where of one owner's papers of its type the newest counts.
OWNER_LINEAGE = "owner"


class Exclusion(StrEnum):
    """What is not digitised for reuse (Thông tư 01/2023/TT-VPCP, article 4)."""

    PHOTOCOPY = "photocopy"
    SHOW_ONLY = "show_only"
    CLASSIFIED = "secret"
    SHARED_ELSEWHERE = "shared_elsewhere"


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
    REVISED = "revised"
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
    ``lineage`` papers of which the newest counts (:data:`OWNER_LINEAGE`, else of their own; empty: each stands for itself).
    ``unsure`` are keys of fields that are not certain. ``marks`` are exclusions that the file itself shows. ``units_note``
    tells which units were reorganised.
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
    record_sha256: str = ""
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

    ``siblings`` are the other papers of its lineage; ``same`` are other documents that are the same paper, ``copies`` the
    words said of those.
    ``by_name``: it was found by the name and birth date of its owner, ``formerly``: by an id that its owner had before.
    """

    holding: Holding
    status: Status
    former: Status | None = None
    standings: tuple[Standing, ...] = ()
    copies: tuple[Standing, ...] = ()
    same: tuple[str, ...] = ()
    siblings: tuple[Kept, ...] = ()
    owner_events: tuple[OwnerEvent, ...] = ()
    by_name: bool = False
    formerly: bool = False


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


def id_key(owner: Owner) -> str:
    """What papers of a person are found by: the personal id; empty where none is known."""
    return f"id:{owner.id12}" if owner.id12 else ""


def name_key(owner: Owner) -> str:
    """What papers are found by that bear no personal id: name and birth date; empty unless both are known."""
    return f"nb:{fold(owner.name)}|{owner.birth_date}" if owner.name and owner.birth_date else ""
