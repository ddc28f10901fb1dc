"""What a paper says twice settles what was read in doubt."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Field
from pipeline.understanding import understand
from pipeline.understanding.units.spellings import unit_spellings
from pipeline.understanding.values.codes import parse_number
from pipeline.understanding.zones.header import mend_dateline
from tests.written_pages import Written, decision, write_page

TODAY = date(2026, 1, 1)


def read(lines: list[Written], key: str) -> Field:
    found = understand([write_page(lines)], today=TODAY).field(key)
    assert found is not None
    return found


def headed(body: str, date_line: str, confidence: float = 0.99, *more: Written) -> list[Written]:
    """A decision of ``body`` with another line of place and date; ``confidence`` is that of its name and place."""
    changed = {"TỈNH BẮC NINH": (420, 370, body, confidence), "Bắc Ninh, ngày 07 tháng 03 năm 2024": (1250, 480, date_line)}
    return [changed.get(line[2], line) for line in decision()] + list(more)  # type: ignore[misc]


def test_a_place_is_spelt_as_the_body_that_issues_the_paper() -> None:
    lines = headed("TỈNH THANH HÓA", "Thunh Hóa, ngày 07 tháng 03 năm 2024")
    assert read(lines, "dia_danh").value == "Thanh Hóa"


def test_a_place_of_two_spellings_is_the_one_that_exists() -> None:
    lines = headed("XÃ ĐỨC THẮNG", "Đúc Thắng, ngày 07 tháng 03 năm 2024")
    assert read(lines, "dia_danh").value == "Đức Thắng"


def test_a_capital_i_is_no_small_l() -> None:
    assert read(headed("HUYỆN IA GRAI", "la Grai, ngày 07 tháng 03 năm 2024"), "dia_danh").value == "Ia Grai"


def test_a_place_that_no_list_knows_stays_as_it_was_read() -> None:
    lines = headed("XÃ TỊNH ẤN", "Tịnh Ấn, ngày 07 tháng 03 năm 2024")
    assert read(lines, "dia_danh").value == "Tịnh Ấn"
    assert read(lines, "co_quan_ban_hanh").value == "ỦY BAN NHÂN DÂN XÃ TỊNH ẤN"


@pytest.mark.parametrize("glued", ["TỈNH HƯNGYÊN", "TỈNHHƯNG YÊN"])
def test_words_read_as_one_are_parted(glued: str) -> None:
    lines = headed(glued, "Hưng Yên, ngày 07 tháng 03 năm 2024")
    assert read(lines, "co_quan_ban_hanh").value == "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"


@pytest.mark.parametrize("glued", ["ỦY BANNHÂNDÂN", "ỦYBAN NHÂN DÂN", "ỦYBANNHÂNDÂN"])
def test_the_words_of_a_committee_read_as_one_are_parted(glued: str) -> None:
    lines = [(*line[:2], glued, *line[3:]) if line[2] == "ỦY BAN NHÂN DÂN" else line for line in decision()]
    assert read(lines, "co_quan_ban_hanh").value == "ỦY BAN NHÂN DÂN TỈNH BẮC NINH"  # type: ignore[arg-type]


def test_marks_lost_in_a_bodys_capitals_come_back_from_the_text() -> None:
    text = (520, 1400, "Ủy ban nhân dân huyện Phú Riềng chịu trách nhiệm thi hành.", 0.99)
    lines = headed("HUYỆN PHÚ RIÊNG", "Phú Riềng, ngày 07 tháng 03 năm 2024", 0.9, text)
    assert read(lines, "co_quan_ban_hanh").value == "ỦY BAN NHÂN DÂN HUYỆN PHÚ RIỀNG"


def test_a_doubtful_word_of_the_subject_is_spelt_as_in_the_text() -> None:
    lines = [
        (left, top, text, 0.7) if "phê duyệt" in text else (left, top, text)
        for left, top, text in decision(subject="Về việc phê duyệt kế hoach số hóa")
    ]
    text = (520, 1400, "Điều 2. Kinh phí thực hiện kế hoạch số hóa theo quy định.", 0.99)
    assert read([*lines, text], "trich_yeu").value == "phê duyệt kế hoạch số hóa hồ sơ, giấy tờ trên địa bàn"


@pytest.mark.parametrize(
    ("line", "abbreviation", "value"),
    [
        ("Số: 05ĐA-STP", "ĐA", "05/ĐA-STP"),
        ("Số: 12UBND-NC", "", "12/UBND-NC"),
        ("Số: 340/NG-HĐND", "NQ", "340/NQ-HĐND"),
        ("Số: 23/UBND-VXI", "", "23/UBND-VX1"),
        ("Số: 23/UBND-VXI1", "", "23/UBND-VX1"),
    ],
)
def test_a_lost_slash_and_a_letter_like_another_are_mended(line: str, abbreviation: str, value: str) -> None:
    code = parse_number(line, abbreviation)
    assert code is not None
    assert (code.value, code.repaired) == (value, True)


@pytest.mark.parametrize("line", ["Số: 05ABCX-YZ", "Số: 1§DA-UBND", "05"])
def test_no_slash_is_put_where_no_symbol_is_known(line: str) -> None:
    assert parse_number(line, "ĐA") is None


@pytest.mark.parametrize("spoilt", ["22náng 8", "22 thán 8", "22 háng 8", "22 tháng 8"])
def test_the_word_month_in_the_line_of_the_date_may_be_spoilt(spoilt: str) -> None:
    assert mend_dateline(f"Quảng Bình, ngày {spoilt} năm 2022") == "Quảng Bình, ngày 22 tháng 8 năm 2022"


def test_the_dateline_is_found_though_ink_spoilt_it() -> None:
    lines = [(*line[:2], line[2].replace("07 tháng", "07 thán")) for line in decision()]
    assert read(lines, "ngay_ban_hanh").value == "2024-03-07"
    assert read(lines, "dia_danh").value == "Bắc Ninh"


def test_a_body_that_begins_right_under_the_subject_is_none_of_it() -> None:
    lines = [line for line in decision() if line[1] != 1000]
    lines += [(520, 870, "Thực hiện nhiệm vụ được giao, Ủy ban nhân dân tỉnh quy định như sau:")]
    assert read(lines, "trich_yeu").value == "phê duyệt kế hoạch số hóa hồ sơ, giấy tờ trên địa bàn"


def test_strokes_above_the_subject_are_none_of_it() -> None:
    lines = [*decision(), (1000, 672, "1... s", 0.05)]
    assert read(lines, "trich_yeu").value == "phê duyệt kế hoạch số hóa hồ sơ, giấy tờ trên địa bàn"


def test_units_are_known_by_their_letters() -> None:
    assert unit_spellings("ia grai", "huyen") == ("Ia Grai",)
    assert set(unit_spellings("YEN PHU")) == {"Yên Phụ", "Yên Phú"}
    assert unit_spellings("nowhere at all") == ()
