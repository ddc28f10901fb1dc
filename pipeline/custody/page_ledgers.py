"""The page ledger of a document between its revisions: what its next revision goes by, and what its pages become by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline import archive
from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFoundError
from pipeline.domain.ledger import PageLedger, faults_of, open_ledger, with_marks
from pipeline.domain.pages import PageReading
from pipeline.likeness import Page, is_same_sheet
from pipeline.ports import ObjectStore


@dataclass(frozen=True, slots=True)
class PageLedgers:
    """The ledgers of all documents."""

    store: ObjectStore

    def of(self, document: Document) -> PageLedger:
        """What the reading in hand goes by: a ledger that waits for it, else that of the newest revision or the submission."""
        if self.is_changed(document):
            return archive.parse_ledger(self.store.get(archive.ledger_key(document.id, document.reading)))
        return self.current(document)

    def is_changed(self, document: Document) -> bool:
        """Whether somebody has changed pages since the newest revision, and the reading in hand goes by it."""
        return document.revision > 0 and self.store.stat(archive.ledger_key(document.id, document.reading)) is not None

    def current(self, document: Document) -> PageLedger:
        """That of the newest revision, else the one that the file was handed in with, else as submitted."""
        summary = self.record(document)
        found = summary.ledger if summary else self.as_received(document)
        return found or self._opening(document)

    def open_with(self, ledger: PageLedger) -> None:
        """Have documents of a file begin with ``ledger``; where another stands there already, that one counts."""
        file = ledger.sides[0].file
        self.store.put_once(archive.opening_key(file), archive.render_ledger(ledger), media_type="application/json")

    def _opening(self, document: Document) -> PageLedger:
        file, pages = document.source.sha256, document.source.pages
        try:
            ledger = archive.parse_ledger(self.store.get(archive.opening_key(file)))
        except NotFoundError:
            return open_ledger(file, pages)
        return ledger if not faults_of(ledger, file, pages) else open_ledger(file, pages)

    def as_received(self, document: Document) -> PageLedger | None:
        """That of a document that was split off another one, as it was then; None for a file as it was handed in."""
        receipt = archive.receipt_of(document, self.store)
        return receipt.ledger if receipt else None

    def record(self, document: Document) -> archive.RecordSummary | None:
        """The newest record; None where there is none."""
        if document.revision == 0:
            return None
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        try:
            return archive.parse_record(self.store.get(key))
        except NotFoundError:
            return None


def mark_sides(ledger: PageLedger, sides: Sequence[PageReading]) -> PageLedger:
    """The ledger with its blank sides marked, and neighbours that show the same sheet, with and without notes, paired."""
    return with_marks(ledger, (side.number for side in sides if side.blank), tuple(_twins(sides)))


def _twins(sides: Sequence[PageReading]) -> Iterator[tuple[int, int]]:
    """Sides and their twins: of two that follow each other, the one with more on it bears the notes."""
    taken = 0
    for one, other in pairwise(sides):
        if one.blank or other.blank or taken == one.number:
            continue
        if is_same_sheet(_as_page(one), _as_page(other)):
            taken = other.number
            fuller = one if len(one.text.words) > len(other.text.words) else other
            yield fuller.number, (other if fuller is one else one).number


def _as_page(side: PageReading) -> Page:
    return Page(side.number, side.text.text, side.likeness)


def as_side(reading: PageReading, number: int) -> PageReading:
    """The reading of a page of a file, as that of side ``number``."""
    return _numbered(reading, number)


def pages_of_sides(sides: Sequence[PageReading], ledger: PageLedger) -> tuple[PageReading, ...]:
    """The pages of the document: its sides in the order of the ledger, numbered anew."""
    by_number = {side.number: side for side in sides}
    return tuple(_numbered(by_number[number], page) for page, number in enumerate(ledger.order, 1))


def _numbered(side: PageReading, page: int) -> PageReading:
    return side if side.number == page else replace(side, number=page, content=replace(side.content, number=page))
