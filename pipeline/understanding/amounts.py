"""Amounts as papers print them: money, areas, small whole numbers."""

from __future__ import annotations

import re

from pipeline.understanding.folding import fold, squeeze

_AREA = re.compile(r"(\d[\d.,]*\d|\d)\s*(m\s*[²2?°*'’\"]?|ha\b|km\s*[²2])", re.IGNORECASE)
_MONEY = re.compile(r"(\d{1,3}(?:[.,\s]\d{3})+|\d{4,})(?!\d)")
_MILLIONS = re.compile(r"(\d+(?:[.,]\d{1,3})?)\s*(tỷ|tỉ|triệu|nghìn)", re.IGNORECASE)
_UNITS = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 10**3}
_WORDS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}


def parse_money(text: str) -> int | None:
    """The sum in đồng named in ``text``; None where it names none."""
    plain = _MONEY.search(text)
    if plain:
        return int(re.sub(r"\D", "", plain[1]))
    spoken = _MILLIONS.search(text)
    if spoken:
        return round(float(spoken[1].replace(",", ".")) * _UNITS[spoken[2].lower()])
    return None


def parse_area(text: str) -> str | None:
    """The area named in ``text`` as printed, the unit written m², ha or km²; None where it names none."""
    match = _AREA.search(text)
    if match is None:
        return None
    unit = re.sub(r"\s", "", match[2]).lower()
    return f"{squeeze(match[1])} {'km²' if unit.startswith('km') else 'ha' if unit == 'ha' else 'm²'}"


def parse_count(text: str) -> int | None:
    """The whole number that ``text`` begins with, in digits or as one word; None where there is none."""
    match = re.search(r"(?<![\d.,])0*(\d{1,4})(?![\d.,]*\d)", text)
    if match:
        return int(match[1])
    words = fold(text).split()
    return _WORDS.get(words[0]) if words else None
