"""The flow with every outside thing scripted: what it keeps, what it repeats, what it survives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import archive, flow
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import EncryptedPdfError, TooLargeError
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import Message
from tests.scripted_office import Killed, Office, ScriptedReader


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[SqlCatalogue]:
    made = SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")
    yield made
    made.close()


@pytest.fixture
def office(tmp_path: Path, catalogue: SqlCatalogue) -> Office:
    return Office(tmp_path, catalogue, ScriptedReader())


def test_a_document_arrives_whole(office: Office) -> None:
    document = office.submit()
    office.work()
    done = office.catalogue.document(document.id)
    assert done.status is Status.NEEDS_REVIEW
    assert done.revision == 1
    assert [event.after for event in office.catalogue.events(document.id)][-1] is Status.NEEDS_REVIEW
    record = office.record(document)
    assert [page["number"] for page in record["pages"]] == [1, 2, 3]  # type: ignore[index, attr-defined]
    prefix = f"dossiers/H05/{document.id}/r0001/"
    assert {o.key.removeprefix(prefix) for o in office.store.list(prefix)} == {
        "document.pdf",
        "record.json",
        "text.txt",
        "alto.xml",
    }
    assert not list(office.store.list("working/"))


def test_the_original_is_kept_byte_identical(office: Office) -> None:
    office.submit(b"%PDF exactly this")
    key = archive.original_key(hashlib.sha256(b"%PDF exactly this").hexdigest())
    assert office.store.get(key) == b"%PDF exactly this"


def test_every_object_of_a_revision_is_named_with_its_hash(office: Office) -> None:
    document = office.submit()
    office.work()
    record = office.record(document)
    named = [record["pdf"]["path"], record["pdf"]["sha256"]], *([o["name"], o["sha256"]] for o in record["objects"])  # type: ignore[index, attr-defined]
    for name, sha256 in named:
        stored = office.store.get(archive.revision_key("H05", document.id, 1, name))
        assert hashlib.sha256(stored).hexdigest() == sha256


def test_the_same_file_of_the_same_dossier_is_entered_once(office: Office) -> None:
    first = office.submit()
    office.work()
    again = office.submit(name="cùng tệp.pdf")
    assert again.id == first.id
    assert office.submit(dossier="H06").id != first.id


def test_messages_delivered_twice_change_nothing(office: Office) -> None:
    document = office.submit()

    def twice(message: Message) -> None:
        office.handle(message)
        office.handle(message)

    office.dispatcher.drain(twice)
    assert office.catalogue.document(document.id).revision == 1
    assert sorted(office.reader.read_pages) == [1, 2, 3]


def test_a_file_at_fault_is_rejected_and_its_original_kept(office: Office) -> None:
    office.reader.error = EncryptedPdfError("a.pdf asks for a password", advice="Hãy bỏ mật khẩu rồi nộp lại.")
    document = office.submit()
    office.work()
    assert office.catalogue.document(document.id).status is Status.REJECTED
    problems = office.record(document)["problems"]
    assert problems == [{"code": "encrypted_pdf", "message": "Hãy bỏ mật khẩu rồi nộp lại.", "field": None, "page": None}]
    assert office.store.stat(archive.original_key(document.source.sha256))


def test_a_page_that_kills_its_worker_three_times_is_set_aside_and_the_rest_is_kept(
    tmp_path: Path, catalogue: SqlCatalogue
) -> None:
    office = Office(tmp_path, catalogue, ScriptedReader(dies=lambda page: page == 2))
    document = office.submit()

    def die_first(message: Message) -> None:
        if (message.step, message.page) == ("read", 2):
            for _ in range(3):
                catalogue.begin_attempt(message.document, "read", message.page, office.clock.now())
        office.handle(message)

    office.dispatcher.drain(die_first)
    pages = office.record(document)["pages"]
    assert [page["origin"] for page in pages] == ["ocr", "unread", "ocr"]  # type: ignore[index, attr-defined]


def test_a_step_that_never_ends_makes_the_document_failed(office: Office) -> None:
    document = office.submit()
    for _ in range(3):
        office.catalogue.begin_attempt(document.id, "split", 0, office.clock.now())
    office.work()
    assert office.catalogue.document(document.id).status is Status.FAILED


def test_losing_the_whole_broker_loses_nothing(office: Office) -> None:
    document = office.submit()
    office.dispatcher.lose()
    office.clock.advance(timedelta(minutes=5))
    for work in office.catalogue.pending(idle_since=office.clock.now()):
        assert work.document == document.id
        flow.split_document(work.document, office.ports)
    office.work()
    assert office.catalogue.document(document.id).status is Status.NEEDS_REVIEW


def test_a_finish_killed_before_its_record_is_finished_by_the_next(office: Office) -> None:
    document = office.submit()
    sealed = office.store.put_once

    def dies_at_the_record(key: str, data: bytes | Path, *, media_type: str = "") -> bool:
        if key.endswith("record.json"):
            raise Killed
        return sealed(key, data, media_type=media_type)

    office.store.put_once = dies_at_the_record  # type: ignore[method-assign]
    with pytest.raises(Killed):
        office.work()
    office.store.put_once = sealed  # type: ignore[method-assign]
    flow.finish_document(document.id, office.ports)
    assert office.catalogue.document(document.id).revision == 1
    assert office.record(document)["status"] == "needs_review"


def test_the_catalogue_is_rebuilt_from_the_bucket_alone(office: Office) -> None:
    done = office.submit()
    office.work()
    waiting = office.submit(b"%PDF another", "khác.pdf")
    office.dispatcher.lose()
    before = office.catalogue.document(done.id)
    office.catalogue.clear()
    assert flow.reindex(office.ports) == 2
    after = office.catalogue.document(done.id)
    assert (after.status, after.revision, after.source, after.dossier) == (before.status, 1, before.source, "H05")
    assert office.catalogue.document(waiting.id).status is Status.RECEIVED
    assert [hit.document for hit in office.catalogue.search("trang so")] == [done.id]


def test_a_failed_document_handed_in_again_is_tried_again(office: Office) -> None:
    document = office.submit()
    office.dispatcher.lose()
    flow.fail(document.id, "a fault of ours", office.ports)
    assert office.submit().id == document.id
    office.work()
    assert office.catalogue.document(document.id).status is Status.NEEDS_REVIEW


def test_a_file_refused_before_it_became_a_document_is_kept_and_entered_once(office: Office) -> None:
    path = office.folder / "bomb.zip"
    path.write_bytes(b"PK bomb")
    error = TooLargeError("too many members", code="zip_too_many_members", advice="Hãy chia nhỏ tệp ZIP.")
    for _ in range(2):
        document = flow.refuse(path, "bomb.zip", "H05", flow.Wish(QueueName.BATCH), error, office.ports)
    assert (document.status, document.revision) == (Status.REJECTED, 1)
    assert office.record(document)["problems"][0]["code"] == "zip_too_many_members"  # type: ignore[index]
    assert office.store.get(archive.original_key(document.source.sha256)) == b"PK bomb"


def test_local_copies_of_originals_do_not_fill_the_disk(office: Office) -> None:
    office.clock = FixedClock(datetime.now(UTC))
    office.ports = replace(office.ports, clock=office.clock)
    first = office.submit()
    office.work()
    copy = office.folder / "originals" / first.source.sha256
    assert copy.exists()
    office.clock.advance(timedelta(days=1))
    office.submit(b"%PDF another")
    office.work()
    assert not copy.exists()


def test_a_finished_document_is_judged_by_the_rules(office: Office) -> None:
    document = office.submit()
    office.work()
    judged = {one["rule_set"]: {rule["rule"]: rule for rule in one["rules"]} for one in office.record(document)["conformity"]}
    assert judged["luu_tru_so"]["format"]["outcome"] == "pass"
    assert judged["so_hoa_ho_so"]["all_pages"]["outcome"] == "pass"
    assert (
        judged["so_hoa_ho_so"]["pages_opened"] | {"pages": [1, 2, 3], "outcome": "fail"}
        == (judged["so_hoa_ho_so"]["pages_opened"])
    )
    assert judged["so_hoa_ho_so"]["digitiser_signature"]["outcome"] == "fail"


def test_reindexing_brings_the_list_of_procedures_back(office: Office, tmp_path: Path) -> None:
    table = tmp_path / "list.tsv"
    table.write_text("ma_thu_tuc\tten\n1.001193\tĐăng ký khai sinh\n", encoding="utf-8")
    office.ports.registers.import_procedures(table)
    listed = office.catalogue.procedures()
    assert flow.reindex(office.ports) == 0
    assert office.catalogue.procedures() == listed != ()


def test_a_list_that_comes_later_links_what_is_read_again(office: Office, tmp_path: Path) -> None:
    office.reader.texts[""] = office.reader.texts["scripted"] = (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ\nMã hồ sơ: 000.16.05.H05-210616-0001\n"
        "Tiếp nhận hồ sơ của: Trần Văn An\nNội dung yêu cầu giải quyết: Đăng ký khai sinh\nĐịa chỉ: Bắc Ninh"
    )
    document = office.submit()
    office.work()
    assert office.record(document)["procedure"] is None
    table = tmp_path / "list.tsv"
    table.write_text("ma_thu_tuc\tten\n1.001193\tĐăng ký khai sinh\n", encoding="utf-8")
    office.ports.registers.import_procedures(table)
    flow.read_again(document.id, flow.Wish(QueueName.BATCH), office.ports)
    office.work()
    again = office.record(document, 2)
    assert (again["revision"], again["procedure"]["code"]) == (2, "1.001193")
