"""Pages that move between the documents of a dossier: nothing lost, nothing read twice, everything taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive, flow
from pipeline.custody.erasing import Erasing
from pipeline.custody.kept_readings import KeptReadings
from pipeline.custody.page_changes import Wanted, change_pages, open_pages, version_of
from pipeline.custody.page_moves import Mover
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.ledger import ChangeKind
from pipeline.ports import ObjectInfo
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Office, ScriptedReader

WHO = "tam"
DOSSIER = "000.00.16.H05-260105-0001"


class Counter(Office):
    """An office whose papers come in at the station."""

    def hand(self, content: bytes, name: str) -> Document:
        path = self.folder / "in.pdf"
        path.write_bytes(content)
        found = flow.submit(path, name, DOSSIER, QueueName.STATION, self.ports)
        self.work()
        return self.now(found)

    def now(self, document: Document) -> Document:
        self.clock.advance(timedelta(seconds=1))
        return self.catalogue.document(document.id)

    def texts(self, document: Document) -> list[str]:
        found = self.now(document)
        key = archive.revision_key(found.dossier, found.id, found.revision, "text.txt")
        return [page.strip() for page in self.store.get(key).decode().split("\f")]

    def mover(self, reason: str = "tách giấy tờ quét chung") -> Mover:
        self.clock.advance(timedelta(seconds=1))
        return Mover(self.ports, WHO, reason)

    def sound(self) -> bool:
        self.ports.auditing.seal()
        return list(verify(self.store, self.catalogue, self.folder, Report())) == []


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue:
        yield Counter(tmp_path, catalogue, ScriptedReader(pages=3))


@pytest.fixture
def birth(counter: Counter) -> Document:
    return counter.hand(b"%PDF birth", "khai sinh.pdf")


@pytest.fixture
def request_form(counter: Counter, birth: Document) -> Document:
    counter.reader.texts = {"scripted": "tờ khai trang {}"}
    return counter.hand(b"%PDF request", "tờ khai.pdf")


def file_of(counter: Counter, content: bytes, pages: int = 2) -> tuple[Path, Source]:
    path = counter.folder / "more.pdf"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return path, Source("bổ sung.pdf", digest, len(content), "image/tiff", pages)


def test_a_document_is_split_in_two_and_no_page_is_read_again(counter: Counter, birth: Document) -> None:
    counter.reader.read_pages.clear()
    first, second = counter.mover().split(birth.id, 2, version=version_of(birth))
    counter.work()
    assert counter.reader.read_pages == []
    assert (counter.texts(first), counter.texts(second)) == (["trang số 1"], ["trang số 2", "trang số 3"])
    assert counter.now(second).source.name == "khai sinh (từ trang 2).pdf"
    assert (counter.now(second).dossier, counter.now(second).source.sha256) == (DOSSIER, birth.source.sha256)
    record: Any = counter.record(second)
    assert [side["page"] for side in record["ledger"]["sides"]] == [None, 1, 2]
    (told,) = record["ledger"]["changes"]
    assert (told["kind"], told["actor"], told["reason"]) == ("remove", WHO, "tách giấy tờ quét chung")
    assert told["document"] == birth.id
    assert record["duplicates"] == []
    assert counter.sound()


def test_what_was_read_long_ago_is_read_again(counter: Counter, birth: Document) -> None:
    counter.ports.revisions.forget_working(birth)
    counter.reader.read_pages.clear()
    _, second = counter.mover().split(birth.id, 2)
    counter.work()
    assert sorted(counter.reader.read_pages) == [1, 1, 2, 2, 3, 3]
    assert counter.texts(second) == ["trang số 2", "trang số 3"]


def test_what_another_edition_read_is_read_again(counter: Counter, birth: Document) -> None:
    counter.reader.edition = "2"
    counter.reader.read_pages.clear()
    change_pages(birth.id, lambda *_: (Wanted(ChangeKind.REMOVE, (1,)),), counter.ports, actor=WHO, reason="thừa")
    counter.work()
    assert counter.reader.read_pages == [1, 2, 3]


def test_only_the_page_that_was_turned_is_read_again(counter: Counter, birth: Document) -> None:
    counter.reader.read_pages.clear()
    plan = (Wanted(ChangeKind.ROTATE, (2,), turn=90), Wanted(ChangeKind.ORDER, (3, 2, 1)))
    change_pages(birth.id, lambda *_: plan, counter.ports, actor=WHO, reason="ngược")
    counter.work()
    assert counter.reader.read_pages == [2]
    assert counter.texts(birth) == ["trang số 3", "trang số 2", "trang số 1"]


def test_a_split_is_undone(counter: Counter, birth: Document) -> None:
    first, second = counter.mover().split(birth.id, 2)
    counter.work()
    counter.mover("tách nhầm").undo(first.id)
    counter.work()
    assert counter.texts(birth) == ["trang số 1", "trang số 2", "trang số 3"]
    assert counter.now(second).status is Status.REJECTED
    assert counter.sound()


def test_a_split_is_undone_from_the_part_as_well(counter: Counter, birth: Document) -> None:
    _, second = counter.mover().split(birth.id, 2)
    counter.work()
    counter.mover("tách nhầm").undo(second.id)
    counter.work()
    assert counter.texts(birth) == ["trang số 1", "trang số 2", "trang số 3"]
    assert counter.now(second).status is Status.REJECTED


def test_a_split_is_not_undone_once_the_part_was_changed(counter: Counter, birth: Document) -> None:
    first, second = counter.mover().split(birth.id, 2)
    counter.work()
    counter.mover()
    change_pages(second.id, lambda *_: (Wanted(ChangeKind.REMOVE, (3,)),), counter.ports, actor=WHO, reason="thừa")
    counter.work()
    with pytest.raises(NotEntitledError) as refused:
        counter.mover().undo(first.id)
    assert refused.value.code == "changed_since"
    assert counter.texts(first) == ["trang số 1"]


def test_two_documents_become_one_and_two_again(counter: Counter, birth: Document, request_form: Document) -> None:
    counter.reader.read_pages.clear()
    counter.mover("một giấy tờ").merge(birth.id, request_form.id)
    counter.work()
    assert counter.reader.read_pages == []
    assert counter.texts(birth) == [*(f"trang số {n}" for n in (1, 2, 3)), *(f"tờ khai trang {n}" for n in (1, 2, 3))]
    assert counter.now(request_form).status is Status.REJECTED
    record: Any = counter.record(birth, 2)
    assert [page["number"] for page in record["pages"]] == [1, 2, 3, 4, 5, 6]
    assert {side["file"] for side in record["ledger"]["sides"]} == {birth.source.sha256, request_form.source.sha256}
    assert record["duplicates"] == []
    assert counter.sound()
    counter.mover("gộp nhầm").undo(birth.id)
    counter.work()
    assert counter.texts(birth) == ["trang số 1", "trang số 2", "trang số 3"]
    assert counter.now(request_form).status is Status.NEEDS_REVIEW
    assert counter.sound()


def test_parts_of_one_file_are_merged_again(counter: Counter, birth: Document) -> None:
    first, second = counter.mover().split(birth.id, 3)
    counter.work()
    counter.mover("một giấy tờ").merge(second.id, first.id)
    counter.work()
    assert counter.texts(second) == ["trang số 3", "trang số 1", "trang số 2"]
    assert counter.sound()


def test_turned_pages_stay_turned_where_they_go(counter: Counter, birth: Document, request_form: Document) -> None:
    turn = (Wanted(ChangeKind.ROTATE, (1,), turn=180), Wanted(ChangeKind.REMOVE, (2,)))
    change_pages(request_form.id, lambda *_: turn, counter.ports, actor=WHO, reason="ngược")
    counter.work()
    counter.mover().merge(birth.id, request_form.id)
    counter.work()
    record: Any = counter.record(birth, 2)
    assert [page["rotation"] for page in record["pages"]] == [0, 0, 0, 180, 0]
    assert counter.texts(birth)[3:] == ["tờ khai trang 1", "tờ khai trang 3"]


def test_pages_move_to_another_document_and_back(counter: Counter, birth: Document, request_form: Document) -> None:
    counter.reader.read_pages.clear()
    counter.mover("nhầm tập").move(birth.id, (2,), request_form.id, 1)
    counter.work()
    assert counter.texts(birth) == ["trang số 1", "trang số 3"]
    assert counter.texts(request_form) == ["trang số 2", *(f"tờ khai trang {n}" for n in (1, 2, 3))]
    counter.mover("đúng tập rồi").undo(request_form.id)
    counter.work()
    assert counter.reader.read_pages == []
    assert counter.texts(birth) == ["trang số 1", "trang số 2", "trang số 3"]
    assert counter.texts(request_form) == [f"tờ khai trang {n}" for n in (1, 2, 3)]
    assert counter.sound()


def test_pages_of_another_file_are_inserted_where_they_belong(counter: Counter, birth: Document) -> None:
    counter.reader.read_pages.clear()
    counter.reader.texts = {"scripted": "bổ sung {}"}
    path, source = file_of(counter, b"%PDF more")
    counter.mover("sót trang").insert(birth.id, path, source, 2)
    counter.work()
    assert counter.reader.read_pages == [1, 2], "the new ones alone"
    assert counter.texts(birth) == ["trang số 1", "bổ sung 1", "bổ sung 2", "trang số 2", "trang số 3"]
    assert counter.store.get(archive.original_key(source.sha256)) == b"%PDF more"
    record: Any = counter.record(birth, 2)
    rules = {rule["rule"]: rule["outcome"] for one in record["conformity"] for rule in one["rules"]}
    assert rules["all_pages"] == "pass"
    assert counter.sound()
    counter.mover("nhầm tệp").undo(birth.id)
    counter.work()
    assert counter.texts(birth) == ["trang số 1", "trang số 2", "trang số 3"]
    assert counter.sound()


def test_a_file_that_is_there_already_is_not_inserted(counter: Counter, birth: Document, request_form: Document) -> None:
    for content, code in ((b"%PDF birth", "inserted_already"), (b"%PDF request", "known_already")):
        path, source = file_of(counter, content, 3)
        with pytest.raises(NotEntitledError) as refused:
            counter.mover().insert(birth.id, path, source, 1)
        assert refused.value.code == code


def test_deeds_are_undone_one_after_the_other_and_no_further(counter: Counter, birth: Document) -> None:
    for plan in (Wanted(ChangeKind.ROTATE, (2,), turn=90), Wanted(ChangeKind.REMOVE, (1,))):
        counter.mover()
        change_pages(birth.id, lambda *_, one=plan: (one,), counter.ports, actor=WHO, reason="thừa")
        counter.work()
    counter.mover().undo(birth.id)
    counter.work()
    ledger = counter.ports.ledgers.current(counter.now(birth))
    assert (ledger.order, ledger.side(2).upright) == ((1, 2, 3), 90)
    counter.mover().undo(birth.id)
    counter.work()
    ledger = counter.ports.ledgers.current(counter.now(birth))
    assert (ledger.order, ledger.side(2).upright) == ((1, 2, 3), None)
    with pytest.raises(NotEntitledError) as refused:
        counter.mover().undo(birth.id)
    assert refused.value.code == "nothing_to_undo"


def test_who_looked_at_other_pages_changes_nothing(counter: Counter, birth: Document) -> None:
    stale = version_of(birth)
    change_pages(birth.id, lambda *_: (Wanted(ChangeKind.REMOVE, (1,)),), counter.ports, actor=WHO, reason="thừa")
    counter.work()
    with pytest.raises(NotEntitledError) as refused:
        counter.mover().split(birth.id, 2, version=stale)
    assert refused.value.code == "changed_meanwhile"
    assert counter.texts(birth) == ["trang số 2", "trang số 3"]


def test_of_two_at_once_one_is_refused_and_the_pages_are_free_again(counter: Counter, birth: Document) -> None:
    with open_pages(birth.id, counter.ports, actor="hoa"):
        with pytest.raises(NotEntitledError) as refused:
            counter.mover().split(birth.id, 2)
        assert refused.value.code == "changed_meanwhile"
    counter.mover().split(birth.id, 2)


def test_a_paper_on_a_reviewers_desk_is_left_alone(counter: Counter, birth: Document) -> None:
    now = counter.clock.now()
    counter.catalogue.reviews.claim(birth.id, "hoa", now, now + timedelta(minutes=15))
    with pytest.raises(NotEntitledError) as refused:
        counter.mover().split(birth.id, 2)
    assert refused.value.code == "on_a_desk"


def test_documents_of_two_dossiers_are_not_merged(counter: Counter, birth: Document) -> None:
    other = counter.submit(b"%PDF other", dossier="H05")
    counter.work()
    with pytest.raises(NotEntitledError) as refused:
        counter.mover().merge(birth.id, other.id)
    assert refused.value.code == "other_dossier"


def test_the_bucket_alone_knows_of_parts(counter: Counter, birth: Document) -> None:
    first, second = counter.mover().split(birth.id, 2)
    counter.work()
    before = [counter.now(first), counter.now(second)]
    flow.reindex(counter.ports)
    assert [counter.now(first), counter.now(second)] == before
    counter.ports.revisions.forget_working(second)
    flow.read_again(second.id, flow.Wish(QueueName.BATCH, "other"), counter.ports)
    counter.work()
    assert len(counter.texts(second)) == 2
    assert counter.hand(b"%PDF birth", "lại.pdf").id == birth.id


def test_what_was_merged_is_erased_with_what_it_went_into(counter: Counter, birth: Document, request_form: Document) -> None:
    path, source = file_of(counter, b"%PDF more")
    counter.mover().merge(birth.id, request_form.id)
    counter.work()
    counter.mover().insert(birth.id, path, source, 1)
    counter.work()
    erasing = Erasing(counter.store, counter.catalogue, counter.clock, archive.shipped_retention())
    erasing.erase(request_form.id, actor=WHO, reason="hết hạn", order="1/QĐ")
    assert counter.store.stat(archive.original_key(request_form.source.sha256)), "another document shows its pages"
    erasing.erase(birth.id, actor=WHO, reason="hết hạn", order="1/QĐ")
    for file in (birth.source.sha256, source.sha256):
        assert counter.store.stat(archive.original_key(file)) is None
    assert counter.store.stat(archive.original_key(request_form.source.sha256)) is None


def test_what_was_read_is_kept_for_a_day_and_then_forgotten(counter: Counter, birth: Document) -> None:
    class AgedStore:
        """The store, as if all in it was written a while ago."""

        def __init__(self, hours: int) -> None:
            self.written = counter.clock.now() - timedelta(hours=hours)
            self.remove_all = counter.store.remove_all

        def list(self, prefix: str) -> Iterator[ObjectInfo]:
            yield from (replace(info, modified=self.written) for info in tuple(counter.store.list(prefix)))

    waiting = counter.submit(b"%PDF waits")
    counter.store.put(f"working/{waiting.id}/r0001/p0001.page", b"{}")
    for hours, forgotten in ((23, 0), (25, 1)):
        assert KeptReadings(AgedStore(hours), counter.catalogue, counter.clock).forget_old() == forgotten  # type: ignore[arg-type]
    assert [info.key.split("/")[1] for info in counter.store.list("working/")] == [waiting.id]
