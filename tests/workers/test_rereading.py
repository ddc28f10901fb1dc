"""Reading documents again: what makes a revision, what stays, what survives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import archive, flow
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.errors import EncryptedPdfError, NotFoundError
from pipeline.flow import Wish
from pipeline.ports import EngineInfo
from storage.catalogue import SqlCatalogue
from storage.memory import Message
from tests.scripted_office import Killed, Office, ScriptedReader

DECISION = """ỦY BAN NHÂN DÂN TỈNH HÀ GIANG
Số: 717/QĐ-UBND
QUYẾT ĐỊNH
Về việc giao đất cho hộ gia đình
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH
Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013;
QUYẾT ĐỊNH:
Điều 1. Giao đất cho ông Nguyễn Văn Đường. Trang {}"""
BETTER = Wish(QueueName.BATCH, "better")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    catalogue = SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")
    made = Office(tmp_path, catalogue, ScriptedReader(pages=2))
    made.reader.texts = {"scripted": DECISION, "better": DECISION.replace("717", "777")}
    yield made
    catalogue.close()


@pytest.fixture
def document(office: Office) -> Document:
    """A decision, read and settled."""
    document = office.submit()
    office.work()
    return office.catalogue.document(document.id)


def again(office: Office, document: Document, wish: Wish = BETTER) -> Document:
    flow.read_again(document.id, wish, office.ports)
    office.work()
    return office.catalogue.document(document.id)


def alter(office: Office, document: Document, **fields: dict[str, Any]) -> None:
    """Give fields of the first revision other properties, as an earlier edition or a human may have left them."""
    record: dict[str, Any] = office.record(document)
    for key, properties in fields.items():
        record["fields"].setdefault(key, {}).update(properties)
    key = archive.revision_key(document.dossier, document.id, 1, "record.json")
    office.store.put(key, json.dumps(record).encode())


def codes(record: dict[str, Any]) -> set[tuple[str, str | None]]:
    return {(problem["code"], problem["field"]) for problem in record["problems"]}


def test_what_reads_otherwise_becomes_a_revision_and_the_old_one_stays(office: Office, document: Document) -> None:
    prefix = f"dossiers/H05/{document.id}/"
    before = {entry.key: office.store.get(entry.key) for entry in office.store.list(prefix)}
    now = again(office, document)
    assert (now.revision, now.engine, now.former) == (2, "better", None)
    assert all(office.store.get(key) == data for key, data in before.items())
    old, new = office.record(document), office.record(document, 2)
    sealed = office.store.get(f"{prefix}r0001/record.json")
    assert new["previous_sha256"] == hashlib.sha256(sealed).hexdigest()
    assert [record["engine"]["name"] for record in (old, new)] == ["scripted", "better"]
    assert [record["fields"]["so_ky_hieu"]["value"] for record in (old, new)] == ["717/QĐ-UBND", "777/QĐ-UBND"]
    assert not list(office.store.list("working/"))
    assert [hit.number for hit in office.catalogue.search("777/QĐ-UBND")] == ["777/QĐ-UBND"]


def test_what_reads_the_same_makes_no_revision_and_the_document_is_what_it_was(office: Office, document: Document) -> None:
    office.catalogue.move(document.id, Status.APPROVED, actor="lan", reason="seen", at=office.clock.now())
    office.catalogue.move(document.id, Status.ARCHIVED, actor="lan", reason="kept", at=office.clock.now())
    now = again(office, document, Wish(QueueName.BATCH))
    assert (now.status, now.revision, now.made_with) == (Status.ARCHIVED, 1, "scripted 1")
    assert office.catalogue.events(document.id)[-1].reason == "read again: nothing changed"
    assert not list(office.store.list("working/"))


def test_two_readings_that_were_sure_and_differ_need_a_human_until_one_decides(office: Office, document: Document) -> None:
    again(office, document)
    assert ("reread_differs", "so_ky_hieu") in codes(office.record(document, 2))
    now = again(office, document)
    assert now.revision == 2
    assert now.status is Status.NEEDS_REVIEW


def test_a_field_that_was_doubtful_may_become_another_without_a_word(office: Office, document: Document) -> None:
    alter(office, document, so_ky_hieu={"confidence": 0.4})
    again(office, document)
    assert ("reread_differs", "so_ky_hieu") not in codes(office.record(document, 2))


def test_a_field_that_is_no_longer_found_is_missed(office: Office, document: Document) -> None:
    signed = {"value": "Trần Đức Quý", "text": "Trần Đức Quý", "origin": "ocr", "evidence": [], "problems": []}
    alter(office, document, nguoi_ky=signed | {"confidence": 0.97})
    again(office, document)
    assert ("reread_lost", "nguoi_ky") in codes(office.record(document, 2))
    again(office, document)
    assert ("reread_lost", "nguoi_ky") in codes(office.record(document, 2))
    assert office.catalogue.document(document.id).revision == 2


def test_a_field_that_a_human_gave_stays_as_he_gave_it(office: Office, document: Document) -> None:
    alter(office, document, so_ky_hieu={"value": "771/QĐ-UBND", "origin": "human", "confidence": 1.0})
    again(office, document)
    field = office.record(document, 2)["fields"]["so_ky_hieu"]  # type: ignore[index]
    assert (field["value"], field["origin"], field["problems"]) == ("771/QĐ-UBND", "human", [])
    office.reader.texts["better"] = DECISION.replace("Số: 717/QĐ-UBND", "")
    again(office, document)
    assert office.record(document, 3)["fields"]["so_ky_hieu"]["value"] == "771/QĐ-UBND"  # type: ignore[index]


def test_what_a_human_approved_stays_approved_where_only_words_read_otherwise(office: Office, document: Document) -> None:
    office.catalogue.move(document.id, Status.APPROVED, actor="lan", reason="seen", at=office.clock.now())
    office.reader.texts["better"] = DECISION.replace("ông", "bà")
    now = again(office, document)
    assert (now.status, now.revision) == (Status.APPROVED, 2)
    assert office.record(document, 2)["status"] == "approved"


def test_a_value_that_a_human_approved_in_doubt_is_not_changed_without_him(office: Office, document: Document) -> None:
    alter(office, document, so_ky_hieu={"confidence": 0.4})
    office.catalogue.move(document.id, Status.APPROVED, actor="lan", reason="seen", at=office.clock.now())
    now = again(office, document)
    assert now.status is Status.NEEDS_REVIEW
    assert ("reread_differs", "so_ky_hieu") in codes(office.record(document, 2))


def test_what_a_human_rejected_stays_rejected(office: Office, document: Document) -> None:
    office.catalogue.move(document.id, Status.REJECTED, actor="lan", reason="wrong paper", at=office.clock.now())
    assert again(office, document).status is Status.REJECTED


def test_a_reading_that_loses_a_page_is_no_gain(office: Office, document: Document) -> None:
    office.reader.hopeless = {2}
    now = again(office, document)
    assert (now.status, now.revision, now.made_with) == (document.status, 1, "")
    assert "page 2" in office.catalogue.events(document.id)[-1].reason


def test_a_reading_that_fails_leaves_the_document_as_it_was(office: Office, document: Document) -> None:
    office.reader.hopeless = {1, 2}
    now = again(office, document)
    assert (now.status, now.revision) == (document.status, 1)
    office.reader.hopeless = set()
    assert again(office, document).revision == 2


def test_a_document_whose_record_is_lost_is_what_it_was_and_says_so(office: Office, document: Document) -> None:
    office.store.remove(archive.revision_key(document.dossier, document.id, 1, "record.json"))
    flow.read_again(document.id, BETTER, office.ports)
    with pytest.raises(NotFoundError):
        office.work()
    flow.fail(document.id, "as the worker does", office.ports)
    assert office.catalogue.document(document.id).status is document.status


def test_a_file_that_is_refused_now_stays_as_it_was_read(office: Office, document: Document) -> None:
    office.reader.error = EncryptedPdfError("a.pdf asks for a password")
    now = again(office, document)
    assert (now.status, now.revision) == (document.status, 1)


def test_a_rejected_file_that_can_be_read_now_is_read(office: Office) -> None:
    office.reader.error = EncryptedPdfError("a.pdf asks for a password")
    document = office.submit()
    office.work()
    assert again(office, document).revision == 1
    office.reader.error = None
    now = again(office, document)
    assert (now.status, now.revision, now.type) == (Status.NEEDS_REVIEW, 2, "quyet_dinh")


def test_pages_of_one_reading_never_get_into_another(office: Office, document: Document) -> None:
    late = archive.page_key(document.id, document.reading, 1)
    kept: list[bytes] = []

    def copy_first(message: Message) -> None:
        office.handle(message)
        if message.step == "read" and message.page == 1:
            kept.append(office.store.get(archive.page_key(document.id, 2, 1)))

    flow.read_again(document.id, BETTER, office.ports)
    office.dispatcher.drain(copy_first)
    office.store.put(late, kept[0])
    now = again(office, document, Wish(QueueName.BATCH, "scripted"))
    assert office.record(document, now.revision)["fields"]["so_ky_hieu"]["value"] == "717/QĐ-UBND"  # type: ignore[index]
    assert set(office.reader.engines[-2:]) == {"scripted"}


def test_messages_delivered_twice_and_a_lost_broker_make_one_revision(office: Office, document: Document) -> None:
    flow.read_again(document.id, BETTER, office.ports)
    office.dispatcher.lose()

    def twice(message: Message) -> None:
        office.handle(message)
        office.handle(message)

    office.sweep()
    office.dispatcher.drain(twice)
    now = office.catalogue.document(document.id)
    assert (now.revision, now.engine) == (2, "better")


def test_a_finish_killed_before_its_record_is_finished_by_the_next(
    office: Office, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = office.store.put_once

    def dies_at_the_record(key: str, data: bytes | Path, *, media_type: str = "") -> bool:
        if key.endswith("r0002/record.json"):
            raise Killed
        return put(key, data, media_type=media_type)

    flow.read_again(document.id, BETTER, office.ports)
    monkeypatch.setattr(office.store, "put_once", dies_at_the_record)
    with pytest.raises(Killed):
        office.work()
    monkeypatch.undo()
    flow.finish_document(document.id, office.ports)
    assert office.catalogue.document(document.id).revision == 2


def test_objects_of_a_reading_that_was_never_sealed_get_into_no_other(office: Office, document: Document) -> None:
    stray = archive.revision_key("H05", document.id, 2, "text.txt")
    office.store.put(stray, b"of another reading")
    flow.read_again(document.id, BETTER, office.ports)
    with pytest.raises(Exception, match="never sealed"):
        office.work()
    flow.fail(document.id, "as the worker does", office.ports)
    now = office.catalogue.document(document.id)
    assert (now.status, now.revision) == (document.status, 1)


def test_a_document_in_work_is_not_begun_again(office: Office) -> None:
    document = office.submit()
    assert flow.read_again(document.id, BETTER, office.ports).engine == ""
    assert office.catalogue.document(document.id).status is Status.RECEIVED


def test_the_engine_asked_for_reads_every_page_also_after_the_broker_was_lost(office: Office) -> None:
    document = office.submit(engine="better")
    office.dispatcher.lose()
    office.sweep()
    office.work()
    assert set(office.reader.engines) == {"better"}
    assert office.record(document)["engine"]["name"] == "better"  # type: ignore[index]


def test_the_engine_asked_for_is_known_to_the_bucket_alone(office: Office) -> None:
    document = office.submit(engine="better")
    office.dispatcher.lose()
    office.catalogue.clear()
    flow.reindex(office.ports)
    assert office.catalogue.document(document.id).engine == "better"


def test_the_usual_engine_is_fixed_when_a_document_is_taken_apart(office: Office) -> None:
    document = office.submit()

    def renamed_later(message: Message) -> None:
        office.handle(message)
        office.reader.engine = EngineInfo("newer", "2", ())

    office.dispatcher.drain(renamed_later)
    assert set(office.reader.engines) == {"scripted"}
    assert office.catalogue.document(document.id).engine == "scripted"


def test_pages_read_before_the_catalogue_was_rebuilt_are_not_joined_to_those_of_another_engine(office: Office) -> None:
    document = office.submit()

    def breaks_off(message: Message) -> None:
        if message.page < 2:
            office.handle(message)

    office.dispatcher.drain(breaks_off)
    flow.reindex(office.ports)
    office.reader.engine = EngineInfo("better", "2", ())
    office.sweep()
    office.work()
    assert office.reader.engines == ["scripted", "better", "better"]
    assert office.record(document)["engine"]["name"] == "better"  # type: ignore[index]


def test_a_failed_document_handed_in_again_for_another_engine_is_read_by_that_one(office: Office) -> None:
    office.reader.hopeless = {1, 2}
    document = office.submit(engine="scripted")
    office.work()
    assert office.catalogue.document(document.id).status is Status.FAILED
    office.reader.hopeless = set()
    assert office.submit(engine="better").id == document.id
    office.work()
    done = office.catalogue.document(document.id)
    assert (done.status, done.revision) == (Status.NEEDS_REVIEW, 1)
    assert office.record(document)["engine"]["name"] == "better"  # type: ignore[index]
