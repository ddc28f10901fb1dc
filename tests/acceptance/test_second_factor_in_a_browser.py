"""The second factor in a real browser: set up and signed in with by keyboard alone, fit for everybody on every screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from pipeline.domain.people import Role
from pipeline.people.one_time_codes import SECONDS, code_at
from tests.browsing import PATIENCE, SCHEMES, SCREENS, Complaints, faults_of, visitor
from tests.web_house import WebHouse

GOOD = "một câu thật dễ nhớ 2026"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        yield made


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    made = Complaints()
    yield made
    assert [one for one in made if "401" not in one] == []


def secret_of(page: Page) -> str:
    """What an app reads from the QR code on the page."""
    picture = page.locator(".qr").screenshot()
    (found,) = zxingcpp.read_barcodes(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE))
    assert found.text.startswith("otpauth://totp/Sohoa:lan?")
    return found.text.partition("secret=")[2].partition("&")[0]


def test_a_second_factor_is_set_up_and_shown_by_keyboard_alone(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    password = house.house.accounts.add("lan", "Nguyễn Thị Lan", [Role.REVIEWER], ["H05"], by="test")
    house.catalogue.people.keep(replace(house.house.accounts.find("lan"), provisional=False))
    with browser.new_context(base_url=address) as window:
        window.set_default_timeout(PATIENCE)
        page = complaints.listen(window.new_page())
        sign_in(page, password)
        page.wait_for_url("**/account")
        page.get_by_role("link", name="Bật xác thực hai lớp").press("Enter")
        secret = secret_of(page)
        page.get_by_label("Mã dùng một lần").focus()
        page.keyboard.type(code_at(secret, house.clock.now()))
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("button", name="Đăng xuất").press("Enter")
        page.wait_for_url(f"{address}/")
        sign_in(page, password)
        page.wait_for_url("**/sign-in/code**")
        expect(page.locator(":focus")).to_have_attribute("id", "code")
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        expect(page.locator("#fault")).to_be_visible()
        house.clock.advance(timedelta(seconds=SECONDS))
        expect(page.locator(":focus")).to_have_attribute("id", "code")
        page.keyboard.type(code_at(secret, house.clock.now()))
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/news**")
        expect(page.locator(".sessions")).to_contain_text("Xác thực hai lớp đã được bật.")
        expect(page.locator(":focus")).to_have_text("Tôi đã xem")
        page.keyboard.press("Enter")
        page.wait_for_url("**/account")


def sign_in(page: Page, password: str) -> None:
    page.goto("/sign-in?to=/account")
    expect(page.locator(":focus")).to_have_attribute("id", "login")
    page.keyboard.type("lan")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("screen", "scheme"), tuple(product(SCREENS, SCHEMES)), ids=str)
def test_everybody_can_use_its_pages_on_every_screen(  # noqa: PLR0917 - fixtures
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, root: Path, screen: tuple[int, int], scheme: str
) -> None:
    faults = []
    with visitor(browser, house, address, "lan", Role.REVIEWER, screen=screen, scheme=scheme) as window:
        page = complaints.listen(window.new_page())

        def look(path: str) -> None:
            page.goto(path)
            faults.extend(f"{path}: {fault}" for fault in faults_of(page, root))
            assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], path

        look("/account/second-factor")
        account = house.catalogue.people.account("lan")
        factors = house.house.admission.factors
        assert account and factors
        secret = factors.begin()
        codes = factors.confirm(account, secret, code_at(secret, house.clock.now()))
        for path in ("/account/second-factor", "/account/news", "/account/prove", "/account"):
            look(path)
        page.goto("/account/second-factor")
        page.get_by_label("Mã dùng một lần").fill(codes[0])
        page.keyboard.press("Enter")
        expect(page.locator(".codes li")).to_have_count(10)
        faults += [f"codes: {fault}" for fault in faults_of(page, root)]
        waiting = house.house.admission.open_waiting(account, "127.0.0.1")
        window.add_cookies([{"name": "sohoa", "value": waiting, "url": address}])
        look("/sign-in/code")
    assert faults == []
