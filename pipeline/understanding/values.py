"""What a stretch of text means as a value of the dictionary.

text · name · date (ISO 8601) · year · int · money_vnd (đồng) · id12 · id9 · phone · tax_code · code (spaces removed) ·
address · area (as printed) · list
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.domain.findings import FieldValue
from pipeline.understanding.amounts import parse_area, parse_count, parse_money
from pipeline.understanding.codes import is_plain_code, parse_code, parse_digits
from pipeline.understanding.dates import find_dates
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.names import name_quality, parse_name
from pipeline.understanding.places import mend_address
from pipeline.understanding.requests import bare_request

#: Value types whose every sign counts: one wrong digit makes another person or another paper of them.
EXACT_TYPES = frozenset({"date", "year", "int", "money_vnd", "id12", "id9", "phone", "tax_code", "code", "area"})
_DOSSIER = re.compile(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4,5}")
#: An address that ends so has lost its last line.
_CUT_OFF = (" tinh", " thanh pho", " huyen", " quan", " xa", " phuong", " thi tran", " thi xa", " tp")
_LEADERS = re.compile(r"[.…_·•]{3,}|(?:\s[.…_]){2,}|…+")
_EDGES = " \t:;,.-–—_|…'`\"“”"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value and how well the text fits it, 0..1."""

    value: FieldValue
    quality: float = 1.0


def interpret(kind: str, text: str, key: str = "") -> Meaning | None:
    """What ``text`` means as a value of type ``kind`` for the field ``key``; None where it means nothing of the kind."""
    plain = squeeze(_LEADERS.sub(" ", text)).strip(_EDGES)
    special = _BY_KEY.get(key)
    if not plain:
        return None
    if special:
        return special(plain)
    return _BY_TYPE[kind](plain)


def _as_text(text: str) -> Meaning | None:
    letters = sum(sign.isalnum() for sign in text)
    return Meaning(text, 1.0 if letters >= 2 else 0.4) if letters else None


def _as_name(text: str) -> Meaning | None:
    cut = re.split(r"\s*[,;(]|\s+[-–]\s+|\s+(?=(?:[Ss]inh (?:ngày|năm)|[Gg]iới tính|CCCD|CMND|[Ss]ố)\b)", text)[0]
    name = parse_name(cut)
    return Meaning(name, name_quality(name)) if name else None


def _as_date(text: str) -> Meaning | None:
    found = find_dates(text)
    if not found:
        return None
    return Meaning(found[0].iso, 0.7 if found[0].slips else 1.0)


def _as_year(text: str) -> Meaning | None:
    match = re.search(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text)
    return Meaning(int(match[1])) if match else None


def _as_int(text: str) -> Meaning | None:
    count = parse_count(text)
    return None if count is None else Meaning(count)


def _as_money(text: str) -> Meaning | None:
    money = parse_money(text)
    return None if money is None else Meaning(money)


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
    return Meaning(code, 1.0 if len(code) <= 30 and is_plain_code(code) else 0.5) if code else None


def _as_first_code(text: str) -> Meaning | None:
    """The first word with a digit: what follows it on the line is another matter."""
    word = next((part for part in text.split() if any(sign.isdigit() for sign in part)), "")
    return _as_code(word)


def _as_dossier(text: str) -> Meaning | None:
    """A dossier code, put together again where spaces broke it."""
    match = _DOSSIER.search(re.sub(r"\s+", "", text))
    return Meaning(match[0]) if match else _doubted(_as_first_code(text))


def _doubted(meaning: Meaning | None) -> Meaning | None:
    return Meaning(meaning.value, 0.5) if meaning else None


def _as_address(text: str) -> Meaning | None:
    cleaned = re.sub(r"\.(?= (?:thành phố|tỉnh|huyện|xã|phường|quận)\b)", ",", re.sub(r"\s+([,;])", r"\1", text))
    if len(cleaned) < 3:
        return None
    cut_off = fold(cleaned).endswith(_CUT_OFF) or cleaned.endswith((",", "-"))
    return Meaning(mend_address(cleaned), 0.5 if cut_off or len(cleaned) < 6 else 1.0)


def _as_area(text: str) -> Meaning | None:
    area = parse_area(text)
    return Meaning(area) if area else None


def _as_list(text: str) -> Meaning | None:
    parts = tuple(part.strip(_EDGES) for part in re.split(r"[;\n]", text) if part.strip(_EDGES))
    return Meaning(parts) if parts else None


def _as_sex(text: str) -> Meaning | None:
    words = fold(text).split()
    return Meaning({"nam": "Nam", "nu": "Nữ"}[words[0]]) if words and words[0] in ("nam", "nu") else None


def _as_people(text: str) -> Meaning | None:
    key = fold(re.split(r"[,;(]|\s{2,}", text)[0])
    known = next((name for name in _PEOPLES if fold(name) == key), None)
    if known:
        return Meaning(known)
    words = text.split()
    return Meaning(" ".join(words[:3]), 0.6) if words and words[0][:1].isalpha() else None


def _as_nation(text: str) -> Meaning | None:
    if fold(text).startswith("viet nam"):
        return Meaning("Việt Nam")
    cut = re.split(r"[,;(]", text)[0].strip()
    return Meaning(cut, 0.7) if cut[:1].isalpha() else None


_PEOPLES = (
    "Kinh", "Tày", "Thái", "Mường", "Khmer", "Khơ-me", "Hoa", "Nùng", "Mông", "H'Mông", "Hmông", "Dao", "Gia Rai", "Jrai",
    "Ê Đê", "Ê-đê", "Ba Na", "Sán Chay", "Chăm", "Cơ Ho", "K'Ho", "Xơ Đăng", "Sán Dìu", "Hrê", "Ra Glai", "Mnông", "Xtiêng",
    "Bru - Vân Kiều", "Thổ", "Giáy", "Cơ Tu", "Giẻ Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Chơ Ro", "Kháng", "Xinh Mun",
    "Hà Nhì", "Chu Ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cờ Lao",
    "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm", "Sán Chỉ", "Cao Lan", "Ngái",
)  # fmt: skip
_BY_KEY: dict[str, Callable[[str], Meaning | None]] = {
    "gioi_tinh": _as_sex,
    "dan_toc": _as_people,
    "quoc_tich": _as_nation,
    "noi_dung_de_nghi": lambda text: _as_text(bare_request(text)),
    "so": _as_first_code,
    "thua_dat_so": _as_first_code,
    "to_ban_do_so": _as_first_code,
    "ma_ho_so": _as_dossier,
    "so_dang_ky": _as_first_code,
}
_BY_TYPE: dict[str, Callable[[str], Meaning | None]] = {
    "text": _as_text,
    "name": _as_name,
    "date": _as_date,
    "year": _as_year,
    "int": _as_int,
    "money_vnd": _as_money,
    "id12": _as_digits(12),
    "id9": _as_digits(9),
    "phone": _as_digits(10, 11),
    "tax_code": _as_digits(10, 13),
    "code": _as_code,
    "address": _as_address,
    "area": _as_area,
    "list": _as_list,
}
