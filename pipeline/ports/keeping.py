"""What keeps documents and moves them on: objects, their index, messages, the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from pipeline.domain.documents import Document, Event, QueueName, Source, Status
from pipeline.domain.procedures import Procedure
from pipeline.ports.archive import AuditLog, Likenesses
from pipeline.ports.batches import Batches
from pipeline.ports.clients import Answers, Clients, Uploads
from pipeline.ports.figures import Figures
from pipeline.ports.people import People
from pipeline.ports.reuse import Holdings, Outbox, Releases, Rights
from pipeline.ports.review import Reviews


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object of the store; ``sha256`` lower-case hex as recorded when it was put, empty where unknown.

    ``modified`` is when the server says that it was last written, None where unknown.
    """

    key: str
    bytes: int
    sha256: str = ""
    modified: datetime | None = None


class Procedures(Protocol):
    """The administrative procedures that an installation knows of."""

    def procedures(self) -> tuple[Procedure, ...]:
        """All of them, by code, those withdrawn included; none where no list was imported."""


class ObjectStore(Protocol):
    """Keys and bytes. Raises ``NotFoundError`` for an absent key, ``UnavailableError`` where the store is away."""

    def put(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> ObjectInfo:
        """Store, replacing what stands there: only for ``working/``."""

    def put_once(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> bool:
        """Store unless the key exists (atomically, also against racing writers); False where it already did."""

    def get(self, key: str) -> bytes:
        """The bytes."""

    def read_span(self, key: str, first: int, length: int) -> Iterator[bytes]:
        """``length`` bytes from ``first`` on (from 0), in pieces; fewer where the object ends. Raises ``NotFoundError``."""

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces, so that a large object fills no memory."""

    def fetch(self, key: str, path: Path) -> None:
        """The bytes into the file ``path``, whole or not at all."""

    def stat(self, key: str) -> ObjectInfo | None:
        """What is known of the object, None where there is none."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects under ``prefix``, in key order."""

    def link(self, key: str, life: timedelta, name: str) -> str:
        """A URL by which anybody may fetch the object, as the file ``name``, for so long."""

    def remove(self, key: str) -> None:
        """Forget an object: only for ``working/``; an absent key is fine."""

    def remove_all(self, keys: Iterable[str]) -> None:
        """Forget objects as :meth:`remove` does, many at once."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the catalogue keeps of a finished revision so that it can be found."""

    document: str
    dossier: str
    revision: int
    type: str
    status: Status
    title: str
    number: str
    text: str
    fields: tuple[tuple[str, str], ...]
    record_key: str
    record_sha256: str
    pdf_key: str
    pages: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found, with a snippet of its text around what was asked for."""

    document: str
    dossier: str
    type: str
    title: str
    number: str
    snippet: str
    pdf_key: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What documents found must be beside holding what was asked for; empty: anything.

    ``dossier`` is what the dossier's code begins with; received from ``since`` until before ``until``.
    """

    type: str = ""
    status: Status | None = None
    dossier: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_any(self) -> bool:
        """Whether it narrows nothing."""
        return self == Narrowing()


@dataclass(frozen=True, slots=True)
class PendingWork:
    """Something the sweeper must send again: ``step`` is ``split``, ``read`` (with ``page``) or ``finish``."""

    document: str
    step: str
    page: int
    queue: QueueName


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts for the state page: documents by status, pages settled and planned of those in work, waiting by queue."""

    by_status: tuple[tuple[Status, int], ...]
    pages_planned: int
    pages_settled: int
    waiting: tuple[tuple[QueueName, int], ...]


@dataclass(frozen=True, slots=True)
class PageTally:
    """How far the pages of a document are."""

    planned: int
    settled: int

    @property
    def complete(self) -> bool:
        """Whether every planned page is settled (and there is a plan)."""
        return self.planned > 0 and self.settled >= self.planned


class DossierNumbers(Protocol):
    """Running numbers of dossiers that are made here."""

    def take(self, prefix: str) -> int:
        """The next number behind ``prefix`` that no dossier has; of two who ask at once each gets another."""


class Catalogue(Protocol):
    """The index of the bucket and the ledger of work. Every call is one transaction; safe from many processes at once."""

    @property
    def audit(self) -> AuditLog:
        """What happened, for ever; the changes of status among it are written down by the catalogue itself."""

    @property
    def likenesses(self) -> Likenesses:
        """What finds papers that came in twice."""

    @property
    def people(self) -> People:
        """Who works with the house."""

    @property
    def numbers(self) -> DossierNumbers:
        """Running numbers of dossiers."""

    @property
    def clients(self) -> Clients:
        """Systems of others that call the interface."""

    @property
    def answers(self) -> Answers:
        """What calls with an idempotency key were answered."""

    @property
    def uploads(self) -> Uploads:
        """Files that systems hand in, on their way."""

    @property
    def figures(self) -> Figures:
        """What reports count."""

    @property
    def batches(self) -> Batches:
        """Files handed in together, and what became of each."""

    @property
    def holdings(self) -> Holdings:
        """The papers in keeping, and what was said of them."""

    @property
    def rights(self) -> Rights:
        """Who may have what."""

    @property
    def releases(self) -> Releases:
        """What was asked for, and what was given."""

    @property
    def outbox(self) -> Outbox:
        """Events for other systems."""

    @property
    def reviews(self) -> Reviews:
        """What people have on their desks, and what came of it."""

    def receive(self, document: Document, *, part: str = "") -> Document:
        """Enter ``document``; where the same dossier already holds the same ``part`` of this sha256, return that one.

        ``part`` tells documents of one file apart that show other pages of it; empty for the file as it was handed in.
        """

    def document(self, document_id: str) -> Document:
        """The document; raises ``NotFoundError``."""

    def documents(
        self,
        *,
        dossier: str | None = None,
        status: Status | None = None,
        limit: int = 100,
        offices: Sequence[str] | None = None,
    ) -> tuple[Document, ...]:
        """Documents, newest first; where ``offices`` (agency codes) are named, of those alone."""

    def walk(
        self, *, after: str = "", dossier: str | None = None, limit: int = 500, offices: Sequence[str] | None = None
    ) -> tuple[Document, ...]:
        """The next documents whose ids come behind ``after``, by id: all there are, a handful at a time.

        Where ``offices`` (agency codes) are named, of those alone.
        """

    def move(self, document_id: str, after: Status, *, actor: str, reason: str, at: datetime) -> Document:
        """Change the status and write the event; the same status again is no event.

        Raises ``ValueError`` where ``TRANSITIONS`` does not allow the change.
        """

    def reopen(self, document_id: str, *, engine: str, queue: QueueName, actor: str, reason: str, at: datetime) -> Document:
        """Make a settled document ``reading`` again, by ``engine`` and without any page done; one in work stays as it is.

        Its ``former`` is its status until now, until it is settled again; its ``reading`` is one more.
        """

    def choose_engine(self, document_id: str, engine: str) -> None:
        """Note which engine reads the document."""

    def note_reading(self, document_id: str, made_with: str) -> None:
        """Note what has read the document (``Document.made_with``)."""

    def events(self, document_id: str) -> tuple[Event, ...]:
        """All events of a document, oldest first."""

    def describe(self, document_id: str, source: Source) -> None:
        """Fill in what splitting found out of the source: pages, media type, signatures."""

    def plan_pages(self, document_id: str, count: int) -> None:
        """Enter pages 1..count as unsettled; pages already entered stay as they are."""

    def settle_page(self, document_id: str, page: int, outcome: str) -> PageTally:
        """Mark a page done (``read`` or ``unread``), insert-or-ignore, and count; the try to read it is over as well."""

    def tally(self, document_id: str) -> PageTally:
        """How many pages are planned and settled."""

    def forget_pages(self, document_id: str) -> None:
        """Drop the page plan and all attempts, before a new reading."""

    def begin_attempt(self, document_id: str, step: str, page: int, at: datetime) -> int:
        """Count one more try of a step **before** it starts, so that a killed try counts; returns how many there have been."""

    def end_attempt(self, document_id: str, step: str, page: int) -> None:
        """Take the count of :meth:`begin_attempt` back: the try ended by itself, well or not, and killed nobody."""

    def touch(self, document_id: str, step: str, pages: Sequence[int], at: datetime) -> None:
        """Note that messages for this step (page 0: of a document) are sent just now, so that the sweeper leaves it alone."""

    def pending(self, *, idle_since: datetime, limit: int = 500) -> tuple[PendingWork, ...]:
        """Unfinished steps neither sent nor begun since ``idle_since``.

        For received documents ``split``; for reading ones every unsettled page, or ``finish`` where all are settled.
        """

    def index(self, entry: IndexEntry) -> None:
        """Make a revision findable, replacing older ones of the same document.

        A settled document takes over its revision and type at once.
        """

    def search(
        self, query: str, *, limit: int = 20, offices: Sequence[str] | None = None, narrowed: Narrowing | None = None
    ) -> tuple[Hit, ...]:
        """Full text, with or without tone marks; a query like ``717/QĐ-UBND`` matches numbers exactly, first.

        Where ``offices`` (agency codes) are named, among their documents alone; where it is ``narrowed``, among such alone.
        An empty query finds nothing, or what it is narrowed to, the newest first.
        """

    def overview(self) -> Overview:
        """Counts for the state page."""

    def restore(self, document: Document, *, pages: int = 0, part: str = "") -> None:
        """Enter a document as found in the bucket (``sohoa reindex``), ``pages`` of it settled, replacing what is there."""

    def procedures(self) -> tuple[Procedure, ...]:
        """All administrative procedures known, by code, those withdrawn included; none where no list was imported."""

    def procedures_held(self) -> int:
        """The number of the bucket's list of procedures that the catalogue holds; 0 where it holds none."""

    def keep_procedures(self, number: int, procedures: Sequence[Procedure]) -> None:
        """Hold the bucket's ``number``-th list of procedures in the place of an older one; a newer one stays."""

    def clear(self) -> None:
        """Forget everything that can be rebuilt from the bucket: what happened, and who works here, stays."""


class Dispatcher(Protocol):
    """Sends work to the workers by name; ids only. Raises ``UnavailableError`` where the broker is away."""

    def split_document(self, document_id: str, queue: QueueName) -> None:
        """Ask for the document to be taken apart."""

    def read_page(self, document_id: str, page: int, queue: QueueName) -> None:
        """Ask for one page to be read."""

    def finish_document(self, document_id: str, queue: QueueName) -> None:
        """Ask for the document to be put together."""


class Clock(Protocol):
    """Time, so that tests may hold it."""

    def now(self) -> datetime:
        """The time now, with a zone."""
