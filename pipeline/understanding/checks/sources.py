"""A value that stands in two places of a document: in a code and in print, on two pages, in figures and in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.domain.findings import Field, FieldSpec, FieldValue, Suggestion
from pipeline.understanding.checks.papers import DOUBTED
from pipeline.understanding.folding import squeeze
from pipeline.understanding.messages import describe

#: How a message names where a value stands, by the source of its suggestion.
PLACES: Mapping[str, str] = {
    "qr": "mã QR",
    "barcode": "mã vạch",
    "print": "chữ in",
    "page": "trang khác",
    "words": "phần viết bằng chữ",
    "register": "sổ đăng ký",
}


@dataclass(frozen=True, slots=True)
class Witness:
    """The same value as it stands elsewhere; ``source`` is one of :data:`PLACES`, ``page`` where it was seen."""

    value: FieldValue
    source: str
    page: int | None = None


def hear_witness(found: Field, spec: FieldSpec, witness: Witness) -> Field:
    """``found`` as it is where ``witness`` says the same, else doubted, with what the witness says as a suggestion."""
    if agree(found.value, witness.value):
        return found
    place = PLACES[witness.source]
    said = "; ".join(witness.value) if isinstance(witness.value, tuple) else str(witness.value)
    problem = describe("sources_disagree", spec, text=said, place=place, page=witness.page)
    source = "print" if witness.source == "words" else witness.source
    suggestion = Suggestion(witness.value, source, f"Giá trị ghi ở {place}.")
    return replace(
        found,
        confidence=min(found.confidence, DOUBTED),
        problems=(*found.problems, problem),
        suggestions=(suggestion, *(one for one in found.suggestions if one.value != witness.value)),
    )


def agree(one: FieldValue, other: FieldValue) -> bool:
    """Whether two values say the same: case, spaces and the way marks are encoded aside."""
    return _plain(one) == _plain(other)


def _plain(value: FieldValue) -> str:
    text = "|".join(value) if isinstance(value, tuple) else str(value)
    return unicodedata.normalize("NFC", squeeze(text)).casefold()
