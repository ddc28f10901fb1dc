"""The pages of batches: who sees them, what they tell, what may be done there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.custody.batch_books import BatchBooks
from pipeline.domain.batches import Batch, BatchFile, BatchState, FileState, Part, SidePlan, SideRole
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.people import Role
from pipeline.web.batch_views import progress_of
from tests.web_house import AT, WebHouse, token_of

HERE, ELSEWHERE = "000.00.16.H05-260105-0001", "H06-260105-0001"
EVIL = '"><img src=x onerror=alert(1)>'


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


def books(house: WebHouse) -> BatchBooks:
    return BatchBooks(house.store, house.catalogue, house.clock)


def enter(house: WebHouse, name: str = "Kho 2019", *dossiers: str) -> Batch:
    batch = Batch(f"B-{len(name)}", name, BatchState.RUNNING, False, AT, "cli", QueueName.BATCH, ("/kho",))
    books(house).open(batch)
    books(house).complete(batch.id, "cli")
    for number, dossier in enumerate(dossiers or (HERE,), 1):
        sides = (SidePlan(1, 1, SideRole.SEPARATOR, 1), SidePlan(1, 2, SideRole.PAGE, 1))
        sha256 = f"{number:064x}"
        part = Part(1, dossier, f"chồng {number}-001.pdf", sha256, 10, 2, (1,))
        file = BatchFile(dossier, f"chồng {number}.pdf", "/kho", sha256, 10, FileState.PLANNED, (sha256,), sides, (part,))
        books(house).keep_file(batch.id, file)
    rejected = BatchFile(
        HERE, "khóa.pdf", "/kho", "f" * 64, 9, FileState.REJECTED, code="encrypted_pdf", message="Có mật khẩu."
    )
    books(house).keep_file(batch.id, rejected)
    return batch


def test_a_batch_tells_how_far_it_is_and_what_was_rejected(house: WebHouse) -> None:
    batch = enter(house)
    browser = house.signed_in("an", Role.RECORDS_OFFICER)
    assert "Kho 2019" in browser.get("/batches").text
    page = browser.get(f"/batches/{batch.id}").text
    assert "khóa.pdf" in page and "Có mật khẩu." in page
    assert "chồng 1-001.pdf" in page and "1 mặt là tờ phân cách" in page
    assert "Tạm dừng" in page


def test_pausing_resuming_and_cancelling_by_the_page_is_written_down(house: WebHouse) -> None:
    batch = enter(house)
    browser = house.signed_in("an", Role.OPERATOR)
    token = token_of(browser)
    for act, state in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        answer = browser.post(f"/batches/{batch.id}/{act}", headers={"X-CSRF-Token": token})
        assert answer.status_code == 200
        assert house.catalogue.batches.batch(batch.id).state.value == state
    assert len(list(house.store.list(f"batches/{batch.id}/states/"))) == 4
    refused = browser.post(f"/batches/{batch.id}/pause", headers={"X-CSRF-Token": token})
    assert refused.status_code == 403


def test_resuming_hands_documents_to_the_workers(house: WebHouse) -> None:
    batch = enter(house)
    browser = house.signed_in("an", Role.OPERATOR)
    token = token_of(browser)
    for act in ("pause", "resume"):
        browser.post(f"/batches/{batch.id}/{act}", headers={"X-CSRF-Token": token})
    assert [message.step for message in house.dispatcher.sent] == ["split"]


def test_a_batch_of_other_offices_is_not_there_and_one_of_several_cannot_be_changed(house: WebHouse) -> None:
    foreign = enter(house, "lô lạ", ELSEWHERE)
    mixed = enter(house, "lô chung", HERE, ELSEWHERE)
    browser = house.signed_in("an", Role.OPERATOR, offices=("000.00.16.H05",))
    token = token_of(browser)
    assert browser.get(f"/batches/{foreign.id}").status_code == 404
    assert "lô lạ" not in browser.get("/batches").text
    page = browser.get(f"/batches/{mixed.id}").text
    assert "chồng 1-001.pdf" in page and "chồng 2-001.pdf" not in page
    assert "/pause" not in page
    assert browser.post(f"/batches/{mixed.id}/pause", headers={"X-CSRF-Token": token}).status_code == 404
    assert "chồng 2" not in browser.get(f"/batches/{mixed.id}/report.csv").text


def test_names_of_files_and_batches_never_become_markup(house: WebHouse) -> None:
    batch = enter(house, EVIL)
    file = BatchFile(HERE, EVIL, "/kho", "e" * 64, 9, FileState.REJECTED, message=EVIL)
    books(house).keep_file(batch.id, file)
    browser = house.signed_in("an", Role.OPERATOR)
    for path in ("/batches", f"/batches/{batch.id}", f"/batches/{batch.id}/part"):
        assert "<img" not in browser.get(path).text.replace('<img src="/static/icon.svg"', "")


def test_what_changes_comes_as_events(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.batches.LOOK", 0.0)
    monkeypatch.setattr("pipeline.web.batches.STREAM", -1.0)
    batch = enter(house)
    browser = house.signed_in("an", Role.OPERATOR)
    answer = browser.get(f"/batches/{batch.id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_rate_and_estimate_come_of_what_was_settled_lately(house: WebHouse) -> None:
    batch = enter(house, "Kho", HERE, HERE, HERE)
    browser = house.signed_in("an", Role.OPERATOR)
    for act in ("pause", "resume"):
        browser.post(f"/batches/{batch.id}/{act}", headers={"X-CSRF-Token": token_of(browser)})
    for document in house.catalogue.walk(limit=10)[:1]:
        house.clock.advance(timedelta(minutes=2))
        house.catalogue.move(document.id, Status.READING, actor="sohoa", reason="split", at=house.clock.now())
        house.catalogue.move(document.id, Status.APPROVED, actor="sohoa", reason="sure", at=house.clock.now())
    told = progress_of(replace(batch, created_at=AT), house.catalogue, house.clock)
    assert (told.tally.settled, told.tally.pages, told.rate, told.minutes) == (2, 6, 1.0, 4)


def test_the_report_is_a_workbook_or_a_list(house: WebHouse) -> None:
    batch = enter(house)
    browser = house.signed_in("an", Role.RECORDS_OFFICER)
    assert browser.get(f"/batches/{batch.id}/report.xlsx").content.startswith(b"PK")
    assert "Có mật khẩu." in browser.get(f"/batches/{batch.id}/report.csv").content.decode("utf-8-sig")
