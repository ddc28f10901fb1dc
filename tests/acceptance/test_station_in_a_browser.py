"""The scanning station as an operator uses it, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.domain.pages import Quality
from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, DrawnViews, faults_of, served, visitor
from tests.reviewed_office import BIRTH, DOSSIER
from tests.unit.test_web_station import work
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    views = DrawnViews(tmp_path, BIRTH)
    views.pages, views.verdicts = 3, {2: Quality("rescan", ("blur",))}
    with WebHouse(tmp_path, views=views) as made:
        made.reader.texts = {"scripted": BIRTH}
        yield made


def test_a_bad_page_is_seen_before_it_is_read_taken_out_and_the_slip_is_made(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    file = tmp_path / "giấy khai sinh.pdf"
    file.write_bytes(b"%PDF birth")
    with visitor(browser, house, address, "tam", Role.OPERATOR) as window:
        page = complaints.listen(window.new_page())
        page.goto("/station")
        expect(page.locator(":focus")).to_have_attribute("id", "code")
        page.keyboard.type(DOSSIER)
        page.keyboard.press("Enter")
        page.wait_for_url("**/station/dossier?*")
        page.locator("#files").set_input_files(file)
        bad = page.locator(".sheet_card.rescan")
        expect(bad).to_have_count(1)
        expect(bad).to_contain_text("Chữ bị nhòe")
        work(house)
        expect(page.locator(".one .chip")).to_have_text("Cần xem lại")
        page.get_by_role("button", name="Sửa trang").press("Enter")
        page.get_by_role("button", name="Bỏ trang – Trang 2").press("Enter")
        page.get_by_role("textbox", name="Lý do sửa trang").fill("Trang nhòe, đã quét lại")
        page.keyboard.press("Enter")
        expect(page.locator(".one .chip")).to_have_text("Đang đọc")
        work(house)
        expect(page.locator(".sheet_card")).to_have_count(2)
        with window.expect_page() as opened:
            page.get_by_role("link", name="In phiếu cho người dân").press("Enter")
        expect(opened.value.locator(".code")).to_have_text(DOSSIER)
        expect(opened.value.locator(".qr svg")).to_be_visible()
    (document,) = house.catalogue.documents()
    assert house.flow.ledgers.current(document).order == (1, 3)


@pytest.mark.parametrize(("screen", "scheme"), list(product(SCREENS, SCHEMES)), ids=str)
def test_everybody_can_use_the_station_on_every_screen(
    house: WebHouse, browser: Browser, root: Path, tmp_path: Path, screen: tuple[int, int], scheme: str
) -> None:
    file = tmp_path / "một tên tệp rất dài mà người ta vẫn hay đặt cho bản quét của mình.pdf"
    file.write_bytes(b"%PDF birth")
    with (
        served(house) as address,
        visitor(browser, house, address, "tam", Role.OPERATOR, screen=screen, scheme=scheme) as window,
    ):
        page = window.new_page()
        for path in ("/station", f"/station/dossier?code={DOSSIER}"):
            page.goto(path)
            assert faults_of(page, root) == []
        page.locator("#files").set_input_files(file)
        expect(page.locator(".sheet_card.rescan")).to_have_count(1)
        work(house)
        page.get_by_role("button", name="Sửa trang").click()
        assert faults_of(page, root) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], "nothing is cut off at the side"
        page.goto(f"/station/slip?code={DOSSIER}")
        assert faults_of(page, root) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
