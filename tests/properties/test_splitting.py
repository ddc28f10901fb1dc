"""Whatever pages a file holds, each belongs to exactly one document, in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.pages import PageOrigin, PageReading, UnreadPage
from pipeline.understanding import understand
from tests.unit.test_splitting import BODY, DRAFT, FORM, RULES
from tests.unit.test_understanding_document import BIRTH
from tests.written_pages import decision, write_page

TODAY = date(2026, 1, 1)
KINDS = [decision(), decision(number="Số: 5/QĐ-UBND"), BIRTH, RULES, BODY, DRAFT, FORM, [], None]
TURNS = st.sampled_from([0, 180])


def page(number: int, kind: int, turn: int) -> PageReading:
    lines = KINDS[kind]
    if lines is None:
        return PageReading(number, 100, 100, 300.0, UnreadPage(number, "page_timeout"), PageOrigin.UNREAD)
    return replace(write_page(lines, number=number, rotation=turn), blank=not lines)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(KINDS) - 1), TURNS), max_size=9), st.randoms(use_true_random=False))
def test_every_page_of_any_mix_is_in_exactly_one_document(kinds, order) -> None:
    pages = [page(number, kind, turn) for number, (kind, turn) in enumerate(kinds, 1)]
    shuffled = list(pages)
    order.shuffle(shuffled)
    findings = understand(shuffled, today=TODAY)
    numbers = [number for part in findings.components for number in part.pages]
    assert len(findings.components) != 1
    assert not findings.components or numbers == [one.number for one in pages]
    for part in findings.components:
        assert {seen.page for found in part.findings.fields for seen in found.evidence} <= set(part.pages)
    assert understand(pages, today=TODAY) == findings
