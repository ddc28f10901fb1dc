"""Review as a person does it, in a real browser: by keyboard alone, on three screens, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import archive
from pipeline.domain.documents import Document, Status
from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, DrawnViews, faults_of, visitor
from tests.reviewed_office import BIRTH
from tests.unit.test_web_review import hand_in
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path, views=DrawnViews(tmp_path, BIRTH)) as made:
        made.reader.pages = 1
        made.reader.texts = {"scripted": BIRTH}
        yield made


def open_desk(page: Page, document: Document) -> None:
    page.goto(f"/review/{document.id}")
    page.wait_for_selector(".sheet[data-shown]")


def test_a_paper_is_reviewed_from_the_queue_to_the_next_one_without_a_mouse(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    document = hand_in(house)
    house.reader.texts = {"scripted": "một trang chữ không giống loại giấy tờ nào"}
    other = hand_in(house, "khác.pdf")
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = complaints.listen(window.new_page())
        page.goto("/review")
        expect(page.locator("button:focus")).to_be_enabled()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/review/{document.id}")
        expect(page.locator(":focus")).to_have_attribute("id", "f1-so-in")
        page.keyboard.type("13/2024")
        page.keyboard.press("Enter")
        expect(page.locator("#f1-so")).to_have_attribute("data-state", "settled")
        expect(page.locator(":focus")).to_have_attribute("id", "f1-nguoi_ky-in")
        page.keyboard.press("Alt+x")
        expect(page.locator(":focus")).to_have_attribute("id", "f1-que_quan-in")
        while page.locator("#approve button").is_disabled():
            left = page.locator("#open_now").inner_text()
            page.keyboard.press("Enter")
            expect(page.locator("#open_now")).not_to_have_text(left)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**/review/{other.id}?done=approved")
    approved = house.catalogue.document(document.id)
    assert approved.status is Status.APPROVED
    record = archive.parse_record(house.store.get(archive.revision_key(document.dossier, document.id, 2, "record.json")))
    assert dict(record.fields)["so"] == "13/2024"
    assert "nguoi_ky" not in dict(record.fields)


def test_a_field_lights_its_place_on_the_scan_and_brings_it_near(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    document = hand_in(house)
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = complaints.listen(window.new_page())
        open_desk(page, document)
        page.locator("#f1-so_dinh_danh-in").focus()
        lit = page.locator(".place.now")
        expect(lit).to_have_attribute("data-of", "f1-so_dinh_danh")
        frame, place = page.locator("#frame").bounding_box(), lit.bounding_box()
        assert frame is not None
        assert place is not None
        assert frame["x"] <= place["x"]
        assert place["x"] + place["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= place["y"]
        assert place["y"] + place["height"] <= frame["y"] + frame["height"]
        view = [float(side) for side in (page.locator("#sheet-1").get_attribute("viewBox") or "").split()]
        assert view[2] < 827
        page.keyboard.press("Alt+0")
        assert (page.locator("#sheet-1").get_attribute("viewBox") or "").startswith("0.0 0.0 827.0")


def test_words_and_types_come_once_a_paper_is_looked_at(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    document = hand_in(house)
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = complaints.listen(window.new_page())
        open_desk(page, document)
        expect(page.locator("#f1-ngay_sinh .read_as .said")).to_have_text("15/07/2015")
        expect(page.locator("#f1-document_type-in")).to_have_value("giay_khai_sinh")
        page.locator("#f1-document_type-in").select_option("quyet_dinh")
        expect(page.locator("#f1-document_type-in")).to_have_value("quyet_dinh")


def test_what_is_typed_is_saved_by_itself_and_undone(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    document = hand_in(house)
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = complaints.listen(window.new_page())
        open_desk(page, document)
        page.locator("#f1-ngay_sinh-in").fill("16072015")
        page.keyboard.press("Tab")
        expect(page.locator("#f1-ngay_sinh")).to_have_attribute("data-state", "settled")
        expect(page.locator("#f1-ngay_sinh-in")).to_have_value("16/07/2015")
        page.reload()
        expect(page.locator("#f1-ngay_sinh-in")).to_have_value("16/07/2015")
        page.keyboard.press("Alt+z")
        expect(page.locator("#f1-ngay_sinh-in")).to_have_value("15/07/2015")
        page.keyboard.press("Alt+y")
        expect(page.locator("#f1-ngay_sinh-in")).to_have_value("16/07/2015")


def test_a_value_that_cannot_be_is_told_beside_its_field_and_nothing_moves_on(
    house: WebHouse, address: str, browser: Browser
) -> None:
    document = hand_in(house)
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = window.new_page()
        open_desk(page, document)
        page.locator("#f1-so_dinh_danh-in").fill("0023")
        page.keyboard.press("Enter")
        expect(page.locator("#f1-so_dinh_danh .field_error")).to_have_text("Số định danh phải có 12 chữ số; đã nhập 4.")
        expect(page.locator(":focus")).to_have_attribute("id", "f1-so_dinh_danh-in")
        page.keyboard.press("Escape")
        expect(page.locator("#f1-so_dinh_danh-in")).to_have_value("002315000123")


def test_who_comes_second_sees_who_was_first_and_may_take_over(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    document = hand_in(house)
    with (
        visitor(browser, house, address, "hoa", Role.REVIEWER) as first,
        visitor(browser, house, address, "binh", Role.REVIEWER) as second,
    ):
        one, two = (complaints.listen(window.new_page()) for window in (first, second))
        open_desk(one, document)
        expect(one.locator("#claimed")).to_be_hidden()
        open_desk(two, document)
        expect(two.locator("#claimed")).to_be_visible()
        expect(two.locator("#holder")).to_have_text("Hoa")
        expect(two.locator("#f1-so-in")).to_be_disabled()
        two.get_by_placeholder("Lý do nhận thay").fill("Chị Hoa nghỉ")
        two.keyboard.press("Enter")
        expect(two.locator("#f1-so-in")).to_be_enabled()
        expect(two.locator("#claimed")).to_be_hidden()


def test_a_list_of_keys_opens_and_closes_by_keys(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, root: Path
) -> None:
    document = hand_in(house)
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = complaints.listen(window.new_page())
        open_desk(page, document)
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_hidden()
        page.keyboard.press("Escape")
        page.locator("#frame").focus()
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_visible()
        assert faults_of(page, root) == []
        page.keyboard.press("Escape")
        expect(page.locator("#help")).to_be_hidden()


def test_a_paper_is_sent_back_by_keys(house: WebHouse, address: str, browser: Browser, complaints: Complaints) -> None:
    document = hand_in(house)
    with visitor(browser, house, address, "hoa", Role.REVIEWER) as window:
        page = complaints.listen(window.new_page())
        open_desk(page, document)
        page.keyboard.press("Alt+r")
        page.keyboard.press("Tab")
        page.keyboard.type("Trang 1 mờ")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/review?done=rejected")
    assert house.catalogue.events(document.id)[-1].reason == "rescan: Trang 1 mờ"


@pytest.mark.parametrize(("screen", "scheme"), list(product(SCREENS, SCHEMES)), ids=str)
def test_everybody_can_use_the_pages_on_every_screen(
    house: WebHouse, address: str, browser: Browser, root: Path, screen: tuple[int, int], scheme: str
) -> None:
    document = hand_in(house)
    house.reader.texts = {"scripted": "một trang chữ không giống loại giấy tờ nào"}
    hand_in(house, "một tên tệp rất dài mà người ta vẫn hay đặt cho bản quét của mình, phiên bản cuối cùng.pdf")
    with visitor(browser, house, address, "hoa", Role.REVIEWER, screen=screen, scheme=scheme) as window:
        page = window.new_page()
        for path in ("/review", f"/review/{document.id}"):
            page.goto(path)
            assert faults_of(page, root) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], "nothing is cut off at the side"
