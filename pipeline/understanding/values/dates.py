"""Dates as Vietnamese papers write them: 07/01/2025, ngày 07 tháng 01 năm 2025, ngày bảy tháng một năm ..."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.understanding.folding import fold
from pipeline.understanding.values.figures import set_sixes
from pipeline.understanding.values.numerals import read_number

#: What engines read for digits, believed only where nothing but a digit can stand.
_SLIPS = str.maketrans({"O": "0", "o": "0", "Ø": "0", "ø": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "i": "1", "Ì": "1"})
_DIGIT = r"[0-9OoØøQlI|iÌ]"
#: The three words of a date, whatever mark they were read with.
_DAY, _MONTH, _YEAR = "(?i:ng[àaảáạâòoó]y)", "(?i:th[áaàâãạúuóo]ng)", "(?i:n[ăaâ]m)"
_WORDY = re.compile(
    rf"{_DAY}\s*(?P<day>{_DIGIT}{{1,2}})\s*,?\s*{_MONTH}\s*(?P<month>{_DIGIT}{{1,2}})"
    rf"\s*,?\s*{_YEAR}[\s:]*(?P<year>{_DIGIT}{{4}})(?!\d)"
)
_NUMERIC = re.compile(
    rf"(?<![0-9/.\-])(?P<day>{_DIGIT}{{1,2}})\s*(?P<sep>[/.\-])\s*(?P<month>{_DIGIT}{{1,2}})\s*(?P=sep)\s*(?P<year>{_DIGIT}{{4}})(?![0-9/])"
)
_SPELT = re.compile(r"(?:^|\b)ngay (?P<day>[a-z ]+?) thang (?P<month>[a-z ]+?) nam (?P<year>[a-z ]+)")
_DAYLESS = re.compile(
    rf"(?<![\w/.])(?P<day>[0-9]{{1,2}})\s+{_MONTH}\s+(?P<month>{_DIGIT}{{1,2}})\s*,?\s*{_YEAR}[\s:]*(?P<year>{_DIGIT}{{4}})(?!\d)"
)
#: A digit alone before a date: the first of a day that was read apart, or none of it.
_STRAY = re.compile(r"(?<![\d:.,/-])\d\s$")
#: Two digits of a day or month that were read apart.
_APART = re.compile(r"(?<!\d)(\d)\s(\d)(?=\s?[/.\-])")
_LOST = re.compile(r"(?:(?<!\d)[1-9]\s?[/.\-]\s?0\d|[\[\]{}|!\\]\s?[1-9]\s?[/.\-]\s?\d{1,2})\s?[/.\-]\s?\d{4}")
_FRAME = re.compile(rf"(?i:ng[àaảáạâ]).{{0,12}}?{_MONTH}.{{0,10}}?{_YEAR}|{_DAY}\s.{{0,16}}?\b{_YEAR}\s*(?:19|20)\d\d\s*$")
#: A stop within the figures of a year.
_BROKEN_YEAR = re.compile(rf"({_YEAR}\s*\d{{3}})[.,](\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date with the stretch of text it was read from; ``slips`` counts letters taken for digits."""

    value: date
    start: int
    end: int
    slips: int

    @property
    def iso(self) -> str:
        """The date as ISO 8601."""
        return self.value.isoformat()


def find_dates(text: str) -> tuple[DateFound, ...]:
    """All dates in ``text`` that exist in the calendar, in their order."""
    plain = _BROKEN_YEAR.sub(r"\1\2", set_sixes(text))
    found = [*_by(_WORDY, plain), *_by(_NUMERIC, plain)]
    if plain != text:
        return tuple(replace(one, slips=one.slips + 1) for one in sorted(found, key=lambda one: one.start))
    if not found:
        found = [one for one in _by(_DAYLESS, text) if "ngay" not in fold(text[max(0, one.start - 8) : one.start])]
    if not found:
        found = [DateFound(day, 0, len(text), 0) for day in spelt_dates(text)]
    return tuple(sorted(found, key=lambda one: one.start))


def lost_digit(text: str) -> bool:
    """Whether a day of one digit stands before a month with a zero, or behind a stroke: 1/09/1986 and [1/8/1986 were 11."""
    return _LOST.search(text) is not None


def join_digits(text: str) -> str:
    """``text`` with the digits of days and months put together that were read apart: 1 1/09/1986, 04/1 1/2024."""
    return _APART.sub(r"\1\2", text)


def frames_date(text: str) -> bool:
    """Whether ``text`` carries the words of a date (ngày … tháng … năm), readable or not."""
    return _FRAME.search(text) is not None


def _by(pattern: re.Pattern[str], text: str) -> Iterator[DateFound]:
    for match in pattern.finditer(text):
        parts = [match["day"], match["month"], match["year"]]
        day, month, year = (int(part.translate(_SLIPS)) for part in parts)
        slips = sum(not sign.isdigit() for part in parts for sign in part) + (_STRAY.search(text[: match.start()]) is not None)
        made = _make(year, month, day)
        if made and slips <= 3:
            yield DateFound(made, match.start(), match.end(), slips)


def spelt_dates(text: str) -> tuple[date, ...]:
    """The days that ``text`` says in words: ngày mùng bảy tháng giêng năm hai nghìn không trăm hai mươi lăm."""
    found = []
    for match in _SPELT.finditer(fold(text)):
        day, month = read_number(match["day"]), read_number(match["month"])
        year = _leading_number(match["year"])
        made = _make(year, month, day) if day and month and year else None
        if made:
            found.append(made)
    return tuple(found)


def _leading_number(words: str) -> int | None:
    """The longest number that ``words`` begin with."""
    parts = words.split()
    numbers = (read_number(" ".join(parts[:size])) for size in range(len(parts), 0, -1))
    return next((number for number in numbers if number is not None), None)


def _make(year: int, month: int, day: int) -> date | None:
    if not 1850 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
