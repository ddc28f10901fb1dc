"""What every store of batches must do, asked of SQLite in memory, SQLite in a file and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.domain.batches import Batch, BatchFile, BatchState, FileState, Handling, Part, SidePlan, SideRole
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import NotFoundError
from storage.catalogue import SqlCatalogue

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SPLIT = Handling(split=True)
BATCH = Batch("B1", "Kho 2019", BatchState.RUNNING, False, NOW, "cli", QueueName.BATCH, ("/kho",), handling=SPLIT)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    urls = {"memory": "sqlite://", "sqlite": f"sqlite:///{tmp_path / 'catalogue.sqlite'}"}
    address = urls.get(request.param) or request.getfixturevalue("postgresql_url")
    with closing(SqlCatalogue(address)) as catalogue:
        catalogue.batches.open(BATCH)
        yield catalogue


def file(name: str, sha: str = "a", *, dossier: str = "H1", state: FileState = FileState.PLANNED) -> BatchFile:
    sides = (SidePlan(1, 1, SideRole.SEPARATOR, 1), SidePlan(1, 2, SideRole.PAGE, 1), SidePlan(1, 3, SideRole.PAGE, 2))
    parts = (
        Part(1, dossier, f"{name}-001.pdf", sha * 64, 10, 2, (1,), "quyet_dinh", "An"),
        Part(2, "H2", f"{name}-002.pdf", (sha + "b") * 32, 10, 1),
    )
    planned = state is FileState.PLANNED
    source = (sha * 64)[:63] + "0"
    return BatchFile(dossier, name, "/kho", source, 30, state, (source,), sides if planned else (), parts if planned else ())


def enter(catalogue: SqlCatalogue, name: str, sha256: str, *statuses: Status, at: datetime = NOW) -> Document:
    document = Document(name, "H1", Source(f"{name}.pdf", sha256, 10, ""), Status.RECEIVED, QueueName.BATCH, NOW)
    catalogue.receive(document)
    for status in statuses:
        catalogue.move(name, status, actor="flow", reason="", at=at)
    return document


def test_a_batch_is_what_was_opened_and_another_of_its_id_changes_nothing(catalogue: SqlCatalogue) -> None:
    catalogue.batches.open(replace(BATCH, name="another"))
    assert catalogue.batches.batch("B1") == BATCH
    assert catalogue.batches.batches() == (BATCH,)
    with pytest.raises(NotFoundError):
        catalogue.batches.batch("B2")


def test_states_follow_each_other_as_they_may(catalogue: SqlCatalogue) -> None:
    batches = catalogue.batches
    assert batches.move("B1", BatchState.PAUSED, NOW).state is BatchState.PAUSED
    assert batches.batches(state=BatchState.RUNNING) == ()
    batches.move("B1", BatchState.CANCELLED, NOW + timedelta(hours=1))
    assert batches.batch("B1").finished_at == NOW + timedelta(hours=1)
    with pytest.raises(ValueError, match="cannot become"):
        batches.move("B1", BatchState.DONE, NOW)
    assert batches.move("B1", BatchState.RUNNING, NOW).finished_at is None
    batches.complete("B1")
    assert batches.batch("B1").complete


def test_a_file_is_taken_once_with_its_parts(catalogue: SqlCatalogue) -> None:
    batches = catalogue.batches
    first, again, second = batches.take("B1", file("a")), batches.take("B1", file("a")), batches.take("B1", file("b", "c"))
    assert (first.number, again.number, second.number) == (1, 1, 2)
    assert batches.known("B1", "H1", "a", file("a").sha256) == replace(first, sides=())
    assert batches.known("B1", "H1", "a", "0" * 64) is None
    assert batches.twin("B1", "H1", file("a").sha256) == "a"
    assert batches.twin("B1", "H3", file("a").sha256) == ""
    assert batches.file("B1", 2).parts == second.parts
    assert [one.name for one in batches.files("B1", FileState.PLANNED, after=1)] == ["b"]
    assert batches.dossiers("B1") == ("H1", "H2")


def test_a_better_file_of_a_rejected_name_repairs_it(catalogue: SqlCatalogue) -> None:
    batches = catalogue.batches
    batches.take("B1", file("a", "d", state=FileState.REJECTED))
    batches.take("B1", file("a"))
    assert [one.state for one in batches.files("B1")] == [FileState.REPAIRED, FileState.PLANNED]


def test_files_taken_by_many_at_once_have_numbers_of_their_own(catalogue: SqlCatalogue) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda n: catalogue.batches.take("B1", file(f"{n % 12}", f"{n % 12:x}")), range(24)))
    assert [one.number for one in catalogue.batches.files("B1")] == list(range(1, 13))


def test_parts_wait_are_handed_in_and_counted(catalogue: SqlCatalogue) -> None:
    batches = catalogue.batches
    taken = batches.take("B1", file("a"))
    assert [one.part for one in batches.waiting("B1", 10)] == list(taken.parts)
    enter(catalogue, "d1", "a" * 64, Status.READING)
    batches.hand_in("B1", 1, 1, "d1")
    assert [one.part.number for one in batches.waiting("B1", 10)] == [2]
    assert batches.in_flight() == 2
    tally = batches.tally("B1")
    assert (tally.sides, tally.pages, tally.settled, tally.total) == (3, 3, 0, 2)
    assert (tally.in_status(Status.READING), tally.in_status(None)) == (1, 1)
    catalogue.plan_pages("d1", 2)
    catalogue.settle_page("d1", 1, "read")
    assert batches.tally("B1").settled == 1
    catalogue.move("d1", Status.APPROVED, actor="flow", reason="", at=NOW + timedelta(minutes=5))
    assert (batches.tally("B1").settled, batches.in_flight()) == (2, 0)
    assert batches.settled_since("B1", NOW + timedelta(minutes=4)) == 2
    assert batches.settled_since("B1", NOW + timedelta(minutes=6)) == 0


def test_documents_are_told_in_the_order_of_files_a_handful_at_a_time(catalogue: SqlCatalogue) -> None:
    batches = catalogue.batches
    batches.take("B1", file("a"))
    batches.take("B1", file("b", "c"))
    enter(catalogue, "d1", "c" * 64, Status.FAILED)
    batches.hand_in("B1", 2, 1, "d1")
    first = batches.placed("B1", limit=3)
    rest = batches.placed("B1", after=(first[-1].file, first[-1].part.number))
    assert [(one.file, one.part.number) for one in (*first, *rest)] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    (failed,) = batches.placed("B1", statuses=(Status.FAILED.value,))
    assert (failed.file_name, failed.document and failed.document.id) == ("b", "d1")
    assert batches.batches_of("d1") == ("B1",)


def test_a_slice_knows_the_stack_it_was_cut_from(catalogue: SqlCatalogue) -> None:
    catalogue.batches.take("B1", file("a"))
    assert catalogue.batches.stacks_of("a" * 64) == (file("a").sha256,)
    assert catalogue.batches.stacks_of(file("a").sha256) == ()


def test_all_of_it_is_forgotten_with_what_can_be_rebuilt(catalogue: SqlCatalogue) -> None:
    catalogue.batches.take("B1", file("a"))
    catalogue.clear()
    assert catalogue.batches.batches() == ()
    assert catalogue.batches.waiting("B1", 5) == ()
