"""The manager's desk: figures of one's own offices, fetched as files, and noted in the audit log."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import openpyxl
import pypdfium2
import pytest

from pipeline.domain.people import Role
from pipeline.reported import ReportedImports
from tests.figured_office import COMMUNE, PROVINCE, many, review
from tests.figured_office import keep as keep_papers
from tests.scripted_office import Office
from tests.web_house import WebHouse

SPRING = "since=2025-04-01&until=2025-06-30"
NASTY = "=HYPERLINK(1)<script>alert(1)</script>"


def fill(house: WebHouse) -> None:
    """Papers of three offices, and figures of two of them."""
    office = SimpleNamespace(catalogue=house.catalogue, store=house.store, ports=house.flow, clock=house.clock)
    kept = keep_papers(cast(Office, office), many(5, 40))
    review(cast(Office, office), kept, ["m", "nguoi-khac"])
    table = house.scratch / "figures.csv"
    rows = (f"2025-0{month};{code};{name};{level};20;18" for month in (4, 5, 6) for code, name, level in TOLD)
    table.write_text("ky;ma_co_quan;ten_co_quan;cap;tiep_nhan;da_giai_quyet\n" + "\n".join(rows), encoding="utf-8")
    ReportedImports(house.store, house.catalogue, house.clock).import_table(table)


TOLD = ((PROVINCE, "Sở Tư pháp", "tỉnh"), (COMMUNE, NASTY, "xã"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    with WebHouse(tmp_path) as made:
        fill(made)
        yield made


def test_a_manager_sees_rates_against_targets_as_charts_and_as_tables(house: WebHouse) -> None:
    page = house.signed_in("m", Role.MANAGER).get(f"/figures?{SPRING}")
    assert page.status_code == 200
    assert "Từ 01/04/2025 đến 30/06/2025" in page.text
    for wanted in ("Theo cấp", "Theo cơ quan", "Theo tháng", "Sở Tư pháp", "100,0 %", "Số liệu"):
        assert wanted in page.text
    assert re.search(r'<rect class="fill0" width="\d+(\.\d+)?%"', page.text)
    assert NASTY not in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize("kind", ["rates", "throughput", "reuse"])
def test_every_report_reads_in_both_languages(house: WebHouse, kind: str) -> None:
    browser = house.signed_in("m", Role.MANAGER)
    assert browser.get(f"/figures?kind={kind}&{SPRING}").status_code == 200
    english = browser.get(f"/figures?kind={kind}&{SPRING}&lang=en").text
    assert "From 01/04/2025 to 30/06/2025" in english
    assert "Từ ngày" not in english


def test_a_manager_of_one_office_sees_and_fetches_that_one_alone(house: WebHouse) -> None:
    browser = house.signed_in("m", Role.MANAGER, offices=(PROVINCE,))
    page = browser.get(f"/figures?{SPRING}").text
    assert "Sở Tư pháp" in page
    assert COMMUNE not in page
    assert browser.get(f"/figures?{SPRING}&office={COMMUNE}").status_code == 404
    assert browser.get(f"/figures/export?form=csv&{SPRING}&office={COMMUNE}").status_code == 404
    fetched = browser.get(f"/figures/export?form=csv&{SPRING}").text
    assert PROVINCE in fetched
    assert COMMUNE not in fetched


def test_who_has_every_office_may_choose_one(house: WebHouse) -> None:
    page = house.signed_in("m", Role.MANAGER).get(f"/figures?{SPRING}&office={PROVINCE}").text
    assert f'value="{PROVINCE}" selected' in page
    assert page.count("<td") < house.signed_in("n", Role.MANAGER).get(f"/figures?{SPRING}").text.count("<td")


def test_reports_are_fetched_as_what_they_say_that_they_are(house: WebHouse) -> None:
    browser = house.signed_in("m", Role.MANAGER)
    for form, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("png", b"\x89PNG"), ("svg", b"<?xml")):
        answer = browser.get(f"/figures/export?kind=rates&form={form}&{SPRING}")
        assert answer.content.startswith(begins), form
        assert f"sohoa-rates-2025-04-01-2025-06-30.{form}" in answer.headers["content-disposition"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    noted = [one for one in house.catalogue.audit.happenings("") if one.action == "export"]
    assert [one.told["form"] for one in noted] == ["csv", "xlsx", "pdf", "png", "svg"]
    assert {one.actor for one in noted} == {"m"}
    viewed = [one for one in house.catalogue.audit.happenings("") if one.action == "view"]
    assert viewed == []


def test_no_cell_is_taken_for_a_formula_and_all_tables_say_the_same(house: WebHouse) -> None:
    browser = house.signed_in("m", Role.MANAGER)
    rows = list(csv.reader(io.StringIO(browser.get(f"/figures/export?form=csv&{SPRING}").content.decode("utf-8-sig"))))
    assert any(f"'{NASTY}" in row for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/figures/export?form=xlsx&{SPRING}").content))
    sheet = book["Theo cơ quan"]
    assert sheet.freeze_panes == "A5"
    cells = {cell.value: cell for line in sheet.iter_rows() for cell in line}
    assert cells[NASTY].data_type == "s"
    by_hand = {row[0]: row for row in rows if row and row[0] in {PROVINCE, COMMUNE}}
    for line in sheet.iter_rows(min_row=5, values_only=True):
        if line[0] in by_hand:
            assert [str(value) for value in line[3:5]] == by_hand[str(line[0])][3:5]


def test_the_page_for_print_holds_its_letters_as_text(house: WebHouse) -> None:
    data = house.signed_in("m", Role.MANAGER).get(f"/figures/export?form=pdf&{SPRING}").content
    document = pypdfium2.PdfDocument(data)
    try:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    for wanted in ("Tỷ lệ số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", "Sở Tư pháp", "Quyết định số 717/QĐ-UBND"):
        assert wanted in text


def test_a_period_the_wrong_way_round_or_too_long_is_put_right(house: WebHouse) -> None:
    browser = house.signed_in("m", Role.MANAGER)
    assert "Từ 01/04/2025 đến 30/06/2025" in browser.get("/figures?since=2025-06-30&until=2025-04-01").text
    assert browser.get("/figures?since=1900-01-01&until=2025-04-01").status_code == 200
    assert browser.get("/figures?since=&until=&office=").status_code == 200
    assert browser.get("/figures?since=gestern").status_code == 422


def test_every_look_at_figures_is_in_the_audit_log(house: WebHouse) -> None:
    house.signed_in("m", Role.MANAGER).get(f"/figures?kind=throughput&{SPRING}")
    (noted,) = (one for one in house.catalogue.audit.happenings("") if one.action == "view")
    assert (noted.actor, noted.reason, noted.told["kind"]) == ("m", "figures", "throughput")
