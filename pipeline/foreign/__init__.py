"""Words and descriptions that other programs left beside scans: METS, ALTO, hOCR. Pure parsers of foreign files."""

from pipeline.foreign.alto import read_alto
from pipeline.foreign.hocr import HocrPage, read_hocr
from pipeline.foreign.kinds import WINDOW, Kind, kind_by, kind_of, may_tell, stem_of
from pipeline.foreign.mets import MetsDocument, MetsFile, MetsPackage, read_mets

__all__ = [
    "WINDOW",
    "HocrPage",
    "Kind",
    "MetsDocument",
    "MetsFile",
    "MetsPackage",
    "kind_by",
    "kind_of",
    "may_tell",
    "read_alto",
    "read_hocr",
    "read_mets",
    "stem_of",
]
