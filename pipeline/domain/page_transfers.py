"""Pages that go from one document to another, and deeds taken back, as changes of page ledgers.

Nothing is forgotten on the way: the document that gives pages keeps them as removed sides, the one that takes them names the
file that they are of, and every change says which document the other one is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.domain.ledger import AS_FOUND, ChangeKind, LedgerChange, PageLedger, apply_change, open_ledger

#: What the reasons begin with for which a document is rejected whose pages are in another one, or again where they were.
MERGED, UNDONE = "merged", "undone"

#: The same, as such reasons begin.
MOVED_AWAY = (f"{MERGED}: ", f"{UNDONE}: ")


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something to pages, when (ISO 8601) and why; ``document`` is the other one, ``undoes`` what is taken back."""

    at: str
    actor: str
    reason: str
    document: str = ""
    undoes: str = ""

    def change(self, ledger: PageLedger, kind: ChangeKind, sides: Iterable[int], **more: object) -> PageLedger:
        """The ledger with one change more, or as it is where there is no side to change; raises ``ValueError``."""
        asked = tuple(sides)
        if not asked:
            return ledger
        made = LedgerChange(kind, asked, self.at, self.actor, self.reason, document=self.document, undoes=self.undoes, **more)  # type: ignore[arg-type]
        return apply_change(ledger, made)


def give_away(ledger: PageLedger, sides: Sequence[int], deed: Deed) -> PageLedger:
    """The ledger without these pages; raises ``ValueError`` where none would stay."""
    return deed.change(ledger, ChangeKind.REMOVE, sides)


def bring_in(
    ledger: PageLedger, theirs: PageLedger, sides: Sequence[int], place: int, deed: Deed, *, media_type: str
) -> PageLedger:
    """The ledger with the pages that are ``sides`` of ``theirs``, in this order, from page ``place`` on.

    ``media_type`` is that of the file that the other document was handed in as. Raises ``ValueError`` for a page that is one
    of these already, and for a place that there is not.
    """
    if not 1 <= place <= len(ledger.order) + 1:
        raise ValueError(f"there is no place {place} among {len(ledger.order)} pages")
    pages = ledger.order
    wanted = [theirs.side(number) for number in sides]
    known = {side.file for side in ledger.sides}
    for file in dict.fromkeys(side.file for side in wanted if side.file not in known):
        ledger = _with_file(ledger, theirs, file, deed, media_type)
    numbers = {(side.file, side.page): side.number for side in ledger.sides}
    coming = tuple(numbers[side.file, side.page] for side in wanted)
    if set(coming) & set(pages):
        raise ValueError("a page is one of this document already")
    ledger = _ordered(ledger, (*pages[: place - 1], *coming, *pages[place - 1 :]), deed)
    turns = {number: side.upright for number, side in zip(coming, wanted, strict=True)}
    return _turned(ledger, turns, deed)


def _with_file(ledger: PageLedger, theirs: PageLedger, file: str, deed: Deed, media_type: str) -> PageLedger:
    """The ledger with all pages of another file behind all others."""
    of_it = [side for side in theirs.sides if side.file == file]
    first, place = len(ledger.sides) + 1, len(ledger.order) + 1
    kind = of_it[0].media_type or media_type
    numbers = range(first, first + len(of_it))
    return deed.change(ledger, ChangeKind.INSERT, numbers, place=place, file=file, media_type=kind)


def _ordered(ledger: PageLedger, order: Sequence[int], deed: Deed) -> PageLedger:
    """The ledger with exactly these sides as its pages, in this order."""
    missing = [number for number in order if number not in ledger.order]
    ledger = deed.change(ledger, ChangeKind.PUT_BACK, missing, place=len(ledger.order) + 1)
    ledger = deed.change(ledger, ChangeKind.REMOVE, (number for number in ledger.order if number not in order))
    return ledger if ledger.order == tuple(order) else deed.change(ledger, ChangeKind.ORDER, order)


def _turned(ledger: PageLedger, turns: dict[int, int | None], deed: Deed) -> PageLedger:
    """The ledger with each of these sides turned so."""
    for turn in sorted({AS_FOUND if turn is None else turn for turn in turns.values()}):
        asked = (number for number, wanted in turns.items() if (AS_FOUND if wanted is None else wanted) == turn)
        changed = [number for number in asked if ledger.side(number).upright != turns[number]]
        ledger = deed.change(ledger, ChangeKind.ROTATE, changed, turn=turn)
    return ledger


def standing_deeds(ledger: PageLedger) -> tuple[tuple[LedgerChange, ...], ...]:
    """The deeds that count, oldest first: not those that were taken back, nor those that took them back or changed nothing."""
    standing: dict[str, tuple[LedgerChange, ...]] = {}
    now = as_opened(ledger)
    for at, changes in groupby(ledger.changes, key=lambda change: change.at):
        made, before = tuple(changes), now
        now = replay(now, made)
        if made[0].undoes:
            standing.pop(made[0].undoes, None)
        elif (now.order, now.sides) != (before.order, before.sides):
            standing[at] = made
    return tuple(standing.values())


def as_opened(ledger: PageLedger) -> PageLedger:
    """The ledger as its file was handed in, before anything was changed."""
    inserted = {side for change in ledger.changes if change.kind is ChangeKind.INSERT for side in change.sides}
    own = [side for side in ledger.sides if side.number not in inserted]
    return open_ledger(own[0].file, len(own))


def take_back(ledger: PageLedger, before: PageLedger, deed: Deed) -> PageLedger:
    """The ledger with the pages, their order and their turns as they were ``before``, by changes that can be told.

    Sides that came in since stay, as removed ones.
    """
    ledger = _ordered(ledger, before.order, deed)
    return _turned(ledger, {side.number: side.upright for side in before.sides}, deed)


def replay(opened: PageLedger, changes: Iterable[LedgerChange]) -> PageLedger:
    """What these changes make of a ledger; raises ``ValueError`` for one that makes no sense."""
    for change in changes:
        opened = apply_change(opened, change)
    return opened
