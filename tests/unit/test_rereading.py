"""``sohoa reread``: which documents, by whom, and that a preview leaves no trace."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import rereading
from pipeline.console import PageProgress
from pipeline.custody.page_changes import Wanted, change_pages
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import EncryptedPdfError, NotFoundError, UnavailableError
from pipeline.domain.ledger import ChangeKind
from pipeline.domain.pages import PageReading
from pipeline.flow import Wish
from pipeline.rereading import Outcome, choose, preview, reread
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Office, ScriptedReader
from tests.unit.test_likeness import FIRST

WISH = Wish(QueueName.BATCH, "better")


class ScriptedPool:
    """A pool whose children follow the script of a reader."""

    jobs = 2

    def __init__(self, reader: ScriptedReader) -> None:
        self.reader = reader
        self.engine_called = reader.engine_called
        self.made_with = reader.made_with

    def inspect(self, path: Path, name: str) -> Source:
        return self.reader.inspect(path, name)

    def submit(
        self, function: object, path: Path, media_type: str, number: int, engine: str, upright: int | None
    ) -> Future[PageReading]:
        future: Future[PageReading] = Future()
        if number in self.reader.hopeless:
            future.set_exception(TimeoutError())
        else:
            future.set_result(self.reader.read(path, media_type, number, engine, upright).reading)
        return future


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    catalogue = SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")
    made = Office(tmp_path, catalogue, ScriptedReader(pages=5))
    made.reader.texts = {"scripted": "Số: 1/TB-UBND\nmột trang {}", "better": "Số: 1/TB-UBND\nmột trang {} nữa"}
    for number in range(4):
        made.submit(b"%%PDF %d" % number, f"{number}.pdf", f"H{number % 2}")
    made.work()
    yield made
    catalogue.close()


@pytest.fixture
def services(office: Office, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(rereading, "LOOK", 0)
    monkeypatch.setattr(rereading.time, "sleep", lambda _: office.work())
    return SimpleNamespace(flow=office.ports, catalogue=office.catalogue, store=office.store)


def all_of(services: Any) -> tuple[Document, ...]:
    return tuple(choose(services, (), None))


def by_workers(services: Any, *, again: bool = False, wish: Wish = WISH) -> list[rereading.Rereading]:
    return list(reread(all_of(services), wish, services, PageProgress(), again=again))


def shown(office: Office, services: Any, *, engine: str = "better", again: bool = False) -> list[rereading.Rereading]:
    pool: Any = ScriptedPool(office.reader)
    return list(preview(all_of(services), engine, services, pool, PageProgress(), again=again))


def test_documents_are_chosen_by_id_by_dossier_or_all(services: Any) -> None:
    everything = all_of(services)
    assert [document.id for document in everything] == sorted(document.id for document in everything)
    assert len(everything) == 4
    assert {document.dossier for document in choose(services, (), "H1")} == {"H1"}
    wanted = everything[2].id
    assert [document.id for document in choose(services, (wanted, wanted), None)] == [wanted]


def test_all_documents_are_found_a_handful_at_a_time(office: Office, services: Any) -> None:
    walk = office.catalogue.walk
    services.catalogue = SimpleNamespace(walk=lambda **asked: walk(**asked, limit=3))
    assert len(all_of(services)) == 4


@pytest.mark.parametrize(("ids", "dossier"), [(("nope",), None), ((), "nix")])
def test_what_is_not_there_is_said_before_anything_is_read(services: Any, ids: tuple[str, ...], dossier: str | None) -> None:
    with pytest.raises(NotFoundError) as raised:
        list(choose(services, ids, dossier))
    assert raised.value.advice


def test_the_workers_make_a_revision_of_each_and_a_repeated_run_skips_them(services: Any) -> None:
    first = by_workers(services)
    assert [(result.outcome, result.revision, result.by) for result in first] == [(Outcome.CHANGED, 2, "better")] * 4
    assert all(result.difference and result.difference.words == 5 for result in first)
    second = by_workers(services)
    assert [(result.outcome, result.revision) for result in second] == [(Outcome.SKIPPED, 2)] * 4
    third = by_workers(services, again=True)
    assert [(result.outcome, result.revision) for result in third] == [(Outcome.UNCHANGED, 2)] * 4


def test_a_new_edition_of_the_software_reads_everything_again(office: Office, services: Any) -> None:
    by_workers(services)
    office.reader.edition = "2"
    assert {result.outcome for result in by_workers(services)} == {Outcome.UNCHANGED}
    assert {result.outcome for result in by_workers(services)} == {Outcome.SKIPPED}


def test_only_a_few_documents_are_out_of_use_at_a_time(office: Office, services: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0

    def look(_: float) -> None:
        nonlocal most
        most = max(most, len(office.catalogue.documents(status=Status.READING)))
        office.work()

    monkeypatch.setattr(rereading, "IN_WORK", 2)
    monkeypatch.setattr(rereading.time, "sleep", look)
    assert len(by_workers(services)) == 4
    assert most == 2


def test_a_run_that_was_interrupted_goes_on_where_it_was(services: Any) -> None:
    run = reread(all_of(services), WISH, services, PageProgress(), again=False)
    next(run)
    run.close()
    assert {result.outcome for result in by_workers(services)} <= {Outcome.CHANGED, Outcome.SKIPPED}
    assert {document.revision for document in all_of(services)} == {2}


def test_a_reading_in_vain_is_told_with_its_reason(office: Office, services: Any) -> None:
    office.reader.hopeless = {2}
    assert {(result.outcome, "page 2" in result.reason) for result in by_workers(services)} == {(Outcome.FAILED, True)}


def test_workers_of_another_edition_are_noticed(office: Office, services: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_: float) -> None:
        office.reader.edition = "theirs"
        office.work()

    monkeypatch.setattr(rereading.time, "sleep", look)
    assert {result.elsewhere for result in by_workers(services)} == {True}


def test_a_document_that_was_never_read_is_left_to_whoever_handed_it_in(office: Office, services: Any) -> None:
    document = office.submit(b"%PDF fresh", "new.pdf", "H9")
    assert [result.reason for result in by_workers(services) if result.document.id == document.id] == ["it is being read"]


def test_a_preview_tells_what_the_workers_would_do_and_changes_nothing(office: Office, services: Any) -> None:
    before = {entry.key: office.store.get(entry.key) for entry in office.store.list("")}
    documents = all_of(services)
    seen = shown(office, services)
    assert [result.outcome for result in seen] == [Outcome.CHANGED] * 4
    assert {entry.key: office.store.get(entry.key) for entry in office.store.list("")} == before
    assert all_of(services) == documents
    made = {result.document.id: result.difference for result in by_workers(services)}
    assert made == {result.document.id: result.difference for result in seen}


def test_a_preview_skips_what_was_read_so_unless_asked(office: Office, services: Any) -> None:
    assert {result.outcome for result in shown(office, services, engine="scripted")} == {Outcome.SKIPPED}
    assert {result.outcome for result in shown(office, services, engine="scripted", again=True)} == {Outcome.UNCHANGED}


def test_a_preview_tells_of_lost_pages_and_refused_files(office: Office, services: Any) -> None:
    office.reader.hopeless = {3}
    assert {"page 3" in result.reason for result in shown(office, services)} == {True}
    office.reader.error = EncryptedPdfError("it asks for a password")
    assert {result.outcome for result in shown(office, services)} == {Outcome.FAILED}


def test_a_preview_ends_where_a_server_is_away(office: Office, services: Any) -> None:
    office.store.away = True
    with pytest.raises(UnavailableError):
        list(preview(all_of(services), "better", services, ScriptedPool(office.reader), PageProgress(), again=False))  # type: ignore[arg-type]


def test_a_file_rejected_for_the_same_reason_is_unchanged(office: Office, services: Any) -> None:
    office.reader.error = EncryptedPdfError("it asks for a password")
    document = office.submit(b"%PDF locked", "locked.pdf", "H7")
    office.work()
    pool: Any = ScriptedPool(office.reader)
    [result] = preview(choose(services, (document.id,), None), "better", services, pool, PageProgress(), again=False)
    assert result.outcome is Outcome.UNCHANGED


def test_a_preview_goes_by_the_pages_and_links_that_a_document_has(office: Office, services: Any) -> None:
    office.reader.texts = dict.fromkeys(("", "scripted"), f"{FIRST} {{}}")
    documents = []
    for dossier in ("H8", "H9"):
        office.clock.advance(timedelta(minutes=1))
        documents.append(office.submit(f"%PDF {dossier}".encode(), "a.pdf", dossier).id)
        office.work()
    order = Wanted(ChangeKind.ORDER, (5, 4, 3, 2, 1))
    change_pages(
        documents[1], lambda *_: (order, Wanted(ChangeKind.ROTATE, (1,), 90)), office.ports, actor="A", reason="ngược"
    )
    office.work()
    problems = [problem["code"] for problem in office.record(office.catalogue.document(documents[1]), 2)["problems"]]  # type: ignore[attr-defined]
    assert "duplicate_pages" in problems
    pool: Any = ScriptedPool(office.reader)
    chosen = choose(services, tuple(documents), None)
    seen = list(preview(chosen, "scripted", services, pool, PageProgress(), again=True))
    assert [result.outcome for result in seen] == [Outcome.UNCHANGED] * 2
