"""Provinces, districts and communes as they are and were, with invented houses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from zlib import crc32

from pipeline.understanding.units.gazetteer import Entry, heads, region
from scripts.corpus.chance import Chance, Split, listed

#: From this day on there are 34 provinces and no districts.
REFORM = date(2025, 7, 1)
CITIES = {"Hà Nội", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ", "Huế"}

#: Code of the personal id · province of before July 2025 · province since.
PROVINCE_TABLE = """
001 Hà Nội|Hà Nội;002 Hà Giang|Tuyên Quang;004 Cao Bằng|Cao Bằng;006 Bắc Kạn|Thái Nguyên;008 Tuyên Quang|Tuyên Quang;
010 Lào Cai|Lào Cai;011 Điện Biên|Điện Biên;012 Lai Châu|Lai Châu;014 Sơn La|Sơn La;015 Yên Bái|Lào Cai;
017 Hòa Bình|Phú Thọ;019 Thái Nguyên|Thái Nguyên;020 Lạng Sơn|Lạng Sơn;022 Quảng Ninh|Quảng Ninh;024 Bắc Giang|Bắc Ninh;
025 Phú Thọ|Phú Thọ;026 Vĩnh Phúc|Phú Thọ;027 Bắc Ninh|Bắc Ninh;030 Hải Dương|Hải Phòng;031 Hải Phòng|Hải Phòng;
033 Hưng Yên|Hưng Yên;034 Thái Bình|Hưng Yên;035 Hà Nam|Ninh Bình;036 Nam Định|Ninh Bình;037 Ninh Bình|Ninh Bình;
038 Thanh Hóa|Thanh Hóa;040 Nghệ An|Nghệ An;042 Hà Tĩnh|Hà Tĩnh;044 Quảng Bình|Quảng Trị;045 Quảng Trị|Quảng Trị;
046 Thừa Thiên Huế|Huế;048 Đà Nẵng|Đà Nẵng;049 Quảng Nam|Đà Nẵng;051 Quảng Ngãi|Quảng Ngãi;052 Bình Định|Gia Lai;
054 Phú Yên|Đắk Lắk;056 Khánh Hòa|Khánh Hòa;058 Ninh Thuận|Khánh Hòa;060 Bình Thuận|Lâm Đồng;062 Kon Tum|Quảng Ngãi;
064 Gia Lai|Gia Lai;066 Đắk Lắk|Đắk Lắk;067 Đắk Nông|Lâm Đồng;068 Lâm Đồng|Lâm Đồng;070 Bình Phước|Đồng Nai;
072 Tây Ninh|Tây Ninh;074 Bình Dương|Hồ Chí Minh;075 Đồng Nai|Đồng Nai;077 Bà Rịa - Vũng Tàu|Hồ Chí Minh;
079 Hồ Chí Minh|Hồ Chí Minh;080 Long An|Tây Ninh;082 Tiền Giang|Đồng Tháp;083 Bến Tre|Vĩnh Long;084 Trà Vinh|Vĩnh Long;
086 Vĩnh Long|Vĩnh Long;087 Đồng Tháp|Đồng Tháp;089 An Giang|An Giang;091 Kiên Giang|An Giang;092 Cần Thơ|Cần Thơ;
093 Hậu Giang|Cần Thơ;094 Sóc Trăng|Cần Thơ;095 Bạc Liêu|Cà Mau;096 Cà Mau|Cà Mau
"""

STREETS = listed(
    "Lê Lợi|Trần Hưng Đạo|Nguyễn Huệ|Lý Thường Kiệt|Hai Bà Trưng|Phan Đình Phùng|Quang Trung|Hùng Vương|"
    "Ngô Quyền|Nguyễn Thị Minh Khai|Lý Thái Tổ|Điện Biên Phủ|Cách Mạng Tháng Tám|Võ Văn Kiệt|Tôn Đức Thắng|"
    "Huỳnh Thúc Kháng"
)
#: Kinds of units and how they are abbreviated.
_SHORT = {
    "thành phố": "TP. ", "thị trấn": "TT. ", "thị xã": "TX. ", "phường": "P. ", "huyện": "H. ", "quận": "Q. ", "tỉnh": "",
    "xã": "xã ",
}  # fmt: skip
#: Districts that Huế had only after it was a city of its own, and one that had ended by then.
_NEW_IN_HUE = frozenset({"474", "475", "476", "483"})
HAMLETS = ("thôn", "xóm", "ấp", "bản", "khu phố", "tổ dân phố", "buôn", "khóm")
HAMLET_NAMES = listed(
    "Đông|Đoài|Trung Thành|Thượng|Hạ|Bến Đò|Nà Phặc|Cây Xoài|Bầu Rục|Đồng Giếng|Phú Quý|Vạn Thọ|Giữa|Làng Mới"
)


@dataclass(frozen=True, slots=True)
class Province:
    """A province: its code in personal ids and its names before and since July 2025."""

    code: str
    old: str
    new: str

    def titled(self, on: date) -> str:
        """Kind and name on a day: ``tỉnh Bắc Ninh``, ``thành phố Hà Nội``."""
        name = self.name(on)
        return f"thành phố {name}" if name in CITIES else f"tỉnh {name}"

    def name(self, on: date) -> str:
        """The name on a day."""
        return self.new if on >= REFORM else self.old


@dataclass(frozen=True, slots=True)
class Address:
    """A place as printed, from house to province; parts that do not apply are empty.

    ``parted`` stands between the parts; where ``brief``, kinds are abbreviated: P. Đông Ba, TP. Huế.
    """

    house: str
    commune: str
    district: str
    province: str
    parted: str = ", "
    brief: bool = False

    def __str__(self) -> str:
        units = (self.commune, self.district, self.province)
        return self.parted.join(part for part in (self.house, *(map(_shorten, units) if self.brief else units)) if part)

    @property
    def place(self) -> str:
        """The commune as the line of place and date names it: without its kind, but for Phường 5."""
        kind, name = _split_kind(self.commune)
        return f"{kind.capitalize()} {name}" if name.isdigit() else name

    @property
    def area(self) -> Address:
        """The same place without the house."""
        return Address("", self.commune, self.district, self.province)


def _read_table() -> tuple[Province, ...]:
    rows = (row.strip() for row in PROVINCE_TABLE.replace("\n", "").split(";"))
    return tuple(Province(row[:3], row[4:].split("|")[0], row.split("|")[1]) for row in rows)


PROVINCES = _read_table()


def draw_province(chance: Chance) -> Province:
    """One of the 63 provinces of the personal id."""
    return chance.pick(PROVINCES)


def _draw_house(chance: Chance, town: bool) -> str:
    if town and chance.odds(0.55):
        return f"số {chance.whole(1, 420)} đường {chance.pick(STREETS)}"
    if chance.odds(0.5):
        return f"{chance.pick(('tổ', 'khu phố') if town else ('thôn', 'ấp', 'xóm', 'đội'))} {chance.whole(1, 16)}"
    return f"{chance.pick(HAMLETS)} {chance.pick(HAMLET_NAMES)}"


def draw_address(chance: Chance, province: Province, on: date, *, house: bool) -> Address:
    """A commune of ``province`` with what it lay in on the day ``on``, and an invented house; each split has its own."""
    town = chance.odds(0.4)
    choice = _communes(province.code, on >= REFORM, chance.split)
    commune, district = chance.pick([one for one in choice if (one[0].kind == "phuong") is town] or choice)
    in_town = commune.kind == "phuong"
    parted = chance.pick((" - ", ",  ")) if house and chance.odds(0.06) else ", "
    return Address(
        _draw_house(chance, in_town) if house else "",
        _printed(commune),
        _printed(district) if district else "",
        province.titled(on),
        parted.replace("  ", " "),
        brief=house and chance.odds(0.06),
    )


@cache
def _communes(code: str, since: bool, split: Split) -> tuple[tuple[Entry, Entry | None], ...]:
    """The communes that ``split`` draws from in the province of the id code ``code``, with their districts.

    A name belongs to one split wherever it stands. Of Huế only districts that were there when it was a province.
    """
    old = code[1:]
    home = region(heads().merged[old])
    if since:
        return tuple((one, None) for one in home.communes.values() if one.kind != "dac khu" and _belongs(one, split))
    districts = [one for one in heads().by_province[old] if not one.former and one.unit.code not in _NEW_IN_HUE]
    return tuple(
        (one, district)
        for district in districts
        for one in home.of_district(district.unit.code)
        if not one.former and one.kind != "huyen" and _belongs(one, split)
    )


def _belongs(commune: Entry, split: Split) -> bool:
    return (crc32(commune.key.encode()) % 2 == 0) is (split == "tune")


def _printed(entry: Entry) -> str:
    kind, name = _split_kind(entry.unit.name)
    return f"{kind} {name}"


def _split_kind(unit: str) -> tuple[str, str]:
    """Kind, in small letters, and name of a unit: ``("thị trấn", "Thứa")``."""
    for kind in _SHORT:
        if unit.lower().startswith(f"{kind} "):
            return kind, unit[len(kind) + 1 :]
    return "", unit


def _shorten(unit: str) -> str:
    kind, name = _split_kind(unit)
    return f"{_SHORT[kind]}{name}" if kind else unit
