"""What a stretch of text means as a value of the dictionary.

text · name · date (ISO 8601) · year · int · money_vnd (đồng) · id12 · id9 · phone · tax_code · code (spaces removed) ·
address · area (as printed) · list
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.labels.requests import bare_request
from pipeline.understanding.phrases import phrases
from pipeline.understanding.values.amounts import is_plain_area, parse_area, parse_count, parse_money, said_amount, whole_of
from pipeline.understanding.values.codes import is_plain_code, parse_code, parse_digits, without_slips
from pipeline.understanding.values.dates import find_dates, join_digits, lost_digit, spelt_dates
from pipeline.understanding.values.dossier_codes import find_dossier_code
from pipeline.understanding.values.figures import set_figures, set_sixes
from pipeline.understanding.values.meanings import Meaning, beside
from pipeline.understanding.values.names import is_known_surname, name_quality, parse_name
from pipeline.understanding.values.origins import read_nation, read_people, read_sex
from pipeline.understanding.values.texts import STOPPED, join_syllables, read_household, read_land_use, read_state, read_text
from pipeline.understanding.zones.places import mend_address, mend_seat, names_province

#: Value types whose every sign counts: one wrong digit makes another person or another paper of them.
EXACT_TYPES = frozenset({"date", "year", "int", "money_vnd", "id12", "id9", "phone", "tax_code", "code", "area"})
#: And those in whose words a number may stand.
_WORDED = frozenset({"text", "address", "list"})
#: What ends the name of a person: who or what is named next.
_AFTER_NAME = re.compile(
    r"\s*[,;(]|\s+[-–]\s+|\s+và\s+(?=(?:vợ|chồng|ông|bà)\b)|"
    r"\s+(?=(?:[Ss]inh (?:ngày|năm)|[Gg]iới tính|CCCD|CMND|[Ss]ố|Tuổi|Nghề nghiệp|Dân tộc|Quốc tịch|Năm sinh)\b)|"
    r"\s+(?=(?:[Đđ]ịa chỉ|[Tt]hường trú|[Nn]ơi (?:ở|cư trú|sinh|thường trú)|[Nn]gày sinh|[Cc]hức vụ|[Đđ]iện thoại)\b)|"
    r"\s+(?=Nam\s?[,/]\s?[Nn]ữ\b)"
)
#: A colon within an address, before one of the upper levels: a comma misread.
_LEVELLED = re.compile(r"(?<=[^\W\d_]):(?= (?:huyện|tỉnh|quận|thị xã) [A-ZĐÀ-Ỹ])")
#: A form of address with the sign that parts it from the name.
_ADDRESSED = re.compile(r"^((?:ông|bà|anh|chị)(?:\s*[/(]\s*bà\s*\)?)?)\s*[;:.,]+\s*", re.IGNORECASE)
_UNPARTED = re.compile(r"(?<![\d/])(\d{2})[/.-](\d{2})[\sIl|]?((?:19|20)\d{2})(?![\d/])")
#: What begins the words that repeat a figure.
_IN_WORDS = re.compile(r"\(|\b(?:ghi |viết )?bằng chữ\b", re.IGNORECASE)
_REGISTERED = re.compile(r"\d{1,5}[A-Z]?(?:/(?:19|20)\d\d)?(?:[-/][A-ZĐ][A-ZĐa-z.-]*)?")
_BUSINESS = re.compile(r"\d{2}[A-ZĐ]\d{7}|\d{10}(?:-\d{3})?|\d{12}")
#: A level without its name, or a single letter before a level: something was read into the address.
_BROKEN = re.compile(
    r"\b(?:xã|phường|thị trấn|huyện|quận|thị xã|tỉnh)\s*,|"
    r"(?:^|\s)[A-ZĐ]\s+(?:xã|phường|thị trấn|huyện|thị xã|thành phố|tỉnh)\b"
)
#: What parts one trade from the next, misread; a colon belongs behind words that announce what follows.
_TRADES = re.compile(r"(?<!chi tiết)(?<!gồm)(?<!như)(?<!cụ thể)(?<!ngành)(?<!chính): (?=[A-ZĐÀ-Ỹ])", re.IGNORECASE)
#: An address that ends so has lost its last line.
_CUT_OFF = (" tinh", " thanh pho", " huyen", " quan", " xa", " phuong", " thi tran", " thi xa", " tp")
#: What engines read in codes of dossiers, where no letter stands but the one of the root.
_DOSSIER_SLIPS = str.maketrans({"I": "1", "l": "1", "|": "1", "O": "0", "§": None, "_": None})
_LEADERS = re.compile(r"[.…_·•]{3,}|(?:\s[.…_]){2,}|…+")
_EDGES = " \t:;,.-–—_|…'`\"“”"


def interpret(kind: str, text: str, key: str = "") -> Meaning | None:
    """What ``text`` means as a value of type ``kind`` for the field ``key``; None where it means nothing of the kind."""
    if kind == "name":
        text = _before_leaders(text)
    plain = squeeze(_LEADERS.sub(" ", text)).strip(_EDGES if kind != "date" else _EDGES.replace("|", ""))
    special = _BY_KEY.get(key)
    if not plain:
        return None
    set_right = set_sixes(plain) if kind in EXACT_TYPES else set_figures(plain) if kind in _WORDED else plain
    meaning = special(set_right) if special else _BY_TYPE[kind](set_right)
    return meaning if meaning is None or set_right == plain else replace(meaning, mended=True)


def _before_leaders(text: str) -> str:
    """``text`` up to the dots that fill its line: what stands behind them is dirt, unless nothing stands before."""
    parts = [part.strip(_EDGES) for part in _LEADERS.split(text)]
    return next((part for part in parts if len(part.split()) > 1), text)


def _as_name(text: str) -> Meaning | None:
    text = _ADDRESSED.sub(r"\1 ", text)
    cut = _AFTER_NAME.split(text)[0]
    name = parse_name(cut)
    if name is None or fold(name).removeprefix("kt ").removeprefix("pho ") in _offices():
        return None
    surname = name.split(" ", maxsplit=1)[0]
    mended = canonical(surname) not in (canonical(word.strip(_EDGES)) for word in cut.split())
    quality = name_quality(name)
    return Meaning(name, min(quality, 0.8) if mended else quality, known=is_known_surname(surname), mended=mended)


@cache
def _offices() -> frozenset[str]:
    return frozenset(fold(office) for office in phrases("signers"))


def _as_date(text: str) -> Meaning | None:
    whole = join_digits(text)
    found, said = find_dates(whole) or find_dates(text), tuple(day.isoformat() for day in spelt_dates(text))
    if not found:
        return _unparted_date(text)
    mended = whole != text
    maimed = lost_digit(whole)
    meaning = Meaning(found[0].iso, 0.7 if found[0].slips or mended or maimed else 1.0, mended=mended, maimed=maimed)
    if (found[0].start, found[0].end) == (0, len(text)) or not said:
        return meaning
    return beside(meaning, said[0])


def _unparted_date(text: str) -> Meaning | None:
    """A date of which the sign before the year was lost, or read as a letter: 30/101954, 09/04 1995, 20/04I2021."""
    match = _UNPARTED.search(text)
    found = find_dates(f"{match[1]}/{match[2]}/{match[3]}") if match else ()
    return Meaning(found[0].iso, 0.7, mended=True) if found else None


def _as_year(text: str) -> Meaning | None:
    match = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text)
    return Meaning(int(match[1])) if match else None


def _as_int(text: str) -> Meaning | None:
    count = 6 if text.strip(_EDGES) == "ó" else parse_count(text)
    return None if count is None else Meaning(count)


def _as_money(text: str) -> Meaning | None:
    figure, words = _figure_and_words(text)
    said = said_amount(words) if re.search(r"\bdong\b", fold(words)) else None
    money = parse_money(figure)
    if money is None:
        return None if said is None else Meaning(said)
    maimed = re.search(r"\d\s+\d{1,3}(?:[.,]\d{3})+", figure) is not None
    return beside(Meaning(money, 0.5 if maimed else 1.0, maimed=maimed), said)


def _figure_and_words(text: str) -> tuple[str, str]:
    """``text`` before and after what begins the words; all of it as both where nothing does."""
    match = _IN_WORDS.search(text)
    return (text[: match.start()], text[match.end() :].strip(" :)")) if match else (text, text)


def _as_digits(*lengths: int) -> Callable[[str], Meaning | None]:
    def read(text: str) -> Meaning | None:
        for part in (*text.split(), text):
            digits = parse_digits(part, *lengths)
            if digits:
                return Meaning(digits, 1.0 if digits in re.sub(r"[\s.\-]", "", text) else 0.6)
        return None

    return read


def _as_code(text: str) -> Meaning | None:
    code = parse_code(text)
    if code is None:
        return None
    plain = len(code) <= 30 and is_plain_code(code)
    return Meaning(code, 1.0 if plain else 0.5, maimed=not plain)


def _as_first_code(text: str) -> Meaning | None:
    """The first word with a digit: what follows it on the line is another matter."""
    word = next((part for part in text.split() if any(sign.isdigit() for sign in part)), "")
    return _as_code(word)


def _as_formed(form: re.Pattern[str]) -> Callable[[str], Meaning | None]:
    """The first code, digits set for letters among digits; believed by half where it has not this ``form``."""

    def read(text: str) -> Meaning | None:
        meaning = _as_first_code(text)
        if meaning is None:
            return None
        code = without_slips(str(meaning.value).replace("ĐĐ", "Đ"))
        mended, known = code != meaning.value, form.fullmatch(code) is not None
        return Meaning(code, 0.5 if not known else 0.7 if mended else 1.0, known=known, mended=mended)

    return read


def _as_dossier(text: str) -> Meaning | None:
    """A dossier code, put together again where spaces broke it, figures for the letters that stand in their places."""
    whole = re.sub(r"\s+", "", text)
    figured = whole.translate(_DOSSIER_SLIPS)
    code = find_dossier_code(whole) or find_dossier_code(figured)
    return Meaning(code, known=True, mended=code not in whole) if code else _doubted(_as_first_code(text))


def _doubted(meaning: Meaning | None) -> Meaning | None:
    return Meaning(meaning.value, 0.5, known=False) if meaning else None


def _as_address(text: str) -> Meaning | None:
    cleaned = _LEVELLED.sub(",", STOPPED.sub(",", re.sub(r"\s+([,;])", r"\1", join_syllables(text))))
    cleaned = re.sub(r",\s*[.;:,](?=\s?\w)\s?", ", ", cleaned)
    if len(cleaned) < 3:
        return None
    maimed = fold(cleaned).endswith(_CUT_OFF) or cleaned.endswith((",", "-"))
    known = names_province(cleaned)
    quality = 0.5 if maimed or len(cleaned) < 6 or _BROKEN.search(cleaned) else 1.0 if known else 0.8
    return Meaning(mend_address(cleaned), quality, known=known, maimed=maimed)


def _as_seat(text: str) -> Meaning | None:
    """Where a body sits, or a house stands, and what it is: Ủy ban nhân dân xã Ba Tri, tỉnh Vĩnh Long."""
    meaning = read_text(text)
    if meaning is None:
        return None
    mended = mend_seat(_LEVELLED.sub(",", str(meaning.value)))
    return replace(meaning, value=mended, mended=meaning.mended or mended != meaning.value)


def _as_area(text: str) -> Meaning | None:
    figure, words = _figure_and_words(text)
    area = parse_area(figure) or parse_area(text)
    if area is None:
        return None
    plain = is_plain_area(area)
    meaning = Meaning(area, 1.0 if plain else 0.7, known=plain)
    said = said_amount(words) if "met vuong" in fold(words) else None
    whole = whole_of(area)
    return meaning if said is None or whole is None else beside(meaning, area if said == whole else f"{said} m²")


def _as_list(text: str) -> Meaning | None:
    parts = tuple(part.strip(_EDGES) for part in re.split(r"[;\n]", text) if part.strip(_EDGES))
    return Meaning(parts) if parts else None


_BY_KEY: dict[str, Callable[[str], Meaning | None]] = {
    "gioi_tinh": read_sex,
    "dan_toc": read_people,
    "quoc_tich": read_nation,
    "muc_dich_su_dung": read_land_use,
    "tinh_trang_hon_nhan": read_state,
    "tinh_trang_an_tich": read_state,
    "thoi_han_su_dung": read_state,
    "noi_sinh": _as_seat,
    "noi_dang_ky": _as_seat,
    "noi_cap": _as_seat,
    "ten_ho_kinh_doanh": read_household,
    "nganh_nghe": lambda text: read_text(_TRADES.sub("; ", text)),
    "noi_dung_de_nghi": lambda text: read_text(bare_request(text)),
    "so": _as_formed(_REGISTERED),
    "thua_dat_so": _as_first_code,
    "to_ban_do_so": _as_first_code,
    "ma_ho_so": _as_dossier,
    "so_dang_ky": _as_formed(_BUSINESS),
}
#: Fields whose codes have a form of their own.
FORMED = frozenset({"so", "so_dang_ky"})
_BY_TYPE: dict[str, Callable[[str], Meaning | None]] = {
    "text": read_text,
    "name": _as_name,
    "date": _as_date,
    "year": _as_year,
    "int": _as_int,
    "money_vnd": _as_money,
    "id12": _as_digits(12),
    "id9": _as_digits(9),
    "phone": lambda text: _as_digits(10, 11)(re.sub(r"^\(?\+\s*84\)?[\s.]*0?", "0", text)),
    "tax_code": _as_digits(10, 13),
    "code": _as_code,
    "address": _as_address,
    "area": _as_area,
    "list": _as_list,
}
