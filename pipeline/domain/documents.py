"""Dossiers, documents, their sources and their statuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.domain.signatures import SourceSignature


class Status(StrEnum):
    """``received → reading → needs_review → approved → archived``, or ``rejected``, or ``failed``; at last ``erased``."""

    RECEIVED = "received"
    READING = "reading"
    NEEDS_REVIEW = "needs_review"
    APPROVED = "approved"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    FAILED = "failed"
    ERASED = "erased"


#: Which status may follow which; ``failed`` and ``rejected`` may be tried again from the start, and what was rejected because
#: its pages went elsewhere needs review once they are back. An archived document that is read again, and reads as before,
#: stays archived.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.READING, Status.REJECTED, Status.FAILED}),
    Status.READING: frozenset({Status.NEEDS_REVIEW, Status.APPROVED, Status.ARCHIVED, Status.REJECTED, Status.FAILED}),
    Status.NEEDS_REVIEW: frozenset({Status.APPROVED, Status.REJECTED, Status.READING, Status.ERASED}),
    Status.APPROVED: frozenset({Status.ARCHIVED, Status.NEEDS_REVIEW, Status.READING, Status.ERASED}),
    Status.ARCHIVED: frozenset({Status.READING, Status.ERASED}),
    Status.REJECTED: frozenset({Status.RECEIVED, Status.READING, Status.NEEDS_REVIEW, Status.ERASED}),
    Status.FAILED: frozenset({Status.RECEIVED, Status.READING, Status.ERASED}),
    Status.ERASED: frozenset(),
}

#: No worker has anything left to do for a document in one of these.
SETTLED = frozenset({Status.NEEDS_REVIEW, Status.APPROVED, Status.ARCHIVED, Status.REJECTED, Status.FAILED, Status.ERASED})


class QueueName(StrEnum):
    """``station``: a citizen waits. ``batch``: nobody does."""

    STATION = "station"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as submitted. ``sha256`` is lower-case hex; ``signatures`` counts the digital signatures inside a PDF.

    ``signed`` tells of each where they were looked at; the catalogue keeps the count alone.
    """

    name: str
    sha256: str
    bytes: int
    media_type: str
    pages: int = 0
    signatures: int = 0
    signed: tuple[SourceSignature, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """The office that took the paper in; ``code`` as in QCVN 102:2016/BTTTT, for instance ``000.00.00.H49``."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose paper it is: the 12-digit personal id, else name and birth date."""

    id12: str = ""
    name: str = ""
    birth_date: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier: ``code`` as printed on its slip, or the name of the folder it came in."""

    code: str
    owner: Owner | None = None
    office: Office | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a dossier. ``id`` is assigned; ``source.sha256`` recognises a resubmission within the dossier.

    ``engine`` is to read it, empty for the installation's own. ``reading`` counts how often it was begun to be read from the
    start; ``former`` is what it was before, while it is being read again. ``made_with`` says what read it last,
    ``scanned_by`` who scanned it, or handed it in where nobody says who did; empty where that is not known.
    """

    id: str
    dossier: str
    source: Source
    status: Status
    queue: QueueName
    received_at: datetime
    revision: int = 0
    type: str = ""
    engine: str = ""
    reading: int = 1
    former: Status | None = None
    made_with: str = ""
    scanned_by: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a document's status: who, when, why."""

    document: str
    at: datetime
    actor: str
    before: Status | None
    after: Status
    reason: str
