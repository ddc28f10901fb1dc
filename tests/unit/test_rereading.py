"""``sohoa reread``: which documents, by whom, and that a preview leaves no trace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline import rereading
from pipeline.console import PageProgress
from pipeline.custody.page_changes import Wanted, change_pages
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import EncryptedPdfError, NotFoundError, UnavailableError
from pipeline.domain.holdings import Exclusion
from pipeline.domain.ledger import ChangeKind, LedgerChange, apply_change, open_ledger
from pipeline.domain.pages import PageReading
from pipeline.domain.releases import ExcludedType, Released, ReleaseForm, RightsList
from pipeline.flow import Wish
from pipeline.rereading import Outcome, choose, keep_previews, preview, reread
from pipeline.rereading_desk import Accepted, Previews, Restraint
from pipeline.rereading_report import Report, as_line, read_accepted
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
    return list(reread(all_of(services), wish, services, PageProgress(), Restraint(again=again)))


def shown(office: Office, services: Any, *, engine: str = "better", again: bool = False) -> list[rereading.Rereading]:
    pool: Any = ScriptedPool(office.reader)
    return list(preview(all_of(services), engine, services, pool, PageProgress(), Restraint(again=again)))


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
    run = reread(all_of(services), WISH, services, PageProgress())
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
        list(preview(all_of(services), "better", services, ScriptedPool(office.reader), PageProgress()))  # type: ignore[arg-type]


def test_a_file_rejected_for_the_same_reason_is_unchanged(office: Office, services: Any) -> None:
    office.reader.error = EncryptedPdfError("it asks for a password")
    document = office.submit(b"%PDF locked", "locked.pdf", "H7")
    office.work()
    pool: Any = ScriptedPool(office.reader)
    [result] = preview(choose(services, (document.id,), None), "better", services, pool, PageProgress())
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
    seen = list(preview(chosen, "scripted", services, pool, PageProgress(), Restraint(again=True)))
    assert [result.outcome for result in seen] == [Outcome.UNCHANGED] * 2


DECISION = """ỦY BAN NHÂN DÂN TỈNH HÀ GIANG
Số: {}/QĐ-UBND
QUYẾT ĐỊNH
Về việc giao đất cho hộ gia đình
QUYẾT ĐỊNH:
Điều 1. Giao đất cho ông Nguyễn Văn Đường."""


@pytest.fixture
def held(office: Office, services: Any, monkeypatch: pytest.MonkeyPatch) -> Document:
    """A decision that a system fetched, whose number reads otherwise today; others are nobody's."""
    office.reader.texts = {"scripted": DECISION.replace("{}", "717"), "better": DECISION.replace("{}", "777")}
    document = office.submit(b"%PDF held", "held.pdf", "H9")
    office.work()
    at = datetime(2026, 1, 6, tzinfo=UTC)
    told = Released("R1", "dvc", "H05", document.id, 1, 1, "quyet_dinh", "cap_lai", ReleaseForm.FIELDS, "", at, "", "")
    known = {document.id: (told,)}
    monkeypatch.setattr(type(office.catalogue.releases), "fetchers", lambda self, one: known.get(one, ()))
    return office.catalogue.document(document.id)


def test_who_holds_what_would_read_otherwise_is_told_before_anything_is_written(
    office: Office, services: Any, held: Document
) -> None:
    results = {one.document.id: one for one in shown(office, services)}
    assert [(one.system, one.revision) for one in results[held.id].held_by] == [("dvc", 1)]
    assert all(not one.held_by for name, one in results.items() if name != held.id)
    report = Report(with_diff=True, every=False, written=False)
    for one in results.values():
        report.add(one)
    assert any(line.startswith("1 of the changed documents were released") for line in report.totals())
    assert json.loads(as_line(results[held.id], written=False))["held_by"][0]["system"] == "dvc"


def test_what_was_released_may_be_left_alone(services: Any, held: Document) -> None:
    results = list(reread(all_of(services), WISH, services, PageProgress(), Restraint(spare_held=True)))
    (left,) = [one for one in results if one.outcome is Outcome.SKIPPED]
    assert (left.document.id, left.reason) == (held.id, "it was released to dvc")
    assert len(results) == 5


def test_only_changes_that_were_accepted_are_made_and_only_as_they_were_shown(
    office: Office, services: Any, held: Document, tmp_path: Path
) -> None:
    lines = [json.loads(as_line(one, written=False)) for one in shown(office, services)]
    first, second, third, *_ = [line["document"] for line in lines]
    kept = [line | ({"accept": False} if line["document"] == first else {}) for line in lines if line["document"] != second]
    plan = tmp_path / "doi.jsonl"
    plan.write_text("\n".join(map(json.dumps, kept)) + "\n", encoding="utf-8")
    accepted = read_accepted(plan)
    assert accepted == {line["document"]: Accepted(1, "better 1") for line in lines if line["document"] not in {first, second}}
    by_workers_of(services, third)
    results = list(
        reread(choose(services, tuple(accepted), None), WISH, services, PageProgress(), Restraint(accepted=accepted))
    )
    outcomes = {one.document.id: one.outcome for one in results}
    assert outcomes.pop(third) is Outcome.SKIPPED
    assert set(outcomes.values()) == {Outcome.CHANGED}
    assert office.catalogue.document(first).revision == office.catalogue.document(second).revision == 1


def by_workers_of(services: Any, document: str) -> None:
    list(reread(choose(services, (document,), None), WISH, services, PageProgress()))


def test_a_file_that_is_no_difference_is_told_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('\n{"document": "x"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_accepted(tmp_path / "a.jsonl")


def test_in_the_background_nothing_is_begun_while_others_wait(
    office: Office, services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A paper of somebody else comes in; it is settled before the next of the archive is begun."""
    begun: list[tuple[str, int]] = []
    other: list[Document] = []
    read_again = rereading.flow.read_again

    def begin(document_id: str, *asked: Any) -> Document:
        others = [one for one in office.catalogue.documents(limit=50) if one.status not in rereading.SETTLED]
        begun.append((document_id, sum(one.id in {paper.id for paper in other} for one in others)))
        made = read_again(document_id, *asked)
        if len(begun) == 2:
            other.append(office.submit(b"%PDF urgent", "urgent.pdf", "H7"))
        return made

    monkeypatch.setattr(rereading.flow, "read_again", begin)
    results = list(reread(all_of(services), WISH, services, PageProgress(), Restraint(background=True)))
    assert [one.outcome for one in results] == [Outcome.CHANGED] * 4
    assert [waiting for _, waiting in begun] == [0, 0, 0, 0]
    assert office.catalogue.document(other[0].id).revision == 1


def test_what_is_laid_between_papers_is_read_by_no_preview_either(office: Office, services: Any) -> None:
    """Sheets that part the papers of a stack are no pages; a preview that read them would tell of what the flow never does."""
    digest = hashlib.sha256(b"%PDF stack").hexdigest()
    apart = LedgerChange(ChangeKind.REMOVE, (1, 4), "2026-01-05T08:00:00+00:00", "sohoa", "tờ phân cách")
    opened = apply_change(open_ledger(digest, 5), apart)
    sides = tuple(replace(side, separator=side.number in {1, 4}) for side in opened.sides)
    office.ports.ledgers.open_with(replace(opened, sides=sides))
    document = office.submit(b"%PDF stack", "stack.pdf", "H9")
    office.work()
    office.reader.read_pages.clear()
    pool: Any = ScriptedPool(office.reader)
    [seen] = preview(choose(services, (document.id,), None), "better", services, pool, PageProgress())
    assert sorted(office.reader.read_pages) == [2, 3, 5]
    [made] = reread(choose(services, (document.id,), None), WISH, services, PageProgress())
    assert seen.outcome is Outcome.CHANGED
    assert seen.difference == made.difference


def test_a_preview_heeds_the_list_of_what_is_not_digitised_and_notes_nothing(
    office: Office, services: Any, held: Document
) -> None:
    """What the archive's gate holds back is held back in the preview too, or the preview would tell of what never comes."""
    office.catalogue.rights.keep(RightsList((), (ExcludedType("quyet_dinh", Exclusion.SHARED_ELSEWHERE, "QĐ 06"),), (0, 1)))
    pool: Any = ScriptedPool(office.reader)
    [seen] = preview(choose(services, (held.id,), None), "better", services, pool, PageProgress())
    assert seen.difference is not None
    assert "excluded_shared_elsewhere" in {code for code, *_ in seen.difference.problems_added}
    assert [one for one in office.catalogue.audit.happenings(held.id) if one.action == "reuse_refusal"] == []
    [made] = reread(choose(services, (held.id,), None), WISH, services, PageProgress())
    assert made.difference == seen.difference


def test_what_would_change_waits_in_the_bucket_until_it_is_made(office: Office, services: Any) -> None:
    previews = Previews(office.store, office.clock)
    first, *_ = results = list(keep_previews(shown(office, services), services))
    kept = list(previews.walk(""))
    assert [one.preview.document for one in kept] == [result.document.id for result in results]
    lines = [json.loads(as_line(result, written=False)) for result in results]
    assert [dict(one.preview.change).items() <= line.items() for one, line in zip(kept, lines, strict=True)] == [True] * 4
    by_workers_of(services, first.document.id)
    assert previews.find(first.document.id) is None
    assert len(list(previews.walk(""))) == 3
    list(keep_previews(shown(office, services, engine="scripted", again=True), services))
    assert [one.preview.document for one in previews.walk("")] == [first.document.id]


def test_changes_are_made_only_by_what_they_were_shown_for(services: Any) -> None:
    """Another engine, or other models, might read otherwise than what somebody accepted."""
    accepted = {document.id: Accepted(1, "better of long ago") for document in all_of(services)}
    results = list(reread(all_of(services), WISH, services, PageProgress(), Restraint(accepted=accepted)))
    assert {(one.outcome, "another engine or edition" in one.reason) for one in results} == {(Outcome.SKIPPED, True)}
