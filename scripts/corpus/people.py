"""Invented people with personal ids of the right structure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scripts.corpus.chance import Chance, listed
from scripts.corpus.places import Address, Province, draw_address, draw_province

SURNAMES = listed(
    "Nguyễn|Nguyễn|Nguyễn|Nguyễn|Trần|Trần|Trần|Lê|Lê|Lê|Phạm|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|"
    "Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Lâm|Mai|Trịnh|Đào|Tạ|Hà|Chu|Vương|Lương|Quách|Nông|Triệu|"
    "Cao|Kiều|La|Thái|Tô|Từ|Ông|Giáp|Khổng|Lục|Vi|Sầm"
)
MALE_MIDDLES = listed(
    "Văn|Văn|Văn|Hữu|Đức|Công|Quang|Minh|Xuân|Quốc|Đình|Bá|Thế|Duy|Ngọc|Trọng|Mạnh|Tiến|Hoàng|Viết|Khắc|Phước|Trường|Anh"
)
FEMALE_MIDDLES = listed(
    "Thị|Thị|Thị|Ngọc|Thu|Thanh|Minh|Hồng|Bích|Kim|Mỹ|Phương|Thùy|Khánh|Quỳnh|Diệu|Tuyết|Lệ|Ánh|Mai|Thúy|Hải|Như|Cẩm"
)
MALE_GIVEN = listed(
    "Hùng|Dũng|Cường|Tuấn|Sơn|Hải|Long|Nam|Thắng|Quyết|Tiến|Đạt|Kiên|Trung|Hiếu|Nghĩa|Phúc|Lộc|"
    "Thọ|Khang|Bảo|Vinh|Quý|Toàn|Thịnh|Khôi|Huy|Hoàn|Luận|Thuận|Chiến|Bình|An|Thái|Duẩn|Khải|"
    "Nhượng|Lượng|Ước|Đỉnh|Xưởng|Quỹ|Mão|Tỵ|Dậu|Hợi|Ngọ|Thìn|Tĩnh|Khiêm|Chuyên|Nguyên|Khuê|Đệ|"
    "Thảng|Ruộng|Nhật|Hưởng|Vượng|Tường|Sỹ|Ký|Thụ|Chỉnh|Tạo|Đoan|Bảng|Biểu|Chương|Giới"
)
FEMALE_GIVEN = listed(
    "Hoa|Lan|Hương|Huệ|Mai|Thảo|Nhung|Phượng|Yến|Loan|Thủy|Hằng|Nga|Hạnh|Hiền|Dung|Duyên|Trang|"
    "Vân|Xuân|Thu|Hà|Quỳnh|Ngân|Thơm|Lụa|Mận|Đào|Nguyệt|Tuyết|Bưởi|Thoa|Liễu|Huyền|Diễm|Uyên|"
    "Khuyên|Quyên|Nhài|Sen|Cúc|Trúc|Tuyến|Ngát|Thắm|Ưng|Oanh|Lành|Hậu|Mến|Nụ|Gấm|Nhàn|Ánh|Chuyên|"
    "Tươi|Én|Chiêm|Hiên|Gái|Mơ|Bích|Ngoan|Tỉnh|Kiều|Đượm|Vững|Chúc|Thưởng"
)
FOLKS = listed("Kinh|Kinh|Kinh|Kinh|Kinh|Kinh|Kinh|Tày|Nùng|Thái|Mường|Hoa|Khmer|Dao|Mông|Gia Rai|Ê Đê|Ba Na|Sán Dìu|Cao Lan")
CARRIERS = ("032", "035", "037", "038", "070", "077", "081", "083", "086", "090", "091", "093", "096", "097", "098", "056")

TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist; ``name`` in title case, ``id12`` of the structure of a Vietnamese personal id."""

    name: str
    male: bool
    born: date
    id12: str
    folk: str
    origin: Address
    home: Address
    phone: str

    @property
    def sex(self) -> str:
        """Nam or Nữ."""
        return "Nam" if self.male else "Nữ"

    @property
    def style(self) -> str:
        """The form of address of a grown-up."""
        return "Ông" if self.male else "Bà"


def draw_name(chance: Chance, male: bool) -> str:
    """A full name of three or, now and then, four or two parts."""
    surname = chance.pick(SURNAMES)
    middle = chance.pick(MALE_MIDDLES if male else FEMALE_MIDDLES)
    given = chance.pick(MALE_GIVEN if male else FEMALE_GIVEN)
    if chance.odds(0.15):
        return f"{surname} {middle} {chance.pick(MALE_GIVEN if male else FEMALE_GIVEN)} {given}"
    return f"{surname} {given}" if chance.odds(0.04) else f"{surname} {middle} {given}"


def draw_id(chance: Chance, province: Province, male: bool, born: date) -> str:
    """A 12-digit id: 3 province, 1 century and sex, 2 birth year, 6 random (Nghị định 137/2015/NĐ-CP, article 13)."""
    century = (born.year - 1900) // 100 * 2 + (0 if male else 1)
    return f"{province.code}{century}{born.year % 100:02d}{chance.whole(100, 999_899):06d}"


def draw_tax_code(chance: Chance) -> str:
    """A ten-digit tax code whose last digit checks the others."""
    while True:
        digits = chance.digits(9)
        last = 10 - sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, digits, strict=True)) % 11
        if last < 10:
            return f"{digits}{last}"


def draw_person(chance: Chance, on: date, ages: tuple[int, int] = (19, 78), male: bool | None = None) -> Person:
    """A person whose age on the day ``on`` lies within ``ages``; addresses are of the form in force on that day."""
    is_male = chance.odds(0.5) if male is None else male
    born = chance.day(date(on.year - ages[1], 1, 1), date(on.year - ages[0] - 1, 12, 28))
    province = draw_province(chance)
    home = province if chance.odds(0.6) else draw_province(chance)
    return Person(
        draw_name(chance, is_male),
        is_male,
        born,
        draw_id(chance, province, is_male, born),
        chance.pick(FOLKS),
        draw_address(chance, province, on, house=False),
        draw_address(chance, home, on, house=True),
        chance.pick(CARRIERS) + chance.digits(7),
    )
