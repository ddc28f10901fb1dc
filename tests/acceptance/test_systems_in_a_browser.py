"""The pages of systems that call the interface, and of what they were not told, in a real browser: fit for everybody.

A system is suspended, and an event dropped, by keyboard.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, expect

from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, faults_of, served, visitor
from tests.unit.test_web_letters import bury, first_of, letters_house
from tests.unit.test_web_systems import dvc, systems_house


def test_everybody_can_use_the_pages_of_systems_on_every_screen(tmp_path: Path, browser: Browser, root: Path) -> None:
    complaints = Complaints()
    with systems_house(tmp_path) as house, served(house) as address:
        for screen, scheme in product(SCREENS, SCHEMES):
            with visitor(browser, house, address, "x", Role.ADMINISTRATOR, screen=screen, scheme=scheme) as window:
                page = complaints.listen(window.new_page())
                for path in ("/systems", "/systems/dvc"):
                    page.goto(path)
                    assert faults_of(page, root) == [], (path, screen, scheme)
                    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], (path, screen)
        with visitor(browser, house, address, "x", Role.ADMINISTRATOR) as window:
            page = complaints.listen(window.new_page())
            page.goto("/systems/dvc")
            page.get_by_label("Lý do tạm dừng").fill("khóa bị lộ")
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name="Cho dùng lại")).to_be_visible()
        assert dvc(house).disabled
    assert complaints == []


def test_everybody_can_use_the_page_of_what_was_not_told_on_every_screen(tmp_path: Path, browser: Browser, root: Path) -> None:
    complaints = Complaints()
    with letters_house(tmp_path) as (house, office), served(house) as address:
        bury(office, 60)
        office.letters.drop(first_of(office).id, why="đã báo bằng công văn số 12", actor="an.nguyen")
        for screen, scheme in product(SCREENS, SCHEMES):
            with visitor(browser, house, address, "x", Role.ADMINISTRATOR, screen=screen, scheme=scheme) as window:
                page = complaints.listen(window.new_page())
                for path in ("/letters", "/letters?state=dropped", "/"):
                    page.goto(path)
                    if page.locator("summary").count():
                        page.locator("summary").first.press("Enter")
                        expect(page.get_by_label("Lý do bỏ").first).to_be_visible()
                    assert faults_of(page, root) == [], (path, screen, scheme)
                    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], (path, screen)
        with visitor(browser, house, address, "x", Role.ADMINISTRATOR) as window:
            page = complaints.listen(window.new_page())
            page.goto("/")
            page.get_by_role("link", name="thông báo chưa gửi được").click()
            page.get_by_label("Thứ tự").select_option("oldest")
            page.get_by_role("button", name="Xem").press("Enter")
            expect(page).to_have_url(f"{address}/letters?state=dead&system=&order=oldest")
            before = office.letters.count()
            page.locator("summary").first.press("Enter")
            page.get_by_label("Lý do bỏ").first.fill("không cần nữa")
            page.keyboard.press("Enter")
            expect(page).to_have_url(f"{address}/letters?order=oldest")
            assert office.letters.count() == before - 1
            page.get_by_role("link", name="Trang sau").press("Enter")
            expect(page.get_by_role("link", name="Về trang đầu")).to_be_visible()
    assert complaints == []
