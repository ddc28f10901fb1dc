"""The sample generator: invented Vietnamese documents with exact truth, for tests and benches."""

from scripts.corpus.defects import LEVELS, Level
from scripts.corpus.make import TYPES, invent_fields, layouts_of, make_document
from scripts.corpus.specimen import Form, Specimen
from scripts.corpus.truth import TruePage, TrueWord, Truth

__all__ = [
    "LEVELS",
    "TYPES",
    "Form",
    "Level",
    "Specimen",
    "TruePage",
    "TrueWord",
    "Truth",
    "invent_fields",
    "layouts_of",
    "make_document",
]
