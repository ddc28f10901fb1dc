"""Batches as the back office looks after them, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.domain.documents import Status
from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, faults_of, served, visitor
from tests.unit.test_web_batches import HERE, enter
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


def test_a_batch_is_watched_paused_and_resumed_by_the_keyboard(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    batch = enter(house, "Kho lưu trữ 2019", HERE, HERE)
    with visitor(browser, house, address, "tam", Role.RECORDS_OFFICER) as window:
        page = complaints.listen(window.new_page())
        page.goto("/batches")
        page.get_by_role("link", name="Kho lưu trữ 2019").press("Enter")
        page.wait_for_url(f"**/batches/{batch.id}")
        page.get_by_role("button", name="Tạm dừng").press("Enter")
        expect(page.locator("#batch .batch_head .chip")).to_have_text("Tạm dừng")
        page.get_by_role("button", name="Chạy tiếp").press("Enter")
        expect(page.locator("#batch .batch_head .chip")).to_have_text("Đang chạy")
        (first, *_) = house.catalogue.walk(limit=5)
        for status in (Status.READING, Status.APPROVED):
            house.catalogue.move(first.id, status, actor="sohoa", reason="read", at=house.clock.now())
        expect(page.locator(".batch_rate")).to_contain_text("2 trang đã đọc trên tổng số 4")


@pytest.mark.parametrize(("screen", "scheme"), list(product(SCREENS, SCHEMES)), ids=str)
def test_everybody_can_look_after_batches_on_every_screen(
    house: WebHouse, browser: Browser, root: Path, screen: tuple[int, int], scheme: str
) -> None:
    batch = enter(house, "Kho lưu trữ 2019, tủ 4, ngăn trên cùng", HERE, HERE)
    with (
        served(house) as address,
        visitor(browser, house, address, "tam", Role.RECORDS_OFFICER, screen=screen, scheme=scheme) as window,
    ):
        page = window.new_page()
        for path in ("/batches", f"/batches/{batch.id}"):
            page.goto(path)
            expect(page.locator("progress").first).to_be_visible()
            assert faults_of(page, root) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], "nothing is cut off at the side"
