"""The procedure of a paper: by its code, else by a name that only one procedure bears."""

from __future__ import annotations

import pytest

from pipeline.domain.findings import Field, ProcedureRef
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageCode
from pipeline.domain.procedures import Procedure
from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.standing.procedures import find_dossier_code, find_procedure
from tests.written_findings import found
from tests.written_pages import write_page

LISTED = (
    Procedure("1.000656", "Thủ tục đăng ký khai tử"),
    Procedure("1.001193", "Thủ tục đăng ký khai sinh"),
    Procedure("1.003583", "Thủ tục đăng ký khai sinh lưu động"),
    Procedure("1.004884", "Thủ tục đăng ký lại khai sinh"),
    Procedure("1.009999", "Cấp lại giấy phép xây dựng nhà ở riêng lẻ", level="Cấp xã"),
    Procedure("1.009998", "Cấp đổi giấy phép xây dựng nhà ở riêng lẻ", level="Cấp xã"),
    Procedure("2.000635", "Cấp bản sao trích lục hộ tịch"),
    Procedure("2.000001", "Cấp Phiếu lý lịch tư pháp số 1 (cấp tỉnh)"),
    Procedure("2.000002", "Hỗ trợ phát triển sản xuất cộng đồng"),
    Procedure("2.000003", "Hỗ trợ phát triển sản xuất cộng đồng"),
    Procedure("2.000004", "Xác nhận tình trạng hôn nhân", withdrawn="2025-07-01"),
    Procedure("2.000005", "Xác nhận tình trạng hôn nhân"),
)


class Listed:
    def __init__(self, *listed: Procedure) -> None:
        self._listed = listed

    def procedures(self) -> tuple[Procedure, ...]:
        return self._listed


def linked(name: str | None, *lines: str, listed: tuple[Procedure, ...] = LISTED, qr: str = "") -> ProcedureRef | None:
    codes = (PageCode(CodeFormat.QR, qr, Box(0, 0, 9, 9)),) if qr else ()
    page = write_page([(330, 400 + 90 * place, line) for place, line in enumerate(lines)], codes=codes)
    findings = found("giay_tiep_nhan_ho_so", **({} if name is None else {"ten_thu_tuc": name}))
    return find_procedure(findings, [make_sheet(page)], [page], Listed(*listed))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Đăng ký khai sinh", "1.001193"),
        ("Thủ tục đăng ký khai sinh.", "1.001193"),
        ("ĐĂNG KÝ LẠI KHAI SINH", "1.004884"),
        ("Đăng ký khai sinb lưu động", "1.003583"),
        ("Cấp bàn sao trích lục hộ tich", "2.000635"),
        ("Đăng ký khai tử (1.000656)", "1.000656"),
        ("Xác nhận tình trạng hôn nhân", "2.000005"),
    ],
)
def test_a_name_links_the_only_procedure_that_bears_it(name: str, code: str) -> None:
    link = linked(name)
    assert link is not None and link.code == code


@pytest.mark.parametrize(
    "name",
    [
        "Đăng ký khai sinh cho trẻ em",
        "Cấp giấy phép xây dựng nhà ở riêng lẻ",
        "Cấp xxx giấy phép xây dựng nhà ở riêng lẻ",
        "Cấp Phiếu lý lịch tư pháp số 2 (cấp tỉnh)",
        "Đăng ký khai tử (cấp tỉnh)",
        "Hỗ trợ phát triển sản xuất cộng đồng",
        "Đăng ký",
    ],
)
def test_a_name_that_two_could_bear_or_that_is_none_links_nothing(name: str) -> None:
    assert linked(name) is None


def test_a_printed_code_links_even_where_the_name_does_not() -> None:
    assert linked("Cấp trích lục", "Mã thủ tục: 2.000635.000.00.00.H10") == ProcedureRef(
        "2.000635", "Cấp bản sao trích lục hộ tịch", 0.99
    )


def test_a_code_in_the_qr_counts_before_what_is_printed() -> None:
    link = linked(None, "Mã thủ tục: 1.001193", qr="000.16.05.H05-210616-0001|1.000656|")
    assert link is not None and link.code == "1.000656"


def test_a_code_that_the_name_contradicts_links_nothing() -> None:
    assert linked("Đăng ký lại khai sinh", "Mã thủ tục: 1.000656") is None


def test_a_code_that_the_list_lacks_gives_way_to_the_name() -> None:
    link = linked("Đăng ký khai tử", "Mã thủ tục: 1.000666")
    assert link is not None and link.code == "1.000656"


def test_without_a_list_only_a_printed_code_links() -> None:
    assert linked("Đăng ký khai tử", "Mã thủ tục: 1.000656", listed=()) == ProcedureRef("1.000656", "Đăng ký khai tử", 0.99)
    assert linked("Đăng ký khai tử", listed=()) is None


def test_the_many_codes_of_a_published_list_link_nothing() -> None:
    page = write_page([(330, 400, "1. 1.001193 Đăng ký khai sinh"), (330, 490, "2. 1.000656 Đăng ký khai tử")])
    assert find_procedure(found("quyet_dinh"), [make_sheet(page)], [page], Listed(*LISTED)) is None


def test_sums_and_dates_are_no_codes() -> None:
    assert linked(None, "Lệ phí: 1.000.000 đồng, ngày 1.10.2025, số 11.000656.2") is None


def test_the_link_is_as_sure_as_the_name_was_read() -> None:
    page = write_page([])
    named = Field("ten_thu_tuc", "Đăng ký khai sinh", "Đăng ký khai sinh", 0.7)
    link = find_procedure(found("giay_tiep_nhan_ho_so", ten_thu_tuc=named), [], [page], Listed(*LISTED))
    assert link is not None and link.confidence == pytest.approx(0.693)


def test_the_dossier_is_the_one_of_the_field_or_of_the_only_code_for_machines() -> None:
    slip = found("giay_tiep_nhan_ho_so", ma_ho_so="000.16.05.H05-210616-0001")
    assert find_dossier_code(slip, []) == "000.16.05.H05-210616-0001"
    coded = write_page([], codes=(PageCode(CodeFormat.CODE128, "H49.01-240101-0001", Box(0, 0, 9, 9)),))
    assert find_dossier_code(found("giay_khai_sinh"), [coded]) == "H49.01-240101-0001"
    other = write_page([], codes=(PageCode(CodeFormat.CODE128, "H49.01-240101-0002", Box(0, 0, 9, 9)),))
    assert find_dossier_code(found("giay_khai_sinh"), [coded, other]) == ""
