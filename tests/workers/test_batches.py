"""Batches: taken in, cut, fed, paused, killed and gone on with; no page is lost and none doubled."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import archive, flow
from pipeline.batches.accounts import as_csv, as_workbook, lines_of, sum_up
from pipeline.batches.feeding import PAGES_IN_FLIGHT
from pipeline.batches.runs import Runner
from pipeline.batches.taking import UNCHANGED
from pipeline.custody.erasing import Erasing
from pipeline.custody.page_changes import Wanted, change_pages
from pipeline.domain.batches import BatchState, FileState, Handling, SideRole
from pipeline.domain.documents import Status
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.holdings import Exclusion
from pipeline.domain.ledger import ChangeKind
from pipeline.domain.releases import ExcludedType, RightsList
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from tests.batch_office import BatchOffice
from tests.scripted_office import Killed


@pytest.fixture
def office(tmp_path: Path) -> Iterator[BatchOffice]:
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        yield BatchOffice(tmp_path, catalogue)


def stack(office: BatchOffice) -> None:
    office.lay(
        "chồng 1.pdf",
        "sep:H1-240101-0001:quyet_dinh",
        "blank",
        "một",
        "hai",
        "blank",
        "sep:H1-240101-0002:",
        "sep:H1-240101-0003:",
        "ba",
    )
    office.lay("chồng 2.pdf", "bốn", "patch", "năm", "sáu", "sep::")


def test_a_stack_becomes_documents_and_every_side_is_told_of(office: BatchOffice) -> None:
    stack(office)
    first, second = office.take_in()
    assert office.finish().state is BatchState.DONE
    told = office.runner.books.sides_of("B1", first.number)
    assert [(side.page, side.role, side.part) for side in told.sides] == [
        (1, SideRole.SEPARATOR, 1),
        (2, SideRole.SEPARATOR_BACK, 1),
        (3, SideRole.PAGE, 1),
        (4, SideRole.PAGE, 1),
        (5, SideRole.BLANK, 1),
        (6, SideRole.SEPARATOR, 2),
        (7, SideRole.SEPARATOR, 2),
        (8, SideRole.PAGE, 2),
    ]
    assert [(part.dossier, part.pages, part.type) for part in told.parts] == [
        ("H1-240101-0001", 3, "quyet_dinh"),
        ("H1-240101-0003", 1, ""),
    ]
    assert [(part.dossier, part.removed) for part in second.parts] == [("scans", ()), ("scans", (1, 4))]
    assert sorted(office.words()) == ["ba", "blank", "bốn", "hai", "một", "năm", "sáu"]


def test_separators_stand_in_the_page_ledger_of_their_document_and_in_none_of_its_pages(office: BatchOffice) -> None:
    stack(office)
    office.take_in()
    office.finish()
    (document,) = office.catalogue.documents(dossier="H1-240101-0001")
    ledger = office.record(document)["ledger"]
    assert isinstance(ledger, dict)
    assert [(side["page"], side.get("separator", False)) for side in ledger["sides"]] == [
        (None, True),
        (None, True),
        (1, False),
        (2, False),
        (3, False),
    ]
    assert [change["actor"] for change in ledger["changes"]] == ["intake"]


def test_separators_are_not_read_until_somebody_says_that_one_is_a_page(office: BatchOffice) -> None:
    office.lay("chồng.pdf", "sep:H1-240101-0001:", "blank", "một", "sep::")
    office.take_in()
    office.finish()
    assert office.reader.read_pages == [3]
    (document,) = office.catalogue.walk(limit=5)
    ledger = office.ports.ledgers.current(document)
    assert [(side.separator, side.blank) for side in ledger.sides] == [
        (True, False),
        (True, True),
        (False, False),
        (True, False),
    ]
    back = Wanted(ChangeKind.PUT_BACK, (1,), place=1)
    change_pages(document.id, lambda _ledger, _turns: (back,), office.ports, actor="an", reason="là trang")
    office.finish()
    assert set(office.reader.read_pages) == {1, 3}
    assert office.words() == ["sep:H1-240101-0001:", "một"]
    assert [side.page for side in office.ports.ledgers.current(office.catalogue.document(document.id)).removed] == [2, 4]


def test_who_scanned_is_whom_the_separator_names_else_who_handed_the_batch_in(office: BatchOffice) -> None:
    office.lay("chồng.pdf", "một", "sep:H1-240101-0001::Trần Thị Bình", "hai")
    office.take_in()
    office.finish()
    assert {one.dossier: one.scanned_by for one in office.catalogue.walk(limit=5)} == {
        "scans": "cli",
        "H1-240101-0001": "Trần Thị Bình",
    }


def test_a_file_of_one_paper_is_kept_as_it_is(office: BatchOffice) -> None:
    path = office.lay("một tờ.pdf", "một", "hai")
    (file,) = office.take_in()
    assert [part.sha256 for part in file.parts] == [flow.sha256_of(path)]
    assert not list(office.store.list("openings/"))


def test_killed_at_any_point_a_batch_goes_on_and_no_page_is_lost_or_doubled(tmp_path: Path) -> None:
    for step in range(1, 12):
        folder = tmp_path / str(step)
        folder.mkdir()
        with closing(SqlCatalogue("sqlite://")) as catalogue:
            office = BatchOffice(folder, catalogue)
            stack(office)
            office.lay("hồ sơ 7/đơn.pdf", "bảy")
            office.bench.dies_at = step
            for _ in range(2):
                try:
                    office.take_in()
                    break
                except Killed:
                    continue
            assert office.finish().state is BatchState.DONE
            assert sorted(office.words()) == ["ba", "blank", "bảy", "bốn", "hai", "một", "năm", "sáu"]
            assert office.catalogue.batches.tally("B1").sides == 14


def test_the_same_batch_handed_in_twice_is_one(office: BatchOffice) -> None:
    stack(office)
    office.take_in()
    office.finish()
    before = len(office.catalogue.walk(limit=100))
    again = list(office.runner.take_in(office.catalogue.batches.batch("B1"), office.shelf()))
    assert [file.number for file in again] == [1, 2]
    office.finish()
    assert len(office.catalogue.walk(limit=100)) == before


def test_a_paused_batch_hands_nothing_on_until_it_is_resumed(office: BatchOffice) -> None:
    for number in range(5):
        office.lay(f"{number}.pdf", *(f"tờ {number}.{page}" for page in range(PAGES_IN_FLIGHT // 2)))
    batch = office.open()
    office.control.move(batch.id, BatchState.PAUSED, "an")
    list(office.runner.take_in(batch, office.shelf()))
    assert office.feeder.feed_all() == 0
    assert office.catalogue.batches.tally("B1").in_status(None) == 5
    office.control.move(batch.id, BatchState.RUNNING, "an")
    assert office.catalogue.batches.tally("B1").in_status(None) == 3, "as many as the workers can take"
    assert office.finish().state is BatchState.DONE


def test_a_cancelled_batch_leaves_what_waits_and_keeps_what_was_handed_in(office: BatchOffice) -> None:
    for number in range(4):
        office.lay(f"{number}.pdf", *(f"tờ {number}.{page}" for page in range(PAGES_IN_FLIGHT)))
    office.take_in()
    office.control.move("B1", BatchState.CANCELLED, "an")
    assert office.finish().state is BatchState.CANCELLED
    assert office.catalogue.batches.tally("B1").in_status(None) == 3
    with pytest.raises(NotEntitledError):
        office.control.move("B1", BatchState.PAUSED, "an")


def test_a_rejected_file_is_told_of_and_its_repaired_successor_taken(office: BatchOffice) -> None:
    path = office.lay("khóa.pdf", "chín")
    whole = path.read_bytes()
    path.write_bytes(b"locked")
    office.lay("tốt.pdf", "mười")
    office.take_in()
    assert office.finish().state is BatchState.DONE
    (rejected,) = office.catalogue.batches.files("B1", FileState.REJECTED)
    assert (rejected.code, rejected.message) == ("encrypted_pdf", "Tệp có mật khẩu.")
    path.write_bytes(whole)
    (mended,) = office.runner.take_repaired(office.catalogue.batches.batch("B1"), office.shelf())
    assert mended.state is FileState.PLANNED
    office.control.move("B1", BatchState.RUNNING, "an")
    office.finish()
    assert sorted(office.words()) == ["chín", "mười"]
    assert office.catalogue.batches.tally("B1").count(FileState.REJECTED) == 0


def test_a_rejected_file_that_nobody_has_repaired_is_not_taken_again_unless_the_software_has_changed(
    office: BatchOffice,
) -> None:
    office.lay("khóa.pdf", "chín").write_bytes(b"locked")
    office.take_in()
    office.finish()
    batch = office.catalogue.batches.batch("B1")
    (same,) = office.runner.take_repaired(batch, office.shelf())
    assert (same.state, same.code) == (FileState.REJECTED, UNCHANGED)
    assert same.message.startswith("Tệp chưa được sửa") and "Tệp có mật khẩu." in same.message
    (forced,) = office.runner.take_repaired(batch, office.shelf(), force=True)
    assert (forced.state, forced.code) == (FileState.REJECTED, "encrypted_pdf"), "tried, and no better"
    later = Runner(office.ports, replace(office.runner.bench, edition="2"))
    office.bench.reader.opens_locked = True
    (taken,) = later.take_repaired(batch, office.shelf())
    assert (taken.state, taken.replaces) == (FileState.PLANNED, same.number)
    office.control.move("B1", BatchState.RUNNING, "an")
    assert office.finish().state is BatchState.DONE
    assert office.words() == ["mở"]
    before = office.catalogue.batches
    assert before.tally("B1").count(FileState.REJECTED) == 0
    with closing(SqlCatalogue("sqlite://")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.batches.tally("B1") == before.tally("B1")


def packed(path: Path, **papers: list[str]) -> bytes:
    """A ZIP of papers at ``path``; returns its bytes."""
    with zipfile.ZipFile(path, "w") as made:
        for name, words in papers.items():
            made.writestr(f"{name}.pdf", json.dumps(words))
    return path.read_bytes()


def test_a_zip_that_was_rejected_as_a_whole_and_repaired_gives_its_files(office: BatchOffice) -> None:
    zipped = office.lay("kho.zip", "x")
    whole = packed(zipped, a=["một"], b=["hai"])
    zipped.write_bytes(whole[: len(whole) // 2])
    (broken,) = office.take_in()
    assert (broken.name, broken.state) == ("kho.zip", FileState.REJECTED)
    assert office.finish().state is BatchState.DONE
    batch = office.catalogue.batches.batch("B1")
    (same,) = office.runner.take_repaired(batch, office.shelf())
    assert same.code == UNCHANGED
    zipped.write_bytes(whole)
    assert [file.name for file in office.runner.take_repaired(batch, office.shelf())] == ["a.pdf", "b.pdf"]
    office.control.move("B1", BatchState.RUNNING, "an")
    assert office.finish().state is BatchState.DONE
    assert sorted(office.words()) == ["hai", "một"]
    before = office.catalogue.batches
    assert before.tally("B1").count(FileState.REJECTED) == 0
    assert list(office.runner.take_repaired(batch, office.shelf())) == []
    with closing(SqlCatalogue("sqlite://")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.batches.tally("B1") == before.tally("B1")


def test_of_a_zip_that_broke_half_way_only_what_was_missing_is_taken(office: BatchOffice) -> None:
    inner = packed(office.lay("inner.zip", "x"), b=["hai"])
    (office.scans / "inner.zip").unlink()
    zipped = office.lay("kho.zip", "x")

    def pack(member: bytes) -> None:
        with zipfile.ZipFile(zipped, "w") as made:
            made.writestr("a.pdf", json.dumps(["một"]))
            made.writestr("trong.zip", member)

    pack(inner[: len(inner) // 2])
    assert [(file.name, file.state) for file in office.take_in()] == [
        ("a.pdf", FileState.PLANNED),
        ("trong.zip", FileState.REJECTED),
    ]
    office.finish()
    batch = office.catalogue.batches.batch("B1")
    assert [file.code for file in office.runner.take_repaired(batch, office.shelf())] == [UNCHANGED]
    pack(inner)
    assert [file.name for file in office.runner.take_repaired(batch, office.shelf())] == ["b.pdf"]
    assert office.catalogue.batches.tally("B1").count(FileState.REJECTED) == 0
    assert office.catalogue.batches.tally("B1").count(FileState.PLANNED) == 2


def test_nothing_is_kept_of_a_stack_with_papers_that_are_not_digitised(office: BatchOffice) -> None:
    secret = ExcludedType("quyet_dinh", Exclusion.CLASSIFIED, "Luật 2018")
    office.catalogue.rights.keep(RightsList(exclusions=(secret,), numbers=(0, 1)))
    stack(office)
    first, second = office.take_in()
    assert (first.state, first.parts, first.sources) == (FileState.REJECTED, (), ())
    assert second.state is FileState.PLANNED
    kept = [office.store.get(one.key) for one in office.store.list("originals/")]
    assert not any(b"quyet_dinh" in content for content in kept)


def test_what_failed_by_our_own_fault_is_read_once_more(office: BatchOffice) -> None:
    office.lay("a.pdf", "một")
    office.take_in()
    (document,) = office.catalogue.walk(limit=5)
    flow.fail(document.id, "the engine broke", office.ports)
    office.dispatcher.lose()
    assert office.finish().state is BatchState.DONE
    assert office.control.retry("B1", "an") == 1
    assert office.finish().state is BatchState.DONE
    assert office.words() == ["một"]


def test_the_same_file_in_the_same_dossier_is_taken_once(office: BatchOffice) -> None:
    office.lay("a.pdf", "một")
    office.lay("b.pdf", "một")
    office.lay("hồ sơ khác/a.pdf", "một")
    states = [file.state for file in office.take_in()]
    assert states == [FileState.PLANNED, FileState.DUPLICATE, FileState.PLANNED]
    office.finish()
    assert office.words() == ["một", "một"]


def test_fronts_and_backs_are_interleaved_and_stacks_of_other_lengths_refused(office: BatchOffice) -> None:
    fronts = office.lay("trước.pdf", "1", "3", "5")
    backs = office.lay("sau.pdf", "blank", "4", "2")
    handling = Handling(split=True, backs="reversed")
    shelf = office.shelf(fronts, backs, pairs=True)
    (file,) = office.runner.take_in(office.open(handling), shelf)
    assert [(side.source, side.page) for side in file.sides] == [(1, 1), (2, 3), (1, 2), (2, 2), (1, 3), (2, 1)]
    office.finish()
    assert office.words() == ["1", "2", "3", "4", "5", "blank"]
    office.lay("sau.pdf", "blank", "4", "sep:A:")
    (odd,) = office.runner.take_in(office.open(handling), shelf)
    assert (odd.state, odd.code) == (FileState.REJECTED, "mismatched_stacks")
    assert "tờ 1" in odd.message and "--unchecked" in odd.message
    trusting = replace(office.open(handling), id="B2", name="tin", handling=replace(handling, unchecked=True))
    (trusted,) = office.runner.take_in(office.runner.open(trusting), shelf)
    assert trusted.state is FileState.PLANNED
    office.lay("sau.pdf", "chỉ một")
    (uneven,) = office.runner.take_in(office.open(handling), shelf)
    assert (uneven.state, uneven.code) == (FileState.REJECTED, "unequal_stacks")


def test_a_catalogue_rebuilt_from_the_bucket_knows_the_batches(office: BatchOffice) -> None:
    stack(office)
    office.take_in()
    office.finish()
    before = office.catalogue.batches
    with closing(SqlCatalogue("sqlite://")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.batches.batch("B1") == before.batch("B1")
        assert fresh.batches.tally("B1") == before.tally("B1")
        assert fresh.batches.placed("B1") == before.placed("B1")


def test_the_report_tells_every_document_and_every_file_of_which_there_is_none(office: BatchOffice) -> None:
    stack(office)
    office.lay("=khóa.pdf", "x").write_bytes(b"locked")
    office.take_in()
    office.finish()
    lines = list(lines_of("B1", office.ports))
    total = sum_up(lines)
    assert (total.documents, total.pages, total.rejected) == (4, 7, 1)
    assert next(line.expected for line in lines) == "Quyết định"
    text = as_csv(lines).decode("utf-8-sig")
    assert "'=khóa.pdf" in text and "Tệp có mật khẩu." in text
    assert as_workbook(lines, "năm 2019").startswith(b"PK")


def test_a_file_with_nothing_but_separators_is_told_and_makes_no_document(office: BatchOffice) -> None:
    office.lay("tờ.pdf", "sep:A:", "blank", "sep:B:")
    (file,) = office.take_in()
    assert (file.state, file.parts) == (FileState.NO_PAGES, ())
    assert office.finish().state is BatchState.DONE


def test_erasing_a_paper_of_a_stack_erases_the_stack_and_leaves_the_other_papers(office: BatchOffice) -> None:
    stack(office)
    (first, _) = office.take_in()
    office.finish()
    report = Report()
    assert list(verify(office.store, office.catalogue, office.folder, report)) == []
    (document,) = office.catalogue.documents(dossier="H1-240101-0001")
    erasing = Erasing(office.store, office.catalogue, office.clock, archive.shipped_retention())
    erasing.erase(document.id, actor="an", reason="order", order="12/QĐ-UBND")
    assert office.store.stat(archive.original_key(first.sources[0])) is None
    assert sorted(office.words()) == ["ba", "bốn", "năm", "sáu"]
    assert [one.damage for one in verify(office.store, office.catalogue, office.folder, Report())] == []


def test_the_bucket_alone_holds_what_a_batch_was_made_of(office: BatchOffice) -> None:
    stack(office)
    office.take_in()
    office.finish()
    for entry in office.store.list("batches/B1/files/"):
        file = archive.parse_batch_file(office.store.get(entry.key))
        assert all(office.store.stat(archive.original_key(one)) for one in file.sources)
        assert sum(part.sides for part in file.parts) == len(file.sides)
    assert all(one.status is not Status.FAILED for one in office.catalogue.walk(limit=100))
