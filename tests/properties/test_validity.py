"""Terms end when they should, and no text whatever makes a paper hold that does not say so."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.findings import Validity
from pipeline.domain.validity import ValidityState, last_day, state_on
from pipeline.understanding.standing.terms import read_term

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
PHRASES = (
    "có giá trị",
    "đến",
    "hết ngày",
    "15/10/2043",
    "06",
    "(sáu)",
    "tháng",
    "năm",
    "kể từ",
    "lâu dài",
    "2025",
    "sau",
    "45",
)
WORDS = st.lists(st.sampled_from(PHRASES), max_size=14).map(" ".join)


@given(DAYS, st.integers(1, 600))
def test_months_end_on_the_same_day_or_the_last_of_the_month(first: date, months: int) -> None:
    last = last_day(first, f"P{months}M")
    assert last is not None
    assert (last.year - first.year) * 12 + last.month - first.month == months
    assert last.day == first.day or (last.day < first.day and (last + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(1, 50))
def test_years_are_twelve_months_each(first: date, years: int) -> None:
    assert last_day(first, f"P{years}Y") == last_day(first, f"P{12 * years}M")


@given(DAYS, st.integers(1, 120), DAYS)
def test_a_paper_with_a_term_is_valid_from_its_day_to_its_last_and_on_no_other(issued: date, months: int, day: date) -> None:
    last = last_day(issued, f"P{months}M")
    assert last is not None
    state = state_on(Validity(issued.isoformat(), last.isoformat(), f"P{months}M"), day)
    assert (state is ValidityState.VALID) == (issued <= day <= last)


@given(st.text(max_size=80) | WORDS)
def test_what_is_read_of_a_term_is_well_formed(text: str) -> None:
    said = read_term(text)
    for day in filter(None, (said.since, said.until)):
        date.fromisoformat(day)
    assert not said.term or last_day(date(2000, 1, 1), said.term) is not None
    assert not (said.unlimited and (said.until or said.term))


@given(st.integers(1, 99), st.sampled_from([("tháng", "M"), ("năm", "Y"), ("ngày", "D"), ("tuần", "W")]))
def test_a_term_in_figures_comes_back(number: int, unit: tuple[str, str]) -> None:
    word, letter = unit
    assert read_term(f"Giấy này có giá trị trong thời hạn {number:02d} {word} kể từ ngày cấp.").term == f"P{number}{letter}"
