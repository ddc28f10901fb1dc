"""Names and titles under seals and strokes, and the list beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.domain.findings import Findings
from pipeline.understanding import understand
from pipeline.understanding.zones.offices import deputy_of
from tests.written_pages import Written, decision, write_page

TODAY = date(2026, 1, 1)


def signed(*foot: Written) -> Findings:
    """A decision with ``foot`` in the place of its recipients and signature."""
    return understand([write_page([*(line for line in decision() if line[1] < 1900), *foot])], today=TODAY)


def chairman(*lines: Written) -> Findings:
    return signed((400, 2000, "Nơi nhận:"), (1600, 2000, "CHỦ TỊCH"), (400, 2060, "- Như Điều 3;"), *lines)


@pytest.mark.parametrize(
    ("read", "confidence", "name"),
    [
        ("“ Võ Duy Thắng", 0.95, "Võ Duy Thắng"),
        ("ˆ Đào Như Mai", 0.95, "Đào Như Mai"),
        ("“Vi Mạnh Lượng Thọ", 0.95, "Vi Mạnh Lượng Thọ"),
        ("MaiMinh Ruộng", 0.7, "Mai Minh Ruộng"),
        ("Vưống Mai Vân", 0.7, "Vương Mai Vân"),
        ("Khống Công Chuyên", 0.9, "Khổng Công Chuyên"),
        ("Heăng Như Duyên", 0.75, "Hoàng Như Duyên"),
        ("Lục Khác Thái", 0.96, "Lục Khắc Thái"),
        ("Vương Thi Lụa", 0.96, "Vương Thị Lụa"),
        ("Ông Thảng", 0.9, "Ông Thảng"),
        ("Ông Trường Đỉnh Vượng", 0.97, "Ông Trường Đỉnh Vượng"),
        ("NGUYỄN VĂN THÀNH", 0.95, "Nguyễn Văn Thành"),
        ("Đại tướng Tô Lâm", 0.97, "Tô Lâm"),
        ("PGS.TS. Trần Văn Bình", 0.97, "Trần Văn Bình"),
        ("ThS.BS. Đoàn Công Trung", 0.97, "Đoàn Công Trung"),
        ("ThS.ES. Khổng Văn Dậu", 0.9, "Khổng Văn Dậu"),
        ("ThS.BS. Ông Thúy Ngân", 0.95, "Ông Thúy Ngân"),
        ("PGS.TS Trần Văn Bình", 0.97, "Trần Văn Bình"),
    ],
)
def test_a_name_is_told_from_the_strokes_around_it(read: str, confidence: float, name: str) -> None:
    found = chairman((1688 - 13 * len(read), 2400, read, confidence)).field("nguoi_ky")
    assert found is not None
    assert found.value == name


@pytest.mark.parametrize(
    ("left", "read", "confidence"),
    [(1700, "Thúy Oanh", 0.95), (1650, "Dữy Nguyên", 0.05), (1540, "Sang  Địch Tuyển", 0.15), (1700, "'Viết Tường", 0.9)],
)
def test_a_name_of_which_a_part_is_hidden_is_none(left: float, read: str, confidence: float) -> None:
    findings = chairman((left, 2400, read, confidence))
    assert findings.field("nguoi_ky") is None
    assert {problem.code for problem in findings.problems if problem.field == "nguoi_ky"} <= {
        "value_unreadable",
        "field_missing",
    }


def test_ink_before_a_whole_name_may_hide_a_syllable_so_a_human_confirms_the_name() -> None:
    lines: list[Written] = [(1490, 2400, "K6", 0.02), (1540, 2400, "Đặng Anh Thụ Lượng", 0.91)]
    found = chairman(*lines).field("nguoi_ky")
    assert found is not None
    assert found.value == "Đặng Anh Thụ Lượng"
    assert found.confidence < 0.9


def test_a_syllable_that_was_read_in_two_is_one() -> None:
    lines = [(1500, 2400, "Bùi Duy"), (1660, 2400, "Th"), (1708, 2400, "ắng")]
    assert chairman(*lines).field("nguoi_ky").value == "Bùi Duy Thắng"  # type: ignore[union-attr]


@pytest.mark.parametrize("left", ["IỦ TỊCH", "Ó CHỦ TỊCH", "CHỦ TỊCH", "PHÓ ẹ cm", "„-PHÓ CHỦ TỊCH", ""])
def test_who_signs_for_the_chairman_is_a_deputy_and_a_human_confirms_it(left: str) -> None:
    """Decree 30/2020/NĐ-CP, appendix I, part II, 7: KT. stands before the title of the head when a deputy signs."""
    lines: list[Written] = [(1600, 2000, "KT. CHỦ TỊCH"), (1520, 2400, "Nguyễn Văn Thành")]
    lines += [(1600, 2065, left, 0.5)] if left else []
    found = signed((400, 2000, "Nơi nhận:"), (400, 2060, "- Như Điều 3;"), *lines).field("chuc_vu_nguoi_ky")
    assert found is not None
    assert found.value == "PHÓ CHỦ TỊCH"
    assert found.confidence <= 0.5


@pytest.mark.parametrize(("above", "learnt"), [(0.96, True), (0.6, False)])
def test_a_deputys_title_that_is_left_but_for_a_letter_is_learnt_about_under_a_line_that_was_surely_read(
    above: float, learnt: bool
) -> None:
    lines: list[Written] = [
        (1600, 2000, "KT. CHỦ TỊCH", above),
        (1600, 2065, "PHỞNHỦ TỊCH", 0.5),
        (1520, 2400, "Nguyễn Văn Thành"),
    ]
    found = signed((400, 2000, "Nơi nhận:"), (400, 2060, "- Như Điều 3;"), *lines).field("chuc_vu_nguoi_ky")
    assert found is not None
    assert found.value == "PHÓ CHỦ TỊCH"
    assert [problem.code for problem in found.problems] == ([] if learnt else ["title_deduced"])


def test_a_title_other_than_the_deputys_stays_as_it_was_read() -> None:
    lines = [(1600, 2000, "KT. CHỦ TỊCH"), (1560, 2065, "CHÁNH VĂN PHÒNG"), (1520, 2400, "Nguyễn Văn Thành")]
    assert signed(*lines).field("chuc_vu_nguoi_ky").value == "CHÁNH VĂN PHÒNG"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("head", "deputy"),
    [
        ("CHỦ TỊCH", "Phó Chủ tịch"),
        ("BỘ TRƯỞNG", "Thứ trưởng"),
        ("THỦ TƯỚNG", "Phó Thủ tướng"),
        ("CHÁNH VĂN PHÒNG", "Phó Chánh Văn phòng"),
        ("CHỦ NHIỆM", "Phó Chủ nhiệm"),
        ("PHÓ GIÁM ĐỐC", ""),
        ("ÔNG HAI", ""),
    ],
)
def test_heads_have_deputies(head: str, deputy: str) -> None:
    assert deputy_of(head) == deputy


def copies(*items: Written) -> object:
    found = signed((400, 2000, "Nơi nhận:"), (1600, 2000, "CHỦ TỊCH"), (1520, 2400, "Lê Văn An"), *items).field("noi_nhan")
    return found.value if found else None


def test_an_item_without_its_dash_is_still_one() -> None:
    items = [(400, 2060, "- Như Điều 3:", 0.9), (420, 2110, "Trung tâm PVHCC;"), (400, 2160, "- Lưu: VT. KTTH.")]
    assert copies(*items) == ("Như Điều 3", "Trung tâm PVHCC", "Lưu: VT, KTTH")


def test_an_item_that_goes_on_in_the_next_line_is_one() -> None:
    items = [
        (400, 2060, "- Thủ tướng, các Phó Thủ tướng"),
        (430, 2110, "Chính phủ (để báo cáo);"),
        (400, 2160, "- Lưu: VT, TH."),
    ]
    assert copies(*items) == ("Thủ tướng, các Phó Thủ tướng Chính phủ (để báo cáo)", "Lưu: VT, TH")


def test_set_phrases_among_the_recipients_get_their_marks_back() -> None:
    items = [
        (400, 2060, "- Cống Thông tin điện tử;", 0.9),
        (400, 2110, "- UBRND các xã. phường;", 0.6),
        (400, 2160, "- Sở Du lịch;", 0.6),
        (400, 2210, "- Lưu; VT, VXI.", 0.9),
    ]
    assert copies(*items) == ("Cổng Thông tin điện tử", "UBND các xã, phường", "Sở Du lịch", "Lưu: VT, VX1")


def test_no_figure_of_a_recipient_is_changed() -> None:
    assert copies((400, 2060, "- Như Điều 8;", 0.5), (400, 2110, "- Lưu: VT.")) == ("Như Điều 8", "Lưu: VT")


def test_what_is_left_of_a_title_is_no_name() -> None:
    lines: list[Written] = [(1600, 2000, "KT. GIÁM ĐỐC"), (1480, 2065, "PHÓ"), (1680, 2062, "ÁM ĐỐC"), (1480, 2400, "…ng")]
    assert signed((400, 2000, "Nơi nhận:"), (400, 2060, "- Như Điều 3;"), *lines).field("nguoi_ky") is None


def test_the_title_of_a_collective_bodys_head_is_completed_where_only_one_fits() -> None:
    foot: list[Written] = [(1500, 2000, "TM. ỦY BAN NHÂN DÂN"), (1590, 2065, "ŒiJỦ TỊCH"), (1520, 2400, "Nguyễn Văn Thành")]
    page = write_page([*(line for line in decision() if line[1] < 1900), *foot])
    lines = tuple(
        replace(line, words=tuple(replace(w, confidence=0.05) if w.text == "ŒiJỦ" else w for w in line.words))
        for line in page.text.lines
    )
    found = understand([replace(page, content=replace(page.text, lines=lines))], today=TODAY).field("chuc_vu_nguoi_ky")
    assert found is not None
    assert (found.value, found.confidence <= 0.5) == ("CHỦ TỊCH", True)


@pytest.mark.parametrize("title", ["Q. CHỦ TỊCH", "Q. TRƯỞNG BAN", "QUYỀN GIÁM ĐỐC", "VỤ TRƯỞNG VỤ PHÁP CHẾ"])
def test_who_acts_for_a_head_or_leads_a_part_bears_that_title(title: str) -> None:
    found = signed((1660 - 11 * len(title), 2000, title), (1520, 2400, "Nguyễn Văn Thành")).field("chuc_vu_nguoi_ky")
    assert found is not None
    assert found.value == title


def test_a_standing_deputy_keeps_the_whole_title() -> None:
    lines = [(1600, 2000, "KT. CHỦ TỊCH"), (1410, 2065, "PHÓ CHỦ TỊCH THƯỜNG TRỰC"), (1520, 2400, "Nguyễn Văn Thành")]
    found = signed(*lines).field("chuc_vu_nguoi_ky")
    assert found is not None
    assert found.value == "PHÓ CHỦ TỊCH THƯỜNG TRỰC"
    assert not found.problems


def test_a_title_may_take_two_lines() -> None:
    lines: list[Written] = [(1580, 2000, "TL. BỘ TRƯỞNG"), (1400, 2060, "CỤC TRƯỞNG CỤC KIỂM SOÁT")]
    lines += [(1450, 2120, "THỦ TỤC HÀNH CHÍNH"), (1520, 2400, "Nguyễn Văn Thành")]
    found = signed(*lines)
    assert found.field("chuc_vu_nguoi_ky").value == "CỤC TRƯỞNG CỤC KIỂM SOÁT THỦ TỤC HÀNH CHÍNH"  # type: ignore[union-attr]
    assert found.field("nguoi_ky").value == "Nguyễn Văn Thành"  # type: ignore[union-attr]


def test_what_goes_on_in_small_letters_is_no_item_of_its_own() -> None:
    items = [
        (400, 2060, "- Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"),
        (400, 2110, "và các tổ chức chính trị"),
        (400, 2160, "- xã hội;"),
        (400, 2210, "- Lưu: VT."),
    ]
    assert copies(*items) == ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội", "Lưu: VT")
