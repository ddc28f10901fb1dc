"""Stretches of text as values."""

from __future__ import annotations

import pytest

from pipeline.understanding.values.codes import parse_digits, parse_number
from pipeline.understanding.values.dates import find_dates
from pipeline.understanding.values.interpretation import interpret
from pipeline.understanding.values.names import name_quality, parse_name
from pipeline.understanding.zones.places import is_set_phrase, mend_address, mend_phrases
from pipeline.understanding.zones.subjects import strip_opening


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("ngày 07 tháng 01 năm 2025", "2025-01-07"),
        ("Hà Nội, ngày 15 tháng 5 năm 2025", "2025-05-15"),
        ("03/04/1966", "1966-04-03"),
        ("Sinh ngày 3-4-1966 tại", "1966-04-03"),
        ("ngày O7 tháng l1 năm 2O24", "2024-11-07"),
        ("09 giờ 10 phút, ngày 11 tháng 06 năm 2024", "2024-06-11"),
        ("ngày bảy tháng một năm hai nghìn không trăm hai mươi lăm", "2025-01-07"),
        ("ngày mồng hai tháng mười hai năm một nghìn chín trăm tám mươi tư", "1984-12-02"),
    ],
)
def test_dates_are_read_however_they_are_written(text: str, iso: str) -> None:
    assert [found.iso for found in find_dates(text)][:1] == [iso]


@pytest.mark.parametrize(
    "text", ["ngày tháng 01 năm 2025", "ngày 31 tháng 02 năm 2025", "12.345.678", "1/2/3", "ngày † tháng 02 năm 2025"]
)
def test_what_is_no_date_of_the_calendar_is_none(text: str) -> None:
    assert find_dates(text) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BÙI THANH LOAN", "Bùi Thanh Loan"),
        ("Ông/Bà Lý Đình Toàn", "Lý Đình Toàn"),
        ("Ông (Bà): Trần Thị B", "Trần Thị B"),
        ("Đại tướng Lương Tam Quang", "Lương Tam Quang"),
        ("PGS.TS. NGUYÊN VĂN ĐỨC", "Nguyễn Văn Đức"),
        ("H'Hen Niê Kđăm", "H'Hen Niê Kđăm"),
        (".......Đặng Văn Minh.......", "Đặng Văn Minh"),
    ],
)
def test_names_lose_honorifics_and_capitals(text: str, name: str) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize("text", ["", "Nguyễn", "Số 12 phố Huế", "a b c d e f g h", "12345"])
def test_what_names_nobody_is_no_name(text: str) -> None:
    assert parse_name(text) is None


def test_a_name_with_an_unknown_family_name_is_believed_less() -> None:
    assert name_quality("Nguyễn Văn An") > name_quality("Xyzt Văn An")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Số: 01 /QĐ-UBND", "01/QĐ-UBND"),
        ("Số: 01/QD-UBND", "01/QĐ-UBND"),
        ("Số: 79/2024/TT-BCA", "79/2024/TT-BCA"),
        ("Luật số: 45/2019/QH14", "45/2019/QH14"),
        ("Số: 12/TTr –STP", "12/TTr-STP"),
        ("Số: l2/BC-SNV", "12/BC-SNV"),
        ("sỐ 899/GPXD", "899/GPXD"),
        ("Số: 86 /QĐÐ-UBND", "86/QĐ-UBND"),
    ],
)
def test_numbers_lose_spaces_and_get_back_marks_the_dictionary_knows(text: str, value: str) -> None:
    code = parse_number(text)
    assert code is not None
    assert (code.value, code.unread) == (value, False)


@pytest.mark.parametrize("text", ["Số: /UBND-KTTH", "Số: $4/UBND-KTTH", "Số: @39/TTr-UBND", "Số: 4†/QĐ-UBND"])
def test_a_running_number_that_is_no_number_is_left_out(text: str) -> None:
    code = parse_number(text)
    assert code is not None
    assert code.unread
    assert code.value.startswith("/")


def test_digits_are_taken_only_in_the_right_number() -> None:
    assert parse_digits("027 155 897 605", 12) == "027155897605"
    assert parse_digits("O2715589760S", 12) is None
    assert parse_digits("02715589760", 12) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("money_vnd", "100.000.000 đồng (một trăm triệu đồng)", 100_000_000),
        ("money_vnd", "1,5 tỷ đồng", 1_500_000_000),
        ("area", "73,22 m2", "73,22 m²"),
        ("area", "123,45m²", "123,45 m²"),
        ("int", "05", 5),
        ("int", "02 tầng", 2),
        ("phone", "0912.620.585", "0912620585"),
        ("address", "tổ 6 , xã Ia Lâu, tinh Gia Lai.", "tổ 6, xã Ia Lâu, tỉnh Gia Lai"),
        ("list", "Như trên; Lưu: VT", ("Như trên", "Lưu: VT")),
        ("year", "Năm 1983", 1983),
        ("code", "BM 123456", "BM123456"),
    ],
)
def test_values_are_normalised_by_their_type(kind: str, text: str, value: object) -> None:
    meaning = interpret(kind, text)
    assert meaning is not None
    assert meaning.value == value


def test_sex_and_nation_are_read_from_words_of_the_same_letters() -> None:
    assert interpret("text", "Nư", "gioi_tinh").value == "Nữ"  # type: ignore[union-attr]
    assert interpret("text", "Viêt Nam", "quoc_tich").value == "Việt Nam"  # type: ignore[union-attr]
    assert interpret("text", "Muong", "dan_toc").value == "Mường"  # type: ignore[union-attr]


def test_lost_marks_come_back_only_where_the_letters_leave_no_doubt() -> None:
    assert mend_phrases("UY BAN NHÂN DÂN TINH QUANG NGAI", "issuers") == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"
    assert mend_phrases("TRUNG TÂM THỦY LỢI AN HẢI", "issuers") == "TRUNG TÂM THỦY LỢI AN HẢI"
    assert mend_address("xã A, tỉnh Băc Ninh") == "xã A, tỉnh Bắc Ninh"


def test_the_subject_drops_its_opening_words() -> None:
    assert strip_opening("V/v đăng ký bổ sung") == "đăng ký bổ sung"
    assert strip_opening("Về việc miễn nhiệm") == "miễn nhiệm"
    assert strip_opening("Quy định về cấp biển số") == "Quy định về cấp biển số"


def test_a_body_is_known_only_where_every_word_of_it_is() -> None:
    assert is_set_phrase("ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI", "issuers")
    assert not is_set_phrase("ỦY BAN NHÂN DÂN XÃ THUỴ LÔI", "issuers")
    assert not is_set_phrase("", "issuers")


def test_a_code_torn_apart_by_a_line_break_is_one_piece_in_the_subject():
    torn = "Về việc bãi bỏ Nghị quyết số 24/2013/NQ- HĐND - khóa XI"
    assert strip_opening(torn) == "bãi bỏ Nghị quyết số 24/2013/NQ-HĐND - khóa XI"


def test_what_a_paper_was_issued_with_is_no_part_of_its_subject():
    for issued in (
        "(Ban hành kèm theo Quyết định số 9/QĐ-UBND)",
        "(Được ban hành kèm theo Nghị quyết số 2",
        "(Ban hành theo Quyết định 5)",
    ):
        assert strip_opening(f"Tiếp công dân {issued}") == "Tiếp công dân"
    assert strip_opening("V/ thành lập Tổ công tác (lần 2)") == "thành lập Tổ công tác (lần 2)"


@pytest.mark.parametrize(
    ("read", "abbreviation", "meant"),
    [
        ("Số: 33 TTr-SXD", "TTr", "33/TTr-SXD"),
        ("Số: 814/HĐ-BỌL", "HĐ", "814/HĐ-BQL"),
        ("Số: 12/NỌ-HĐND", "NQ", "12/NQ-HĐND"),
    ],
)
def test_a_symbol_gets_back_the_slash_before_it_and_the_tail_of_its_q(read: str, abbreviation: str, meant: str) -> None:
    found = parse_number(read, abbreviation)
    assert found is not None
    assert (found.value, found.repaired) == (meant, True)


def test_a_symbol_that_runs_into_its_year_has_lost_a_slash():
    assert strip_opening("Bãi bỏ Nghị quyết số 39/2011NQ-HĐND") == "Bãi bỏ Nghị quyết số 39/2011/NQ-HĐND"
    for right in ("số 39/2011/NQ-HĐND", "năm 2011NQ-HĐND", "ngày 12/2011 THPT-X", "số 5/1811NQ-HĐND"):
        assert strip_opening(right) == right


def test_a_code_with_a_sign_that_no_paper_bears_is_doubted():
    assert interpret("code", "C§39358").quality <= 0.5
    assert interpret("code", "CS39358").quality == 1.0
