"""The page ledger: whatever is done to pages, no side is ever lost, and the history proves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.ledger import parse_ledger, render_ledger
from pipeline.domain.ledger import ChangeKind, LedgerChange, PageLedger, apply_change, faults_of, open_ledger, with_marks

FILE = "a" * 64


def change(kind: ChangeKind, *sides: int, turn: int = 0, place: int = 0, file: str = "") -> LedgerChange:
    return LedgerChange(kind, sides, "2026-01-05T08:00:00+00:00", "cán bộ A", "quét ngược", turn, place, file)


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[PageLedger, int]:
    """A ledger after some changes that make sense, and how many pages its file has."""
    count = draw(st.integers(1, 6))
    ledger = open_ledger(FILE, count)
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(list(ChangeKind)))
        some = draw(st.lists(st.sampled_from(ledger.order), min_size=1, max_size=3, unique=True))
        place = draw(st.integers(1, len(ledger.order) + 1))
        if kind is ChangeKind.ORDER:
            made = change(kind, *draw(st.permutations(ledger.order)))
        elif kind is ChangeKind.PUT_BACK and ledger.removed:
            made = change(kind, ledger.removed[0].number, place=place)
        elif kind is ChangeKind.REMOVE and len(some) < len(ledger.order):
            made = change(kind, *some)
        elif kind is ChangeKind.INSERT:
            made = change(kind, len(ledger.sides) + 1, place=place, file="b" * 64)
        elif kind is ChangeKind.PAIR and len(some) > 1:
            made = change(kind, *some[:2])
        else:
            made = change(ChangeKind.ROTATE, *some, turn=draw(st.sampled_from([0, 90, 180, 270])))
        ledger = apply_change(ledger, made)
    return ledger, count


@given(ledgers())
def test_no_side_is_ever_lost_and_the_history_leads_to_the_pages(made: tuple[PageLedger, int]) -> None:
    ledger, count = made
    assert [side.number for side in ledger.sides] == list(range(1, len(ledger.sides) + 1))
    assert [side.page for side in ledger.sides if side.file == FILE] == list(range(1, count + 1))
    assert sorted([*ledger.order, *(side.number for side in ledger.removed)]) == [side.number for side in ledger.sides]
    assert faults_of(ledger, FILE, count) == ()
    assert parse_ledger(render_ledger(ledger)) == ledger


@given(ledgers(), st.data())
def test_whatever_vanishes_without_a_change_is_a_fault(made: tuple[PageLedger, int], data: st.DataObject) -> None:
    ledger, count = made
    broken = [
        replace(ledger, order=ledger.order[1:]),
        replace(ledger, sides=ledger.sides[:-1], order=tuple(one for one in ledger.order if one < len(ledger.sides))),
        replace(ledger, sides=(replace(ledger.sides[0], upright=45), *ledger.sides[1:])),
    ]
    assert faults_of(data.draw(st.sampled_from(broken)), FILE, count)
    assert faults_of(ledger, FILE, count + 1)


@pytest.mark.parametrize(
    "wrong",
    [
        change(ChangeKind.ROTATE, 4, turn=90),
        change(ChangeKind.ROTATE, 1, turn=45),
        change(ChangeKind.ROTATE),
        change(ChangeKind.ROTATE, 1, 1, turn=90),
        change(ChangeKind.REMOVE, 1, 2, 3),
        change(ChangeKind.PUT_BACK, 1, place=1),
        change(ChangeKind.ORDER, 1, 2),
        change(ChangeKind.PAIR, 1),
        change(ChangeKind.INSERT, 9, place=1, file=FILE),
        change(ChangeKind.INSERT, 4, place=9, file=FILE),
        replace(change(ChangeKind.REMOVE, 1), reason=" "),
        replace(change(ChangeKind.REMOVE, 1), actor=""),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(wrong: LedgerChange) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        apply_change(open_ledger(FILE, 3), wrong)


def test_a_page_removed_twice_is_refused() -> None:
    once = apply_change(open_ledger(FILE, 3), change(ChangeKind.REMOVE, 2))
    with pytest.raises(ValueError, match="that are there"):
        apply_change(once, change(ChangeKind.REMOVE, 2))
    assert once.sides_of([2]) == (3,)
    with pytest.raises(ValueError, match="no page 3"):
        once.sides_of([3])


def test_blank_sides_are_marked_and_a_pair_made_by_a_human_stays() -> None:
    paired = apply_change(open_ledger(FILE, 4), change(ChangeKind.PAIR, 1, 2))
    marked = with_marks(paired, [4], [(1, 3), (3, 2)])
    assert [(side.twin, side.blank) for side in marked.sides] == [(2, False), (0, False), (2, False), (0, True)]
    assert marked.order == (1, 2, 3, 4)
