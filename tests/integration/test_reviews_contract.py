"""What every store of reviews must do, asked of SQLite in memory, SQLite in a file and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.reviews import Concern, Lesson, LessonTally, Passed, Place, Step, StepKind, Verdict, standing
from storage.catalogue import SqlCatalogue

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LEASE = timedelta(minutes=15)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    urls = {"memory": "sqlite://", "sqlite": f"sqlite:///{tmp_path / 'catalogue.sqlite'}"}
    address = urls.get(request.param) or request.getfixturevalue("postgresql_url")
    with closing(SqlCatalogue(address)) as catalogue:
        yield catalogue


def step(key: str = "ho_ten", after: object = "Trần Thị Bưởi", **changes: object) -> Step:
    made = Step(0, "d1", 1, Place(1, key), StepKind.SET, "Trần Thị Bười", after, "hoa", NOW, 2.5)  # type: ignore[arg-type]
    return replace(made, **changes)


def lesson(key: str = "ho_ten", verdict: Verdict = Verdict.CORRECTED, **changes: object) -> Lesson:
    made = Lesson(1, "quyet_dinh", key, verdict, "a", "b", "a", 0.7, (), "ocr", ("low_confidence",), "hoa", NOW, 3.0)
    return replace(made, **changes)


def waiting_document(catalogue: SqlCatalogue, name: str, dossier: str = "H49.01-260105-0001", **changes: object) -> None:
    source = Source(f"{name}.pdf", (name * 64)[:64], 1234, "application/pdf", 2)
    document = Document(name, dossier, source, Status.RECEIVED, QueueName.BATCH, NOW)
    catalogue.receive(replace(document, **changes))
    for status in (Status.READING, Status.NEEDS_REVIEW):
        catalogue.move(name, status, actor="flow", reason="", at=NOW)


def test_a_document_lies_on_one_desk_at_a_time(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    mine = reviews.claim("d1", "hoa", NOW, NOW + LEASE)
    theirs = reviews.claim("d1", "binh", NOW + timedelta(minutes=1), NOW + HOUR)
    assert (mine.holder, theirs) == ("hoa", mine)


def test_who_holds_a_document_may_hold_it_longer_and_since_when_stays(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    reviews.claim("d1", "hoa", NOW, NOW + LEASE)
    longer = reviews.claim("d1", "hoa", NOW + timedelta(minutes=5), NOW + HOUR)
    assert (longer.since, longer.until) == (NOW, NOW + HOUR)


def test_a_claim_that_ran_out_is_anybodys(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    reviews.claim("d1", "hoa", NOW, NOW + LEASE)
    later = reviews.claim("d1", "binh", NOW + LEASE, NOW + HOUR)
    assert (later.holder, later.since) == ("binh", NOW + LEASE)


def test_taking_over_says_from_whom(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    assert reviews.take_over("d1", "hoa", NOW, NOW + LEASE) is None
    ended = reviews.take_over("d1", "binh", NOW + timedelta(minutes=1), NOW + HOUR)
    assert ended is not None
    assert ended.holder == "hoa"
    assert reviews.take_over("d1", "binh", NOW + timedelta(minutes=2), NOW + HOUR) is None
    found = reviews.claim_on("d1")
    assert found is not None
    assert (found.holder, found.since) == ("binh", NOW + timedelta(minutes=1))


def test_only_who_holds_a_document_lets_go_of_it(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    reviews.claim("d1", "hoa", NOW, NOW + LEASE)
    reviews.release("d1", "binh")
    assert reviews.claim_on("d1") is not None
    reviews.release("d1", "hoa")
    assert reviews.claim_on("d1") is None


def test_steps_come_back_as_they_were_made(catalogue: SqlCatalogue) -> None:
    values: tuple[object, ...] = ("chữ", 12, ("một", "hai"), None)
    for value in values:
        catalogue.reviews.add_step(step(after=value, before=value))
    found = catalogue.reviews.steps("d1", 1)
    assert [one.after for one in found] == list(values)
    assert found[0] == step(after="chữ", before="chữ", number=found[0].number)
    assert catalogue.reviews.steps("d1", 2) == ()


def test_undone_steps_can_be_done_again_until_something_else_is_done(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    for value in ("một", "hai", "ba"):
        reviews.add_step(step(after=value))
    assert [getattr(reviews.undo("d1", 1), "after", None) for _ in range(2)] == ["ba", "hai"]
    assert standing(reviews.steps("d1", 1))[Place(1, "ho_ten")].after == "một"
    again = reviews.redo("d1", 1)
    assert again is not None
    assert again.after == "hai"
    reviews.add_step(step(after="bốn"))
    assert reviews.redo("d1", 1) is None
    assert [one.after for one in reviews.steps("d1", 1)] == ["một", "hai", "bốn"]


def test_there_is_nothing_to_undo_in_an_empty_draft(catalogue: SqlCatalogue) -> None:
    assert catalogue.reviews.undo("d1", 1) is None


def test_a_reader_lets_a_draft_pass_once_in_the_state_seen_last(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    reviews.let_pass(Passed("d1", 1, "hoa", "aa", NOW))
    reviews.let_pass(Passed("d1", 1, "binh", "aa", NOW + HOUR))
    reviews.let_pass(Passed("d1", 1, "hoa", "bb", NOW + 2 * HOUR))
    assert [(one.reader, one.digest) for one in reviews.passed("d1", 1)] == [("binh", "aa"), ("hoa", "bb")]


def test_nothing_of_a_draft_stays_once_it_was_decided(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    reviews.claim("d1", "hoa", NOW, NOW + LEASE)
    reviews.add_step(step())
    reviews.let_pass(Passed("d1", 1, "hoa", "aa", NOW))
    reviews.forget_draft("d1")
    assert (reviews.claim_on("d1"), reviews.steps("d1", 1), reviews.passed("d1", 1)) == (None, (), ())


def test_the_queue_holds_what_needs_review_the_station_first_then_the_riskiest(catalogue: SqlCatalogue) -> None:
    waiting_document(catalogue, "plain")
    waiting_document(catalogue, "risky", "H49.01-260105-0002")
    waiting_document(catalogue, "urgent", "H49.01-260105-0003", queue=QueueName.STATION)
    waiting_document(catalogue, "done", "H49.01-260105-0004")
    catalogue.move("done", Status.APPROVED, actor="hoa", reason="", at=NOW)
    catalogue.reviews.note_concern("risky", Concern(9.5, 3, "Số định danh sai cấu trúc."))
    catalogue.reviews.claim("risky", "hoa", NOW, NOW + LEASE)
    found = catalogue.reviews.queue(None, 10)
    assert [one.document for one in found] == ["urgent", "risky", "plain"]
    assert found[1].concern == Concern(9.5, 3, "Số định danh sai cấu trúc.")
    assert found[1].claim is not None
    assert found[1].claim.holder == "hoa"
    assert [one.document for one in catalogue.reviews.queue(None, 1)] == ["urgent"]


def test_every_paper_of_a_dossier_is_due_when_its_slip_says(catalogue: SqlCatalogue) -> None:
    waiting_document(catalogue, "paper")
    waiting_document(catalogue, "slip")
    catalogue.reviews.note_concern("slip", Concern(due="2026-03-09"))
    assert [one.due for one in catalogue.reviews.queue(None, 10)] == ["2026-03-09", "2026-03-09"]
    waiting = catalogue.reviews.waiting("paper")
    assert waiting is not None
    assert (waiting.due, waiting.concern.due, waiting.pages) == ("2026-03-09", "", 2)
    assert catalogue.reviews.waiting("nobody") is None


def test_the_queue_of_an_office_holds_its_own_papers(catalogue: SqlCatalogue) -> None:
    waiting_document(catalogue, "mine")
    waiting_document(catalogue, "theirs", "H49.02-260105-0001")
    assert [one.document for one in catalogue.reviews.queue(("H49.01",), 10)] == ["mine"]
    assert catalogue.reviews.queue((), 10) == ()


def test_lessons_are_counted_by_type_and_field(catalogue: SqlCatalogue) -> None:
    reviews = catalogue.reviews
    reviews.keep_lessons("d1", 2, [lesson(), lesson("so_ky_hieu", Verdict.CONFIRMED)])
    reviews.keep_lessons("d1", 2, [lesson(), lesson("so_ky_hieu", Verdict.CONFIRMED)])
    reviews.keep_lessons("d2", 2, [lesson(at=NOW + HOUR), lesson("noi_nhan", Verdict.REMOVED, at=NOW + HOUR)])
    assert reviews.tallies(NOW, NOW + 2 * HOUR) == (
        LessonTally("quyet_dinh", "ho_ten", corrected=2, seconds=6.0),
        LessonTally("quyet_dinh", "noi_nhan", removed=1, seconds=3.0),
        LessonTally("quyet_dinh", "so_ky_hieu", confirmed=1, seconds=3.0),
    )
    assert reviews.tallies(NOW, NOW + HOUR)[0].wrong == 1
    assert reviews.lessons_at(NOW, NOW + 2 * HOUR) == (("d1", 2), ("d2", 2))


def test_nothing_is_learnt_of_an_erased_document(catalogue: SqlCatalogue) -> None:
    waiting_document(catalogue, "d1")
    catalogue.reviews.keep_lessons("d1", 2, [lesson()])
    catalogue.reviews.add_step(step())
    catalogue.move("d1", Status.ERASED, actor="hoa", reason="", at=NOW)
    catalogue.restore(catalogue.document("d1"))
    assert catalogue.reviews.tallies(NOW, NOW + HOUR) == ()
    assert catalogue.reviews.steps("d1", 1) == ()


def test_drafts_stay_when_the_catalogue_is_built_anew(catalogue: SqlCatalogue) -> None:
    catalogue.reviews.add_step(step())
    catalogue.reviews.keep_lessons("d1", 2, [lesson()])
    catalogue.clear()
    assert len(catalogue.reviews.steps("d1", 1)) == 1
    assert catalogue.reviews.lessons_at(NOW, NOW + HOUR) == ()
