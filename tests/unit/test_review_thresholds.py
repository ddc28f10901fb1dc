"""The thresholds that come with the product."""

from __future__ import annotations

import pytest

from pipeline.domain.findings import DocumentType, Field, FieldOrigin
from pipeline.review.thresholds import FLOOR, needed_confidence, thresholds, was_sure
from pipeline.understanding import document_types
from pipeline.understanding.trust.confidence import INK_READ_CEILING
from pipeline.understanding.trust.traits import KINDS, kind_of


@pytest.mark.parametrize("kind", document_types(), ids=lambda kind: kind.code)
def test_every_type_and_field_of_the_dictionary_has_its_threshold(kind: DocumentType) -> None:
    known = thresholds()
    assert kind.code in known.type_needs
    for spec in kind.fields:
        assert known.keys[spec.key] == kind_of(spec)
        assert known.kind_needs[known.keys[spec.key]] <= known.needed(spec.key, kind.code)
    assert set(known.optional[kind.code]) == {spec.key for spec in kind.fields if not spec.required}


def test_every_kind_of_value_has_its_threshold_and_ink_reaches_none() -> None:
    needs = thresholds().kind_needs
    assert set(needs) == set(KINDS)
    assert min(needs.values()) >= FLOOR > INK_READ_CEILING


def test_the_strictest_of_kind_key_and_type_counts() -> None:
    known = thresholds()
    for code, own in known.type_needs.items():
        for key, kind in known.keys.items():
            assert known.needed(key, code) == max(
                FLOOR, known.kind_needs[kind], known.key_needs.get(key, 0.0), own.get(kind, 0.0)
            )


def test_an_earlier_reading_was_sure_where_nothing_was_wrong_and_little_was_in_doubt() -> None:
    field = Field("so_ky_hieu", "717/QĐ-UBND", "", 0.95)
    assert was_sure(field)
    assert not was_sure(Field("so_ky_hieu", "717/QĐ-UBND", "", 0.8))
    assert was_sure(Field("so_ky_hieu", "717/QĐ-UBND", "", 0.1, origin=FieldOrigin.HUMAN))
    assert needed_confidence(Field("so_ky_hieu", "x", "", 0.1, origin=FieldOrigin.QR)) == 0.0
