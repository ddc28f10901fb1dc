"""Holds and lawful erasure: what may be erased, what stays of it, what is proved afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import archive, flow
from pipeline.archive.retention import RetentionClass
from pipeline.custody.erasing import Erasing
from pipeline.domain.audit import Action
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.errors import NotEntitledError
from pipeline.ports import ObjectStore
from pipeline.verification import Report, verify
from storage.catalogue import SqlCatalogue
from storage.memory import MemoryStore
from tests.scripted_office import Killed, Office, ScriptedReader

YEARS = timedelta(days=366 * 11)
WHO = {"actor": "lưu trữ viên", "reason": "hết thời hạn bảo quản"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue:
        yield Office(tmp_path, catalogue, ScriptedReader(pages=1))


@pytest.fixture
def document(office: Office) -> Document:
    """A document of two revisions, in a dossier with another; eleven years ago."""
    first = office.submit(b"%PDF 1", "Nguyễn Văn A.pdf")
    office.submit(b"%PDF 2", "2.pdf")
    office.work()
    office.reader.texts = {"": "Một trang khác hẳn {}", "other": "Một trang khác hẳn {}"}
    flow.read_again(first.id, flow.Wish(QueueName.BATCH, "other"), office.ports)
    office.work()
    office.ports.auditing.seal()
    office.clock.advance(YEARS)
    return office.catalogue.document(first.id)


def erasing(office: Office, store: ObjectStore | None = None) -> Erasing:
    return Erasing(store or office.store, office.catalogue, office.clock, archive.shipped_retention())


def findings(office: Office) -> list[tuple[str, str]]:
    return [(f.damage.value, f.key) for f in verify(office.store, office.catalogue, office.folder, Report())]


def keys(office: Office, document: Document) -> list[str]:
    return [info.key for info in office.store.list(archive.document_prefix(document.dossier, document.id))]


def test_an_erased_document_leaves_a_tombstone_and_nothing_else(office: Office, document: Document) -> None:
    erasing(office).erase(document.id, **WHO)
    key = archive.tombstone_key(document.dossier, document.id)
    assert keys(office, document) == [key]
    assert office.store.stat(archive.original_key(document.source.sha256)) is None
    told = archive.parse_tombstone(office.store.get(key))
    assert (told.actor, told.reason, told.term) == ("lưu trữ viên", "hết thời hạn bảo quản", "years_10")
    assert [len(one.objects) for one in told.records] == [3, 3]
    assert "Nguyễn" not in office.store.get(key).decode()
    now = office.catalogue.document(document.id)
    assert (now.status, now.source.name, now.type) == (Status.ERASED, "", "")
    assert office.catalogue.search("khác hẳn") == ()
    assert Action.ERASE in [one.action for one in office.catalogue.audit.happenings(document.id)]


def test_what_was_erased_lawfully_is_proved_and_not_missed(office: Office, document: Document) -> None:
    erasing(office).erase(document.id, **WHO)
    office.ports.auditing.seal()
    report = Report()
    assert list(verify(office.store, office.catalogue, office.folder, report)) == []
    assert (report.documents, report.erased) == (2, 1)


def test_a_tombstone_that_was_altered_or_taken_away_is_found(office: Office, document: Document) -> None:
    erasing(office).erase(document.id, **WHO)
    key = archive.tombstone_key(document.dossier, document.id)
    data = office.store.get(key)
    office.store.put(key, data.replace("hết thời hạn".encode(), "không vì sao".encode()))
    assert findings(office) == [("object_altered", key)]
    office.store.remove(key)
    assert ("object_missing", key) in findings(office)


def test_an_erasure_without_a_tombstone_is_damage(office: Office, document: Document) -> None:
    for key in keys(office, document):
        office.store.remove(key)
    codes = {code for code, _ in findings(office)}
    assert {"document_missing", "record_missing", "object_missing"} <= codes


class DyingStore(MemoryStore):
    """The store of the office, whose writer is killed after so many removals."""

    def __init__(self, store: MemoryStore, left: int) -> None:
        super().__init__()
        self._objects, self.left = store._objects, left

    def remove(self, key: str) -> None:
        if not self.left:
            raise Killed
        self.left -= 1
        super().remove(key)


@pytest.mark.parametrize("removals", [0, 3, 9])
def test_an_erasure_that_was_killed_is_told_and_brought_to_its_end(office: Office, document: Document, removals: int) -> None:
    with pytest.raises(Killed):
        erasing(office, DyingStore(office.store, removals)).erase(document.id, **WHO)
    assert {code for code, _ in findings(office)} <= {"erasure_unfinished", "object_extra"} != set()
    erasing(office).erase(document.id, **WHO)
    erasing(office).erase(document.id, **WHO)
    office.ports.auditing.seal()
    assert findings(office) == []


def test_a_document_under_hold_is_not_erased_until_it_is_released(office: Office, document: Document) -> None:
    keeper = erasing(office)
    for _ in range(2):
        assert keeper.hold(document.id, held=True, actor="thẩm phán", reason="CV 12/TA").number == 1
    with pytest.raises(NotEntitledError, match="legal hold"):
        keeper.erase(document.id, **WHO, order="QĐ 1")
    assert findings(office) == []
    key = archive.hold_key(document.dossier, document.id, 1)
    true = office.store.get(key)
    office.store.put(key, true.replace(b'"held": true', b'"held": false'))
    office.ports.auditing.seal()
    assert findings(office) == [("object_altered", key)]
    office.store.remove(key)
    assert findings(office) == [("object_missing", key)]
    office.store.put(archive.hold_key(document.dossier, document.id, 2), true)
    office.store.put(key, true)
    assert findings(office) == [("object_extra", archive.hold_key(document.dossier, document.id, 2))]
    office.store.remove(archive.hold_key(document.dossier, document.id, 2))
    assert not keeper.hold(document.id, held=False, actor="thẩm phán", reason="án xong").held
    keeper.erase(document.id, **WHO)
    office.ports.auditing.seal()
    assert findings(office) == []
    actions = [one.action for one in office.catalogue.audit.happenings(document.id)]
    assert (actions.count(Action.HOLD), actions.count(Action.RELEASE)) == (1, 1)


def test_within_its_term_a_document_goes_only_by_order(office: Office) -> None:
    document = office.submit()
    office.work()
    with pytest.raises(NotEntitledError, match="until 2036-12-31") as refused:
        erasing(office).erase(document.id, **WHO)
    assert refused.value.code == "within_term"
    assert erasing(office).erase(document.id, **WHO, order="Quyết định 12/QĐ-STP").basis == "Quyết định 12/QĐ-STP"


def test_a_document_in_work_is_not_erased(office: Office) -> None:
    document = office.submit()
    with pytest.raises(NotEntitledError, match="being read"):
        erasing(office).erase(document.id, **WHO, order="QĐ 1")


def test_an_original_that_another_document_is_of_stays(office: Office, document: Document) -> None:
    other = office.submit(b"%PDF 1", "b.pdf", "H06")
    office.work()
    assert erasing(office).erase(document.id, **WHO).original_kept
    assert office.store.get(archive.original_key(document.source.sha256)) == b"%PDF 1"
    assert not erasing(office).erase(other.id, **WHO, order="QĐ 1").original_kept
    office.ports.auditing.seal()
    assert findings(office) == []


def test_an_erased_paper_may_come_in_again_as_a_new_document(office: Office, document: Document) -> None:
    erasing(office).erase(document.id, **WHO)
    again = office.submit(b"%PDF 1", "Nguyễn Văn A.pdf")
    office.work()
    assert again.id != document.id
    assert flow.read_again(document.id, flow.Wish(QueueName.BATCH), office.ports).status is Status.ERASED
    office.ports.auditing.seal()
    assert findings(office) == []


def test_a_rebuilt_catalogue_knows_what_was_erased(office: Office, document: Document, tmp_path: Path) -> None:
    erasing(office).erase(document.id, **WHO)
    office.ports.auditing.seal()
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/new.sqlite")) as fresh:
        assert flow.reindex(replace(office.ports, catalogue=fresh)) == 2
        assert fresh.document(document.id) == office.catalogue.document(document.id)


def test_terms_end_with_the_year_and_every_type_has_one(root: Path) -> None:
    schedule = archive.shipped_retention()
    assert schedule.class_of("giay_khai_sinh").last_day(date(2026, 1, 5)) is None
    assert schedule.class_of("giay_phep_xay_dung").last_day(date(2026, 1, 5)) == date(2046, 12, 31)
    assert schedule.class_of("chua_biet").last_day(date(2026, 7, 5)) == date(2036, 12, 31)
    assert all(isinstance(one, RetentionClass) and "△" in one.basis for one in schedule.classes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version = 1", "not a schedule"),
        ('version = "1"\n[[class]]\nid = "a"\ntitle = "A"\nbasis = "b"\ntypes = ["x"]', "all other papers"),
        ('version = "1"\n[[class]]\nid = "a"\ntitle = "A"\nbasis = "b"\ntypes = ["*", "x", "x"]', "two classes"),
        ('version = "1"\n[[class]]\nid = "a"\ntitle = "A"\nyears = -1\nbasis = "b"\ntypes = ["*"]', "below 0"),
    ],
)
def test_a_faulty_schedule_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "retention.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        archive.load_retention(path)


def test_the_tombstone_names_the_hashes_that_were(office: Office, document: Document) -> None:
    key = archive.revision_key(document.dossier, document.id, 2, "record.json")
    digest = hashlib.sha256(office.store.get(key)).hexdigest()
    assert erasing(office).erase(document.id, **WHO).records[1].sha256 == digest
