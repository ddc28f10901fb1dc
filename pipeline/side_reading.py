"""The sides of documents, read: from the file that each is of, or taken over from what was read of it before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pipeline.custody.carried_pages import CarriedPages
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.custody.page_ledgers import as_side
from pipeline.domain.documents import Document, Source
from pipeline.domain.foreign import ForeignPage
from pipeline.domain.ledger import PageLedger, Side
from pipeline.originals import fetch_original
from pipeline.ports import Clock, EngineInfo, ObjectStore
from pipeline.reading import ReadPage, unread_page


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


@dataclass(frozen=True, slots=True)
class SideReading:
    """Reads sides."""

    store: ObjectStore
    reader: PageReader
    scratch: Path
    clock: Clock

    @property
    def carried(self) -> CarriedPages:
        """What need not be read again."""
        return CarriedPages(self.store)

    def read(self, document: Document, ledger: PageLedger, number: int) -> ReadPage:
        """Side ``number`` of the document as ``ledger`` has it; what was changed in it decides whether it was read before.

        A separator that is no page is not read, until somebody says that it is one.
        """
        known = None
        if ledger.is_laid_between(number):
            return lay_aside(ledger.side(number))
        if ledger.changes:
            known = self.carried.find(document, number, lambda: self.reader.made_with(document.engine))
        return known or self._read(document, ledger, number)

    def _read(self, document: Document, ledger: PageLedger, number: int) -> ReadPage:
        side = ledger.side(number)
        path = fetch_original(side.file, self.store, self.scratch, self.clock)
        kind = side.media_type or document.source.media_type
        if told := ForeignTexts(self.store).taken_over(side.file, side.page):
            read = self.reader.take_over(path, kind, *told, side.upright)
        else:
            read = self.reader.read(path, kind, side.page, document.engine, side.upright)
        return replace(read, reading=as_side(read.reading, number))


def lay_aside(side: Side) -> ReadPage:
    """What stands for a sheet that nobody wants read."""
    left = unread_page(side.number, "separator", "Tờ phân cách; không nằm trong bản lưu.")
    return replace(left, reading=replace(left.reading, blank=side.blank))
