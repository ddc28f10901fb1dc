"""Composition: the scan as the eye saw it, with invisible text exactly over its words, as PDF/A-2b; and ALTO."""

from pipeline.composition.alto import to_alto
from pipeline.composition.container import PDF_VERSION
from pipeline.composition.contents import describe_contents, parts_of
from pipeline.composition.document import compose
from pipeline.composition.metadata import PdfMetadata
from pipeline.composition.pictures import Compressed, compress
from pipeline.composition.structure import Part

__all__ = [
    "PDF_VERSION",
    "Compressed",
    "Part",
    "PdfMetadata",
    "compose",
    "compress",
    "describe_contents",
    "parts_of",
    "to_alto",
]
