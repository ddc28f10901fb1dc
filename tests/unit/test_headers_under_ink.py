"""Heads of papers of which words run together, stand beside ink, or are read by a letter otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Findings
from pipeline.understanding import understand
from pipeline.understanding.zones.places import is_province, mend_phrases, mend_place
from tests.written_pages import Written, decision, write_page

TODAY = date(2026, 12, 1)


def headed(*issuer: Written, **parts: str) -> Findings:
    """A decision whose left block is ``issuer``, above its number."""
    rest = [line for line in decision(**parts) if not (line[0] == 420 and line[1] < 450)]
    return understand([write_page([*issuer, *rest])], today=TODAY)


def value_of(findings: Findings, key: str) -> object:
    found = findings.field(key)
    return found.value if found else None


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("UBND TỈNHNGHỆAN", "UBND TỈNH NGHỆ AN"),
        ("UBND HUYỆNUMINH", "UBND HUYỆN U MINH"),
        ("UBNDHUYỆNTHÁPMƯỜI", "UBND HUYỆN THÁP MƯỜI"),
    ],
)
def test_words_of_a_body_that_run_together_are_parted_by_the_register(line: str, body: str) -> None:
    assert value_of(headed((420, 300, line, 0.8), (420, 370, "SỞ Y TẾ")), "co_quan_chu_quan") == body


def test_ink_before_and_behind_a_body_is_none_of_it() -> None:
    lines: list[Written] = [(200, 300, "MAM", 0.1), (290, 300, "T3IV", 0.02), (420, 300, "UBND TỈNH QUẢNG TRỊ")]
    lines += [(420, 370, "SỞ NỘI VỤ"), (640, 370, "23ò", 0.05)]
    found = headed(*lines)
    assert value_of(found, "co_quan_chu_quan") == "UBND TỈNH QUẢNG TRỊ"
    assert value_of(found, "co_quan_ban_hanh") == "SỞ NỘI VỤ"


def test_a_comma_at_the_end_of_a_committee_does_not_bind_the_next_body_to_it() -> None:
    found = headed((420, 250, "ỦY BAN NHÂN DÂN"), (420, 310, "TỈNH HƯNG YÊN,"), (420, 370, "SỞ NỘI VỤ"))
    assert value_of(found, "co_quan_ban_hanh") == "SỞ NỘI VỤ"
    assert value_of(found, "co_quan_chu_quan") == "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"


def test_a_number_that_was_not_read_is_no_body() -> None:
    found = headed((420, 300, "UBND TỈNH NAM ĐỊNH"), (420, 370, "SỞ NỘI VỤ"), number="Số QĐ-SNV")
    assert value_of(found, "co_quan_ban_hanh") == "SỞ NỘI VỤ"
    assert value_of(found, "so_ky_hieu") is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("SỞ TÀI CHÍN", "SỞ TÀI CHÍNH"),
        ("BỘ YTẾ", "BỘ Y TẾ"),
        ("ỦY NHÂN DÂN TỈNH HÀ NAM", "ỦY BAN NHÂN DÂN TỈNH HÀ NAM"),
        ("ỦY BAN NHÂN DÂN LĨNH LAI CHÂU", "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU"),
        ("ỦY BAN NHÂN DÂN PHƯỜNG 7", "ỦY BAN NHÂN DÂN PHƯỜNG 7"),
        ("UBND TỈNH ĐẮK LẮK", "UBND TỈNH ĐẮK LẮK"),
    ],
)
def test_bodies_are_mended_by_a_letter_and_no_further(read: str, meant: str) -> None:
    assert mend_phrases(read, "issuers") == meant


@pytest.mark.parametrize(
    ("read", "meant"), [("Lãng Sơn", "Lãng Sơn"), ("Lang Son", "Lạng Sơn"), ("Hè Nội", "Hà Nội"), ("Bình Thuận", "Bình Thuận")]
)
def test_a_commune_is_not_pulled_to_the_province_whose_letters_it_has(read: str, meant: str) -> None:
    assert mend_place(read) == meant
    assert is_province("Lạng Sơn")
    assert not is_province("Lãng Sơn")


def test_a_ward_with_a_number_is_a_place() -> None:
    lines: list[Written] = [(420, 300, "ỦY BAN NHÂN DÂN"), (420, 370, "PHƯỜNG 4")]
    assert value_of(headed(*lines, date="Phường 4, ngày 07 tháng 03 năm 2024"), "dia_danh") == "Phường 4"


def test_a_title_read_as_one_word_is_one() -> None:
    found = headed((420, 300, "ỦY BAN NHÂN DÂN"), (420, 370, "TỈNH BẮC NINH"), number="Số: 12/ĐA-UBND", title="ĐEÁN")
    assert found.classification.code == "de_an"
    assert value_of(found, "trich_yeu") == "phê duyệt kế hoạch số hóa hồ sơ, giấy tờ trên địa bàn"


def test_the_subject_of_a_letter_is_told_though_its_second_letter_was_lost() -> None:
    lines: list[Written] = [
        (420, 300, "UBND TỈNH BẮC NINH"),
        (420, 370, "VĂN PHÒNG"),
        (420, 550, "V/ báo cáo kết quả"),
        (420, 600, "rà soát"),
    ]
    letter = [
        line
        for line in decision(number="Số: 71/VP-NC")
        if (line[1] not in (640, 710, 780, 1200) and line[0] != 420) or line[1] == 480
    ]
    found = understand([write_page([*lines, *letter, (900, 700, "Kính gửi: Sở Tư pháp")])], today=TODAY)
    assert value_of(found, "trich_yeu") == "báo cáo kết quả rà soát"
