"""Signing in, state, search, documents and accounts in a real browser: for everybody, on every screen, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import archive
from pipeline.domain.people import Role
from tests.browsing import PATIENCE, SCHEMES, SCREENS, Complaints, DrawnViews, faults_of, served, visitor
from tests.scripted_office import ScriptedReader
from tests.unit.test_web import RELATED, Office
from tests.unit.test_web_finding import CODE, hand_in
from tests.web_house import WebHouse

NEW = "một câu thật dễ nhớ 2026"

#: Pages by the name that a fault is told with; the first ones for whoever is not signed in.
OPEN = {"sign-in": "/sign-in", "state": "/", "state in English": "/?lang=en"}
PAGES = {
    "state": "/?lang=vi",
    "search": "/find?q=quyet+dinh",
    "nothing found": "/find?q=khongcogi",
    "document": "/documents/d1",
    "account": "/account",
    "password": "/account/password",
    "people": "/accounts",
    "a new person": "/accounts/new",
    "a person": "/accounts/minh",
    "not there": "/documents/none",
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with Office(tmp_path) as made:
        assert isinstance(made.reader, ScriptedReader)
        made.finish("d1", RELATED)
        made.receive("d2")
        yield made


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    made = Complaints()
    yield made
    assert [one for one in made if "404" not in one and "401" not in one] == []


def widest(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(("screen", "scheme"), tuple(product(SCREENS, SCHEMES)))
def test_every_page_is_fit_for_everybody_on_every_screen(  # noqa: PLR0917 - fixtures
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, root: Path, screen: tuple[int, int], scheme: str
) -> None:
    house.house.accounts.add("minh", "Trần Văn Minh", [Role.OPERATOR], ["000.00.16.H05"], by="test")
    faults = []
    with visitor(browser, house, address, "hoa", *Role, screen=screen, scheme=scheme) as window:
        page = complaints.listen(window.new_page())
        for name, path in PAGES.items():
            page.goto(path)
            faults += [f"{name}: {fault}" for fault in faults_of(page, root)]
            assert widest(page) <= 0, name
        window.clear_cookies()
        for name, path in OPEN.items():
            page.goto(path)
            faults += [f"{name}: {fault}" for fault in faults_of(page, root)]
            assert widest(page) <= 0, name
        page.goto("/sign-in?lang=vi")
        page.fill("#login", "minh")
        page.fill("#password", "not the password")
        page.keyboard.press("Enter")
        expect(page.locator("#fault")).to_be_visible()
        faults += [f"refused: {fault}" for fault in faults_of(page, root)]
    assert faults == []


@pytest.mark.parametrize(("screen", "scheme"), tuple(product(SCREENS, SCHEMES)))
def test_finding_is_fit_for_everybody_on_every_screen(
    tmp_path: Path, browser: Browser, complaints: Complaints, root: Path, screen: tuple[int, int], scheme: str
) -> None:
    lines = "Quyết định số 12/QĐ-UBND\ngiao đất cho ông An"
    faults = []
    with WebHouse(tmp_path, views=DrawnViews(tmp_path, lines)) as house:
        house.reader.texts = {"scripted": lines}
        document = hand_in(house, "quyết định giao đất.pdf")
        with served(house) as address, visitor(browser, house, address, "hoa", *Role, screen=screen, scheme=scheme) as window:
            page = complaints.listen(window.new_page())
            for path in (
                f"/find?q=giao dat&dossier={CODE}",
                "/find",
                f"/documents/{document.id}/scan?q=giao dat",
                f"/documents/{document.id}/scan?q=khongco&page=3",
                f"/dossier?code={CODE}",
            ):
                page.goto(path)
                faults += [f"{path}: {fault}" for fault in faults_of(page, root)]
                assert widest(page) <= 0, path
    assert faults == []


def test_a_paper_is_found_without_tone_marks_and_its_words_are_lit_on_the_scan(
    tmp_path: Path, browser: Browser, complaints: Complaints
) -> None:
    lines = "Quyết định số 12/QĐ-UBND\ngiao đất cho ông An"
    with WebHouse(tmp_path, views=DrawnViews(tmp_path, lines)) as house:
        house.reader.texts = {"scripted": lines}
        hand_in(house)
        with served(house) as address, visitor(browser, house, address, "hoa", Role.OPERATOR) as window:
            page = complaints.listen(window.new_page())
            page.goto("/")
            page.get_by_role("searchbox").fill("giao dat")
            page.keyboard.press("Enter")
            expect(page.locator("mark").first).to_have_text("giao đất")
            page.get_by_role("link", name="Xem trên bản quét").click()
            lit = page.locator("rect.lit")
            expect(lit).to_have_count(2)
            # Both at one moment: the page may still be settling when the words are lit.
            picture, word = page.evaluate(
                "['svg.shown', 'rect.lit'].map(one => document.querySelector(one).getBoundingClientRect().toJSON())"
            )
            scale = picture["width"] / 827
            assert abs(word["x"] - picture["x"] - 100 * scale) < 5
            assert abs(word["y"] - picture["y"] - 140 * scale) < 5
            page.get_by_role("link", name="Trang sau").click()
            expect(page.locator(".turn")).to_contain_text("Trang 2 / 3")
            page.get_by_role("link", name="Về tài liệu").click()
            page.get_by_role("link", name=CODE).click()
            expect(page.locator("h1")).to_have_text(f"Hồ sơ {CODE}")


def test_somebody_new_signs_in_by_keyboard_alone_and_sets_a_password(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    password = house.house.accounts.add("minh", "Trần Văn Minh", [Role.OPERATOR], ["H05"], by="test")
    with browser.new_context(base_url=address) as window:
        window.set_default_timeout(PATIENCE)
        page = complaints.listen(window.new_page())
        page.goto("/documents/d1")
        expect(page.locator(":focus")).to_have_attribute("id", "login")
        page.keyboard.type("minh")
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/account/password")
        expect(page.locator(":focus")).to_have_attribute("id", "old")
        page.keyboard.type(password)
        page.keyboard.press("Tab")
        page.keyboard.type(NEW)
        assert int(page.locator("meter").evaluate("meter => meter.value")) == 4
        page.keyboard.press("Tab")
        page.keyboard.type(NEW)
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.locator("#new")).to_have_attribute("type", "text")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        expect(page.locator("h1")).to_have_text("Đã đổi mật khẩu.")
        page.goto("/documents/d1")
        expect(page.locator("h1")).to_have_text("quyết định.pdf")
        page.get_by_role("button", name="Đăng xuất").click()
        page.wait_for_url(f"{address}/")
        page.goto("/documents/d1")
        page.wait_for_url("**/sign-in?to=**")


def test_the_first_key_leads_past_the_menu_to_the_content(house: WebHouse, address: str, browser: Browser) -> None:
    with visitor(browser, house, address, "hoa", *Role) as window:
        page = window.new_page()
        page.goto("/documents/d1")
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_attribute("href", "#main")
        expect(page.locator(":focus")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").evaluate("link => link.closest('main') !== null")


def test_what_comes_in_is_shown_without_asking(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints
) -> None:
    assert isinstance(house, Office)
    with visitor(browser, house, address, "hoa", *Role) as window:
        page = complaints.listen(window.new_page())
        page.goto("/")
        house.receive("d3", "vừa đến.pdf")
        expect(page.locator("#state")).to_contain_text("vừa đến.pdf")


def test_a_policy_of_the_page_stops_a_script_that_got_in_all_the_same(house: WebHouse, address: str, browser: Browser) -> None:
    """What the templates would have to let through first: the browser is told not to run it."""
    with visitor(browser, house, address, "hoa", *Role) as window:
        page = window.new_page()
        page.goto("/")
        page.evaluate(
            """async () => {
                const picture = document.createElement("img");
                picture.setAttribute("onerror", "window.ran = 1");
                const failed = new Promise((resolve) => picture.addEventListener("error", resolve));
                picture.src = "/nowhere";
                document.body.append(picture);
                const script = document.createElement("script");
                script.textContent = "window.ran = 2";
                document.body.append(script);
                await failed;
            }"""
        )
        assert page.evaluate("window.ran") is None


def test_a_drawing_in_a_file_runs_nothing(house: WebHouse, address: str, browser: Browser) -> None:
    key = archive.revision_key("H05", "d1", 1, "alto.xml")
    script = '<script>document.documentElement.setAttribute("class", "ran")</script>'
    house.store.put_once(key, f'<svg xmlns="http://www.w3.org/2000/svg" id="drawing">{script}</svg>'.encode())
    with visitor(browser, house, address, "hoa", *Role) as window:
        page = window.new_page()
        page.goto("/documents/d1/alto.xml")
        assert page.locator("svg#drawing").count() == 1
        assert page.locator("svg.ran").count() == 0


def test_axe_finds_what_is_wrong(house: WebHouse, address: str, browser: Browser, root: Path) -> None:
    with browser.new_context(base_url=address) as window:
        page = window.new_page()
        page.goto("/sign-in")
        page.evaluate("document.querySelector('label[for=login]').remove()")
        assert [fault for fault in faults_of(page, root) if fault.startswith("label")]


def test_a_page_of_another_site_can_neither_change_anything_nor_show_ours_in_a_frame(
    house: WebHouse, address: str, browser: Browser
) -> None:
    other = address.replace("127.0.0.1", "localhost")
    with visitor(browser, house, address, "hoa", *Role) as window:
        page = window.new_page()
        page.goto(f"{other}/static/icon.svg")
        page.evaluate(
            "address => fetch(address, {method: 'POST', mode: 'no-cors', credentials: 'include'}).catch(() => null)",
            f"{address}/account/sign-out-everywhere",
        )
        assert page.goto(f"{address}/account", wait_until="commit").url == f"{address}/account"
        page.route("**/frames", lambda route: route.fulfill(content_type="text/html", body=f"<iframe src={address}/account>"))
        page.goto(f"{other}/frames")
        page.wait_for_function("() => document.querySelector('iframe') !== null")
        page.frames[1].wait_for_url("chrome-error://**")
