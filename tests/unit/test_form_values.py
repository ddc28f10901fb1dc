"""Values of forms that ran into a label, a courtesy or an office."""

from __future__ import annotations

import pytest

from pipeline.understanding.labels.requests import bare_request
from pipeline.understanding.values.interpretation import interpret
from tests.written_forms import field_of
from tests.written_pages import Written

CERTIFICATE = "giay_chung_nhan_quyen_su_dung_dat"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("giải quyết việc tranh chấp lối đi", "giải quyết việc tranh chấp lối đi"),
        ("xem xét, giải quyết cho tôi được đổi tên", "đổi tên"),
        ("quý cơ quan xem xét, giải quyết hỗ trợ tiền thuê nhà", "hỗ trợ tiền thuê nhà"),
    ],
)
def test_a_request_to_settle_a_matter_keeps_what_it_asks(text: str, asked: str) -> None:
    assert bare_request(text) == asked


def test_small_words_within_a_value_are_no_label() -> None:
    lines: list[Written] = [(300, 800, "c) Loại đất: Đất trồng cây lâu năm: "), (300, 880, "đ) Thời hạn sử dụng: Lâu dài;")]
    assert field_of(CERTIFICATE, "muc_dich_su_dung", lines).value == "Đất trồng cây lâu năm"


def test_a_speck_beside_a_label_does_not_hide_the_value_beneath() -> None:
    lines: list[Written] = [
        (300, 800, "Họ và tên:"),
        (660, 805, "z", 0.02),
        (300, 860, "DƯƠNG CẨM TRANG"),
        (300, 940, "Giới tính: Nữ"),
    ]
    assert field_of("phieu_ly_lich_tu_phap", "ho_ten", lines).value == "Dương Cẩm Trang"


@pytest.mark.parametrize("office", ["Phó Chủ Tịch", "KT. CHỦ TỊCH", "Giám đốc"])
def test_an_office_is_no_persons_name(office: str) -> None:
    assert interpret("name", office, "ho_ten") is None


def test_ong_before_one_name_in_capitals_is_a_family_name() -> None:
    meaning = interpret("name", "ÔNG DẬU", "ho_ten")
    assert meaning is not None
    assert meaning.value == "Ông Dậu"


def test_trades_part_though_the_sign_between_them_was_misread() -> None:
    meaning = interpret("text", "Sửa chữa xe máy: Bán buôn gạo. ngô; Bán lẻ, chi tiết: Vải", "nganh_nghe")
    assert meaning is not None
    assert meaning.value == "Sửa chữa xe máy; Bán buôn gạo, ngô; Bán lẻ, chi tiết: Vải"


def test_the_beginning_of_a_land_use_has_lost_its_end() -> None:
    whole, begun = (
        interpret("text", "Đất trồng cây lâu năm", "muc_dich_su_dung"),
        interpret("text", "Đất trồng", "muc_dich_su_dung"),
    )
    assert whole is not None
    assert begun is not None
    assert (whole.known, whole.maimed) == (True, False)
    assert begun.maimed
