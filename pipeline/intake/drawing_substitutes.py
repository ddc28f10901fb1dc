"""Letters of fonts that a PDF names but does not carry: the outlines pdfium puts in their place, as in the page's picture."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Mapping
from functools import lru_cache

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.intake.drawing_rules import UndrawableError, show_number

#: Units of the em square that outlines are asked for in.
UNITS = 1000.0
_OPERATORS = {
    pdfium_c.FPDF_SEGMENT_MOVETO: "m",
    pdfium_c.FPDF_SEGMENT_LINETO: "l",
    pdfium_c.FPDF_SEGMENT_BEZIERTO: "c",
}
_MOST_SEGMENTS = 4000

#: Keys and names of a font's dictionary.
_Pairs = tuple[tuple[str, str], ...]


def substitutes(font: pikepdf.Object, letters: Mapping[int, int]) -> dict[int, tuple[str, float]]:
    """Outline and width of each code of a simple font, in ``UNITS``; ``letters`` tells the Unicode of each code.

    Raises ``UndrawableError`` where pdfium has nothing to put in its place.
    """
    named = {str(key): str(value) for key, value in font.items() if isinstance(value, pikepdf.Name)}
    return dict(_outlines(tuple(sorted(named.items())), tuple(sorted(letters.items()))))


@lru_cache(maxsize=64)
def _outlines(named: _Pairs, letters: tuple[tuple[int, int], ...]) -> tuple[tuple[int, tuple[str, float]], ...]:
    # The pages of a document name the same fonts, and pdfium draws each letter point by point.
    document = pdfium.PdfDocument(_sample(named))
    try:
        page = document[0]
        handle = next((one for one in _fonts(page) if one), None)
        if handle is None:
            raise UndrawableError("font_not_embedded")
        return tuple((code, (_outline(handle, letter), _width(handle, letter))) for code, letter in letters)
    finally:
        document.close()


def _sample(named: _Pairs) -> bytes:
    with pikepdf.new() as sheet:
        page = sheet.add_blank_page(page_size=(100, 100))
        font = pikepdf.Dictionary({key: pikepdf.Name(value) for key, value in named})
        font["/Encoding"] = pikepdf.Name.WinAnsiEncoding
        page.obj["/Resources"] = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.obj["/Contents"] = sheet.make_stream(b"BT /F 10 Tf 10 10 Td (A) Tj ET")
        target = io.BytesIO()
        sheet.save(target)
    return target.getvalue()


def _fonts(page: pdfium.PdfPage) -> list[pdfium_c.FPDF_FONT]:
    handles = (pdfium_c.FPDFPage_GetObject(page, place) for place in range(pdfium_c.FPDFPage_CountObjects(page)))
    return [
        pdfium_c.FPDFTextObj_GetFont(handle)
        for handle in handles
        if pdfium_c.FPDFPageObj_GetType(handle) == pdfium_c.FPDF_PAGEOBJ_TEXT
    ]


def _width(font: pdfium_c.FPDF_FONT, letter: int) -> float:
    width = ctypes.c_float()
    found = pdfium_c.FPDFFont_GetGlyphWidth(font, letter, UNITS, ctypes.byref(width))
    return width.value if found else 0.0


def _outline(font: pdfium_c.FPDF_FONT, letter: int) -> str:
    path = pdfium_c.FPDFFont_GetGlyphPath(font, letter, UNITS)
    count = pdfium_c.FPDFGlyphPath_CountGlyphSegments(path) if path else 0
    if count > _MOST_SEGMENTS:
        raise UndrawableError("endless_glyph")
    parts: list[str] = []
    waiting: list[str] = []
    for place in range(max(0, count)):
        segment = pdfium_c.FPDFGlyphPath_GetGlyphPathSegment(path, place)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        waiting.append(f"{show_number(UNITS * x.value, 0)} {show_number(UNITS * y.value, 0)}")
        if kind == pdfium_c.FPDF_SEGMENT_BEZIERTO and len(waiting) < 3:
            continue
        parts.append(" ".join([*waiting, _OPERATORS.get(kind, "l")]))
        waiting = []
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            parts.append("h")
    return "\n".join(parts)
