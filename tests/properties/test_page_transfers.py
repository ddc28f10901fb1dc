"""Pages that move between two documents: whatever is done in whatever order, nothing vanishes, and all of it can be undone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive import parse_ledger, render_ledger
from pipeline.domain.ledger import ChangeKind, PageLedger, faults_of, open_ledger
from pipeline.domain.page_transfers import Deed, bring_in, give_away, replay, standing_deeds, take_back

FILES = ("a" * 64, "b" * 64)
PAGES = (4, 3)


def shown(ledger: PageLedger) -> list[tuple[str, int, int | None]]:
    """The pages: of which file, which page of it, how turned."""
    return [(side.file, side.page, side.upright) for side in map(ledger.side, ledger.order)]


def move(pair: list[PageLedger], data: st.DataObject, at: str) -> None:
    """Move some pages of one document into the other, if one stays behind."""
    out = data.draw(st.integers(0, 1))
    mine, theirs = pair[out], pair[1 - out]
    if len(mine.order) < 2:
        return
    sides = data.draw(st.lists(st.sampled_from(mine.order), min_size=1, max_size=len(mine.order) - 1, unique=True))
    place = data.draw(st.integers(1, len(theirs.order) + 1))
    pair[1 - out] = bring_in(theirs, mine, sides, place, Deed(at, "tâm", "nhầm", "d"), media_type="application/pdf")
    pair[out] = give_away(mine, sides, Deed(at, "tâm", "nhầm", "d"))


def turn(pair: list[PageLedger], data: st.DataObject, at: str) -> None:
    """Turn a page."""
    one = data.draw(st.integers(0, 1))
    side = data.draw(st.sampled_from(pair[one].order))
    pair[one] = Deed(at, "tâm", "ngược").change(pair[one], ChangeKind.ROTATE, [side], turn=data.draw(st.sampled_from([0, 90])))


@given(st.data())
def test_pages_move_to_and_fro_and_every_page_is_in_one_document_exactly(data: st.DataObject) -> None:
    pair = [open_ledger(file, pages) for file, pages in zip(FILES, PAGES, strict=True)]
    for step in range(data.draw(st.integers(1, 6))):
        data.draw(st.sampled_from([move, turn]))(pair, data, f"t{step}")
    there = sorted((file, page) for ledger in pair for file, page, _ in shown(ledger))
    assert there == sorted((file, page) for file, pages in zip(FILES, PAGES, strict=True) for page in range(1, pages + 1))
    for ledger, file, pages in zip(pair, FILES, PAGES, strict=True):
        assert faults_of(ledger, file, pages) == ()
        assert parse_ledger(render_ledger(ledger)) == ledger


@given(st.data())
def test_deeds_are_undone_one_by_one_until_all_is_as_it_was(data: st.DataObject) -> None:
    pair = [open_ledger(file, pages) for file, pages in zip(FILES, PAGES, strict=True)]
    for step in range(data.draw(st.integers(1, 5))):
        data.draw(st.sampled_from([move, turn]))(pair, data, f"t{step}")
    for changed, file, pages in zip(pair, FILES, PAGES, strict=True):
        ledger = changed
        for number in range(len(standing_deeds(ledger))):
            last = standing_deeds(ledger)[-1]
            before = replay(open_ledger(file, pages), ledger.changes[: ledger.changes.index(last[0])])
            ledger = take_back(ledger, before, Deed(f"u{number}", "tâm", "nhầm", undoes=last[0].at))
            assert shown(ledger) == shown(before)
        assert standing_deeds(ledger) == ()
        assert [(file, page, None) for page in range(1, pages + 1)] == shown(ledger)
        assert faults_of(ledger, file, pages) == ()
