"""Addresses of both divisions of the country, as papers print and engines read them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.findings import Field, FieldSpec, UnitScheme
from pipeline.understanding.units import address_units, parse_address, settle_units
from pipeline.understanding.units.agreement import body_and_place_agree, province_of_id
from pipeline.understanding.units.mending import mend_units


def names(text, on=None):
    units = address_units(text, on)
    return [unit.name for unit in units.units] if units else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tổ 5, phường Đông Ba, TP. Huế, tỉnh Thừa Thiên Huế",
            ["Tỉnh Thừa Thiên Huế", "Thành phố Huế", "Phường Đông Ba"],
        ),
        ("P. Bến Nghé, Q.1, TP.HCM", ["Thành phố Hồ Chí Minh", "Quận 1", "Phường Bến Nghé"]),
        ("P15, Q10, TP HCM", ["Thành phố Hồ Chí Minh", "Quận 10", "Phường 15"]),
        ("xã la Grăng - huyện la Grai - Gia Lai", ["Tỉnh Gia Lai", "Huyện Ia Grai", "Xã Ia Grăng"]),
        ("phường Quy Nhơn, tỉnh Gia Lai", ["Tỉnh Gia Lai", "Phường Quy Nhơn"]),
        ("Thị trấn Thứa, Lương Tài, Bắc Ninh", ["Tỉnh Bắc Ninh", "Huyện Lương Tài", "Thị trấn Thứa"]),
        ("xa Tan Lap, huyen Dan Phuong, thanh pho Ha Noi", ["Thành phố Hà Nội", "Huyện Đan Phượng", "Xã Tân Lập"]),
        ("huyện Quế Võ, tỉnh Bắc Ninh", ["Tỉnh Bắc Ninh", "Huyện Quế Võ"]),
        (
            "Tổ dân phố 4 phường Cải Đan thành phố Sông Công tỉnh Thái Nguyên",
            ["Tỉnh Thái Nguyên", "Thành phố Sông Công", "Phường Cải Đan"],
        ),
        ("xã Thuỷ Xuân Tiên, huyện Chương Mỹ, Hà Nội", ["Thành phố Hà Nội", "Huyện Chương Mỹ", "Xã Thủy Xuân Tiên"]),
        ("xã Ea H'leo, huyện Ea H'leo, Đắc Lắc", ["Tỉnh Đắk Lắk", "Huyện Ea H'leo", "Xã Ea H'leo"]),
        ("xã Mỹ Đức (nay là xã Ân Thi), huyện Ân Thi, tỉnh Hưng Yên", ["Tỉnh Hưng Yên", "Huyện Ân Thi"]),
        ("phường Thanh Bình, thành phố Biên Hòa, tỉnh Đồng Nai, Việt Nam", ["Tỉnh Đồng Nai", "Thành phố Biên Hòa"]),
        ("Quận 2, TP Hồ Chí Minh", ["Thành phố Hồ Chí Minh", "Quận 2"]),
        ("xã Thống Nhất, thàub phố Lào Cai, tỉnh Lào Cai", ["Tỉnh Lào Cai", "Thành phố Lào Cai", "Xã Thống Nhất"]),
    ],
)
def test_an_address_names_its_units_from_the_province_down(text, expected):
    assert names(text)[: len(expected)] == expected


def test_the_house_stays_as_printed():
    units = address_units("Số 12  đường Lê Lợi, KP. 3, phường Trảng Dài, TP. Biên Hòa, Đồng Nai")
    assert units.detail == "Số 12 đường Lê Lợi, KP. 3"


def test_an_address_without_district_is_of_the_new_division():
    units = address_units("xã Ia Grai, tỉnh Gia Lai")
    assert units.scheme is UnitScheme.SINCE_2025_07
    assert [unit.code for unit in units.today] == ["52", "23764"]
    assert units.basis == ""


def test_an_old_commune_is_told_with_its_successor_basis_and_day():
    units = address_units("xã Ia Grăng, huyện Ia Grai, tỉnh Gia Lai")
    assert units.scheme is UnitScheme.BEFORE_2025_07
    assert [unit.name for unit in units.today] == ["Tỉnh Gia Lai", "Xã Ia Grai"]
    assert units.basis == "Nghị quyết số 202/2025/QH15 ngày 12/06/2025; Nghị quyết số 1664/NQ-UBTVQH15 ngày 16/06/2025"
    assert units.since == "2025-07-01"


def test_a_commune_that_was_parted_has_several_successors_and_no_answer():
    units = address_units("Phường Cửa Nam, quận Hoàn Kiếm, Hà Nội")
    assert units.today == ()
    assert {unit.name for unit in units.successors} == {
        "Phường Ba Đình", "Phường Cửa Nam", "Phường Hoàn Kiếm", "Phường Văn Miếu - Quốc Tử Giám",
    }  # fmt: skip
    assert "chia về 4 đơn vị" in units.note


def test_an_island_district_without_communes_is_a_special_zone_today():
    units = address_units("huyện Côn Đảo, tỉnh Bà Rịa - Vũng Tàu")
    assert [unit.name for unit in units.today] == ["Thành phố Hồ Chí Minh", "Đặc khu Côn Đảo"]


def test_a_district_alone_has_no_commune_of_today_and_says_so():
    units = address_units("huyện Quế Võ, tỉnh Bắc Ninh")
    assert len(units.today) == 1
    assert "không còn cấp huyện" in units.note


def test_a_commune_that_ended_before_the_reform_says_that_its_successor_is_not_known():
    units = address_units("xã Thụy Phú, huyện Phú Xuyên, thành phố Hà Nội")
    assert [unit.name for unit in units.today] == ["Thành phố Hà Nội"]
    assert "sắp xếp trước 01/7/2025" in units.note


def test_what_was_raised_after_the_reform_bears_its_name_of_today():
    units = address_units("xã Nhơn Trạch, tỉnh Đồng Nai")
    assert [unit.name for unit in units.units] == ["Tỉnh Đồng Nai", "Xã Nhơn Trạch"]
    assert [unit.name for unit in units.today] == ["Thành phố Đồng Nai", "Phường Nhơn Trạch"]
    assert "237/NQ-UBTVQH16" in units.basis


def test_hue_was_a_city_of_a_province_until_2025():
    units = address_units("phường Đông Ba, thành phố Huế, tỉnh Thừa Thiên Huế")
    assert [unit.name for unit in units.today] == ["Thành phố Huế", "Phường Phú Xuân"]
    assert "175/2024/QH15" in units.basis


def test_the_day_of_the_paper_settles_what_a_name_without_district_means():
    text = "phường Hải Châu, thành phố Đà Nẵng"
    assert address_units(text, date(2026, 1, 5)).scheme is not UnitScheme.BEFORE_2025_07
    assert address_units("xã Hòa Sơn, thành phố Đà Nẵng", date(2024, 1, 5)).scheme is UnitScheme.BEFORE_2025_07


@pytest.mark.parametrize(
    "text",
    ["Sở Tư pháp", "Tịnh Ấn Tây Hạ", "Quán Lào Thượng", "Ban Quản lý các khu công nghiệp", "", ",", "12", "làm hồ sơ du học"],
)
def test_what_names_no_unit_has_none(text):
    assert address_units(text) is None


def test_between_equally_good_communes_none_is_guessed():
    parse = parse_address("Xã Sơn Ha, huyện Sơn Hà, tỉnh Quảng Ngãi")
    assert [match.entry.unit.name for match in parse.matches][:2] == ["Tỉnh Quảng Ngãi", "Huyện Sơn Hà"]
    assert names("xã Tân Thành, tỉnh Đồng Nai") == ["Tỉnh Đồng Nai"]


def test_a_commune_that_the_district_lacks_is_left_out():
    units = address_units("xã Hưng Thịnh, huyện Tân Kỳ, tỉnh Nghệ An")
    assert [unit.name for unit in units.units] == ["Tỉnh Nghệ An", "Huyện Tân Kỳ"]
    assert "Không xác định được xã, phường" in units.note


def test_another_real_name_is_no_misreading():
    assert names("xã Quảng Thái, TP Thanh Hóa, Thanh Hóa") == ["Tỉnh Thanh Hóa", "Thành phố Thanh Hóa"]


def settled(value, key="noi_cu_tru", kind="address", confidence=0.95):
    field = Field(key, value, value, confidence)
    return settle_units((field,), {key: FieldSpec(key, kind, True)})[0]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("thôn 3, xã Hiệp Thành, thành phố Ngã Bảy, tỉnh Hậu", "thôn 3, xã Hiệp Thành, thành phố Ngã Bảy, tỉnh Hậu Giang"),
        ("xã la Grăng, huyện la Grai, tỉnh Gia Lai", "xã Ia Grăng, huyện Ia Grai, tỉnh Gia Lai"),
        ("XÃ CỦ CHỈ, THÀNH PHỐ HỒ CHÍ MINH", "XÃ CỦ CHI, THÀNH PHỐ HỒ CHÍ MINH"),
        ("phường Thuỷ Xuân, TP Hue", "phường Thuỷ Xuân, TP Huế"),
    ],
)
def test_a_name_that_can_be_but_one_is_spelt_so_and_the_print_is_kept(printed, meant):
    field = settled(printed)
    assert field.value == meant
    assert field.text == printed
    assert field.confidence <= 0.9


@pytest.mark.parametrize(
    "printed",
    [
        "thôn Hoà Bình, xã Hoà Sơn, huyện Hoà Vang, thành phố Đà Nẵng",
        "xã Quảng Thái, TP Thanh Hóa, Thanh Hóa",
        "buôn Đung, xã Ea Súp, huyện Ea Súp, tỉnh Đăk Lăk",
        "phường 5, thành phố Qui Nhơn, tỉnh Bình Định",
        "xã Hưng Thịnh, huyện Tân Kỳ, tỉnh Nghệ An",
    ],
)
def test_a_spelling_that_papers_may_use_is_left_alone(printed):
    field = settled(printed)
    assert field.value == printed
    assert field.confidence == 0.95


@pytest.mark.parametrize(
    ("key", "kind", "printed"),
    [
        ("noi_cu_tru", "address", "tổ dân phố Cây Xoài"),
        ("noi_cu_tru", "address", "khu phố Giữa, xã Phúc Than"),
        ("noi_dang_ky", "text", "Ủy ban nhân dân phường An Hội, thành phố Bến Tre"),
    ],
)
def test_an_address_without_a_province_may_be_cut_off(key, kind, printed):
    field = settled(printed, key, kind)
    assert (field.value, field.confidence) == (printed, 0.6)


@pytest.mark.parametrize(("key", "printed"), [("dia_danh", "Ia Grai"), ("noi_sinh", "Bệnh viện Từ Dũ"), ("dia_danh", "Huế")])
def test_a_place_that_needs_no_province_is_left_alone(key, printed):
    assert settled(printed, key, "text").confidence == 0.95


def test_what_is_spelt_right_names_the_units_of_what_it_is_then():
    """As printed, the town's name alone would have led to a ward of today in another province."""
    field = settled("Phường Nhà Bàng, Thị xa Tịnh Biên, Tỉnh An Giang")
    assert field.value == "Phường Nhà Bàng, Thị xã Tịnh Biên, Tỉnh An Giang"
    assert field.units is not None
    assert [unit.code for unit in field.units.units] == ["89", "890", "30502"]


def test_a_maimed_district_is_suggested_only():
    field = settled("buôn Vạn Thọ, xã Trấn Ninh, huyện Vàn Quap, tỉnh Lạng Sơn")
    assert field.value == field.text
    assert field.confidence <= 0.6
    assert [(one.source, one.value) for one in field.suggestions] == [
        ("units", "buôn Vạn Thọ, xã Trấn Ninh, huyện Văn Quan, tỉnh Lạng Sơn")
    ]


def test_a_body_names_its_unit_and_keeps_its_name():
    field = settled("Ủy ban nhân dân xã Củ Chỉ, thành phố Hồ Chí Minh", "noi_dang_ky", "text")
    assert field.value == "Ủy ban nhân dân xã Củ Chi, thành phố Hồ Chí Minh"
    assert settled("SỞ XÂY DỰNG", "co_quan_ban_hanh", "text").units is None


@pytest.mark.parametrize(
    ("body", "superior", "place"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH GIA LAI", "", "Pleiku"),
        ("ỦY BAN NHÂN DÂN XÃ CỦ CHI", "UBND THÀNH PHỐ HỒ CHÍ MINH", "Củ Chi"),
        ("SỞ TƯ PHÁP", "UBND TỈNH BẮC NINH", "Bắc Ninh"),
        ("UBND QUẬN 1", "UBND THÀNH PHỐ HỒ CHÍ MINH", "TP. Hồ Chí Minh"),
        ("BỘ TƯ PHÁP", "", "Hà Nội"),
        ("ỦY BAN NHÂN DÂN TỈNH GIA LAI", "", "Ia Grxx"),
    ],
)
def test_a_body_issues_within_its_own_area(body, superior, place):
    assert body_and_place_agree(body, place, superior) is None


def test_a_place_in_another_province_disagrees_with_the_body():
    reason = body_and_place_agree("SỞ TƯ PHÁP", "Cà Mau", "UBND TỈNH BẮC NINH")
    assert reason == "Địa danh “Cà Mau” không thuộc địa bàn của cơ quan ban hành (Tỉnh Bắc Ninh)."


def test_a_personal_id_tells_the_province_of_before_and_of_today():
    before, today = province_of_id("060203001234")
    assert (before.name, today.name) == ("Tỉnh Bình Thuận", "Tỉnh Lâm Đồng")
    assert province_of_id("003203001234") is None
    assert province_of_id("") is None


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        (
            "xã Trấn Ninh, huyện Quan, tỉnh Lạng Sơn",
            "xã Trấn Ninh, huyện Văn Quan, tỉnh Lạng Sơn",
        ),
        (
            "buôn 2, ã Tân Hưng, buyện Cái Bè, tỉnh Tiền Giang",
            "buôn 2, xã Tân Hưng, huyện Cái Bè, tỉnh Tiền Giang",
        ),
        ("xã La Ngâu. H. Tánh Linh. Bình Thuận", "xã La Ngâu, H. Tánh Linh, Bình Thuận"),
        ("số 1 đường Lý Thái Tố, xã Hưng Điền, tỉnh Tây Ninh", "số 1 đường Lý Thái Tổ, xã Hưng Điền, tỉnh Tây Ninh"),
    ],
)
def test_a_misread_kind_a_lost_word_or_a_street_is_spelt_right(printed, meant):
    assert settled(printed).value == meant


@pytest.mark.parametrize(
    "printed",
    [
        "P 15, Q 10, TP HCM",
        "X. Tân Hưng, H. Cái Bè, T. Tiền Giang",
        "số 1 đường Lý Nam Kha, xã Hưng Điền, tỉnh Tây Ninh",
        "số 2 phố Trần Phú, phường Hà Đông, thành phố Hà Nội",
    ],
)
def test_abbreviations_and_unknown_streets_stay(printed):
    assert settled(printed).value == printed


@pytest.mark.parametrize(
    ("slipped", "mended"),
    [
        ("Xã Côn Lôn, Hùyện Na Hang, Tỉnh Tuyên Quang", "Xã Côn Lôn, Huyện Na Hang, Tỉnh Tuyên Quang"),
        ("Phường 4, Quận 4, Thanh phố Hồ Chí Minh", "Phường 4, Quận 4, Thành phố Hồ Chí Minh"),
        ("Xã Thái Thọ, Huyẻn Thái Thụy, Tỉnh Thái Bình", "Xã Thái Thọ, Huyện Thái Thụy, Tỉnh Thái Bình"),
        ("Xã Quỳnh Lưu, Huyện Nho Quan, Tình Ninh Bình", "Xã Quỳnh Lưu, Huyện Nho Quan, Tỉnh Ninh Bình"),
    ],
)
def test_a_kind_with_a_wrong_mark_is_that_kind_and_no_name(slipped, mended):
    assert mend_units(parse_address(slipped)).text == mended


@pytest.mark.parametrize(
    "text", ["Xã Tịnh Hà, Huyện Sơn Tịnh, Tỉnh Quảng Ngãi", "Thị trấn Quán Lào, Huyện Yên Định, Tỉnh Thanh Hóa"]
)
def test_a_name_that_begins_like_a_kind_stays_a_name(text):
    assert mend_units(parse_address(text)) is None
