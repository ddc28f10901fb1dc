"""Provinces as they are and were, with invented districts, communes and streets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scripts.corpus.chance import Chance, listed

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

DISTRICTS = listed(
    "Yên Phú|Thuận Lương|Đức Hòa|Bình Sơn|Tân Kỳ|Ngọc Hiển|Phú Riềng|Lộc Ninh|Gia Viễn|Thọ Xuân|Krông Nô|"
    "Mường Tè|Ea Súp|Vĩnh Thuận|Châu Thành|Hòa Vang|Quế Võ|Tiên Lữ|Bắc Sơn|Văn Quan|Kỳ Sơn|Đông Triều|"
    "Chợ Mới|An Khê|Trảng Bàng|Bảo Lâm"
)
COMMUNES = listed(
    "Tân Lập|Hòa Bình|Phú Lâm|Đại Đồng|Thạch Khôi|Nghĩa Trụ|Quảng Yên|Long Hưng|Xuân Thủy|Khánh Thượng|"
    "Ea Rốk|Ia Grai|Mường Bú|Cốc Lếu|Đức Thắng|Vĩnh Ngọc|Hưng Thịnh|Trường Xuân|Bình Khê|Yên Nghĩa|"
    "Phước Thuận|Ngũ Hùng|Cẩm Vũ|Lương Bằng|Thượng Nông|Hữu Kiên|Diễn Kỷ|Nhuận Phú|Đắk Sôr|Tả Phời|"
    "Chiềng Khoang|Vàm Rầy|Rạch Chèo|Thới Tam|Kỳ Thượng|Đồng Kỵ|Suối Nghệ|Giồng Riềng|Cửa Nam|Quỳnh Hưng|"
    "Tịnh Ấn|Mỹ Hội|Ngãi Tứ|Sủng Máng|Nậm Xé|Lũng Vân|Đoài Dương|Thuỵ Lôi|Chuế Lưu"
)
STREETS = listed(
    "Lê Lợi|Trần Hưng Đạo|Nguyễn Huệ|Lý Thường Kiệt|Hai Bà Trưng|Phan Đình Phùng|Quang Trung|Hùng Vương|"
    "Ngô Quyền|Nguyễn Thị Minh Khai|Lý Thái Tổ|Điện Biên Phủ|Cách Mạng Tháng Tám|Võ Văn Kiệt|Tôn Đức Thắng|"
    "Huỳnh Thúc Kháng"
)
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
    """A place as printed, from house to province; parts that do not apply are empty."""

    house: str
    commune: str
    district: str
    province: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.house, self.commune, self.district, self.province) if part)

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
    """An invented address in ``province`` with the levels that stood on the day ``on``."""
    town = chance.odds(0.4)
    commune = (
        f"{'phường' if town else chance.pick(('xã', 'xã', 'xã', 'thị trấn')) if on < REFORM else 'xã'} {chance.pick(COMMUNES)}"
    )
    district = ""
    if on < REFORM:
        kinds = ("quận", "thành phố", "thị xã") if town and province.old in CITIES else ("thành phố", "thị xã")
        district = f"{chance.pick(kinds) if town else 'huyện'} {chance.pick(DISTRICTS)}"
    return Address(_draw_house(chance, town) if house else "", commune, district, province.titled(on))
