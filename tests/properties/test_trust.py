"""How likely fields are right: what must hold of any value, whatever was learnt."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.findings import Classification, Evidence, Field, FieldSpec, Findings, Problem
from pipeline.domain.geometry import Box
from pipeline.review import decide
from pipeline.review.thresholds import is_accepted
from pipeline.understanding import document_types
from pipeline.understanding.fields import Extract
from pipeline.understanding.sheets import make_sheet
from pipeline.understanding.trust.chances import learnt_chance, settle_confidence, surround
from pipeline.understanding.trust.confidence import INK_READ_CEILING, MAIMED_CEILING, Proof
from pipeline.understanding.trust.traits import TRAITS, measure_traits
from tests.written_pages import decision, write_page

PAGE = write_page(decision())
AROUND = surround([PAGE], [make_sheet(PAGE)])
SPECS = {spec.key: spec for kind in document_types() for spec in kind.fields}
VALUES = ("717/QĐ-UBND", "027166577394", "2024-03-07", "Bùi Duy Chinh", "xã Đồng Ky, tỉnh Bắc Ninh", "Thuy", "x", "…")

specs = st.sampled_from(sorted(SPECS)).map(SPECS.__getitem__)
chances = st.lists(st.floats(0, 1), min_size=1, max_size=6).map(tuple)


def field_of(spec: FieldSpec, value: str, confidence: float) -> Field:
    return Field(spec.key, value, value, confidence, (Evidence(1, Box(420, 480, 800, 524)),))


def settled(spec: FieldSpec, value: str, proof: Proof, *problems: Problem) -> Field:
    read = replace(field_of(spec, value, proof.fit * math.prod(proof.chances)), problems=problems)
    return settle_confidence(Extract((read,), (), {spec.key: proof}), SPECS, AROUND, learnt_chance)[0]


@given(specs, st.sampled_from(VALUES), chances, st.floats(0, 1), st.integers(0, 5))
def test_a_surer_word_never_makes_a_field_less_sure(spec: FieldSpec, value: str, parts: tuple, more: float, at: int) -> None:
    place = at % len(parts)
    surer = (*parts[:place], max(parts[place], more), *parts[place + 1 :])
    assert settled(spec, value, Proof(surer)).confidence >= settled(spec, value, Proof(parts)).confidence - 1e-9


@given(specs, chances, st.floats(0, 1), st.floats(0, 1))
def test_a_better_fit_never_makes_a_field_less_sure(spec: FieldSpec, parts: tuple, one: float, other: float) -> None:
    low, high = (settled(spec, "x1", Proof(parts, fit=fit)).confidence for fit in sorted((one, other)))
    assert high >= low - 1e-9


@given(specs, st.sampled_from(VALUES), chances)
def test_ink_and_what_may_be_missing_stay_under_their_ceilings(spec: FieldSpec, value: str, parts: tuple) -> None:
    inked = settled(spec, value, Proof(parts, inked=True))
    assert inked.confidence <= INK_READ_CEILING
    assert [problem.code for problem in inked.problems] == ["value_handwritten"]
    assert settled(spec, value, Proof(parts, maimed=True)).confidence <= MAIMED_CEILING


@given(specs, st.sampled_from(VALUES), chances, st.sampled_from([kind.code for kind in document_types()]))
def test_a_field_with_a_problem_is_never_accepted(spec: FieldSpec, value: str, parts: tuple, code: str) -> None:
    problem = Problem("number_unread", "…", spec.key)
    found = settled(spec, value, Proof(parts), problem)
    assert found.confidence <= math.prod(parts) + 1e-4
    assert not is_accepted(replace(found, confidence=1.0), code)
    assert problem in decide([PAGE], Findings(Classification(code, 1.0), (found,)))[1]


@given(specs, st.text(max_size=40), chances)
def test_every_trait_lies_between_nothing_and_one(spec: FieldSpec, value: str, parts: tuple) -> None:
    traits = measure_traits(spec, field_of(spec, value, 0.5), Proof(parts), AROUND)
    assert len(traits) == len(TRAITS)
    assert all(0 <= trait <= 1 for trait in traits)
    assert 0 <= learnt_chance(spec, traits) <= 1
