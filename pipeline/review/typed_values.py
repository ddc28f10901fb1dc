"""What a reviewer types, as a value of the dictionary, and a value as it is typed. Nothing typed is ever mended.

Dates are typed as they are written in Vietnam (15/07/2025, also 15.7.2025 or 15072025), lists one entry to a line, sums
and counts with or without points.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from unicodedata import category, normalize

from pipeline.domain.findings import FieldValue

#: The longest value that is taken, in characters.
LONGEST = 4000

_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})|(\d{2})(\d{2})(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d+")


def parse_typed(kind: str, text: str) -> FieldValue | None:
    """The value of type ``kind`` that ``text`` writes, None for an empty text.

    Raises ``ValueError`` with words for the operator (Vietnamese) for a text that is no such value.
    """
    clean = _cleaned(text)
    if len(clean) > LONGEST:
        raise ValueError(f"Quá dài: nhiều nhất {LONGEST} ký tự.")
    if not clean.strip():
        return None
    if kind == "list":
        return tuple(part for line in re.split(r"[\n;]", clean) if (part := " ".join(line.split())))
    return _BY_TYPE.get(kind, _as_text)(" ".join(clean.split()))


def as_typed(kind: str, value: FieldValue | None) -> str:
    """``value`` as somebody would type it; empty for None."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(value)
    if kind == "date" and (found := _ISO.fullmatch(str(value))):
        return f"{found[3]}/{found[2]}/{found[1]}"
    if kind == "money_vnd" and str(value).isdecimal():
        return f"{int(value):,}".replace(",", ".")
    return str(value)


def _cleaned(text: str) -> str:
    """NFC, without controls and direction marks that nobody sees; line ends stay."""
    kept = (sign for sign in normalize("NFC", text.replace("\r\n", "\n")) if sign == "\n" or category(sign)[0] != "C")
    return "".join("\n" if sign == "\n" else " " if category(sign)[0] == "Z" else sign for sign in kept)


def _as_text(text: str) -> str:
    return text


def _as_date(text: str) -> str:
    found, iso = _DAY.fullmatch(text), _ISO.fullmatch(text)
    if found:
        day, month, year = (part for part in found.groups() if part)
    elif iso:
        year, month, day = iso.groups()
    else:
        raise ValueError("Nhập ngày theo dạng ngày/tháng/năm, ví dụ 15/07/2025.")
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ValueError(f"Lịch không có ngày {day}/{month}/{year}. Kiểm tra lại ngày và tháng.") from None


def _as_year(text: str) -> int:
    if not re.fullmatch(r"(1[89]|20)\d\d", text):
        raise ValueError("Nhập năm bằng bốn chữ số, ví dụ 1987.")
    return int(text)


def _as_count(text: str) -> int:
    if not _GROUPED.fullmatch(text):
        raise ValueError("Nhập một số nguyên, chỉ dùng chữ số.")
    return int(re.sub(r"\D", "", text))


def _as_money(text: str) -> int:
    return _as_count(re.sub(r"\s*(?:đồng|VNĐ|VND|đ)\.?$", "", text, flags=re.IGNORECASE))


def _as_digits(what: str, *lengths: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        digits = re.sub(r"[\s.\-]", "", text)
        if not (digits.isascii() and digits.isdecimal()):
            raise ValueError(f"{what} chỉ gồm chữ số.")
        if len(digits) not in lengths:
            wanted = " hoặc ".join(map(str, lengths))
            raise ValueError(f"{what} phải có {wanted} chữ số; đã nhập {len(digits)}.")
        return digits

    return read


_BY_TYPE: dict[str, Callable[[str], str | int]] = {
    "date": _as_date,
    "year": _as_year,
    "int": _as_count,
    "money_vnd": _as_money,
    "id12": _as_digits("Số định danh", 12),
    "id9": _as_digits("Số chứng minh nhân dân", 9),
    "phone": _as_digits("Số điện thoại", 10, 11),
    "tax_code": _as_digits("Mã số thuế", 10, 12, 13),
    "code": lambda text: re.sub(r"\s+", "", text),
}
