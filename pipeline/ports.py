"""What we need from outside. Adapters live in ``ocr_models`` and ``storage``; ``bootstrap`` chooses among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.archive_ports import AuditLog, Likenesses
from pipeline.domain.documents import Document, Event, QueueName, Source, Status
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageCode, PageImage
from pipeline.domain.procedures import Procedure
from pipeline.signing_ports import SignatureExaminer, Signer


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What is written into record.json about an engine; ``digest`` is the sha256 of its own model files, where it has any."""

    name: str
    version: str
    models: tuple[str, ...]
    digest: str = ""


class OcrEngine(Protocol):
    """Reads pictures of text."""

    @property
    def info(self) -> EngineInfo:
        """Name, version and models."""

    def read(self, image: PageImage, *, region: Box | None = None, single_line: bool = False) -> tuple[Line, ...]:
        """The lines of ``image`` (or of ``region`` of it, in its pixels), boxes in **its own pixels**, engine's order.

        Raises ``RecognitionError`` where the engine fails or runs past its time, ``UnavailableError`` where it is missing.
        """

    def upright(self, image: PageImage) -> tuple[int, float]:
        """The clockwise turn (0, 90, 180, 270) that makes ``image`` upright, and how sure that is (0 = not at all)."""


#: What stands in runs of words for anything with a digit, and for any word that a model does not know.
NUMBER, UNKNOWN = "<n>", "<u>"


class LanguageModel(Protocol):
    """Knows how likely a word is behind others. Words are canonical (``syllables.canonical``), or NUMBER, or UNKNOWN."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` has a place of its own; costs take every other one for UNKNOWN."""

    def similar(self, letters: str) -> tuple[str, ...]:
        """The known words whose letters without marks are ``letters`` (``syllables.bare``)."""

    def costs(self, runs: Sequence[tuple[str, ...]]) -> Sequence[float]:
        """For each run of one to three words, the price in nats of its last word behind the others."""


class ConfidenceModel(Protocol):
    """Knows how often words are right for which so much speaks."""

    def knows(self, engine: str) -> bool:
        """Whether it has learnt from words of this engine."""

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str], engine: str) -> Sequence[float]:
        """For each row of ``evidence`` the chance, 0..1, that its word of ``engine`` is right; ``features`` names the columns.

        Raises ``UnavailableError`` where the model is missing or knows other features.
        """


@dataclass(frozen=True, slots=True)
class DigitReading:
    """One way to read a crop: digits, ``/`` and ``?`` for a run of other signs; ``confidence`` 0..1 that all of it is right.

    ``places`` holds the middle of each sign in pixels from the left.
    """

    text: str
    confidence: float
    places: tuple[float, ...]


class DigitReader(Protocol):
    """Reads handwritten digits in a crop of one printed line."""

    @property
    def info(self) -> EngineInfo:
        """Name, version and model."""

    def read(self, image: PageImage) -> tuple[DigitReading, ...]:
        """The likeliest readings, best first; confidences add up to 1 at most, an empty text says that nothing is written.

        The crop's baseline lies at 0.675 of its height, and printed capitals are 0.36 of its height tall. Raises
        ``UnavailableError`` where the model is missing or damaged.
        """


class PrintedLine(Protocol):
    """A line of print that a reader has looked at; texts have single spaces between their words."""

    def readings(self) -> tuple[str, ...]:
        """The likeliest texts, best first; an empty one says that nothing is printed there."""

    def weigh(self, texts: Sequence[str]) -> tuple[float, ...]:
        """For each of ``texts`` the log of the probability that it and nothing else is printed there."""

    def places(self, text: str) -> tuple[float, ...]:
        """The middle of each sign of ``text``, one of the readings or a text weighed, in pixels from the left."""


class LineReader(Protocol):
    """Reads short pieces of print, such as names, also under strokes and seals."""

    @property
    def info(self) -> EngineInfo:
        """Name, version and model."""

    def look(self, image: PageImage) -> PrintedLine:
        """What is printed in the grey crop ``image`` of one line.

        Its baseline lies at 0.736 of the crop's height, and its type is 0.694 of that height large (the em). Raises
        ``UnavailableError`` where the model is missing or damaged.
        """


class CodeReader(Protocol):
    """Decodes barcodes and QR codes."""

    def read(self, image: PageImage) -> tuple[PageCode, ...]:
        """The codes in a grey ``image``, at any turn, boxes in **its own pixels**; what cannot be decoded is left out."""


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

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces, so that a large object fills no memory."""

    def fetch(self, key: str, path: Path) -> None:
        """The bytes into the file ``path``, whole or not at all."""

    def stat(self, key: str) -> ObjectInfo | None:
        """What is known of the object, None where there is none."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects under ``prefix``, in key order."""

    def remove(self, key: str) -> None:
        """Forget an object: only for ``working/``; an absent key is fine."""


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


class Catalogue(Protocol):
    """The index of the bucket and the ledger of work. Every call is one transaction; safe from many processes at once."""

    @property
    def audit(self) -> AuditLog:
        """What happened, for ever; the changes of status among it are written down by the catalogue itself."""

    @property
    def likenesses(self) -> Likenesses:
        """What finds papers that came in twice."""

    def receive(self, document: Document) -> Document:
        """Enter ``document``; where the same dossier already holds the same sha256, return that one unchanged instead."""

    def document(self, document_id: str) -> Document:
        """The document; raises ``NotFoundError``."""

    def documents(self, *, dossier: str | None = None, status: Status | None = None, limit: int = 100) -> tuple[Document, ...]:
        """Documents, newest first."""

    def walk(self, *, after: str = "", dossier: str | None = None, limit: int = 500) -> tuple[Document, ...]:
        """The next documents whose ids come behind ``after``, by id: all there are, a handful at a time."""

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
        """Mark a page done (``read`` or ``unread``), insert-or-ignore, and count."""

    def tally(self, document_id: str) -> PageTally:
        """How many pages are planned and settled."""

    def forget_pages(self, document_id: str) -> None:
        """Drop the page plan and all attempts, before a new reading."""

    def begin_attempt(self, document_id: str, step: str, page: int, at: datetime) -> int:
        """Count one more try of a step **before** it starts, so that a killed try counts; returns how many there have been."""

    def end_attempt(self, document_id: str, step: str, page: int) -> None:
        """Take the count of :meth:`begin_attempt` back: the try ended by itself, well or not, and killed nobody."""

    def touch(self, document_id: str, step: str, page: int, at: datetime) -> None:
        """Note that a message for this step has been sent, so that the sweeper leaves it alone for a while."""

    def pending(self, *, idle_since: datetime, limit: int = 500) -> tuple[PendingWork, ...]:
        """Unfinished steps neither sent nor begun since ``idle_since``.

        For received documents ``split``; for reading ones every unsettled page, or ``finish`` where all are settled.
        """

    def index(self, entry: IndexEntry) -> None:
        """Make a revision findable, replacing older ones of the same document.

        A settled document takes over its revision and type at once.
        """

    def search(self, query: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """Full text, with or without tone marks; a query like ``717/QĐ-UBND`` matches numbers exactly, first."""

    def overview(self) -> Overview:
        """Counts for the state page."""

    def restore(self, document: Document, *, pages: int = 0) -> None:
        """Enter a document as found in the bucket (``sohoa reindex``), ``pages`` of it settled, replacing what is there."""

    def procedures(self) -> tuple[Procedure, ...]:
        """All administrative procedures known, by code, those withdrawn included; none where no list was imported."""

    def procedures_held(self) -> int:
        """The number of the bucket's list of procedures that the catalogue holds; 0 where it holds none."""

    def keep_procedures(self, number: int, procedures: Sequence[Procedure]) -> None:
        """Hold the bucket's ``number``-th list of procedures in the place of an older one; a newer one stays."""

    def clear(self) -> None:
        """Forget everything that can be rebuilt from the bucket."""


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


__all__: Sequence[str] = (
    "NUMBER",
    "UNKNOWN",
    "Catalogue",
    "Clock",
    "ConfidenceModel",
    "DigitReader",
    "DigitReading",
    "Dispatcher",
    "EngineInfo",
    "Hit",
    "IndexEntry",
    "LanguageModel",
    "LineReader",
    "ObjectInfo",
    "ObjectStore",
    "OcrEngine",
    "Overview",
    "PageTally",
    "PendingWork",
    "PrintedLine",
    "Procedures",
    "SignatureExaminer",
    "Signer",
)
