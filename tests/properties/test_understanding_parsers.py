"""Whatever the engine hands over, the parsers answer, and never with what was not there."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipeline.understanding.folding import fold
from pipeline.understanding.labels.requests import bare_request
from pipeline.understanding.values.amounts import parse_area, parse_count, parse_money
from pipeline.understanding.values.codes import parse_digits, parse_number
from pipeline.understanding.values.dates import find_dates
from pipeline.understanding.values.interpretation import _BY_TYPE, interpret
from pipeline.understanding.values.names import parse_name
from pipeline.understanding.zones.subjects import strip_opening

SIGNS = st.text(alphabet="0123456789OolI|/.-–,:; ngàytháng năm QĐ-UBNDđềê†$@TtrSố_", max_size=40)
SYMBOLS = st.sampled_from(["QĐ-UBND", "TTr-STP", "TB-VP", "NQ-HĐND", "UBND-NC", "TT-BCA", "NĐ-CP", "QH15"])
GIVEN = st.lists(st.sampled_from(["Thị", "Văn", "An", "Bình", "Hoàng", "Yến", "Ngọc"]), min_size=1, max_size=4)
NAMES = st.tuples(st.sampled_from(["Nguyễn", "Trần", "Đặng", "Lê"]), GIVEN).map(lambda parts: " ".join((parts[0], *parts[1])))


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_comes_back_from_every_way_of_writing_it(day: date) -> None:
    for text in (
        f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}",
        f"Hà Nội, ngày {day.day} tháng {day.month} năm {day.year}.",
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        f"sinh {day.day}-{day.month}-{day.year} tại",
        f"({day.day:02d}.{day.month:02d}.{day.year})",
    ):
        assert [found.value for found in find_dates(text)] == [day]


@given(st.text(max_size=60) | SIGNS)
def test_dates_found_are_dates_within_the_text(text: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
        assert 1850 <= found.value.year <= 2100


@given(st.integers(1, 99999), st.sampled_from(["", "2024/"]), SYMBOLS, st.sampled_from(["", " "]))
def test_a_number_comes_back_whole(number: int, year: str, symbol: str, gap: str) -> None:
    code = parse_number(f"Số: {number}{gap}/{year}{symbol}")
    assert code is not None
    assert (code.value, code.unread) == (f"{number}/{year}{symbol}", False)


@given(st.text(max_size=40) | SIGNS)
def test_a_number_never_has_more_digits_than_look_like_digits(text: str) -> None:
    code = parse_number(text)
    if code is not None:
        assert sum(sign.isdigit() for sign in code.value) <= sum(sign.isdigit() or sign in "OolI|Ø" for sign in text)
        assert " " not in code.value


@given(NAMES, st.sampled_from(["", "Bà ", "Bà: ", "Ông/Bà "]), st.booleans())
def test_a_name_comes_back_without_honorifics_and_capitals(name: str, honorific: str, capitals: bool) -> None:
    assert parse_name(honorific + (name.upper() if capitals else name)) == name


@given(
    st.sampled_from(sorted(_BY_TYPE)),
    st.sampled_from(["", "gioi_tinh", "dan_toc", "quoc_tich", "ma_ho_so"]),
    st.text(max_size=80),
)
def test_every_text_has_a_meaning_or_none_at_all(kind: str, key: str, text: str) -> None:
    meaning = interpret(kind, text, key)
    if meaning is not None:
        assert 0 <= meaning.quality <= 1
        assert meaning.value != ""


@given(st.text(max_size=80) | SIGNS)
def test_no_text_breaks_a_parser(text: str) -> None:
    parse_money(text)
    parse_area(text)
    parse_count(text)
    strip_opening(text)
    bare_request(text)
    digits = parse_digits(text, 9, 12)
    assert digits is None or (digits.isascii() and len(digits) in (9, 12))


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
