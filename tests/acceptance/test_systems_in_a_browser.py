"""The pages of systems that call the interface in a real browser: fit for everybody, a system suspended by keyboard."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, expect

from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, faults_of, served, visitor
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
