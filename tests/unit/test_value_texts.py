"""Texts as values: slips that no paper can have meant, and phrases that are always said so."""

from __future__ import annotations

import pytest

from pipeline.understanding.values.interpretation import interpret
from pipeline.understanding.values.symbols import fits_symbol, is_short_for


@pytest.mark.parametrize(
    ("key", "read", "meant", "known"),
    [
        ("tinh_trang_hon_nhan", "Đạng có chồng", "Đang có chồng", True),
        ("tinh_trang_hon_nhan", "chưa đăng ký kêt hôn với ai", "chưa đăng ký kết hôn với ai", True),
        (
            "tinh_trang_hon_nhan",
            "Đã ly hôn, hiện chưa đăng ký kết hôn với ai",
            "Đã ly hôn, hiện chưa đăng ký kết hôn với ai",
            True,
        ),
        ("tinh_trang_hon_nhan", "Đã ly hôn theo Bản án số 12/2020", "Đã ly hôn theo Bản án số 12/2020", None),
        ("tinh_trang_an_tich", "Không có án tich", "Không có án tích", True),
        ("muc_dich_su_dung", "Đất ở tai nông thôn", "Đất ở tại nông thôn", True),
        ("thoi_han_su_dung", "Đến ngày 15/04/2076", "Đến ngày 15/04/2076", True),
        ("thoi_han_su_dung", "Lâu dài", "Lâu dài", True),
        ("ten_ho_kinh_doanh", "HÔ KINH DOANH HÀ ÁNH KIỀU", "HỘ KINH DOANH HÀ ÁNH KIỀU", None),
        ("ten_ho_kinh_doanh", "Tiệm tạp hóa Kiều", "Tiệm tạp hóa Kiều", None),
        ("ten_thu_tuc", "t: Đăng ký lại kết hôn", "Đăng ký lại kết hôn", None),
        ("noi_dung_de_nghi", "chuyển 120 m đất vườn sang đất ở", "chuyển 120 m² đất vườn sang đất ở", None),
        ("noi_dung_de_nghi", "sửa 120 m đường", "sửa 120 m đường", None),
        ("dan_toc", "Ê", "Ê Đê", True),
        ("dan_toc", "Ki", "Kinh", True),
        ("dan_toc", "K", "K", False),
    ],
)
def test_what_is_always_said_so_is_spelt_so(key: str, read: str, meant: str, known: bool | None) -> None:
    found = interpret("text", read, key)
    assert found is not None
    assert (found.value, found.known, found.mended) == (meant, known, read != meant)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("phường Bình Tân, t hị xã La Gi, tỉnh Bình Thuận", "phường Bình Tân, thị xã La Gi, tỉnh Bình Thuận"),
        ("phườ ng Bình Tân, thị xã La Gi, tỉnh Bình Thuận", "phường Bình Tân, thị xã La Gi, tỉnh Bình Thuận"),
        ("lô c hai, phường Bình Tân, thị xã La Gi", "lô c hai, phường Bình Tân, thị xã La Gi"),
        ("số 5 b đường Hòa Bình, tỉnh Bình Thuận", "số 5 b đường Hòa Bình, tỉnh Bình Thuận"),
        ("thửa đất số 631. tờ bản đồ số 65, tỉnh Vĩnh Long", "thửa đất số 631, tờ bản đồ số 65, tỉnh Vĩnh Long"),
        ("xã Hòa Trạch: huyện Bố Trạch, tỉnh Quảng Bình", "xã Hòa Trạch, huyện Bố Trạch, tỉnh Quảng Bình"),
    ],
)
def test_syllables_read_in_two_are_one_and_signs_between_the_levels_of_an_address_are_commas(read: str, meant: str) -> None:
    found = interpret("address", read)
    assert found is not None
    assert found.value == meant


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("Bà Ông Phương Xuân", "Ông Phương Xuân"),
        ("Ông Phương Xuân", "Ông Phương Xuân"),
        ("Ông/Bà: Trần Văn An", "Trần Văn An"),
        ("Ông Mai Nhài", "Mai Nhài"),
    ],
)
def test_ong_is_a_family_name_where_it_can_be_no_form_of_address(read: str, name: str) -> None:
    found = interpret("name", read)
    assert found is not None
    assert found.value == name


@pytest.mark.parametrize(
    ("code", "abbreviation", "issuer", "fits"),
    [
        ("21/ĐA-SVHTTDL", "ĐA", "UBND TỈNH LÀO CAI SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", True),
        ("12/2024/QĐ-UBND", "QĐ", "ỦY BAN NHÂN DÂN TỈNH CÀ MAU", True),
        ("17/HĐ-BQL", "HĐ", "BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP", True),
        ("237/UBND-TPHT", "", "ỦY BAN NHÂN DÂN XÃ ĐÔNG SƠN", True),
        ("80/2022/QH15", "Luật", "QUỐC HỘI", True),
        ("12/QD-UBND", "QĐ", "ỦY BAN NHÂN DÂN TỈNH CÀ MAU", False),
        ("12/TB-SXĐ", "TB", "SỞ TƯ PHÁP", False),
        ("12", "QĐ", "", False),
    ],
)
def test_a_symbol_is_held_against_type_and_issuer(code: str, abbreviation: str, issuer: str, fits: bool) -> None:
    assert fits_symbol(code, abbreviation, issuer) is fits


def test_a_symbol_leaves_out_no_word_of_a_name() -> None:
    assert is_short_for("SGDĐT", "Sở Giáo dục và Đào tạo")
    assert not is_short_for("SGĐT", "Sở Giáo dục và Đào tạo")
    assert not is_short_for("S", "Sở Y tế")
