"""Units named behind their kind, whatever stands above them."""

from __future__ import annotations

import pytest

from pipeline.understanding.units.lone_names import (
    ends_with_province,
    is_registered,
    mend_lone_unit,
    names_registered_units,
)
from pipeline.understanding.zones.places import mend_address, mend_seat


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("phường Hưng Thinh", "phường Hưng Thịnh"),
        ("xã Đai Đồng", "xã Đại Đồng"),
        ("phường Quảng Yên ên", "phường Quảng Yên"),
        ("tỉnh Vĩnh Long 4 2222722", "tỉnh Vĩnh Long"),
        ("tỉnh Tuyên Qu", "tỉnh Tuyên Quang"),
        ("TỈNH VINH LONG", "TỈNH VĨNH LONG"),
    ],
)
def test_what_engines_lose_of_a_name_is_given_back(read: str, meant: str) -> None:
    assert mend_lone_unit(read) == meant


@pytest.mark.parametrize(
    "printed",
    [
        "phường Tịnh Ấn",  # more marks than xã Tịnh An: another name
        "xã Đăk Nông",
        "phường 5",
        "tỉnh Quảng N",
        "xã ven biển",
        "huyện Chưa Từng Có",
        "số 12 phố Huế",
        "phường Quảng Yên mới",
    ],
)
def test_what_may_be_another_name_is_left(printed: str) -> None:
    assert mend_lone_unit(printed) == printed


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("số 5 đường Hùng Vương, phường Hưng Thịnh, tỉnh Lai Châu", True),
        ("phường Hưng Thinh, tỉnh Lai Châu", False),
        ("P. Thới Thuận, Q. Thốt Nốt, TP. Cần Thơ", True),
        ("phường 5, quận 10, TP.HCM", True),
        ("xóm Mới", True),
        ("xã Cư Êwi, huyện Cư Kuin, tỉnh Đăk Lăk", True),
    ],
)
def test_units_are_looked_up_as_they_are_spelt(address: str, whole: bool) -> None:
    assert names_registered_units(address) is whole


def test_a_place_alone_is_looked_up_with_or_without_its_kind() -> None:
    assert is_registered("Đắk R'Măng")
    assert is_registered("huyện Văn Quan")
    assert not is_registered("Đồng Ky")


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Ủy ban nhân dân phường An Hội, thành phố Bến Tre, tỉnh Bến Tre", True),
        ("Ủy ban nhân dân phường An Hội, thành phố Bến Tre", False),
        ("xã Phúc Than, Lai Châu", True),
        ("quận Ninh Kiều, thành phố Cần Thơ", True),
        ("khu phố Giữa, xã Phúc Than", False),
        ("Bệnh viện Bạch Mai", True),
    ],
)
def test_an_address_ends_with_its_province(text: str, ended: bool) -> None:
    assert ends_with_province(text) is ended


def test_a_city_behind_a_ward_keeps_the_word_that_makes_it_one() -> None:
    printed = "số 96 đường Phan Đình Phùng, phường Thanh Trường, phố Điện Biên Phủ, tỉnh Điện Biên"
    assert mend_address(printed) == printed.replace(", phố", ", thành phố")
    assert mend_address("số 9 phố Điện Biên Phủ, tỉnh Điện Biên") == "số 9 phố Điện Biên Phủ, tỉnh Điện Biên"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ban nhân dân xã Ba Tri, tỉnh Vĩnh Long", "Ủy ban nhân dân xã Ba Tri, tỉnh Vĩnh Long"),
        ("y ban nhân dân xã Ba Tri, tỉnh Vĩnh Long", "Ủy ban nhân dân xã Ba Tri, tỉnh Vĩnh Long"),
        ("BAN NHÂN DÂN XÃ BA TRI", "ỦY BAN NHÂN DÂN XÃ BA TRI"),
        ("Bệnh viện Phụ sản tỉnh Tuyên Qu", "Bệnh viện Phụ sản tỉnh Tuyên Quang"),
    ],
)
def test_a_seat_keeps_the_first_word_of_its_body_and_the_last_of_its_place(read: str, meant: str) -> None:
    assert mend_seat(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("phườngHải Cảng, tỉnh Bình Định", "phường Hải Cảng, tỉnh Bình Định"),
        ("xã xã Lâm Thao, tỉnh Bắc Ninh", "xã Lâm Thao, tỉnh Bắc Ninh"),
        ("thôn ó, xã Cao Minh, tỉnh Vĩnh Phúc", "thôn 6, xã Cao Minh, tỉnh Vĩnh Phúc"),
        ("xóm Ó, xã Cao Minh, tỉnh Vĩnh Phúc", "xóm Ó, xã Cao Minh, tỉnh Vĩnh Phúc"),
    ],
)
def test_kinds_stand_once_and_apart_before_names_and_numbers(read: str, meant: str) -> None:
    assert mend_address(read) == meant
