"""Batches of years of paper: the files handed in together, what each of their sides became, how far it all is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.domain.documents import Document, QueueName, Status


class BatchState(StrEnum):
    """``running``: documents are handed on as the workers can take them; ``paused``: no more of them for now."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


#: Which state may follow which. What was cancelled or done may be taken up again: files come, or failed ones are tried again.
BATCH_TRANSITIONS: dict[BatchState, frozenset[BatchState]] = {
    BatchState.RUNNING: frozenset({BatchState.PAUSED, BatchState.CANCELLED, BatchState.DONE}),
    BatchState.PAUSED: frozenset({BatchState.RUNNING, BatchState.CANCELLED}),
    BatchState.CANCELLED: frozenset({BatchState.RUNNING}),
    BatchState.DONE: frozenset({BatchState.RUNNING}),
}


class FileState(StrEnum):
    """What became of a file: ``planned`` into documents, or why there is none of it.

    ``duplicate``: the very same file stands in the same dossier already. ``no_pages``: nothing but separators and backs.
    ``repaired``: it was rejected, and a better one came under its name.
    """

    PLANNED = "planned"
    DUPLICATE = "duplicate"
    NO_PAGES = "no_pages"
    REJECTED = "rejected"
    REPAIRED = "repaired"


class SideRole(StrEnum):
    """What a side of a file is. Only ``page`` and ``blank`` come into the archive copy, all stand in the ledger."""

    PAGE = "page"
    BLANK = "blank"
    SEPARATOR = "separator"
    SEPARATOR_BACK = "separator_back"


@dataclass(frozen=True, slots=True)
class Handling:
    """How the files of a batch are taken apart.

    ``split``: at separator sheets; ``slips``: also where a page bears the code of a dossier. ``cut``: sheets of A3 into two
    pages; ``cards``: small cards cut out of the glass. ``backs``: files come in pairs, fronts and their backs (``reversed``:
    the stack was turned over as a whole, ``same``: it was not); empty: they do not. ``keep_text``: words that came along with
    scans are taken as they are, and their pages are not read. ``unchecked``: fronts and backs are put together even where they
    do not seem to be of the same sheets.
    """

    split: bool = False
    slips: bool = False
    cut: bool = False
    cards: bool = False
    backs: str = ""
    keep_text: bool = False
    unchecked: bool = False

    @property
    def looks(self) -> bool:
        """Whether pages must be looked at before anything is handed in."""
        return self.split or self.slips or self.cut or self.cards


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch. ``complete``: all files under its ``paths`` (on the machine that handed them in) have been taken."""

    id: str
    name: str
    state: BatchState
    complete: bool
    created_at: datetime
    actor: str
    queue: QueueName
    paths: tuple[str, ...] = ()
    dossier: str = ""
    engine: str = ""
    handling: Handling = field(default_factory=Handling)
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SidePlan:
    """What one side of a file became: its role, the part it lies in (0: none), what a separator said.

    ``source`` counts the files of a pair from 1, ``page`` the pages of that file. ``into``: into how many pages it was cut.
    """

    source: int
    page: int
    role: SideRole
    part: int = 0
    text: str = ""
    into: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a file, waiting or handed in as ``document``: file ``sha256`` of ``sides`` pages, some ``removed``.

    ``type`` and ``owner`` are what separator or index said of it, ``operator`` who scanned it, by its separator.
    """

    number: int
    dossier: str
    name: str
    sha256: str
    bytes: int
    sides: int
    removed: tuple[int, ...] = ()
    type: str = ""
    owner: str = ""
    document: str = ""
    operator: str = ""

    @property
    def pages(self) -> int:
        """How many pages the document has."""
        return self.sides - len(self.removed)


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file of a batch as it was taken. ``path`` is where it lay; ``code`` and ``message`` tell why there is nothing of it.

    ``sources`` are the hashes of the files that were handed in: one, or fronts and backs. ``edition`` of the software refused
    it; ``replaces`` is the number under which the very same bytes had been refused.
    """

    dossier: str
    name: str
    path: str
    sha256: str
    bytes: int
    state: FileState
    sources: tuple[str, ...] = ()
    sides: tuple[SidePlan, ...] = ()
    parts: tuple[Part, ...] = ()
    code: str = ""
    message: str = ""
    number: int = 0
    edition: str = ""
    replaces: int = 0

    @property
    def count(self) -> int:
        """How many sides were handed in."""
        return len(self.sides)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part that nobody has handed in yet."""

    batch: str
    file: int
    part: Part


@dataclass(frozen=True, slots=True)
class Placed:
    """A part as the batch shows it, with the file it is of and the document that it became, if any."""

    file: int
    file_name: str
    part: Part
    document: Document | None


@dataclass(frozen=True, slots=True)
class BatchTally:
    """How far a batch is: files by state, documents by status (None: waiting), pages."""

    files: tuple[tuple[FileState, int], ...] = ()
    documents: tuple[tuple[Status | None, int], ...] = ()
    sides: int = 0
    pages: int = 0
    settled: int = 0

    def count(self, *states: FileState) -> int:
        """How many files are in one of ``states``."""
        return sum(number for state, number in self.files if state in states)

    def in_status(self, *statuses: Status | None) -> int:
        """How many documents are in one of ``statuses``."""
        return sum(number for status, number in self.documents if status in statuses)

    @property
    def total(self) -> int:
        """How many documents there are, waiting ones included."""
        return sum(number for _, number in self.documents)
