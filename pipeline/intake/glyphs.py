"""The letters of a PDF page's text layer, one by one, as pdfium finds them, with all that tells whether they show."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.domain.geometry import Affine, Box
from pipeline.intake.pdf_objects import IMAGE, PATH, TEXT, PageFrame, Piece, list_pieces

#: No page of paper holds more letters.
MOST_GLYPHS = 60_000
#: What pdfium gives for a hyphen at the end of a line; letters that old Vietnamese fonts take for others; ligatures.
_MEANT = {
    "\x02": "-",
    "\u01a2": "Ư",
    "\u01a3": "ư",
    "\u00d0": "Đ",
    "\u00f0": "đ",
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One letter (or space): ``box`` and ``baseline`` (left end) as displayed, in points; ``size`` of its type in points.

    ``painted``: drawn in a visible mode, not under a picture. ``mapped``: the font says which letter it is.
    ``upright``: runs from left to right as displayed. ``raw`` is the letter as the layer holds it. ``embedded``: drawn by a
    font of the file's own, so that ``box`` is that of what it shows.
    """

    text: str
    box: Box
    baseline: tuple[float, float]
    size: float
    font: str
    painted: bool
    mapped: bool
    upright: bool
    is_break: bool
    raw: str = ""
    embedded: bool = False


@dataclass(frozen=True, slots=True)
class _Style:
    font: str
    size: float
    painted: bool
    upright: bool
    embedded: bool = False


def list_glyphs(page: pdfium.PdfPage, pieces: tuple[Piece, ...], frame: PageFrame) -> tuple[Glyph, ...]:
    """The letters in the order of the content, as far as pdfium orders them; at most ``MOST_GLYPHS``."""
    textpage = page.get_textpage()
    try:
        count = min(textpage.count_chars(), MOST_GLYPHS)
        reader = _Reader(textpage, frame, pieces)
        return tuple(reader.glyph(index) for index in range(count))
    finally:
        textpage.close()


def list_stamp_glyphs(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, pieces: tuple[Piece, ...], frame: PageFrame, number: int
) -> tuple[Glyph, ...]:
    """The letters of the page's stamps, notes and filled fields, which pdfium counts only once they are part of the page.

    They are made part of the page as loaded, never of the file: paint it before. ``pieces`` are those it had until then.
    """
    if pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) != pdfium_c.FLATTEN_SUCCESS:
        return ()
    try:
        flat = document[number - 1]
    except pdfium.PdfiumError:
        return ()
    added = list_pieces(flat, frame)[len(pieces) :]
    found = list_glyphs(flat, added, frame)
    return tuple(glyph for glyph in found if glyph.is_break or glyph.painted)


class _Reader:
    def __init__(self, textpage: pdfium.PdfTextPage, frame: PageFrame, pieces: tuple[Piece, ...]) -> None:
        self.textpage = textpage
        self.frame = frame
        self.styles: dict[int, _Style] = {}
        self.texts = {_address(piece.handle): piece for piece in pieces if piece.kind == TEXT}
        self.covers = tuple(piece for piece in pieces if piece.opaque and piece.kind in (IMAGE, PATH) and _is_cover(piece))
        self.corners = tuple(ctypes.c_double() for _ in range(4))
        self.origin = ctypes.c_double(), ctypes.c_double()

    def glyph(self, index: int) -> Glyph:
        raw = self._raw(index)
        text = _MEANT.get(raw, raw)
        generated = pdfium_c.FPDFText_IsGenerated(self.textpage, index) == 1
        box, baseline = self._place(index)
        style = self._style(index, box)
        mapped = pdfium_c.FPDFText_HasUnicodeMapError(self.textpage, index) != 1
        is_break = generated or text.isspace() or not text
        return Glyph(
            text, box, baseline, style.size, style.font, style.painted, mapped, style.upright, is_break, raw, style.embedded
        )

    def _raw(self, index: int) -> str:
        code = pdfium_c.FPDFText_GetUnicode(self.textpage, index)
        if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            return "\ufffd" if code else ""
        return chr(code)

    def _place(self, index: int) -> tuple[Box, tuple[float, float]]:
        left, right, bottom, top = self.corners
        pdfium_c.FPDFText_GetCharBox(self.textpage, index, left, right, bottom, top)
        x, y = self.origin
        pdfium_c.FPDFText_GetCharOrigin(self.textpage, index, x, y)
        to_display = self.frame.to_display
        box = to_display.map_box(Box(left.value, bottom.value, right.value, top.value))
        return box, to_display.apply(x.value, y.value)

    def _style(self, index: int, box: Box) -> _Style:
        handle = pdfium_c.FPDFText_GetTextObject(self.textpage, index)
        if not handle:
            return _Style("", box.height, False, True)
        address = _address(handle)
        if address not in self.styles:
            self.styles[address] = self._look_up(index, handle, address)
        return self.styles[address]

    def _look_up(self, index: int, handle: pdfium_c.FPDF_PAGEOBJECT, address: int) -> _Style:
        piece = self.texts.get(address)
        alpha = ctypes.c_uint(255)
        pdfium_c.FPDFText_GetFillColor(self.textpage, index, None, None, None, ctypes.byref(alpha))
        painted = piece is not None and alpha.value > 25 and not self._is_covered(piece)
        matrix = pdfium_c.FS_MATRIX()
        pdfium_c.FPDFText_GetMatrix(self.textpage, index, ctypes.byref(matrix))
        turn = Affine(matrix.a, matrix.c, 0, matrix.b, matrix.d, 0).then(self.frame.to_display)
        size = pdfium_c.FPDFText_GetFontSize(self.textpage, index) * (turn.b**2 + turn.e**2) ** 0.5
        upright = turn.a > 0 and abs(turn.d) <= 0.05 * turn.a
        embedded = pdfium_c.FPDFFont_GetIsEmbedded(pdfium_c.FPDFTextObj_GetFont(handle)) == 1
        return _Style(_font_name(self.textpage, index), size, painted, upright, embedded)

    def _is_covered(self, piece: Piece) -> bool:
        return any(
            cover.order > piece.order and cover.bounds.intersection(piece.bounds).area > 0.8 * piece.bounds.area
            for cover in self.covers
        )


def _is_cover(piece: Piece) -> bool:
    """Whether a later picture or filled shape hides what lies under its bounds."""
    if piece.kind == IMAGE:
        return True
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(piece.handle, ctypes.byref(fill), ctypes.byref(stroke))
    is_rectangle = pdfium_c.FPDFPath_CountSegments(piece.handle) in (4, 5)
    return fill.value != pdfium_c.FPDF_FILLMODE_NONE and is_rectangle and piece.bounds.height > 3


def _font_name(textpage: pdfium.PdfTextPage, index: int) -> str:
    flags = ctypes.c_int()
    length = pdfium_c.FPDFText_GetFontInfo(textpage, index, None, 0, ctypes.byref(flags))
    if not 0 < length < 1000:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium_c.FPDFText_GetFontInfo(textpage, index, buffer, length, ctypes.byref(flags))
    return buffer.value.decode("utf-8", "replace").rpartition("+")[2]


def _address(handle: pdfium_c.FPDF_PAGEOBJECT) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0
