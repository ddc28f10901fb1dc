"""Checks that need nobody's help: right papers pass in silence, misread ones are doubted, and the likely digit is offered."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.findings import Field, FieldOrigin, FieldSpec, FieldValue
from pipeline.understanding.checks import DOUBTED, HINTED, check_fields, describe_unread, missing_fields
from pipeline.understanding.checks.amounts import measure_area
from pipeline.understanding.checks.codes import check_codes, is_phone, is_tax_code
from pipeline.understanding.checks.dates import impossible_dates
from pipeline.understanding.checks.engine import Doubt, weigh_rules
from pipeline.understanding.checks.papers import Paper
from pipeline.understanding.checks.tables import peoples, phones
from pipeline.understanding.dictionary import document_type, document_types
from pipeline.understanding.messages import MESSAGES
from pipeline.understanding.phrases import provinces
from pipeline.understanding.units import settle_units

TODAY = date(2026, 1, 1)
CARD = {"so_dinh_danh": "027166577394", "ngay_sinh": "1966-04-03", "gioi_tinh": "Nữ", "ngay_het_han": "2026-04-03"}
BIRTH = {
    "so": "260/2016", "ho_ten": "Bùi Thanh Loan", "ngay_sinh": "2016-05-01", "gioi_tinh": "Nữ", "dan_toc": "Hoa",
    "quoc_tich": "Việt Nam", "so_dinh_danh": "079316191757", "ho_ten_me": "Lâm Thị Mỹ", "ho_ten_cha": "Bùi Văn Đạt",
    "noi_dang_ky": "Ủy ban nhân dân Phường 5, Quận 3, Thành phố Hồ Chí Minh", "ngay_dang_ky": "2016-06-15",
    "nguoi_ky": "Trần Quốc Toản",
}  # fmt: skip
MARRIAGE = {
    "so": "12/2022", "ho_ten_vo": "Nguyễn Thị Hoa", "ho_ten_chong": "Trần Văn Hùng", "ngay_sinh_vo": "1998-02-28",
    "ngay_sinh_chong": "1995-11-06", "so_dinh_danh_vo": "030198004512", "so_dinh_danh_chong": "031095127788",
    "ngay_dang_ky": "2022-10-07", "nguoi_ky": "Phạm Thế Vinh",
}  # fmt: skip
SINGLE = {
    "so_ky_hieu": "15/2024/UBND-XNTTHN", "ho_ten": "Lê Thị Mai", "ngay_sinh": "1999-12-24", "gioi_tinh": "Nữ",
    "dan_toc": "Tày", "quoc_tich": "Việt Nam", "so_dinh_danh": "020199001234",
    "tinh_trang_hon_nhan": "Chưa đăng ký kết hôn với ai", "ngay_cap": "2024-08-12", "nguoi_ky": "Hoàng Văn Thụ",
}  # fmt: skip
RECEIPT = {
    "ma_ho_so": "000.29.48.H03-240611-0295", "ho_ten": "Vũ Đình Nam", "so_dinh_danh": "024071220130",
    "so_dien_thoai": "0868118966", "ngay_tiep_nhan": "2024-06-11", "ngay_hen_tra": "2024-06-25",
}  # fmt: skip
BUSINESS = {
    "so_dang_ky": "0100109106", "von_kinh_doanh": 50_000_000, "ho_ten": "Đặng Ngọc Bích", "gioi_tinh": "Nữ",
    "ngay_sinh": "1988-07-19", "so_dinh_danh": "001188009876", "ngay_dang_ky": "2023-03-20", "nguoi_ky": "Ngô Bá Khá",
}  # fmt: skip
LAND = {
    "so_phat_hanh": "BM123456", "ho_ten": "Đỗ Văn Tường", "so_dinh_danh": "027066003412", "dien_tich": "1.234,5 m²",
    "thoi_han_su_dung": "Đến ngày 15/10/2063", "ngay_cap": "2013-10-15", "nguoi_ky": "Lương Công Đoàn",
}  # fmt: skip
PERMIT = {
    "so_ky_hieu": "899/GPXD", "ho_ten": "Đỗ Văn Tường", "dien_tich_xay_dung": "73,22 m²", "so_tang": 5,
    "ngay_cap": "2020-03-05",
}  # fmt: skip
RECORD = {**SINGLE, "so_ky_hieu": "1024/STP-LLTP", "tinh_trang_an_tich": "Không có án tích"}
DECISION = {
    "co_quan_ban_hanh": "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "so_ky_hieu": "717/QĐ-UBND", "dia_danh": "Bắc Ninh",
    "ngay_ban_hanh": "2024-06-03", "nguoi_ky": "Vương Quốc Tuấn",
}  # fmt: skip
LAW = {
    "co_quan_ban_hanh": "QUỐC HỘI",
    "so_ky_hieu": "31/2024/QH15",
    "ngay_ban_hanh": "2024-01-18",
    "nguoi_ky": "Trần Thanh Mẫn",
}
_NOT_ON_RECORDS = ("tinh_trang_hon_nhan", "dan_toc", "quoc_tich")
PAPERS: dict[str, tuple[str, dict[str, FieldValue]]] = {
    "card": ("can_cuoc_cong_dan", {**CARD}),
    "birth": ("giay_khai_sinh", {**BIRTH}),
    "marriage": ("giay_chung_nhan_ket_hon", {**MARRIAGE}),
    "single": ("giay_xac_nhan_hon_nhan", {**SINGLE}),
    "receipt": ("giay_tiep_nhan_ho_so", {**RECEIPT}),
    "business": ("giay_chung_nhan_ho_kinh_doanh", {**BUSINESS}),
    "land": ("giay_chung_nhan_quyen_su_dung_dat", {**LAND}),
    "permit": ("giay_phep_xay_dung", {**PERMIT}),
    "record": ("phieu_ly_lich_tu_phap", {key: value for key, value in RECORD.items() if key not in _NOT_ON_RECORDS}),
    "decision": ("quyet_dinh", {**DECISION}),
    "law": ("luat", {**LAW}),
}
#: A paper, the value that was misread, the problem, and what is among the suggestions for it (None: nothing is said of them).
MISREAD: list[tuple[str, dict[str, FieldValue], str, str | int | None]] = [
    ("card", {"so_dinh_danh": "003166577394"}, "id_structure", None),
    ("card", {"so_dinh_danh": "827166577394"}, "id_structure", "027166577394"),
    ("card", {"so_dinh_danh": "127166577394"}, "id_foreign", "027166577394"),
    ("card", {"so_dinh_danh": "027165577394"}, "id_disagrees_birth", "027166577394"),
    ("card", {"so_dinh_danh": "027366577394"}, "id_disagrees_birth", "027166577394"),
    ("card", {"ngay_sinh": "1968-04-03"}, "id_disagrees_birth", "1966-04-03"),
    ("card", {"so_dinh_danh": "027066577394"}, "id_disagrees_sex", "027166577394"),
    ("card", {"gioi_tinh": "Nam"}, "id_disagrees_sex", "Nữ"),
    ("card", {"ngay_sinh": "1966-04-08"}, "expiry_disagrees_birth", "1966-04-03"),
    ("card", {"ngay_het_han": "2028-04-03"}, "expiry_disagrees_birth", "2026-04-03"),
    ("card", {"gioi_tinh": "Nu"}, "wording_unknown", "Nữ"),
    ("birth", {"ngay_dang_ky": "2015-06-15"}, "dates_out_of_order", "2016-06-15"),
    ("birth", {"ngay_sinh": "2076-05-01"}, "date_in_future", "2016-05-01"),
    ("birth", {"ngay_sinh": "1816-05-01"}, "date_implausible", None),
    ("birth", {"so": "260/2015"}, "number_disagrees_date", "260/2016"),
    ("birth", {"so": "260/2018"}, "number_disagrees_date", "260/2016"),
    ("birth", {"so": "260/9016"}, "number_disagrees_date", "260/2016"),
    ("birth", {"so": "260/20I6"}, "number_structure", "260/2016"),
    ("birth", {"so": "260/201"}, "number_structure", "260/2016"),
    ("birth", {"so": "260/20%"}, "number_structure", "260/2016"),
    ("birth", {"so": "Ÿ60/2016"}, "number_structure", None),
    ("birth", {"so_dinh_danh": "019316191757"}, "id_disagrees_province", "079316191757"),
    ("birth", {"ho_ten_cha": "Lâm Thị Mỹ"}, "same_person", None),
    ("birth", {"nguoi_ky": "Bùi Thanh Loan"}, "signer_is_owner", None),
    ("birth", {"ho_ten": "Búi Thanh Loan"}, "family_name_rare", "Bùi Thanh Loan"),
    ("birth", {"ho_ten_cha": "Bùi Vnă Đạt"}, "name_spelling", None),
    ("birth", {"dan_toc": "Hoạ"}, "", None),
    ("birth", {"dan_toc": "Nùnq"}, "wording_unknown", "Nùng"),
    ("birth", {"dan_toc": "Ê"}, "wording_unknown", "Ê Đê"),
    ("birth", {"quoc_tich": "Việt Narn"}, "wording_unknown", "Việt Nam"),
    ("marriage", {"so_dinh_danh_vo": "031095127788"}, "same_person", None),
    ("marriage", {"so_dinh_danh_vo": "030098004512"}, "id_disagrees_sex", None),
    ("marriage", {"ngay_sinh_chong": "1996-11-06"}, "id_disagrees_birth", "1995-11-06"),
    ("marriage", {"ngay_sinh_vo": "2008-02-28", "so_dinh_danh_vo": "030308004512"}, "under_marriage_age", None),
    ("single", {"gioi_tinh": "Nam", "so_dinh_danh": "020099001234"}, "name_disagrees_sex", None),
    ("single", {"ngay_cap": "2004-08-12", "so_ky_hieu": "15/UBND-XNTTHN"}, "date_before_ids", "2024-08-12"),
    ("single", {"tinh_trang_hon_nhan": "Chưa đăng"}, "wording_unknown", None),
    (
        "single",
        {"tinh_trang_hon_nhan": "Có vợ hoặc chồng nhưng đã chết, hiện chưa đãng ký kết hôn với aí."},
        "wording_unknown",
        "Có vợ hoặc chồng nhưng đã chết, hiện chưa đăng ký kết hôn với ai.",
    ),
    ("record", {"tinh_trang_an_tich": "Đã được xoá án tích"}, "", None),
    ("record", {"tinh_trang_an_tich": "Khỏng có án tích"}, "wording_unknown", "Không có án tích"),
    ("single", {"so_ky_hieu": "15/2021/UBND-XNTTHN"}, "number_disagrees_date", "15/2024/UBND-XNTTHN"),
    ("record", {"tinh_trang_an_tich": "Không"}, "wording_unknown", None),
    ("receipt", {"ma_ho_so": "000.29.48"}, "code_structure", None),
    ("receipt", {"ma_ho_so": "000.29.48.H83-240611-0295"}, "code_structure", None),
    ("receipt", {"ma_ho_so": "000.29.48.HO3-240611-0295"}, "code_structure", "000.29.48.H03-240611-0295"),
    ("receipt", {"ma_ho_so": "000.29.48.H03-240811-0295"}, "code_disagrees_date", "000.29.48.H03-240611-0295"),
    ("receipt", {"ma_ho_so": "000.29.48.H03-240610-0295"}, "code_disagrees_date", "000.29.48.H03-240611-0295"),
    ("receipt", {"ngay_tiep_nhan": "2024-06-17"}, "code_disagrees_date", "2024-06-11"),
    ("receipt", {"ngay_hen_tra": "2024-06-05"}, "dates_out_of_order", "2024-08-05"),
    ("receipt", {"ngay_hen_tra": "2029-06-25"}, "appointment_far", "2024-06-25"),
    ("receipt", {"so_dien_thoai": "1868118966"}, "phone_structure", "0868118966"),
    ("receipt", {"so_dinh_danh": "024671220130"}, "id_structure", "024071220130"),
    ("receipt", {"so_dinh_danh": "024203220130", "ngay_tiep_nhan": "2002-06-11"}, "id_disagrees_date", None),
    ("receipt", {"ho_ten": "Vũ Thị Nam"}, "", None),
    ("business", {"so_dang_ky": "0100109708"}, "tax_code_structure", None),
    ("business", {"so_dang_ky": "0100109108"}, "tax_code_structure", "0100109106"),
    ("business", {"so_dang_ky": "001188009870"}, "tax_code_disagrees_id", "001188009876"),
    ("business", {"so_dang_ky": "01A80"}, "business_number_structure", None),
    ("business", {"von_kinh_doanh": 50_000_008}, "amount_implausible", 50_000_000),
    ("business", {"von_kinh_doanh": 0}, "amount_structure", None),
    ("land", {"so_phat_hanh": "BM12345"}, "land_number_structure", None),
    ("land", {"so_phat_hanh": "BM12345O"}, "land_number_structure", "BM123450"),
    ("land", {"so_phat_hanh": "AA01234567"}, "land_number_structure", None),
    ("land", {"thoi_han_su_dung": "Đến ngày 15/10/2003"}, "term_over", "Đến ngày 15/10/2063"),
    ("land", {"dien_tich": "1.234.5 m²"}, "amount_structure", None),
    ("land", {"dien_tich": "99999 km²"}, "amount_implausible", None),
    ("permit", {"so_tang": 0}, "amount_implausible", None),
    ("permit", {"dien_tich_xay_dung": "73.22 m²"}, "amount_structure", "73,22 m²"),
    ("decision", {"so_ky_hieu": "01/TTr-UBND"}, "number_disagrees_type", None),
    ("decision", {"so_ky_hieu": "717/QB-UBND"}, "number_disagrees_type", "717/QĐ-UBND"),
    ("decision", {"so_ky_hieu": "717/QĐ-STC"}, "number_disagrees_issuer", None),
    ("decision", {"so_ky_hieu": "717/QĐ-STC", "co_quan_ban_hanh": "SỞ TƯ PHÁP"}, "number_disagrees_issuer", "717/QĐ-STP"),
    ("decision", {"ngay_ban_hanh": "2027-01-01"}, "date_in_future", "2021-01-01"),
    ("decision", {"so_ky_hieu": "29/UBND-VXI"}, "number_ambiguous", "29/UBND-VX1"),
    ("decision", {"dia_danh": "Cà Mau"}, "place_disagrees_issuer", None),
    ("law", {"so_ky_hieu": "31/2024/QH13"}, "number_disagrees_term", "31/2024/QH15"),
    ("law", {"ngay_ban_hanh": "2023-01-18"}, "number_disagrees_date", "2024-01-18"),
]  # fmt: skip


def check(code: str, values: dict[str, FieldValue], today: date = TODAY) -> dict[str, Field]:
    """The checked fields by key; the doubted ones, and only they, are worth less."""
    read = [Field(key, value, str(value), 0.95) for key, value in values.items()]
    checked = check_fields(code, settle_units(read, {spec.key: spec for spec in document_type(code).fields}), today)
    assert [found.key for found in checked] == list(values)
    assert [found.value for found in checked] == list(values.values())
    for found in checked:
        assert found.confidence in ({0.95} if not found.problems else {DOUBTED, HINTED})
        assert found.problems or not found.suggestions
    return {found.key: found for found in checked}


def doubts(code: str, **values: FieldValue) -> dict[str, list[str]]:
    """The codes of problems by key."""
    return {key: [one.code for one in found.problems] for key, found in check(code, values).items() if found.problems}


@pytest.mark.parametrize("name", PAPERS)
def test_a_sound_paper_is_not_doubted(name: str) -> None:
    code, values = PAPERS[name]
    assert doubts(code, **values) == {}


@pytest.mark.parametrize(("name", "misread", "code", "offered"), MISREAD)
def test_a_misread_value_is_doubted_and_the_likely_one_offered(
    name: str, misread: dict[str, FieldValue], code: str, offered: FieldValue | None
) -> None:
    kind, values = PAPERS[name]
    key = next(iter(misread))
    found = check(kind, {**values, **misread})[key]
    if not code:
        assert not found.problems
        return
    assert code in [problem.code for problem in found.problems]
    assert all(problem.field == key for problem in found.problems)
    if offered is not None:
        assert offered in [one.value for one in found.suggestions]
        assert found.suggestions[0].source in ("check", "print")
        assert found.suggestions[0].reason


def test_every_check_has_a_failing_case_above() -> None:
    source = Path(check_fields.__code__.co_filename).parent
    emitted = {
        code
        for path in source.glob("*.py")
        for code in re.findall(r"\"([a-z]+(?:_[a-z]+)+)\"", path.read_text(encoding="utf-8"))
        if code in MESSAGES
    }
    assert emitted - {"field_missing", "date_impossible", "sources_disagree"} == {code for _, _, code, _ in MISREAD} - {""}


def test_a_third_witness_tells_which_value_was_misread() -> None:
    found = check("can_cuoc_cong_dan", {**CARD, "so_dinh_danh": "027165577394"})
    assert {key for key, one in found.items() if one.problems} == {"so_dinh_danh"}
    found = check("can_cuoc_cong_dan", {**CARD, "ngay_sinh": "1956-04-03"})
    assert {key for key, one in found.items() if one.problems} == {"ngay_sinh"}


def test_both_values_are_doubted_where_one_cannot_tell() -> None:
    alone = {key: CARD[key] for key in ("so_dinh_danh", "ngay_sinh")} | {"so_dinh_danh": "027165577394"}
    found = check("can_cuoc_cong_dan", {**alone})
    assert found["so_dinh_danh"].suggestions[0].value == "027166577394"
    assert [one.value for one in found["ngay_sinh"].suggestions] == ["1965-04-03"]


def test_what_a_code_on_the_card_says_is_not_what_was_misread() -> None:
    sure = Field("so_dinh_danh", "027165577394", "027165577394", 0.99, origin=FieldOrigin.QR)
    read = Field("ngay_sinh", "1966-04-03", "03/04/1966", 0.95)
    number, born = check_fields("can_cuoc_cong_dan", [sure, read], TODAY)
    assert number == sure
    assert [one.value for one in born.suggestions] == ["1965-04-03"]


def test_the_one_digit_that_sets_all_right_stands_first() -> None:
    found = check("can_cuoc_cong_dan", {**CARD, "so_dinh_danh": "027165577394"})["so_dinh_danh"]
    assert [one.value for one in found.suggestions] == ["027166577394"]
    found = check("giay_khai_sinh", {**BIRTH, "so": "260/2018"})["so"]
    assert found.suggestions[0].value == "260/2016"


def test_the_less_sure_value_weighs_more_among_suggestions() -> None:
    number = Field("so_dinh_danh", "027165577394", "027165577394", 0.99)
    born = Field("ngay_sinh", "1966-04-03", "03/04/1966", 0.1)
    checked = check_fields("can_cuoc_cong_dan", [number, born], TODAY)
    assert [one.value for one in checked[1].suggestions] == ["1965-04-03"]
    assert not checked[0].suggestions


def test_a_problem_names_the_page_and_says_what_to_do() -> None:
    found = check("can_cuoc_cong_dan", {**CARD, "ngay_sinh": "1968-04-03"})["ngay_sinh"]
    assert "Đối chiếu" in found.problems[0].message
    assert "03/04/1966" in found.suggestions[0].reason


def test_laws_letters_and_bodies_of_no_fixed_symbol_are_left_alone() -> None:
    assert doubts("cong_van", so_ky_hieu="84/UBND-NC", co_quan_ban_hanh="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI") == {}
    assert doubts("quyet_dinh", so_ky_hieu="04/QĐ-BCĐ138", co_quan_ban_hanh="BAN CHỈ ĐẠO 138") == {}
    assert doubts("quyet_dinh", so_ky_hieu="04/QĐ-UBND", co_quan_ban_hanh="ỦY BAN NHẬN DẨN TỈNH HÀ NAM") == {}
    assert doubts("quyet_dinh", so_ky_hieu="04/QĐ-UBND", co_quan_ban_hanh="ỦY BAN NHÃN BÂN TỈNH HÀ NAM") == {}
    assert doubts("giay_moi", so_ky_hieu="04/GMH-UBND") == {}
    assert doubts("thong_tu", so_ky_hieu="79/2024/TT-BCA", co_quan_ban_hanh="BỘ CÔNG AN", ngay_ban_hanh="2024-11-15") == {}
    assert (
        doubts("thong_bao", so_ky_hieu="12/TB-UBND", co_quan_ban_hanh="VĂN PHÒNG", co_quan_chu_quan="UBND TỈNH HÀ NAM") == {}
    )


def test_children_of_merged_provinces_may_have_the_id_of_any_of_them() -> None:
    place = "Ủy ban nhân dân phường Vũ Ninh, tỉnh Bắc Ninh"
    now = {"so": "8/2025", "ngay_sinh": "2025-08-01", "ngay_dang_ky": "2025-08-20", "noi_dang_ky": place}
    for number in ("027325001122", "024325001122"):
        assert doubts("giay_khai_sinh", **{**BIRTH, **now, "so_dinh_danh": number}) == {}
    assert "so_dinh_danh" in doubts("giay_khai_sinh", **{**BIRTH, **now, "so_dinh_danh": "029325001122"})


def test_a_child_may_have_any_province_that_no_likely_slip_explains() -> None:
    place = "Ủy ban nhân dân xã Phú Lâm, huyện Tiên Du, tỉnh Bắc Ninh"
    assert doubts("giay_khai_sinh", **{**BIRTH, "noi_dang_ky": place}) == {}


def test_a_paper_with_a_certain_id_and_an_honorific_is_asked_about_the_sex() -> None:
    wrong = [
        Field("ho_ten", "Vũ Đình Nam", "Bà Vũ Đình Nam", 0.95),
        Field("so_dinh_danh", "024071220130", "024071220130", 0.95),
    ]
    right = [
        Field("ho_ten", "Ông Công Nhật", "Ông Công Nhật", 0.95),
        Field("so_dinh_danh", "024171220130", "024171220130", 0.95),
    ]
    assert [one.code for one in check_fields("giay_tiep_nhan_ho_so", wrong, TODAY)[1].problems] == ["id_disagrees_sex"]
    assert not check_fields("giay_tiep_nhan_ho_so", right, TODAY)[1].problems


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("ngày 30 tháng 02 năm 2024", "2024-03-30"),
        ("31/04/2023", "2023-04-21"),
        ("sinh ngày 15/19/1980", "1980-10-15"),
        ("29/02/2023", "2023-02-20"),
    ],
)
def test_a_day_that_no_calendar_has_may_be_another(text: str, nearest: str) -> None:
    assert nearest in impossible_dates(text)


def test_days_that_exist_and_texts_without_a_day_are_not_impossible() -> None:
    assert impossible_dates("07/01/2025") == ()
    assert impossible_dates("Không thời hạn") == ()


def test_an_unread_day_is_said_to_be_impossible_with_likely_days() -> None:
    spec = next(spec for spec in document_type("giay_khai_sinh").fields if spec.key == "ngay_sinh")
    problem = describe_unread("value_unreadable", spec, "30/02/2024", 2)
    assert (problem.code, problem.field, problem.page) == ("date_impossible", "ngay_sinh", 2)
    assert "30/03/2024" in problem.message
    assert describe_unread("value_unreadable", spec, "ngày … tháng", 1).code == "value_unreadable"


def test_cards_of_people_born_on_29_february_end_near_it() -> None:
    for end in ("2025-02-28", "2025-03-01"):
        assert doubts("can_cuoc_cong_dan", ngay_sinh="2000-02-29", ngay_het_han=end) == {}


def test_telephones_of_today_and_of_before_2018_are_known() -> None:
    for number in ("0868118966", "0552123456", "0241234567 8", "02223 123456", "01681234567", "+84868118966"):
        assert is_phone(number), number
    for number in ("1868118966", "0468118966", "086811896", "02401234567890", "01301234567", "O868118966"):
        assert not is_phone(number), number


def test_tax_codes_have_a_digit_that_checks_them() -> None:
    for code in ("0100109106", "0101243150", "0300588569", "0100109106-001"):
        assert is_tax_code(code), code
    for code in ("0100109107", "0100109106-000", "010010910", "0100109106001234"):
        assert not is_tax_code(code), code


def test_a_personal_id_is_a_tax_code_since_july_2025() -> None:
    spec = FieldSpec("ma_so_thue", "tax_code", True)
    for today, number, sound in (
        (date(2025, 6, 30), "027166577394", False),
        (date(2025, 7, 1), "027166577394", True),
        (date(2025, 7, 1), "003166577394", False),
        (date(2025, 6, 30), "0100109106", True),
    ):
        paper = Paper("hop_dong", {"ma_so_thue": Field("ma_so_thue", number, number, 0.9)}, {"ma_so_thue": spec}, today)
        doubted = () if sound else (Doubt("ma_so_thue", "tax_code_structure", DOUBTED),)
        assert weigh_rules(paper, list(check_codes(paper))).doubts == doubted


@pytest.mark.parametrize(
    ("text", "size"),
    [("1.234,5 m²", 1234.5), ("120 m²", 120), ("1.200 m²", 1200), ("1,5 ha", 15000), ("73.22 m²", 73.22), ("0,5 km²", 500000)],
)
def test_areas_are_measured_as_they_are_written(text: str, size: float) -> None:
    assert measure_area(text) == pytest.approx(size)


def test_tables_are_whole() -> None:
    assert len(peoples()) == len(set(peoples())) == 54
    assert len(provinces()) == 63
    assert all(
        prefix.startswith("0") and len(prefix) in (3, 4)
        for kind in ("mobile", "landline", "former")
        for prefix in phones(kind)
    )


def test_only_required_fields_of_which_nothing_is_said_are_missing() -> None:
    problems = missing_fields("quyet_dinh", [Field("so_ky_hieu", "1/QĐ-UBND", "", 0.9)], ())
    assert "so_ky_hieu" not in {problem.field for problem in problems}
    assert "noi_nhan" not in {problem.field for problem in problems}
    assert "trich_yeu" in {problem.field for problem in problems}


def test_no_type_is_without_checks_that_pass_nothing_at_all() -> None:
    for kind in document_types():
        assert check_fields(kind.code, (), TODAY) == ()
