"""What stands on a PDF page, piece by piece, through pdfium; and how page space maps to the page as the eye sees it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.domain.geometry import Affine, Box, hull

TEXT, PATH, IMAGE, SHADING = (
    pdfium_c.FPDF_PAGEOBJ_TEXT,
    pdfium_c.FPDF_PAGEOBJ_PATH,
    pdfium_c.FPDF_PAGEOBJ_IMAGE,
    pdfium_c.FPDF_PAGEOBJ_SHADING,
)
_FORM = pdfium_c.FPDF_PAGEOBJ_FORM
_DEEPEST = 6
#: A page with more pieces is a drawing; looking at each of them would take longer than reading the page.
MOST_PIECES = 50_000
_INVISIBLE_MODES = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)
_HIDDEN_FLAGS = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
_UNSEEN_ANNOTATIONS = (pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Size of the page as displayed, in points, and the map from page space to it (origin top left, y down)."""

    width: float
    height: float
    to_display: Affine


@dataclass(frozen=True, slots=True)
class Piece:
    """One visible thing: pdfium's ``handle``, its place in painting order, its bounds as displayed, in points.

    ``to_display`` leads from the coordinates the piece is defined in to the displayed page.
    """

    kind: int
    handle: pdfium_c.FPDF_PAGEOBJECT
    order: int
    bounds: Box
    to_display: Affine
    opaque: bool


def page_frame(page: pdfium.PdfPage) -> PageFrame:
    """How the page is displayed, /Rotate and crop box applied."""
    width, height = page.get_size()
    fine = 1000.0
    span = 1000.0
    across, down = round(width * fine), round(height * fine)

    def place(x: float, y: float) -> tuple[float, float]:
        to_x, to_y = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(page, 0, 0, across, down, 0, x, y, ctypes.byref(to_x), ctypes.byref(to_y))
        return to_x.value / fine, to_y.value / fine

    (x0, y0), (x1, y1), (x2, y2) = place(0, 0), place(span, 0), place(0, span)
    turn = Affine((x1 - x0) / span, (x2 - x0) / span, x0, (y1 - y0) / span, (y2 - y0) / span, y0)
    return PageFrame(width, height, turn)


def list_pieces(page: pdfium.PdfPage, frame: PageFrame) -> tuple[Piece, ...]:
    """The visible pieces in painting order, those of forms included; at most ``MOST_PIECES``."""
    pieces: list[Piece] = []
    whole = Box(0, 0, frame.width, frame.height)
    for handle, to_display in _handles(page, frame.to_display):
        if len(pieces) >= MOST_PIECES:
            break
        kind = pdfium_c.FPDFPageObj_GetType(handle)
        if not _is_painted(handle, kind):
            continue
        bounds = _bounds(handle, to_display)
        if bounds is not None and bounds.intersection(whole).area > 0:
            opaque = not pdfium_c.FPDFPageObj_HasTransparency(handle)
            pieces.append(Piece(kind, handle, len(pieces), bounds, to_display, opaque))
    return tuple(pieces)


def image_size(piece: Piece) -> tuple[int, int]:
    """Width and height of an image in its own pixels, as its dictionary declares them."""
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(piece.handle, ctypes.byref(width), ctypes.byref(height))
    return width.value, height.value


def pixel_map(piece: Piece, width: int, height: int) -> Affine:
    """The map from an image's own pixels (origin top left) to the displayed page, in points."""
    unit = Affine(1 / max(1, width), 0, 0, 0, -1 / max(1, height), 1)
    return unit.then(_matrix(piece.handle)).then(piece.to_display)


def is_clipped(piece: Piece) -> bool:
    """Whether a clip path cuts more than a hair off the piece, or is no plain rectangle."""
    clip = pdfium_c.FPDFPageObj_GetClipPath(piece.handle)
    count = pdfium_c.FPDFClipPath_CountPaths(clip) if clip else 0
    return any(_path_cuts(clip, index, piece) for index in range(max(0, count)))


#: Annotations of a page that are looked at.
_MOST_ANNOTATIONS = 1000


def shows_annotations(page: pdfium.PdfPage) -> bool:
    """Whether stamps, signatures, notes or filled fields are drawn on the page."""
    return any(_is_drawn(annotation) for annotation in _annotations(page))


def annotated_part(page: pdfium.PdfPage, frame: PageFrame) -> Box | None:
    """Where annotations may be drawn on the displayed page, in points; None where that may be anywhere."""
    if pdfium_c.FPDFPage_GetAnnotCount(page) > _MOST_ANNOTATIONS:
        return None
    boxes = []
    for annotation in _annotations(page):
        rect = pdfium_c.FS_RECTF()
        if not pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
            return None
        boxes.append(frame.to_display.map_box(Box(rect.left, rect.bottom, rect.right, rect.top)))
    return hull(boxes) if boxes else None


def _annotations(page: pdfium.PdfPage) -> Iterator[pdfium_c.FPDF_ANNOTATION]:
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), _MOST_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            yield annotation
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _is_drawn(annotation: pdfium_c.FPDF_ANNOTATION) -> bool:
    if pdfium_c.FPDFAnnot_GetSubtype(annotation) in _UNSEEN_ANNOTATIONS:
        return False
    if pdfium_c.FPDFAnnot_GetFlags(annotation) & _HIDDEN_FLAGS:
        return False
    rect = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return False
    if abs(rect.right - rect.left) < 0.5 or abs(rect.top - rect.bottom) < 0.5:
        return False
    if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_WIDGET:
        return bool(pdfium_c.FPDFAnnot_GetAP(annotation, pdfium_c.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2)
    return True


def _handles(page: pdfium.PdfPage, to_display: Affine) -> Iterator[tuple[pdfium_c.FPDF_PAGEOBJECT, Affine]]:
    for index in range(pdfium_c.FPDFPage_CountObjects(page)):
        yield from _unfolded(pdfium_c.FPDFPage_GetObject(page, index), to_display, 1)


def _unfolded(
    handle: pdfium_c.FPDF_PAGEOBJECT, to_display: Affine, depth: int
) -> Iterator[tuple[pdfium_c.FPDF_PAGEOBJECT, Affine]]:
    if not handle:
        return
    if pdfium_c.FPDFPageObj_GetType(handle) != _FORM:
        yield handle, to_display
        return
    if depth > _DEEPEST:
        return
    inner = _matrix(handle).then(to_display)
    for index in range(max(0, pdfium_c.FPDFFormObj_CountObjects(handle))):
        yield from _unfolded(pdfium_c.FPDFFormObj_GetObject(handle, index), inner, depth + 1)


def _is_painted(handle: pdfium_c.FPDF_PAGEOBJECT, kind: int) -> bool:
    if kind == TEXT:
        return pdfium_c.FPDFTextObj_GetTextRenderMode(handle) not in _INVISIBLE_MODES
    if kind == PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke))
        return fill.value != pdfium_c.FPDF_FILLMODE_NONE or bool(stroke.value)
    return kind in (IMAGE, SHADING)


def _bounds(handle: pdfium_c.FPDF_PAGEOBJECT, to_display: Affine) -> Box | None:
    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    found = pdfium_c.FPDFPageObj_GetBounds(
        handle, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top)
    )
    if not found:
        return None
    return to_display.map_box(Box(left.value, bottom.value, right.value, top.value))


def _matrix(handle: pdfium_c.FPDF_PAGEOBJECT) -> Affine:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix)):
        return Affine()
    return Affine(matrix.a, matrix.c, matrix.e, matrix.b, matrix.d, matrix.f)


def _path_cuts(clip: pdfium_c.FPDF_CLIPPATH, index: int, piece: Piece) -> bool:
    count = pdfium_c.FPDFClipPath_CountPathSegments(clip, index)
    if not 3 <= count <= 6:
        return True
    xs: set[float] = set()
    ys: set[float] = set()
    for at in range(count):
        segment = pdfium_c.FPDFClipPath_GetPathSegment(clip, index, at)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        xs.add(round(x.value, 2))
        ys.add(round(y.value, 2))
    if len(xs) != 2 or len(ys) != 2:
        return True
    window = piece.to_display.map_box(Box(min(xs), min(ys), max(xs), max(ys)))
    return window.intersection(piece.bounds).area < 0.985 * piece.bounds.area
