"""Figures that were read as letters, and letters that stay what they are."""

from __future__ import annotations

import pytest

from pipeline.understanding.values.codes import parse_number
from pipeline.understanding.values.dates import find_dates, frames_date
from pipeline.understanding.values.interpretation import interpret


@pytest.mark.parametrize(
    ("kind", "key", "read", "meant"),
    [
        ("id12", "so_dinh_danh", "03ó18204ó512", "036182046512"),
        ("phone", "so_dien_thoai", "09ó81ó2244", "0968162244"),
        ("area", "dien_tich", "1.204.5 m²", "1.204,5 m²"),
        ("address", "dia_chi", "xóm I4, xã Vân Hồ, tỉnh Sơn La", "xóm 14, xã Vân Hồ, tỉnh Sơn La"),
        ("address", "dia_chi", "thôn l, xã Vân Hồ, tỉnh Sơn La", "thôn 1, xã Vân Hồ, tỉnh Sơn La"),
        ("text", "trich_yeu", "kế hoạch năm 202ó", "kế hoạch năm 2026"),
        ("text", "trich_yeu", "nâng cấp chợ xã la Pa", "nâng cấp chợ xã Ia Pa"),
        ("text", "thoi_han_su_dung", "20/1 1/2069", "20/11/2069"),
        ("text", "dan_toc", "BaNa", "Ba Na"),
        ("text", "dan_toc", "Khme", "Khmer"),
        ("code", "ma_ho_so", "H22. I I4-230801-0042", "H22.114-230801-0042"),
        ("code", "so_dang_ky", "4óB801ó223", "46B8016223"),
    ],
)
def test_a_letter_among_figures_is_the_figure_it_looks_like(kind: str, key: str, read: str, meant: str) -> None:
    meaning = interpret(kind, read, key)
    assert meaning is not None
    assert meaning.value == meant


@pytest.mark.parametrize("text", ["có 3 hộ nghèo", "ấp Long Hòa", "khu I, thị trấn Sa Pa", "xóm Đó"])
def test_words_beside_figures_stay_words(text: str) -> None:
    meaning = interpret("text", text)
    assert meaning is not None
    assert meaning.value == text


@pytest.mark.parametrize(
    ("read", "abbreviation", "meant"),
    [
        ("Số: 21/SNNMT-QLĐĐ", "", "21/SNNMT-QLĐĐ"),
        ("Số: 21/QĐĐ-UBND", "QĐ", "21/QĐ-UBND"),
        ("Luật số: 61/2027/QH16", "QH", "61/2027/QH16"),
        ("Luật số: 61/2024/QHI15", "QH", "61/2024/QH15"),
        ("Số: 12⁄GUQ-UBND", "GUQ", "12/GUQ-UBND"),
        ("Số: /4/GUQ-STP", "GUQ", "14/GUQ-STP"),
        ("Số: 31GPXD", "", "31/GPXD"),
        ("Số: 08/20247TT-BYT", "TT", "08/2024/TT-BYT"),
    ],
)
def test_numbers_keep_every_sign_of_their_symbol(read: str, abbreviation: str, meant: str) -> None:
    code = parse_number(read, abbreviation)
    assert code is not None
    assert code.value == meant


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Hà Nội. ngày 21 thúng 11 năm 2025", "2025-11-21"),
        ("Nam Định, ngày 24 tháng 6 năm 202ó", "2026-06-24"),
        ("Nam Định, ngày 15 tháng 3 năm 202.3", "2023-03-15"),
        ("Nam Định, ngày 16 tháng 4 năm: 2021", "2021-04-16"),
    ],
)
def test_a_day_is_read_though_its_words_are_not(line: str, day: str) -> None:
    assert [found.iso for found in find_dates(line)] == [day]


def test_a_line_is_a_dateline_though_its_day_is_not_read() -> None:
    assert frames_date("Hưng Yên, ngòy Ï tháng 7 năm 2024")
    assert frames_date("Ninh Thuận, ngày 22háne Š năm 2025")
    assert not frames_date("Hằng ngày đối chiếu dữ liệu của năm trước")
