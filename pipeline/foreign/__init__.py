"""Words and descriptions that other programs left beside scans: METS, ALTO, hOCR. Pure parsers of foreign files."""

from pipeline.foreign.alto import read_alto
from pipeline.foreign.hocr import HocrPage, read_hocr
from pipeline.foreign.kinds import Kind, kind_of, stem_of
from pipeline.foreign.mets import MetsDocument, MetsFile, MetsPackage, read_mets

__all__ = [
    "HocrPage",
    "Kind",
    "MetsDocument",
    "MetsFile",
    "MetsPackage",
    "kind_of",
    "read_alto",
    "read_hocr",
    "read_mets",
    "stem_of",
]
