"""Personal ids against birth date, sex, province and the paper's day; what holds between people of one paper.

The id (số định danh cá nhân): three digits of the province of registration by the 63 of before July 2025, one of century and
sex, two of the birth year, six without meaning; no check digit (Nghị định 137/2015/NĐ-CP, article 13).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.domain.findings import Suggestion, UnitLevel
from pipeline.understanding.checks.papers import HINTED, Paper, Rule, Values, differ, parse_day
from pipeline.understanding.checks.tables import limits
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import provinces
from pipeline.understanding.units.agreement import province_of_id

_ID_LENGTH = 12
_OLDEST = 115
#: Cards end on the birthday on which their holder reaches one of these ages (Luật Căn cước 2023, article 21).
_CARD_AGES = (14, 25, 40, 60)
#: Before this day nobody had an id of twelve digits (Thông tư 27/2012/TT-BCA); papers that bear it from their first day on.
_FIRST_IDS = date(2012, 7, 1)
_BORN_WITH_IDS = frozenset({"giay_xac_nhan_hon_nhan", "phieu_ly_lich_tu_phap", "giay_tiep_nhan_ho_so"})
#: From here on children get their id from the office that registers their birth.
_IDS_AT_BIRTH = date(2016, 1, 1)
#: From here on a man may marry at 20 and a woman at 18 years full; before, in the 20th and 18th year.
_FULL_YEARS = date(2015, 1, 1)


@dataclass(frozen=True, slots=True)
class Role:
    """The keys of one person's id, birth date, name and sex; ``sex`` is what the role itself says, where it does."""

    number: str
    birth: str
    name: str
    sex_key: str = ""
    sex: str = ""
    marries_at: int = 0


#: Those of whose id, birth date and name papers speak.
ROLES = (
    Role("so_dinh_danh", "ngay_sinh", "ho_ten", sex_key="gioi_tinh"),
    Role("so_dinh_danh_vo", "ngay_sinh_vo", "ho_ten_vo", sex="Nữ", marries_at=18),
    Role("so_dinh_danh_chong", "ngay_sinh_chong", "ho_ten_chong", sex="Nam", marries_at=20),
)


def check_people(paper: Paper) -> Iterator[Rule]:
    """What holds for every person of ``paper``, and between them."""
    for role in ROLES:
        if paper.has(role.number):
            yield from _id_rules(paper, role)
        yield from _birth_rules(paper, role)
    yield from _between_people()
    if paper.code == "giay_khai_sinh":
        yield from _registration_rule(paper)


def birth_year(number: str) -> int:
    """The year of birth that an id tells."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def _id_rules(paper: Paper, role: Role) -> Iterator[Rule]:
    key = role.number
    yield Rule("id_structure", (key,), lambda got: is_personal_id(got[key], paper.today), "số định danh đúng cấu trúc")
    yield Rule("id_foreign", (key,), lambda got: not _is_foreign(got[key]), "mã tỉnh là của một tỉnh trong nước", HINTED)
    if not _is_id(paper.value(key)):
        return
    yield Rule("id_disagrees_birth", (key, role.birth), lambda got: _fits_birth(got, key, role.birth), "năm sinh khớp")
    if not paper.has(role.birth):
        yield from _age_rule(paper, key)
    yield from _sex_rules(paper, role)
    if paper.code in _BORN_WITH_IDS:
        day = paper.day_key
        yield Rule("date_before_ids", (day, key), lambda got: _after(got[day], _FIRST_IDS), "ngày cấp hợp lý với số định danh")


def _age_rule(paper: Paper, key: str) -> Iterator[Rule]:
    day = paper.day_key
    if day:
        agrees = "tuổi vào ngày ghi trên giấy hợp lý"
        yield Rule("id_disagrees_date", (key, day), lambda got: _is_alive(got[key], got[day]), agrees)
    if paper.has("ngay_het_han"):
        agrees = "ngày hết hạn khớp năm sinh trong số định danh"
        yield Rule("expiry_disagrees_birth", ("ngay_het_han", key), lambda got: _fits_expiry(got, key), agrees)


def _sex_rules(paper: Paper, role: Role) -> Iterator[Rule]:
    key, agrees = role.number, "giới tính khớp"
    if role.sex_key and paper.value(role.sex_key) in ("Nam", "Nữ"):
        sex = role.sex_key
        other = Suggestion("Nữ" if paper.value(sex) == "Nam" else "Nam", "check", "Số định danh cho biết giới tính này.")
        keys, others = (key, sex), ((sex, other),)
        yield Rule("id_disagrees_sex", keys, lambda got: _fits_sex(got[key], got[sex]), agrees, others=others)
    elif role.sex:
        yield Rule("id_disagrees_sex", (key,), lambda got: _fits_sex(got[key], role.sex), agrees)
    elif said := _said_sex(paper, role.name):
        yield Rule("id_disagrees_sex", (key,), lambda got: _fits_sex(got[key], said), agrees, HINTED)


def _birth_rules(paper: Paper, role: Role) -> Iterator[Rule]:
    birth = role.birth
    keys = ("ngay_het_han", birth)
    if role.number == "so_dinh_danh":
        agrees = "ngày hết hạn khớp ngày sinh"
        yield Rule("expiry_disagrees_birth", keys, lambda got: _is_card_birthday(got[birth], got["ngay_het_han"]), agrees)
        if paper.has("gioi_tinh") and _is_female_name(paper.value(role.name)):
            yield Rule("name_disagrees_sex", ("gioi_tinh", role.name), lambda got: got["gioi_tinh"] == "Nữ", "", HINTED)
    if role.marries_at:
        keys, age = (birth, "ngay_dang_ky"), role.marries_at
        agrees = "đủ tuổi kết hôn"
        yield Rule("under_marriage_age", keys, lambda got: _may_marry(got[birth], got["ngay_dang_ky"], age), agrees, HINTED)


def _between_people() -> Iterator[Rule]:
    pairs = (("so_dinh_danh_vo", "so_dinh_danh_chong"), ("ho_ten_vo", "ho_ten_chong"), ("ho_ten_me", "ho_ten_cha"))
    for one, other in pairs:
        yield Rule("same_person", (one, other), differ(one, other))


def _registration_rule(paper: Paper) -> Iterator[Rule]:
    """A child born since 2016 has the id of the province that registered the birth."""
    born, home = parse_day(paper.value("ngay_sinh")), _province_of(paper, "noi_dang_ky")
    if born and born >= _IDS_AT_BIRTH and home and _is_id(paper.value("so_dinh_danh")):
        keys = ("so_dinh_danh", "noi_dang_ky")
        agrees = "mã tỉnh khớp nơi đăng ký"
        yield Rule(
            "id_disagrees_province", keys, lambda got: _home_of(got["so_dinh_danh"]) == home, agrees, HINTED, by_slip=True
        )


def _province_of(paper: Paper, key: str) -> str:
    """The code of today's province of the place that the field ``key`` names; empty where that cannot be told."""
    units = paper.fields[key].units if paper.has(key) else None
    known = (units.today or units.successors) if units else ()
    return next((unit.code for unit in known if unit.level is UnitLevel.PROVINCE), "")


def _home_of(number: str) -> str:
    """The code of today's province for the province that an id names."""
    found = province_of_id(number)
    return found[1].code if found else ""


def _is_id(number: str) -> bool:
    return len(number) == _ID_LENGTH and number.isdecimal()


def is_personal_id(number: str, today: date) -> bool:
    """Whether ``number`` has the structure of an id, of twelve digits or of the nine of former cards, of somebody born."""
    if len(number) == 9 and number.isdecimal():
        return int(number[:2]) in limits("nine_digit_regions")
    return _is_id(number) and (number[:3] in provinces() or _is_foreign(number)) and birth_year(number) <= today.year


def _is_foreign(number: str) -> bool:
    return _is_id(number) and int(number[:3]) in limits("foreign_regions")


def _fits_birth(got: Values, number: str, birth: str) -> bool:
    return _is_id(got[number]) and got[birth][:4] == str(birth_year(got[number]))


def _fits_sex(number: str, sex: str) -> bool:
    return _is_id(number) and (int(number[3]) % 2 == 0) == (sex == "Nam")


def _fits_expiry(got: Values, number: str) -> bool:
    end = parse_day(got["ngay_het_han"])
    return end is None or (_is_id(got[number]) and end.year - birth_year(got[number]) in _CARD_AGES)


def _is_alive(number: str, day: str) -> bool:
    made = parse_day(day)
    return made is None or (_is_id(number) and 0 <= made.year - birth_year(number) <= _OLDEST)


def _is_card_birthday(birth: str, expiry: str) -> bool:
    born, end = parse_day(birth), parse_day(expiry)
    if born is None or end is None:
        return True
    leap = (born.month, born.day) == (2, 29) and (end.month, end.day) in ((2, 28), (2, 29), (3, 1))
    return end.year - born.year in _CARD_AGES and (leap or (end.month, end.day) == (born.month, born.day))


def _after(text: str, first: date) -> bool:
    day = parse_day(text)
    return day is None or day >= first


def _may_marry(birth: str, registered: str, age: int) -> bool:
    born, day = parse_day(birth), parse_day(registered)
    if born is None or day is None or day < born:
        return True
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return years >= age if day >= _FULL_YEARS else years >= age - 1


def _said_sex(paper: Paper, name: str) -> str:
    """The sex that the form of address or the name tells; empty where neither does."""
    words = fold(paper.printed(name)).split()
    if words and words[0] in ("ong", "ba") and "ong" not in words[1:2] and "ba" not in words[1:]:
        own = fold(paper.value(name)).split()[:1] == words[:1]
        if not own:
            return "Nam" if words[0] == "ong" else "Nữ"
    return "Nữ" if _is_female_name(paper.value(name)) else ""


def _is_female_name(name: str) -> bool:
    """Whether ``name`` has Thị between family name and given name."""
    return "Thị" in name.split()[1:-1]
