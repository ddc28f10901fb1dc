"""The page ledger: every side of every sheet that was handed in, and what people made of it since.

Sides are counted as they were submitted and never forgotten; the pages of the document are some of them, in an order. What an
operator changes is a :class:`LedgerChange` with who, when and why; the ledger is what its changes make of what was submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

#: The turn of a page that nobody says anything about any more.
AS_FOUND = -1


class ChangeKind(StrEnum):
    """What may be done to pages; nothing deletes a side."""

    ROTATE = "rotate"
    REMOVE = "remove"
    PUT_BACK = "put_back"
    ORDER = "order"
    PAIR = "pair"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet: page ``page`` of the file with this sha256.

    ``upright`` is the clockwise turn (0, 90, 180, 270) that an operator says makes its scan upright, None: as it was found.
    ``twin`` is the side that shows the same sheet without its notes or stamps, 0 for none. ``blank`` is marked, and kept.
    ``separator`` marks a sheet that was laid between papers, or its back.
    ``media_type`` is that of a file that was inserted, empty for the file that the document was handed in as.
    """

    number: int
    file: str
    page: int
    upright: int | None = None
    twin: int = 0
    blank: bool = False
    separator: bool = False
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """Who changed which ``sides``, when (ISO 8601) and why.

    ``rotate``: ``turn`` makes them upright. ``order``: ``sides`` are all pages, in their new order. ``put_back`` and
    ``insert``: they stand from page ``place`` on. ``insert``: they are the pages of ``file``, numbered behind all sides so
    far. ``pair``: the second side shows the sheet of the first without its notes. A ``turn`` of -1: as it was found.

    ``document`` is the other document that the pages went to or came from, ``undoes`` the time of the changes that these take
    back; changes of one moment are one deed.
    """

    kind: ChangeKind
    sides: tuple[int, ...]
    at: str
    actor: str
    reason: str
    turn: int = 0
    place: int = 0
    file: str = ""
    media_type: str = ""
    document: str = ""
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class PageLedger:
    """All ``sides`` by number, the ``order`` of those that are pages now, and the ``changes`` that led there."""

    sides: tuple[Side, ...]
    order: tuple[int, ...]
    changes: tuple[LedgerChange, ...] = ()

    @property
    def removed(self) -> tuple[Side, ...]:
        """The sides that are no pages now."""
        return tuple(side for side in self.sides if side.number not in self.order)

    def is_laid_between(self, number: int) -> bool:
        """Whether the side is a separator, or the back of one, and no page."""
        return self.side(number).separator and number not in self.order

    def side(self, number: int) -> Side:
        """The side of this number; raises ``ValueError``."""
        if not 1 <= number <= len(self.sides):
            raise ValueError(f"there is no side {number}; {len(self.sides)} were submitted")
        return self.sides[number - 1]

    def sides_of(self, pages: Iterable[int]) -> tuple[int, ...]:
        """The numbers of the sides that are these pages now; raises ``ValueError`` for a page that there is not."""
        asked = tuple(pages)
        for page in asked:
            if not 1 <= page <= len(self.order):
                raise ValueError(f"there is no page {page}; the document has {len(self.order)}")
        return tuple(self.order[page - 1] for page in asked)


def open_ledger(file: str, pages: int) -> PageLedger:
    """The ledger of a file as submitted."""
    sides = tuple(Side(number, file, number) for number in range(1, pages + 1))
    return PageLedger(sides, tuple(side.number for side in sides))


def apply_change(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    """The ledger with one change more; raises ``ValueError`` for one that makes no sense, or has nobody or no reason."""
    if not change.actor.strip() or not change.reason.strip():
        raise ValueError("a change of pages needs who makes it and why")
    if change.kind is not ChangeKind.INSERT:
        for number in change.sides:
            ledger.side(number)
    if len(set(change.sides)) != len(change.sides) or not change.sides:
        raise ValueError("each page once, and one at least")
    changed = _CHANGES[change.kind](ledger, change)
    return replace(changed, changes=(*ledger.changes, change))


def _rotate(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    if change.turn not in {0, 90, 180, 270, AS_FOUND}:
        raise ValueError(f"a page is turned by 0, 90, 180 or 270 degrees, not by {change.turn}")
    upright = None if change.turn == AS_FOUND else change.turn
    turned = (replace(side, upright=upright) if side.number in change.sides else side for side in ledger.sides)
    return replace(ledger, sides=tuple(turned))


def _remove(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    left = tuple(number for number in ledger.order if number not in change.sides)
    if len(left) != len(ledger.order) - len(change.sides):
        raise ValueError("only pages that are there can be removed")
    if not left:
        raise ValueError("one page at least stays")
    return replace(ledger, order=left)


def _put_back(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    there = set(change.sides) & set(ledger.order)
    if there:
        raise ValueError(f"sides {sorted(there)} are pages already")
    return _placed(ledger, change)


def _placed(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    if not 1 <= change.place <= len(ledger.order) + 1:
        raise ValueError(f"there is no place {change.place} among {len(ledger.order)} pages")
    before, behind = ledger.order[: change.place - 1], ledger.order[change.place - 1 :]
    return replace(ledger, order=(*before, *change.sides, *behind))


def _reorder(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    if sorted(change.sides) != sorted(ledger.order):
        raise ValueError("an order names every page once")
    return replace(ledger, order=change.sides)


def _pair(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    if len(change.sides) != 2:
        raise ValueError("a pair is of two pages")
    with_notes, without = change.sides
    paired = (replace(side, twin=without) if side.number == with_notes else side for side in ledger.sides)
    return replace(ledger, sides=tuple(paired))


def _insert(ledger: PageLedger, change: LedgerChange) -> PageLedger:
    first = len(ledger.sides) + 1
    if not change.file or change.sides != tuple(range(first, first + len(change.sides))):
        raise ValueError(f"sides that are inserted are of a file, and numbered from {first} on")
    kind = change.media_type
    added = tuple(Side(number, change.file, page, media_type=kind) for page, number in enumerate(change.sides, 1))
    return _placed(replace(ledger, sides=(*ledger.sides, *added)), change)


_CHANGES = {
    ChangeKind.ROTATE: _rotate,
    ChangeKind.REMOVE: _remove,
    ChangeKind.PUT_BACK: _put_back,
    ChangeKind.ORDER: _reorder,
    ChangeKind.PAIR: _pair,
    ChangeKind.INSERT: _insert,
}


def with_marks(ledger: PageLedger, blanks: Iterable[int], twins: Sequence[tuple[int, int]]) -> PageLedger:
    """The ledger with the sides that are blank marked, and ``twins`` (with notes, without) paired where nobody did."""
    found, empty = dict(twins), set(blanks)
    paired = {change.sides[0] for change in ledger.changes if change.kind is ChangeKind.PAIR}
    marked = (
        replace(
            side,
            blank=side.number in empty,
            twin=side.twin if side.number in paired else found.get(side.number, 0),
        )
        for side in ledger.sides
    )
    return replace(ledger, sides=tuple(marked))


def faults_of(ledger: PageLedger, file: str, pages: int) -> tuple[str, ...]:
    """What says that something vanished from the ledger of a file of so many ``pages``; none where all is accounted for.

    The changes are made again from the submission on, and must lead to the very same pages.
    """
    replayed = open_ledger(file, pages)
    try:
        for change in ledger.changes:
            replayed = apply_change(replayed, change)
    except ValueError as error:
        return (f"a change that cannot have been made: {error}",)
    found = []
    if [(side.number, side.file, side.page) for side in ledger.sides] != [(s.number, s.file, s.page) for s in replayed.sides]:
        found.append("the sides are not those that were submitted")
    if ledger.order != replayed.order:
        found.append("the pages are not those that the changes lead to")
    if [side.upright for side in ledger.sides] != [side.upright for side in replayed.sides]:
        found.append("pages are turned otherwise than the changes say")
    return tuple(found)
