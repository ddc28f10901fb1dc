"""Whatever the values, checks answer; a right paper is never doubted; one misread digit of an id is found where it can be."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.domain.findings import Field, FieldValue
from pipeline.understanding.checks import DOUBTED, HINTED, check_fields
from pipeline.understanding.checks.amounts import measure_area
from pipeline.understanding.checks.codes import is_phone, is_tax_code
from pipeline.understanding.checks.dates import impossible_dates
from pipeline.understanding.checks.slips import change_digits, change_letters
from pipeline.understanding.dictionary import document_types
from pipeline.understanding.phrases import provinces
from pipeline.understanding.values.dossier_codes import find_dossier_code, parse_dossier_code

TODAY = date(2026, 6, 30)
KINDS = tuple(kind for kind in document_types() if kind.fields)
DAYS = st.dates(date(1930, 1, 1), date(2025, 12, 31))
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
SIGNS = st.text(alphabet="0123456789-/.,: ABHQOIđĐm²ngàyNữKinh", max_size=24)


@st.composite
def people(draw: st.DrawFn) -> dict[str, FieldValue]:
    """The values of a card that agree with each other."""
    born, male = draw(DAYS), draw(st.booleans())
    century = (born.year - 1900) // 100 * 2 + (not male)
    number = f"{draw(st.sampled_from(sorted(provinces())))}{century}{born:%y}{draw(st.integers(0, 999_999)):06d}"
    return {"so_dinh_danh": number, "ngay_sinh": born.isoformat(), "gioi_tinh": "Nam" if male else "Nữ"}


def checked(code: str, values: dict[str, FieldValue]) -> dict[str, Field]:
    fields = [Field(key, value, str(value), 0.95) for key, value in values.items()]
    return {found.key: found for found in check_fields(code, fields, TODAY)}


@given(people())
def test_an_id_that_agrees_is_not_doubted(person: dict[str, FieldValue]) -> None:
    assert not any(found.problems for found in checked("can_cuoc_cong_dan", person).values())


@given(people(), st.integers(3, 5), st.integers(1, 9))
def test_a_misread_digit_of_century_sex_or_year_is_found_and_the_truth_offered(
    person: dict[str, FieldValue], place: int, step: int
) -> None:
    number = str(person["so_dinh_danh"])
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    found = checked("can_cuoc_cong_dan", {**person, "so_dinh_danh": wrong})["so_dinh_danh"]
    assert found.value == wrong
    assert found.confidence == DOUBTED
    assert number in [one.value for one in found.suggestions]


@given(people(), st.data())
def test_a_misread_year_of_birth_is_found_and_the_truth_offered(person: dict[str, FieldValue], data: st.DataObject) -> None:
    born = str(person["ngay_sinh"])
    wrong = data.draw(st.sampled_from([one.value for one in change_digits(born) if one.value[:4] != born[:4]]))
    assume("1900" < wrong[:4] <= "2026" and not wrong.endswith("02-29") and not born.endswith("02-29"))
    found = checked("can_cuoc_cong_dan", {**person, "ngay_sinh": wrong})["ngay_sinh"]
    assert found.problems
    assert born in [one.value for one in found.suggestions]


ANYTHING: dict[str, st.SearchStrategy[FieldValue]] = {
    "date": DAYS.map(date.isoformat),
    "money_vnd": st.integers(-5, 10**13),
    "int": st.integers(-5, 500),
    "list": st.lists(SIGNS, max_size=3).map(tuple),
    "id12": st.text("0123456789", max_size=13),
    "phone": st.text("0123456789", max_size=12),
}
PAPERS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.tuples(
        st.just(kind.code),
        st.fixed_dictionaries({}, optional={spec.key: ANYTHING.get(spec.type, SIGNS) for spec in kind.fields}),
    )
)


@given(PAPERS)
def test_no_values_break_the_checks_and_none_is_changed(paper: tuple[str, dict[str, FieldValue]]) -> None:
    code, values = paper
    found = checked(code, values)
    assert {key: one.value for key, one in found.items()} == values
    for one in found.values():
        assert one.confidence in ({0.95} if not one.problems else {DOUBTED, HINTED})
        assert one.value not in [offered.value for offered in one.suggestions]
        assert len({offered.value for offered in one.suggestions}) == len(one.suggestions) <= 3


@given(st.text("0123456789", min_size=9, max_size=9))
def test_no_digit_of_a_tax_code_can_be_another(nine: str) -> None:
    last = 10 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, nine, strict=True)) % 11
    assume(last < 10)
    assert is_tax_code(f"{nine}{last}")
    assert not any(is_tax_code(change.value) for change in change_digits(f"{nine}{last}"))


@given(
    st.dates(date(2016, 1, 1), TODAY),
    st.integers(1, 63),
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 999_999),
    st.booleans(),
)
def test_dossier_codes_of_both_grammars_come_back(
    day: date, root: int, office: int, desk: int, running: int, four_levels: bool
) -> None:
    agency = f"000.{desk:02d}.{office:02d}.H{root:02d}" if four_levels else f"H{root:02d}.{office:02d}.{desk}"
    text = f"{agency}-{day:%y%m%d}-{running:04d}"
    assert find_dossier_code(f"Mã hồ sơ: {text}.") == text
    code = parse_dossier_code(text)
    if four_levels or day >= date(2020, 7, 22):
        assert code is not None
        assert (code.agency, code.day, code.running) == (agency, day, f"{running:04d}")
    else:
        assert code is None


@given(st.integers(1, 9_999_999), st.integers(0, 99), st.sampled_from(["m²", "ha", "km²"]))
def test_areas_come_back_from_the_way_they_are_written_here(whole: int, part: int, unit: str) -> None:
    text = f"{whole:,}".replace(",", ".") + (f",{part:02d}" if part else "")
    size = (whole + part / 100) * {"m²": 1, "ha": 10_000, "km²": 1_000_000}[unit]
    assert abs((measure_area(f"{text} {unit}") or 0) - size) < 1e-6 * size


@given(st.text(max_size=40) | SIGNS)
def test_no_text_breaks_a_check(text: str) -> None:
    is_phone(text)
    is_tax_code(text)
    measure_area(text)
    parse_dossier_code(text)
    for day in impossible_dates(text):
        assert date.fromisoformat(day)
    for change in (*change_digits(text), *change_letters(text)):
        assert len(change.value) == len(text)
        assert change.value != text
