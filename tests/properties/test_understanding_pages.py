"""Any page of any words is understood without a fault, and nothing is found that is not there."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.review import decide
from pipeline.understanding import document_types, understand
from pipeline.understanding.kinds.recipes import recipes
from tests.written_pages import decision, write_page

TODAY = date(2026, 1, 1)
PRINTED = sorted({text for recipe in recipes().values() for rule in recipe.rules for text in rule.labels})
TITLES = sorted({title.upper() for recipe in recipes().values() for title in (*recipe.titles, *recipe.openings)})
VALUES = [
    "NGUYỄN VĂN A",
    "01/02/1990",
    "ngày L7 tháng 0l năm 2O24",
    "027166577394",
    "Nam",
    "12,5 m2",
    "5 tỷ đồng",
    "Số: /QĐ-",
    "…",
    "²",
]
LINES = st.one_of(
    st.sampled_from(TITLES),
    st.tuples(st.sampled_from(PRINTED), st.sampled_from([":", "", " ......", ";"]), st.sampled_from(VALUES)).map(
        lambda parts: f"{parts[0]}{parts[1]} {parts[2]}"
    ),
    st.sampled_from([line[2] for line in decision()]),
    st.text(min_size=1, max_size=40),
)
PLACES = st.tuples(st.integers(0, 2000), st.integers(0, 3300))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(PLACES, LINES), max_size=25), st.sampled_from([0, 90, 180, 270]), st.floats(-5, 5))
def test_no_page_of_labels_titles_and_noise_breaks_understanding(lines, turn: int, skew: float) -> None:
    written = [(x, y, " ".join(text.split())) for (x, y), text in lines if text.split()]
    page = write_page(written, rotation=turn, skew=skew)
    findings = understand([page], today=TODAY)
    kinds = {kind.code: kind for kind in document_types()}
    keys = {spec.key for spec in kinds[findings.classification.code].fields}
    words = {word.text for word in page.text.words}
    for found in findings.fields:
        assert found.key in keys
        assert 0 <= found.confidence < 1
        assert found.evidence
        assert all(any(part in word for word in words) or part == "" for part in found.text.split())
    status, _ = decide([page], findings)
    assert status in ("approved", "needs_review")
