"""The public page in a real browser, as somebody sees it who scans the code of a print: on three screens, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.domain.documents import Status
from tests.browsing import PATIENCE, SCHEMES, SCREENS, Complaints, faults_of
from tests.reuse_office import ReuseOffice
from tests.web_house import WebHouse


@pytest.fixture
def office(tmp_path: Path) -> ReuseOffice:
    office = ReuseOffice(tmp_path)
    for name in ("holds", "gone", "doubted"):
        office.hold(name)
    return office


@pytest.fixture
def house(tmp_path: Path, office: ReuseOffice) -> Iterator[WebHouse]:
    (tmp_path / "web").mkdir()
    with WebHouse(tmp_path / "web", reuse=office.ports) as made:
        yield made


def test_every_verdict_is_told_to_everybody_on_every_screen(
    office: ReuseOffice, address: str, browser: Browser, complaints: Complaints, root: Path
) -> None:
    codes = {name: office.prints.make(name, actor="cán bộ A") for name in ("holds", "gone", "doubted")}
    office.revocations.revoke("gone", reason="cấp sai", basis="QĐ 12/QĐ-UBND", actor="cán bộ A")
    office.catalogue.move("doubted", Status.NEEDS_REVIEW, actor="cán bộ A", reason="xem lại", at=office.clock.now())
    verdicts = {"holds": "Còn giá trị", "gone": "Không còn giá trị", "doubted": "Không xác nhận được"}
    for (width, height), scheme in product(SCREENS, SCHEMES):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", base_url=address
        )
        with context:
            context.set_default_timeout(PATIENCE)
            page = complaints.listen(context.new_page())
            for name, verdict in verdicts.items():
                page.goto(f"/check/{codes[name]}")
                expect(page.locator(".verdict h2")).to_have_text(verdict)
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert faults_of(page, root) == [], (name, width, scheme)


def test_a_code_is_typed_where_there_is_no_camera(
    office: ReuseOffice, address: str, browser: Browser, complaints: Complaints
) -> None:
    code = office.prints.make("holds", actor="cán bộ A")
    with browser.new_context(base_url=address, locale="vi") as context:
        context.set_default_timeout(PATIENCE)
        page = complaints.listen(context.new_page())
        page.goto("/check")
        page.get_by_label("Nhập mã").fill(code.lower())
        page.keyboard.press("Enter")
        expect(page.locator(".verdict h2")).to_have_text("Còn giá trị")
        page.get_by_role("link", name="English").click()
        expect(page.locator(".verdict h2")).to_have_text("Valid")
