"""The sides of documents, read: from the file that each is of, or taken over from what was read of it before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pipeline.custody.carried_pages import CarriedPages
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.custody.page_ledgers import PageLedgers, as_side
from pipeline.domain.documents import Document, Source
from pipeline.domain.foreign import ForeignPage
from pipeline.domain.ledger import PageLedger, Side
from pipeline.originals import fetch_original
from pipeline.ports import Clock, EngineInfo, ObjectStore
from pipeline.reading import ReadPage, unread_page

#: What a process remembers at a time: the ledgers and words of some documents, whose pages come one after another.
REMEMBERED = 12

Answer = TypeVar("Answer")


class PageReader(Protocol):
    """Opens files and reads pages where a hostile one can do no harm: in killable processes with bounds."""

    @property
    def engine(self) -> EngineInfo:
        """The usual engine behind it."""

    def engine_called(self, name: str) -> EngineInfo:
        """The engine of this name, empty for the usual one; raises ``UnavailableError`` where it is missing."""

    def made_with(self, engine: str) -> str:
        """What decides how ``engine`` reads: the same text, the same reading."""

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""

    def read(self, path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None) -> ReadPage:
        """The page, read by ``engine`` (empty: the usual one); an unread one where it took too long or killed its process.

        ``upright`` is the turn that a human says makes it upright.
        """

    def take_over(self, path: Path, media_type: str, page: ForeignPage, source: str, upright: int | None = None) -> ReadPage:
        """The page with the words that another program (``source``) read on it; read where they are of another picture."""


class LastAsked:
    """What the store was asked last, for things that stay as they are while a document is read for the first time."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, document: Document, what: str, make: Callable[[], Answer]) -> Answer:
        """What ``make`` returns, or returned for an earlier page of the same document; later readings always ask."""
        if document.revision:
            return make()
        key = document.id, str(document.reading), what
        with self._lock:
            if key in self._known:
                known: Answer = self._known[key]
                return known
        answer = make()
        with self._lock:
            self._known[key] = answer
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return answer


@dataclass(frozen=True, slots=True)
class SideReading:
    """Reads sides."""

    store: ObjectStore
    reader: PageReader
    scratch: Path
    clock: Clock
    asked: LastAsked = field(default_factory=LastAsked)

    @property
    def carried(self) -> CarriedPages:
        """What need not be read again."""
        return CarriedPages(self.store)

    def read(self, document: Document, number: int) -> ReadPage:
        """Side ``number`` of the document as its ledger has it; what was changed in it decides whether it was read before.

        A separator that is no page is not read, until somebody says that it is one.
        """
        ledger = self.asked.ask(document, "ledger", lambda: PageLedgers(self.store).of(document))
        if ledger.is_laid_between(number):
            return lay_aside(ledger.side(number))
        known = None
        if ledger.changes:
            known = self.carried.find(document, number, lambda: self.reader.made_with(document.engine))
        return known or self._read(document, ledger, number)

    def _read(self, document: Document, ledger: PageLedger, number: int) -> ReadPage:
        side = ledger.side(number)
        path = fetch_original(side.file, self.store, self.scratch, self.clock)
        kind = side.media_type or document.source.media_type
        told = self.asked.ask(document, side.file, lambda: ForeignTexts(self.store).taken_over(side.file))
        if told is not None and (page := told.page(side.page)) is not None:
            read = self.reader.take_over(path, kind, page, told.source, side.upright)
        else:
            read = self.reader.read(path, kind, side.page, document.engine, side.upright)
        return replace(read, reading=as_side(read.reading, number))


def lay_aside(side: Side) -> ReadPage:
    """What stands for a sheet that nobody wants read."""
    left = unread_page(side.number, "separator", "Tờ phân cách; không nằm trong bản lưu.")
    return replace(left, reading=replace(left.reading, blank=side.blank))
