"""The manager's desk and the owner's page in a real browser: on three screens, in light and dark, by keyboard, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, faults_of, visitor
from tests.unit.test_web_figures import SPRING, fill
from tests.unit.test_web_owners import ID, papers
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


def test_figures_have_no_faults_and_fit_every_screen(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, root: Path
) -> None:
    fill(house)
    for screen, scheme in ((SCREENS[0], SCHEMES[0]), (SCREENS[1], SCHEMES[0]), (SCREENS[2], SCHEMES[1])):
        with visitor(browser, house, address, "quan-ly", Role.MANAGER, screen=screen, scheme=scheme) as window:
            page = complaints.listen(window.new_page())
            for kind in ("rates", "throughput", "reuse"):
                page.goto(f"/figures?kind={kind}&{SPRING}")
                expect(page.locator("h1")).to_be_visible()
                assert faults_of(page, root) == [], (kind, screen, scheme)
                wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                assert not wider, (kind, screen)


def test_a_manager_chooses_period_and_office_by_keyboard_and_fetches_the_report(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    fill(house)
    with visitor(browser, house, address, "quan-ly", Role.MANAGER) as window:
        page = complaints.listen(window.new_page())
        page.goto(f"/figures?{SPRING}")
        page.locator("select[name=office]").select_option(label="Sở Tư pháp")
        page.get_by_role("button", name="Xem").focus()
        expect(page.locator(":focus")).to_have_text("Xem")
        page.keyboard.press("Enter")
        page.wait_for_url("**office=000.00.16.H05**")
        expect(page.locator(".figured").first).to_contain_text("Cấp tỉnh")
        expect(page.locator(".figured").first).not_to_contain_text("Cấp xã")
        with page.expect_download() as fetched:
            page.get_by_role("link", name="XLSX").click()
        assert fetched.value.suggested_filename == "sohoa-rates-2025-04-01-2025-06-30.xlsx"


def test_what_is_printed_is_the_report_and_nothing_else(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    fill(house)
    with visitor(browser, house, address, "quan-ly", Role.MANAGER, scheme="dark") as window:
        page = complaints.listen(window.new_page())
        page.goto(f"/figures?{SPRING}")
        page.emulate_media(media="print")
        for hidden in (".top", ".choosing", ".exports", ".kinds"):
            expect(page.locator(hidden)).to_be_hidden()
        expect(page.locator(".bars").first).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_page_of_an_owner_has_no_faults_and_no_address_tells_whose_it_is(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, root: Path
) -> None:
    papers(house)
    for screen, scheme in ((SCREENS[0], SCHEMES[0]), (SCREENS[1], SCHEMES[0]), (SCREENS[2], SCHEMES[1])):
        with visitor(browser, house, address, "luu-tru", Role.RECORDS_OFFICER, screen=screen, scheme=scheme) as window:
            page = complaints.listen(window.new_page())
            page.goto("/owners")
            assert faults_of(page, root) == [], (screen, scheme)
            page.get_by_label("Số định danh cá nhân").fill(ID)
            page.keyboard.press("Enter")
            page.wait_for_url("**/owners/*")
            expect(page.locator("section.panel")).to_have_count(6)
            assert ID not in page.url
            page.locator("summary").first.focus()
            expect(page.locator(":focus")).to_contain_text("Diễn biến")
            page.keyboard.press("Enter")
            expect(page.locator(".timeline li").first).to_be_visible()
            assert faults_of(page, root) == [], (screen, scheme)
            wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wider, screen
