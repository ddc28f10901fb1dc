"""What must be looked at, in which order, how risky it is to let it pass, and what is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.findings import Classification, Component, Evidence, Field, Findings, Problem
from pipeline.domain.geometry import Box
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Concern, Place, Step, StepKind, Waiting, standing
from pipeline.review import apply_draft, as_typed, by_urgency, concern_of, parse_typed, points_of, problems_left, urgency_of
from pipeline.understanding import document_types

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TYPES = {kind.code: kind for kind in document_types()}
SEEN = (Evidence(1, Box(1, 2, 3, 4)),)


def field(key: str, value: str | int | tuple[str, ...] = "x", confidence: float = 0.99999, *codes: str) -> Field:
    problems = tuple(Problem(code, f"{code}.", key, 1) for code in codes)
    return Field(key, value, str(value), confidence, SEEN, problems=problems)


def found(*fields: Field, sure: float = 0.99, code: str = "giay_khai_sinh") -> Findings:
    return Findings(Classification(code, sure), fields)


def step(place: Place, after: str | None, kind: StepKind = StepKind.SET) -> Step:
    return Step(1, "d", 1, place, kind, None, after, "hoa", NOW)


def test_what_is_sure_and_without_problems_need_not_be_looked_at() -> None:
    assert points_of(found(field("gioi_tinh", "Nữ", 0.9999)), ()) == ()


def test_ids_are_looked_at_before_prose_and_the_file_before_all() -> None:
    problems = (
        Problem("page_illegible", "Khó đọc.", page=1),
        Problem("low_confidence", "Thấp.", "noi_sinh", 1),
        Problem("id_structure", "Sai.", "so_dinh_danh", 1),
        Problem("type_doubtful", "Chưa chắc."),
    )
    assert [(one.place.part, one.place.key) for one in points_of(found(), problems)] == [
        (WHOLE, "page_illegible:1"),
        (1, TYPE_KEY),
        (1, "so_dinh_danh"),
        (1, "noi_sinh"),
    ]


def test_what_is_only_worth_saying_holds_nobody_up() -> None:
    assert points_of(found(), (Problem("page_blank", "Trang trắng.", page=2),)) == ()


def test_of_several_papers_in_a_file_each_has_points_of_its_own() -> None:
    one, two = found(field("ho_ten", "A", 0.2)), found(field("ho_ten", "B", 0.3))
    both = replace(one, components=(Component((1, 2), one), Component((3,), two)))
    problems = (Problem("low_confidence", "Thấp.", "ho_ten", 1), Problem("low_confidence", "Thấp.", "ho_ten", 3))
    assert [one.place for one in points_of(both, problems)] == [Place(1, "ho_ten"), Place(2, "ho_ten")]


def test_a_correction_in_the_second_paper_leaves_the_first_alone() -> None:
    one, two = found(field("ho_ten", "A")), found(field("ho_ten", "B"))
    both = replace(one, components=(Component((1, 2), one), Component((3,), two)))
    place = Place(2, "ho_ten")
    made = apply_draft(both, {place: step(place, "C")}, TYPES)
    assert [part.findings.fields[0].value for part in made.components] == ["A", "C"]
    assert made.fields[0].value == "A"


def test_a_value_that_is_not_on_the_paper_is_taken_out() -> None:
    place = Place(1, "ho_ten")
    assert apply_draft(found(field("ho_ten")), {place: step(place, None, StepKind.ABSENT)}, TYPES).fields == ()


def test_problems_of_settled_values_go_and_those_of_pages_stay() -> None:
    problems = (Problem("page_illegible", "Khó đọc.", page=1), Problem("low_confidence", "Thấp.", "ho_ten", 1))
    places = (Place(WHOLE, "page_illegible:1"), Place(1, "ho_ten"))
    settled = {place: step(place, "A") for place in places}
    assert problems_left(found(field("ho_ten")), problems, settled) == problems[:1]


def test_only_the_last_step_at_a_place_counts_and_none_that_was_undone() -> None:
    place = Place(1, "ho_ten")
    steps = (step(place, "A"), step(place, "B"), replace(step(place, "C"), undone=True))
    assert standing(steps)[place].after == "B"


def test_a_doubtful_id_is_riskier_than_many_doubtful_words() -> None:
    ids = concern_of(found(field("so_dinh_danh", "002315000123", 0.4)), ())
    words = concern_of(found(field("noi_sinh", "x", 0.4), field("quoc_tich", "x", 0.4)), ())
    assert ids.risk > words.risk > 0
    assert (ids.doubts, words.doubts) == (1, 2)


def test_a_slip_tells_when_its_dossier_is_due() -> None:
    slip = found(field("ngay_hen_tra", "2026-03-09"), code="giay_tiep_nhan_ho_so")
    assert concern_of(slip, ()).due == "2026-03-09"
    assert concern_of(None, (Problem("encrypted_pdf", "Có mật khẩu."),)).first == "Có mật khẩu."


def waiting(name: str, risk: float = 0.0, days: float = 0.0, **changes: object) -> Waiting:
    made = Waiting(name, "H05", name, "", False, NOW - timedelta(days=days), 1, Concern(risk))
    return replace(made, **changes)


def test_where_a_citizen_waits_comes_first_then_what_is_due_then_what_is_risky() -> None:
    listed = (
        waiting("plain"),
        waiting("risky", 30.0),
        waiting("old", days=5),
        waiting("soon", due="2026-03-03"),
        waiting("overdue", due="2026-02-27"),
        waiting("station", station=True),
        waiting("later", due="2026-04-01"),
    )
    ordered = [one.document for one in by_urgency(listed, NOW)]
    assert ordered == ["station", "overdue", "soon", "old", "later", "risky", "plain"]
    assert [urgency_of(one, NOW) for one in by_urgency(listed, NOW)][:4] == ["station", "overdue", "soon", "late"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "15/07/2015", "2015-07-15"),
        ("date", " 5.7.2015 ", "2015-07-05"),
        ("date", "15072015", "2015-07-15"),
        ("date", "2015-07-15", "2015-07-15"),
        ("id12", "0023 1500 0123", "002315000123"),
        ("money_vnd", "1.250.000 đồng", 1250000),
        ("int", "3", 3),
        ("year", "1987", 1987),
        ("name", "  Trần  Thị Bưởi ", "Trần Thị Bưởi"),
        ("list", "Như trên;\n Lưu: VT ", ("Như trên", "Lưu: VT")),
        ("code", "717/ QĐ-UBND", "717/QĐ-UBND"),
        ("text", "Tra\u0302\u0300n\u200e", "Trần"),
        ("text", "   ", None),
    ],
)
def test_typed_texts_are_values(kind: str, text: str, value: object) -> None:
    assert parse_typed(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "31/02/2015"),
        ("date", "hôm qua"),
        ("id12", "00231500012"),
        ("id12", "00231500012O"),
        ("money_vnd", "1,5"),
        ("year", "87"),
        ("text", "x" * 5000),
    ],
)
def test_what_is_no_value_is_refused_in_words(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        parse_typed(kind, text)


@given(st.dates(min_value=date(1900, 1, 1)), st.integers(0, 10**15), st.text(st.sampled_from("aạăđ Ơ1/-"), min_size=1))
def test_what_is_shown_to_be_typed_is_the_value_again(day: date, amount: int, text: str) -> None:
    assert parse_typed("date", as_typed("date", day.isoformat())) == day.isoformat()
    assert parse_typed("money_vnd", as_typed("money_vnd", amount)) == amount
    value = parse_typed("text", text)
    assert parse_typed("text", as_typed("text", value)) == value
