"""Codes for machines as sources of fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.domain.findings import Field, FieldOrigin
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageCode
from pipeline.understanding import understand
from pipeline.understanding.sources import read_card_code
from tests.written_forms import extract_of
from tests.written_pages import Written, write_page

BOX = Box(2000, 300, 2300, 600)
CARD_CODE = "027090001234||Nguyễn Văn An|15081990|Nam|thôn 2, xã Phú Lâm, huyện Tiên Du, tỉnh Bắc Ninh|20062021"
CARD: list[Written] = [
    (700, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (900, 370, "Độc lập - Tự do - Hạnh phúc"),
    (850, 500, "CĂN CƯỚC CÔNG DÂN"),
    (900, 620, "Số / No.: 027090001234"),
    (900, 710, "Họ và tên / Full name: NGUYỄN VĂN AN"),
    (900, 800, "Ngày sinh / Date of birth: 15/08/1990"),
    (900, 890, "Giới tính / Sex: Nam  Quốc tịch / Nationality: Việt Nam"),
    (900, 980, "Quê quán / Place of origin: xã Phú Lâm, huyện Tiên Du, tỉnh Bắc Ninh"),
    (900, 1070, "Nơi thường trú / Place of residence: thôn 2, xã Phú Lâm,"),
    (900, 1130, "huyện Tiên Du, tỉnh Bắc Ninh"),
    (330, 1300, "Có giá trị đến: 15/08/2030"),
]


def found_on(code: str, lines: list[Written], *codes: tuple[CodeFormat, str]) -> dict[str, Field]:
    marks = tuple(PageCode(kind, text, BOX) for kind, text in codes)
    return {field.key: field for field in extract_of(code, lines, codes=marks).fields}


@pytest.mark.parametrize(
    "text",
    [
        CARD_CODE,
        CARD_CODE.replace("||", "|123456789|"),
        f"{CARD_CODE}||Nguyễn Văn Bình|Lê Thị Hoa",
        CARD_CODE.removesuffix("|20062021"),
    ],
)
def test_every_kind_of_card_code_is_read(text: str) -> None:
    code = read_card_code(text)
    assert code is not None
    assert code.values["ho_ten"] == "Nguyễn Văn An"
    assert code.values["ngay_sinh"] == "1990-08-15"


@pytest.mark.parametrize("text", ["", "https://vneid.gov.vn/a|b|c|d|e|f", "12345|a|b|c|d|e|f", "027090001234", "|||||||"])
def test_other_codes_are_no_cards(text: str) -> None:
    assert read_card_code(text) is None


def test_parts_of_a_card_code_that_make_no_sense_are_left_out() -> None:
    code = read_card_code(CARD_CODE.replace("15081990", "99081990").replace("|Nam|", "|?|"))
    assert code is not None
    assert set(code.values) == {"so_dinh_danh", "ho_ten", "noi_thuong_tru"}


def test_the_code_of_a_card_comes_first_and_shows_both_places() -> None:
    fields = found_on("can_cuoc_cong_dan", CARD, (CodeFormat.QR, CARD_CODE))
    for key in ("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "noi_thuong_tru"):
        found = fields[key]
        assert found.origin is FieldOrigin.QR
        assert found.confidence > 0.99
        assert {spot.box for spot in found.evidence} > {BOX}
    assert fields["que_quan"].origin is FieldOrigin.OCR
    assert fields["ngay_het_han"].value == "2030-08-15"


def test_a_card_with_its_code_is_understood_whole() -> None:
    page = replace(write_page(CARD), codes=(PageCode(CodeFormat.QR, CARD_CODE, BOX),))
    findings = understand([page], today=date(2026, 1, 1))
    assert findings.classification.code == "can_cuoc_cong_dan"
    found = findings.field("ho_ten")
    assert found is not None
    assert (found.value, found.origin) == ("Nguyễn Văn An", FieldOrigin.QR)


def test_a_card_read_badly_is_known_by_its_code() -> None:
    worn = [line for line in CARD if "Ngày sinh" not in line[2] and "Họ và tên" not in line[2]]
    fields = found_on("can_cuoc_cong_dan", worn, (CodeFormat.QR, CARD_CODE))
    assert (fields["ho_ten"].value, fields["ngay_sinh"].value) == ("Nguyễn Văn An", "1990-08-15")


def test_a_code_that_the_sure_print_denies_is_a_problem_with_the_print_as_suggestion() -> None:
    born = found_on("can_cuoc_cong_dan", CARD, (CodeFormat.QR, CARD_CODE.replace("15081990", "15081991")))["ngay_sinh"]
    assert born.value == "1991-08-15"
    assert "sources_disagree" in {problem.code for problem in born.problems}
    assert "1990-08-15" in {hint.value for hint in born.suggestions}
    assert born.confidence <= 0.5


SLIP: list[Written] = [
    (1120, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (1350, 370, "Độc lập - Tự do - Hạnh phúc"),
    (600, 560, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"),
    (900, 650, "Mã hồ sơ: 000.22.03.H36-260109-0955"),
    (330, 740, "Tiếp nhận hồ sơ của: Võ Duy Ước"),
    (330, 830, "Địa chỉ: số 12 đường Lý Thường Kiệt, phường Kinh Bắc, tỉnh Bắc Ninh"),
    (330, 920, "Nội dung yêu cầu giải quyết: Cấp đổi Giấy chứng nhận quyền sử dụng đất"),
    (330, 1010, "Thành phần hồ sơ nộp gồm:"),
    (330, 1100, "Thời gian nhận hồ sơ: 16 giờ 26 phút, ngày 09 tháng 01 năm 2026"),
    (330, 1190, "Thời gian trả kết quả giải quyết hồ sơ: 10 giờ 20 phút, ngày 10 tháng 02 năm 2026"),
]


@pytest.mark.parametrize(("kind", "origin"), [(CodeFormat.CODE128, FieldOrigin.BARCODE), (CodeFormat.QR, FieldOrigin.QR)])
def test_the_code_of_a_slip_is_the_first_source_of_the_dossier(kind: CodeFormat, origin: FieldOrigin) -> None:
    text = "https://dichvucong.gov.vn/tra-cuu?ma=000.22.03.H36-260109-0955"
    found = found_on("giay_tiep_nhan_ho_so", SLIP, (kind, text))["ma_ho_so"]
    assert (found.value, found.origin) == ("000.22.03.H36-260109-0955", origin)
    assert found.confidence > 0.98


def test_a_misprinted_dossier_code_is_shown_beside_the_barcode() -> None:
    found = found_on("giay_tiep_nhan_ho_so", SLIP, (CodeFormat.CODE128, "000.22.03.H36-260109-0956"))["ma_ho_so"]
    assert found.value == "000.22.03.H36-260109-0956"
    assert "sources_disagree" in {problem.code for problem in found.problems}


def test_the_card_of_somebody_else_on_the_sheet_changes_nothing() -> None:
    found = found_on("giay_tiep_nhan_ho_so", SLIP, (CodeFormat.QR, CARD_CODE))["ho_ten"]
    assert (found.value, found.origin) == ("Võ Duy Ước", FieldOrigin.OCR)
    assert not found.problems
