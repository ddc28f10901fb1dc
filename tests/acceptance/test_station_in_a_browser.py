"""The scanning station as an operator uses it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.domain.pages import Quality
from pipeline.domain.people import Role
from pipeline.station.scanner import Ending
from tests.browsing import SCHEMES, SCREENS, Complaints, DrawnViews, faults_of, served, visitor
from tests.reuse_office import open_reuse
from tests.reviewed_office import BIRTH, DOSSIER
from tests.scripted_scanner import ScriptedScanner
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
    import_list(house, tmp_path)
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
        page.get_by_role("button", name="Tách thành giấy tờ mới từ – Trang 2").click()
        assert faults_of(page, root) == []
        page.get_by_role("button", name="Thôi").click()
        page.get_by_role("button", name="Chèn trang").click()
        page.get_by_role("combobox", name="Thủ tục hành chính").fill("khai sinh")
        expect(page.locator("#procedures").get_by_role("option")).to_have_count(2)
        assert faults_of(page, root) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen[0], "nothing is cut off at the side"
        page.goto(f"/station/slip?code={DOSSIER}")
        assert faults_of(page, root) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]


def test_pages_come_one_by_one_from_the_scanner_and_it_is_stopped(
    tmp_path: Path, browser: Browser, complaints: Complaints
) -> None:
    views = DrawnViews(tmp_path, BIRTH)
    with (
        WebHouse(tmp_path, views=views, scanner=ScriptedScanner((2, None), (0, Ending.JAMMED), (1, Ending.DONE))) as house,
        served(house) as address,
        visitor(browser, house, address, "tam", Role.OPERATOR) as window,
    ):
        page = complaints.listen(window.new_page())
        page.goto(f"/station/dossier?code={DOSSIER}")
        page.get_by_role("button", name="Quét", exact=True).press("Enter")
        cards = page.locator("#feeding .sheet_card")
        expect(cards).to_have_count(2)
        expect(cards.first).to_contain_text("ảnh tốt")
        expect(cards.first.locator("img")).to_have_js_property("complete", True)
        page.get_by_role("button", name="Dừng quét").press("Enter")
        expect(page.locator("#feeding .told")).to_contain_text("Đã dừng")
        expect(page.locator(":focus")).to_have_text("Quét tiếp")
        page.keyboard.press("Enter")
        expect(page.locator("#feeding .told")).to_contain_text("Kẹt giấy. Mở nắp")
        page.get_by_role("button", name="Quét tiếp").press("Enter")
        expect(page.locator("#feeding")).to_be_hidden()
        expect(page.locator(".one")).to_have_count(1)


def test_pages_are_split_inserted_merged_and_taken_back_without_a_mouse(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    for name in ("đơn", "bổ sung"):
        (tmp_path / f"{name}.pdf").write_bytes(f"%PDF {name}".encode())
    with visitor(browser, house, address, "tam", Role.OPERATOR) as window:
        page = complaints.listen(window.new_page())
        page.goto(f"/station/dossier?code={DOSSIER}")
        page.locator("#files").set_input_files(tmp_path / "đơn.pdf")
        settle(house, page, 1)
        page.get_by_role("button", name="Sửa trang").press("Enter")
        page.get_by_role("button", name="Tách thành giấy tờ mới từ – Trang 2").press("Enter")
        say(page, "Lý do tách", "Hai giấy tờ quét chung")
        expect(page.locator(".one")).to_have_count(2)
        settle(house, page, 2)
        sheets = page.locator(".one .sheets")
        expect(sheets.nth(0).locator("li")).to_have_count(2)
        expect(sheets.nth(1).locator("li")).to_have_count(1)
        page.get_by_role("button", name="Chèn trang").nth(1).press("Enter")
        page.get_by_label("Chèn vào đâu").select_option(label="Trước trang 1")
        page.get_by_label("Tệp có các trang cần chèn").set_input_files(tmp_path / "bổ sung.pdf")
        say(page, "Lý do chèn trang", "Sót trang")
        settle(house, page, 2)
        expect(sheets.nth(1).locator("li")).to_have_count(4)
        page.get_by_role("button", name="Gộp vào giấy tờ khác").first.press("Enter")
        say(page, "Lý do gộp", "Là một giấy tờ")
        expect(page.locator(".one")).to_have_count(1)
        settle(house, page, 1)
        expect(sheets.nth(0).locator("li")).to_have_count(6)
        for papers, pages in ((2, 4), (2, 1), (1, 3)):
            page.get_by_role("button", name="Hoàn tác").last.press("Enter")
            settle(house, page, papers)
            expect(sheets.last.locator("li")).to_have_count(pages)


def test_of_two_operators_the_one_who_saw_other_pages_changes_nothing(
    house: WebHouse, address: str, browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "đơn.pdf").write_bytes(b"%PDF one")
    with (
        visitor(browser, house, address, "tam", Role.OPERATOR) as first,
        visitor(browser, house, address, "hoa", Role.OPERATOR) as second,
    ):
        one, other = first.new_page(), second.new_page()
        for page in (one, other):
            page.goto(f"/station/dossier?code={DOSSIER}")
        one.locator("#files").set_input_files(tmp_path / "đơn.pdf")
        settle(house, one, 1)
        other.route("**/station/events*", lambda route: route.abort())
        other.reload()
        for page in (one, other):
            page.get_by_role("button", name="Sửa trang").press("Enter")
        one.get_by_role("button", name="Bỏ trang – Trang 1").press("Enter")
        say(one, "Lý do sửa trang", "Thừa")
        settle(house, one, 1)
        other.get_by_role("button", name="Bỏ trang – Trang 3").press("Enter")
        say(other, "Lý do sửa trang", "Thừa")
        expect(other.locator("#news")).to_contain_text("Người khác vừa sửa các trang")
    (document,) = house.catalogue.documents()
    assert house.flow.ledgers.current(document).order == (2, 3)


def test_procedure_and_owner_are_declared_by_keyboard_and_what_is_missing_is_told(
    house: WebHouse, address: str, browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    import_list(house, tmp_path)
    with visitor(browser, house, address, "tam", Role.OPERATOR) as window:
        page = window.new_page()
        page.goto(f"/station/dossier?code={DOSSIER}")
        field = page.get_by_role("combobox", name="Thủ tục hành chính")
        field.focus()
        page.keyboard.type("khai sinh")
        expect(page.locator("#procedures").get_by_role("option")).to_have_count(2)
        page.keyboard.press("ArrowDown")
        expect(page.locator("#procedures").get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(field).to_have_value(re.compile("Thủ tục đăng ký khai sinh$"))
        page.get_by_label("Họ tên chủ hồ sơ").fill("Trần Thị Bưởi")
        page.get_by_label("Số định danh cá nhân").fill("999315000123")
        page.keyboard.press("Enter")
        expect(page.locator("#fault-owner_id")).to_contain_text("Không có số định danh như vậy")
        expect(page.locator(":focus")).to_have_attribute("id", "owner_id")
        page.locator("#owner_id").fill("002315000123")
        page.keyboard.press("Enter")
        expect(page.locator(".need.missing")).to_have_count(2)
        assert "002315000123" not in page.url
        page.locator("#files").set_input_files(written(tmp_path, "giấy khai sinh.pdf"))
        settle(house, page, 1)
        expect(page.locator(".need.taken")).to_have_count(1)
        page.goto(f"/station/slip?code={DOSSIER}")
        expect(page.locator(".declared")).to_contain_text("Trần Thị Bưởi")
        expect(page.locator(".missing li")).to_have_count(1)


def settle(house: WebHouse, page: Page, papers: int) -> None:
    """Once something waits to be read, have all read, and wait until the page shows so many papers, all settled."""
    expect(page.locator(".chip:is(.received, .reading)").first).to_be_visible()
    house.clock.advance(timedelta(seconds=1))
    work(house)
    expect(page.locator(".chip:is(.needs_review, .approved)")).to_have_count(papers)
    expect(page.locator(".one")).to_have_count(papers)


def say(page: Page, label: str, reason: str) -> None:
    """Give the reason, and send the form."""
    field = page.get_by_role("textbox", name=label)
    field.fill(reason)
    field.press("Enter")


def written(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(f"%PDF {name}".encode())
    return folder / name


def import_list(house: WebHouse, folder: Path) -> None:
    table = folder / "thu-tuc.tsv"
    table.write_text(
        "ma_thu_tuc\tten\tlinh_vuc\tthanh_phan\n"
        "1.001193\tThủ tục đăng ký khai sinh\tHộ tịch\tTờ khai đăng ký khai sinh; Giấy khai sinh của cha, mẹ\n"
        "1.003583\tThủ tục đăng ký khai sinh lưu động\tHộ tịch\t\n",
        encoding="utf-8",
    )
    house.flow.registers.import_procedures(table)


def test_what_a_paper_is_is_said_by_keyboard_and_falls_back_to_original(
    house: WebHouse, browser: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    open_reuse(house, tmp_path)
    with served(house) as place, visitor(browser, house, place, "tam", Role.OPERATOR) as window:
        page = complaints.listen(window.new_page())
        page.goto(f"/station/dossier?code={DOSSIER}")
        choice = page.get_by_label("Giấy tờ đưa vào là")
        choice.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(choice).to_have_value("photocopy")
        expect(page.locator("#nature_note")).to_contain_text("không dùng lại cho hồ sơ khác")
        page.locator("#files").set_input_files({"name": "bản chụp.pdf", "mimeType": "application/pdf", "buffer": b"%PDF copy"})
        expect(page.locator(".one .chip.other")).to_have_text("Bản chụp")
        expect(choice).to_have_value("original")
        expect(page.locator("#nature_note")).to_be_empty()
        page.locator("#files").set_input_files({"name": "bản chính.pdf", "mimeType": "application/pdf", "buffer": b"%PDF one"})
        mark = page.get_by_label("Giấy tờ này là")
        expect(mark).to_have_value("original")
        expect(page.locator(".one .sheet_card.rescan")).to_have_count(2)
        mark.focus()
        expect(mark).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.locator(".one .chip.other")).to_have_count(1)
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Ghi")
        page.keyboard.press("Enter")
        expect(page.locator("#news")).to_contain_text("Đã ghi")
        expect(page.locator(".one .chip.other")).to_have_count(2)
