"""What is measured of a digitised file, page by page or as a whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain.documents import Source
from pipeline.domain.pages import LineRole, PagePicture, PageReading, PictureEncoding
from pipeline.domain.syllables import bare

#: A figure, or a word such as ``màu``.
Value = int | float | str
COLOUR, GREY, BLACK_AND_WHITE = "màu", "xám", "đen trắng"
YES, NO = "có", "không"
_SECRECY = frozenset({"tuyet mat", "toi mat", "mat"})


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """How the picture of a page went into the PDF; ``dpi`` 0 where it is not known.

    ``stand_in`` where it is white paper in the place of a page that could not be opened; ``drawn`` where the page is no
    picture at all but lines, areas and letters, which have neither dots nor a scanner's colours.
    """

    dpi: float
    components: int
    bits: int
    stand_in: bool = False
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class DerivedPdf:
    """The PDF that was made; signatures of the digitiser and of the agency are counted."""

    name: str
    bytes: int
    version: float
    conformance: str
    digitiser_signatures: int = 0
    agency_signatures: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rules are judged by; ``documents`` is how many documents the file holds."""

    source: Source
    readings: tuple[PageReading, ...]
    pictures: tuple[KeptPicture, ...]
    pdf: DerivedPdf
    documents: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure found: a value for each page (page 0: the whole file); none where it could not be told.

    ``applicable`` is false where the file has nothing that the measure is about.
    """

    values: tuple[tuple[int, Value], ...] = ()
    applicable: bool = True


def picture_traits(picture: PagePicture, *, stand_in: bool = False) -> KeptPicture:
    """What rules want to know of a picture, without its bytes."""
    known = math.isfinite(picture.dpi) and picture.dpi >= 1
    drawn = picture.encoding is PictureEncoding.DRAWING
    return KeptPicture(picture.dpi if known else 0.0, picture.components, picture.bits, stand_in, drawn)


def _said(so: bool) -> str:
    return YES if so else NO


def _whole(value: Value) -> Measured:
    return Measured(((0, value),))


def _resolution(facts: Facts) -> Measured:
    """Dots per inch of every page that has a picture of its own."""
    values = tuple((number, round(kept.dpi)) for number, kept in _own_pictures(facts) if kept.dpi)
    return Measured(values, applicable=not _all_drawn(facts))


def _own_pictures(facts: Facts) -> Iterator[tuple[int, KeptPicture]]:
    pages = zip(facts.readings, facts.pictures, strict=True)
    return ((page.number, kept) for page, kept in pages if not kept.stand_in and not kept.drawn)


def _all_drawn(facts: Facts) -> bool:
    """Whether no page is a scan at all."""
    return bool(facts.pictures) and all(kept.drawn for kept in facts.pictures)


def _colour(facts: Facts) -> Measured:
    values = tuple((number, _colour_of(kept)) for number, kept in _own_pictures(facts))
    return Measured(values, applicable=not _all_drawn(facts))


def _colour_of(kept: KeptPicture) -> str:
    if kept.components == 3:
        return COLOUR
    return BLACK_AND_WHITE if kept.bits == 1 else GREY


def _scale(facts: Facts) -> Measured:
    """Per cent: a page is as large as its scan, where the scan says its resolution."""
    values = tuple((number, 100) for number, kept in _own_pictures(facts) if kept.dpi)
    return Measured(values, applicable=not _all_drawn(facts))


def _lost_pages(facts: Facts) -> Measured:
    return _whole(max(0, facts.source.pages - len(facts.pictures)))


def _unopened_pages(facts: Facts) -> Measured:
    pages = zip(facts.readings, facts.pictures, strict=True)
    return Measured(tuple((page.number, _said(kept.stand_in)) for page, kept in pages))


def _blank_pages(facts: Facts) -> Measured:
    """Blank pages that stand in the PDF as pages, with their picture."""
    blank = [page.number for page in facts.readings if page.blank]
    return Measured(tuple((number, YES) for number in blank), applicable=bool(blank))


def _rescans(facts: Facts) -> Measured:
    return Measured(tuple((page.number, _said(page.quality.verdict == "rescan")) for page in facts.readings))


def _secrecy(facts: Facts) -> Measured:
    """Pages with a stamp of secrecy at the top: a line that says no more than MẬT, TỐI MẬT or TUYỆT MẬT."""
    return Measured(tuple((page.number, _said(_is_secret(page))) for page in facts.readings))


def _is_secret(page: PageReading) -> bool:
    upper = (line for line in page.text.lines if line.box.centre[1] < 0.4 * page.height)
    return any(line.text.isupper() and not line.text.isascii() and bare(line.text).strip(" .") in _SECRECY for line in upper)


def _copies(facts: Facts) -> Measured:
    """Pages with a stamp that makes them a copy (sao y, chứng thực)."""
    return Measured(
        tuple(
            (page.number, _said(any(line.role is LineRole.COPY_STAMP for line in page.text.lines))) for page in facts.readings
        )
    )


def faults_shown(readings: Sequence[PageReading]) -> tuple[str, ...]:
    """What the pages show themselves to be, by the ids of the rules against it: ``secrecy``, ``original`` (a copy is none)."""
    secret = any(map(_is_secret, readings))
    copied = any(line.role is LineRole.COPY_STAMP for page in readings for line in page.text.lines)
    return (*(["secrecy"] if secret else ()), *(["original"] if copied else ()))


#: Every measure by the name that rules call it.
MEASURES: Mapping[str, Callable[[Facts], Measured]] = {
    "resolution": _resolution,
    "colour": _colour,
    "scale": _scale,
    "lost_pages": _lost_pages,
    "unopened_pages": _unopened_pages,
    "blank_pages": _blank_pages,
    "rescans": _rescans,
    "secrecy": _secrecy,
    "copies": _copies,
    "format": lambda facts: _whole(facts.pdf.conformance),
    "pdf_version": lambda facts: _whole(facts.pdf.version),
    "documents": lambda facts: _whole(facts.documents),
    "file_name": lambda facts: _whole(facts.pdf.name),
    "bytes": lambda facts: _whole(facts.pdf.bytes),
    "digitiser_signatures": lambda facts: _whole(facts.pdf.digitiser_signatures),
    "agency_signatures": lambda facts: _whole(facts.pdf.agency_signatures),
}
