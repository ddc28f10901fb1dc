"""What later readings would change, in a real browser: fit for everybody on every screen, decided by keyboard."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, expect

from pipeline.domain.people import Role
from tests.browsing import SCHEMES, SCREENS, Complaints, DrawnViews, faults_of, served, visitor
from tests.reviewed_office import BIRTH
from tests.unit.test_web_rereadings import AFTER, rereadings_house
from tests.web_house import WebHouse

OFFICER = Role.RECORDS_OFFICER


def test_everybody_can_use_the_page_of_later_readings_on_every_screen(tmp_path: Path, browser: Browser, root: Path) -> None:
    complaints = Complaints()
    with rereadings_house(tmp_path, DrawnViews(tmp_path, BIRTH)) as (house, _), served(house) as address:
        for screen, scheme in product(SCREENS, SCHEMES):
            with visitor(browser, house, address, "x", OFFICER, screen=screen, scheme=scheme) as window:
                page = complaints.listen(window.new_page())
                for path in ("/rereadings", "/rereadings?state=left"):
                    page.goto(path)
                    if page.locator("summary").count():
                        page.locator("summary").first.press("Enter")
                        expect(page.locator("pre").first).to_be_visible()
                    assert faults_of(page, root) == [], (path, screen, scheme)
                    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], (path, screen)
    assert complaints == []


def test_a_paper_that_others_hold_is_accepted_by_keyboard_once_that_is_known(tmp_path: Path, browser: Browser) -> None:
    with rereadings_house(tmp_path) as (house, documents), served(house) as address:
        held = documents[1]
        with visitor(browser, house, address, "x", OFFICER) as window:
            page = window.new_page()
            page.goto("/rereadings")
            page.get_by_label("Chỉ xem").select_option("both")
            page.get_by_role("button", name="Xem", exact=True).press("Enter")
            expect(page.get_by_role("heading", level=2)).to_have_count(1)
            expect(page.get_by_text(AFTER).first).to_be_visible()
            accept = page.get_by_role("button", name=re.compile(rf"^Chấp nhận ?: {re.escape(held.source.name)}"))
            accept.press("Enter")
            expect(page.get_by_role("alert")).to_contain_text(held.source.name)
            assert is_as_it_was(house, held.id)
            page.get_by_label("Tôi đã biết").press("Space")
            accept.press("Enter")
            expect(page.get_by_role("status")).to_contain_text("sẽ được đọc lại")
        assert not is_as_it_was(house, held.id)


def is_as_it_was(house: WebHouse, document_id: str) -> bool:
    return house.catalogue.document(document_id).reading == 1
