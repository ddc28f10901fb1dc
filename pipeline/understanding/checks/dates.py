"""Days in the order in which things happen, none of them ahead or out of mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from pipeline.understanding.checks.papers import HINTED, PAPER_DAYS, Paper, Rule, Values, parse_day
from pipeline.understanding.checks.slips import change_digits
from pipeline.understanding.values.dates import find_dates

_BIRTHS = ("ngay_sinh", "ngay_sinh_vo", "ngay_sinh_chong")
_MAY_LIE_AHEAD = frozenset({"ngay_het_han", "ngay_hen_tra"})
_ORDER = (
    *((birth, day) for birth in _BIRTHS for day in (*PAPER_DAYS, "ngay_het_han")),
    ("ngay_tiep_nhan", "ngay_hen_tra"),
)
#: No paper of this state is older; nobody of whom one speaks was born longer ago.
_FIRST_PAPER = date(1945, 9, 2)
_OLDEST = 115
#: No procedure takes longer.
_LONGEST_PROCEDURE = timedelta(days=366)
_WRITTEN = re.compile(r"(?<!\d)(\d{1,2})\D{1,9}(\d{1,2})\D{1,7}((?:19|20)\d\d)(?!\d)")


def check_dates(paper: Paper) -> Iterator[Rule]:
    """What holds for the days of ``paper``."""
    for key, spec in paper.specs.items():
        if spec.type == "date":
            yield from _single_rules(paper, key)
    for first, second in _ORDER:
        yield Rule("dates_out_of_order", (first, second), _ordered(first, second), "hai ngày đúng thứ tự")
    for birth in _BIRTHS:
        if day := paper.day_key:
            yield Rule("date_implausible", (birth, day), _within_a_life(birth, day), "tuổi hợp lý")
    keys = ("ngay_tiep_nhan", "ngay_hen_tra")
    yield Rule("appointment_far", keys, _soon(*keys), "ngày hẹn trả trong vòng một năm", HINTED)
    if find_dates(paper.value("thoi_han_su_dung")):
        yield Rule("term_over", ("ngay_cap", "thoi_han_su_dung"), _lasting, "thời hạn sau ngày cấp")


def impossible_dates(text: str) -> tuple[str, ...]:
    """What a day in ``text`` that no calendar has (30/02/2024) may be, as ISO dates; empty where there is none such."""
    found = find_dates(text)
    return () if found else _nearest(text)


def _single_rules(paper: Paper, key: str) -> Iterator[Rule]:
    if key not in _MAY_LIE_AHEAD:
        today = paper.today.isoformat()
        yield Rule("date_in_future", (key,), lambda got: got[key] <= today, "ngày không ở tương lai")
    if key in PAPER_DAYS:
        first = _FIRST_PAPER.isoformat()
        yield Rule("date_implausible", (key,), lambda got: got[key] >= first, "ngày hợp lý")
    if key in _BIRTHS:
        year = str(paper.today.year - _OLDEST - 10)
        yield Rule("date_implausible", (key,), lambda got: got[key][:4] >= year, "năm sinh hợp lý")


def _ordered(first: str, second: str) -> Callable[[Values], bool]:
    return lambda got: got[first] <= got[second]


def _within_a_life(birth: str, day: str) -> Callable[[Values], bool]:
    return lambda got: int(got[day][:4]) - int(got[birth][:4]) <= _OLDEST


def _soon(first: str, second: str) -> Callable[[Values], bool]:
    def holds(got: Values) -> bool:
        begin, end = parse_day(got[first]), parse_day(got[second])
        return begin is None or end is None or end - begin <= _LONGEST_PROCEDURE

    return holds


def _lasting(got: Values) -> bool:
    ends = find_dates(got["thoi_han_su_dung"])
    return bool(ends) and ends[0].iso > got["ngay_cap"]


def _nearest(text: str) -> tuple[str, ...]:
    match = _WRITTEN.search(text)
    if match is None:
        return ()
    day, month, year = match.groups()
    digits = f"{year}-{month:0>2}-{day:0>2}"
    changes = sorted(change_digits(digits), key=lambda change: -change.weight)
    return tuple(change.value for change in changes if parse_day(change.value))[:3]
