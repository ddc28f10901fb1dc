"""Titles of signers of which strokes and seals left a part."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Field
from pipeline.understanding import understand
from tests.written_pages import LETTER, Written, decision, write_page

MIDDLE = 1700.0
NAME = "Nguyễn Văn Thành"


def centred(top: float, text: str, confidence: float = 0.96, part: str = "") -> Written:
    """A line of which only ``part`` is left where it stood in the whole ``text``, centred."""
    width = sum(LETTER * len(word) for word in text.split()) + 0.55 * LETTER * (len(text.split()) - 1)
    before = text[: text.index(part)] if part else ""
    skipped = sum(LETTER * (0.55 if sign == " " else 1.0) for sign in before)
    return (MIDDLE - width / 2 + skipped, top, part or text, confidence)


def title_of(*lines: Written) -> Field | None:
    head = [line for line in decision() if line[1] < 1900]
    foot: list[Written] = [
        (400, 2000, "Nơi nhận:"),
        (400, 2060, "- Như Điều 3;"),
        (400, 2120, "- Lưu: VT."),
        centred(2400, NAME),
    ]
    return understand([write_page([*head, *lines, *foot])], today=date(2026, 1, 1)).field("chuc_vu_nguoi_ky")


@pytest.mark.parametrize(
    ("above", "whole", "left", "told"),
    [
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Ủ TỊCH", "CHỦ TỊCH"),
        ("TM. CHÍNH PHỦ", "THỦ TƯỚNG", "Ủ TƯỚNG", "THỦ TƯỚNG"),
        ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "VĂN PHÒNG", "CHÁNH VĂN PHÒNG"),
        ("TL. CHỦ TỊCH", "PHÓ CHÁNH VĂN PHÒNG", "VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"),
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "CHỦ", "CHỦ TỊCH"),
    ],
)
def test_what_is_missing_of_a_title_is_told_from_where_the_rest_stands(above: str, whole: str, left: str, told: str) -> None:
    found = title_of(centred(2000, above), centred(2062, whole, part=left))
    assert found is not None
    assert (found.value, found.confidence <= 0.5) == (told, True)
    assert [problem.code for problem in found.problems] == ["title_deduced"]


def test_a_torn_title_over_a_name_is_told_without_a_line_above_it() -> None:
    found = title_of(centred(2000, "GIÁM ĐỐC", part="ÁM ĐỐC"))
    assert found is not None
    assert found.value == "GIÁM ĐỐC"


def test_a_title_that_two_would_fit_is_not_told() -> None:
    assert title_of(centred(2000, "TM. ỦY BAN NHÂN DÂN"), (MIDDLE - 60, 2062, "TRƯỞNG", 0.96)) is None


@pytest.mark.parametrize(("upper", "lower"), [("GIÁM ĐỐC", "GIÁM ĐỐC"), ("BỘ TRƯỞNG", "Ứ TRƯỞNG")])
def test_who_signs_under_a_line_of_the_same_office_is_its_deputy(upper: str, lower: str) -> None:
    deputies = {"GIÁM ĐỐC": "PHÓ GIÁM ĐỐC", "BỘ TRƯỞNG": "THỨ TRƯỞNG"}
    first, second = centred(2000, f"KT. {upper}", part=upper), centred(2062, deputies[upper], part=lower[-8:])
    found = title_of(first, (second[0], second[1], lower, 0.96))
    assert found is not None
    assert (found.value, found.confidence <= 0.5) == (deputies[upper], True)


def test_who_signs_by_authority_of_the_same_office_is_no_deputy() -> None:
    found = title_of(centred(2000, "TUQ. CHÁNH VĂN PHÒNG"), centred(2062, "CHÁNH VĂN PHÒNG"))
    assert found is not None
    assert found.value == "CHÁNH VĂN PHÒNG"


def test_a_deputy_who_leads_keeps_that_where_the_title_was_spoilt() -> None:
    found = title_of(centred(2000, "KT. CHỦ TỊCH"), centred(2062, "PHÓ CHỞ TỊCH PHỤ TRÁCH", 0.5))
    assert found is not None
    assert found.value == "PHÓ CHỦ TỊCH PHỤ TRÁCH"


def test_a_department_that_goes_on_in_the_next_line_is_named_whole() -> None:
    found = title_of(centred(2000, "TL. BỘ TRƯỞNG"), centred(2062, "VỤ TRƯỞNG VỤ TỔ CHỨC"), centred(2124, "CÁM BÔ", 0.4))
    assert found is not None
    assert (found.value, found.confidence <= 0.5) == ("VỤ TRƯỞNG VỤ TỔ CHỨC CÁN BỘ", True)


def test_strokes_before_a_title_are_none_of_it() -> None:
    line = centred(2062, "PHÓ CHỦ TỊCH")
    found = title_of(centred(2000, "KT. CHỦ TỊCH"), (line[0] - 80, 2062, "Tu", 0.6), line)
    assert found is not None
    assert found.value == "PHÓ CHỦ TỊCH"
