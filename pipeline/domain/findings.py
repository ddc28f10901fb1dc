"""What understanding finds: the type of a document, its fields, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.geometry import Box


class FieldOrigin(StrEnum):
    """Where the value of a field comes from."""

    OCR = "ocr"
    QR = "qr"
    BARCODE = "barcode"
    TEXT_LAYER = "text_layer"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding, not an exception: ``message`` is Vietnamese and says what to do.

    ``field`` and ``page`` name what it concerns, where it concerns one.
    """

    code: str
    message: str
    field: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where on the scan a value was seen."""

    page: int
    box: Box


#: A scalar, or several for a field of type ``list``.
FieldValue = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One value: ``value`` normalised as the dictionary says, ``text`` as printed (NFC), confidence 0..1."""

    key: str
    value: FieldValue
    text: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    origin: FieldOrigin = FieldOrigin.OCR
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of the dictionary: key, value type, whether every well-made document of the type carries it."""

    key: str
    type: str
    required: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of the dictionary with the fields it must yield."""

    code: str
    title: str
    role: str
    fields: tuple[FieldSpec, ...]
    abbreviation: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """The type code with its probability 0..1, and the runners-up, best first."""

    code: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All that understanding has to say of one document."""

    classification: Classification
    fields: tuple[Field, ...] = ()
    problems: tuple[Problem, ...] = ()

    def field(self, key: str) -> Field | None:
        """The field named ``key``, or None."""
        return next((found for found in self.fields if found.key == key), None)
