"""Amounts as papers print them: money, areas, small whole numbers."""

from __future__ import annotations

import re

from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.values.numerals import read_number

_AREA = re.compile(r"(\d[\d.,]*\d|\d)\s*(m\s*[²2?°*'’\"]?|ha\b|km\s*[²2])", re.IGNORECASE)
_MONEY = re.compile(r"(\d{1,3}(?:[.,\s]\d{3})+|\d{4,})(?!\d)")
_MILLIONS = re.compile(r"(\d+(?:[.,]\d{1,3})?)\s*(tỷ|tỉ|triệu|nghìn)", re.IGNORECASE)
_UNITS = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 10**3}
#: What ends a sum or an area in words.
_SAID_UNIT = re.compile(r"\b(?:dong|vnd|viet nam|met vuong|hec ta|ha|m2)\b.*$")
_SAID_OPENING = re.compile(r"^(?:(?:so tien|bang chu|ghi bang chu|viet bang chu|la|tong cong|so)\s+)+")
#: Dots part thousands, so what follows the last one of two is no thousand but a decimal: 1.511.3.
_DECIMALS = re.compile(r"^(\d{1,3}(?:\.\d{3})+)\.[,.]?(\d{1,2})$")
#: An area as this country writes one: dots part thousands, a comma the decimals.
_WELL_FORMED = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)? (?:m²|ha|km²)")


def parse_money(text: str) -> int | None:
    """The sum in đồng named in ``text``; None where it names none."""
    plain = _MONEY.search(text)
    if plain:
        return int(re.sub(r"\D", "", plain[1]))
    spoken = _MILLIONS.search(text)
    if spoken:
        return round(float(spoken[1].replace(",", ".")) * _UNITS[spoken[2].lower()])
    return None


def said_amount(text: str) -> int | None:
    """The whole number that ``text`` writes out before its unit: năm trăm triệu đồng, một trăm hai mươi mét vuông."""
    words = _SAID_OPENING.sub("", _SAID_UNIT.sub("", fold(text)).strip())
    return read_number(words)


def parse_area(text: str) -> str | None:
    """The area named in ``text`` as printed, the unit written m², ha or km²; None where it names none."""
    match = _AREA.search(text)
    if match is None:
        return None
    figure = _DECIMALS.sub(r"\1,\2", squeeze(match[1]))
    unit = re.sub(r"\s", "", match[2]).lower()
    return f"{figure} {'km²' if unit.startswith('km') else 'ha' if unit == 'ha' else 'm²'}"


def is_plain_area(area: str) -> bool:
    """Whether ``area`` is written as areas are here: 1.234,5 m²; a dot before two digits is a comma misread, or foreign."""
    return _WELL_FORMED.fullmatch(area) is not None


def whole_of(area: str) -> int | None:
    """The number of ``area`` where it is whole, None where it has decimals."""
    figure = area.split(" ", maxsplit=1)[0]
    return int(figure.replace(".", "")) if "," not in figure and is_plain_area(area) else None


def parse_count(text: str) -> int | None:
    """The whole number that ``text`` begins with, in digits or as one word; None where there is none."""
    match = re.search(r"(?<![\d.,])0*(\d{1,4})(?![\d.,]*\d)", text)
    if match:
        return int(match[1])
    words = fold(text).split()
    sizes = range(min(len(words), 5), 0, -1)
    return next((found for size in sizes if (found := read_number(" ".join(words[:size]))) is not None), None)
