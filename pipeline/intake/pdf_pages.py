"""One page of a PDF: its scan at native size where it is one, else painted; with the text layer it may have."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.domain.pages import PageImage, Pixels, ScannedPage
from pipeline.intake import rejections
from pipeline.intake.bounds import Bounds
from pipeline.intake.broken_pictures import save_truncated
from pipeline.intake.drawings import draw_page
from pipeline.intake.font_maps import with_own_maps
from pipeline.intake.pdf_files import QPDF_ERRORS, has_active_content, open_pdf, open_raw
from pipeline.intake.pdf_objects import (
    IMAGE,
    TEXT,
    PageFrame,
    Piece,
    annotated_part,
    image_size,
    list_pieces,
    page_frame,
    shows_annotations,
)
from pipeline.intake.pdf_scans import Placement, decode_scan, find_scan
from pipeline.intake.pdf_streams import broken_off, has_stencil, keep_stream, largest_image
from pipeline.intake.resolution import sane_dpi, square_dots
from pipeline.intake.soundness import is_latin
from pipeline.intake.text_layers import Layer, read_layer

_VECTOR_DPI, _LEAST_DPI, _MOST_DPI = 300.0, 150.0, 400.0
#: Sheets longer than A2 (in points) are plans with lettering to match.
_LARGEST_SHEET, _LARGE_SHEET_DPI = 1700.0, 200.0
#: A scan of so many pixels is fine enough whatever size the PDF claims for its page.
_ENOUGH_PIXELS = 1600
#: Further down a page of text is no longer legible; a page that is too large even so is refused.
_LOWEST_DPI = 72.0
#: Channels apart by less than this are the noise of a JPEG, not ink of a colour.
_COLOUR_NOISE = 24
#: Of every so many pixels one is asked for its colour first: most pages that have any show it there.
_FEW = 16
#: Points beyond their rectangle in which notes and borders may still be drawn.
_REACH = 36.0

#: Left, top, right and bottom in pixels.
_Part = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A loaded page with all that was found out about it before anything is decoded.

    ``scan``: the image that covers it. ``raw_page``: the page as qpdf sees it, where that image is all there is and
    looks as its pixels say, but for annotations.
    """

    document: pdfium.PdfDocument
    page: pdfium.PdfPage
    number: int
    frame: PageFrame
    pieces: tuple[Piece, ...]
    scan: Placement | None
    raw_page: pikepdf.Page | None
    bounds: Bounds


def read_pdf_page(path: Path, number: int, bounds: Bounds) -> ScannedPage:
    """Page ``number`` of a PDF.

    A page that is one picture and nothing else comes with that picture's own pixels; any other is painted, stamps and
    filled fields included. Raises ``DamagedFileError`` or ``TooLargeError``.
    """
    with open_pdf(path, f"page {number}") as document, open_raw(path) as raw:
        raw_page = _raw_page(raw, number)
        if raw_page is not None:
            _hold(largest_image(raw_page), number, bounds)
        document.init_forms()
        sheet = _load(document, number, None if raw is None or "/OCProperties" in raw.Root else raw_page, bounds)
        page = _native(sheet) or _with_drawing(_painted(sheet, raw), sheet, raw, raw_page)
        if number == 1 and raw is not None and has_active_content(raw):
            return replace(page, problems=(*page.problems, "active_content"))
        return page


def paint(sheet: _Sheet, width: int, height: int, part: _Part | None = None, *, annotations: bool = True) -> Pixels:
    """A part of a page on white paper, in RGB, with or without annotations and form fields.

    All of the page is ``width`` × ``height`` pixels.
    """
    left, top, right, bottom = part or (0, 0, width, height)
    bitmap = pdfium.PdfBitmap.new_native(right - left, bottom - top, pdfium_c.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, right - left, bottom - top)
    flags = pdfium_c.FPDF_REVERSE_BYTE_ORDER | (pdfium_c.FPDF_ANNOT if annotations else 0)
    pdfium_c.FPDF_RenderPageBitmap(bitmap, sheet.page, -left, -top, width, height, 0, flags)
    if annotations and sheet.document.formenv:
        pdfium_c.FPDF_FFLDraw(sheet.document.formenv, bitmap, sheet.page, -left, -top, width, height, 0, flags)
    return np.array(bitmap.to_numpy(), dtype=np.uint8)


def without_idle_colour(pixels: Pixels) -> Pixels:
    """Grey pixels where the page has no colour at all, else the same RGB ones."""
    if pixels.ndim == 2:
        return pixels
    if _is_coloured(np.ascontiguousarray(pixels[::_FEW, ::_FEW])):
        return pixels
    half = max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2)
    if _is_coloured(np.asarray(cv2.resize(pixels, half, interpolation=cv2.INTER_NEAREST), np.uint8)):
        return pixels
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def _is_coloured(pixels: Pixels) -> bool:
    red, green, blue = cv2.split(pixels)
    return max(int(cv2.absdiff(red, green).max()), int(cv2.absdiff(green, blue).max())) >= _COLOUR_NOISE


def _load(document: pdfium.PdfDocument, number: int, raw_page: pikepdf.Page | None, bounds: Bounds) -> _Sheet:
    try:
        page = document[number - 1]
    except (pdfium.PdfiumError, IndexError) as error:
        raise rejections.damaged_page(number, "pdfium cannot load it") from error
    frame = page_frame(page)
    if not (frame.width > 0 and frame.height > 0):
        raise rejections.damaged_page(number, "it has no size")
    pieces = list_pieces(page, frame)
    for piece in pieces:
        if piece.kind == IMAGE:
            _hold(image_size(piece), number, bounds)
    scan = find_scan(pieces, frame)
    if scan is None or not scan.alone or raw_page is None or has_stencil(raw_page, scan):
        raw_page = None
    return _Sheet(document, page, number, frame, pieces, scan, raw_page, bounds)


def _native(sheet: _Sheet) -> ScannedPage | None:
    """The page as its one picture, None where anything else shows or only painting tells how it looks."""
    scan = sheet.scan
    if scan is None or sheet.raw_page is None or shows_annotations(sheet.page):
        return None
    pixels = decode_scan(scan, sheet.document, sheet.page)
    if pixels is None or pixels.shape[:2] != (scan.height, scan.width):
        return None
    cut = broken_off(sheet.raw_page, scan)
    if cut is not None and save_truncated(cut) is None:
        raise rejections.damaged_page(sheet.number, "its picture breaks off")
    squared, dots = square_dots(pixels, *scan.dpi)
    dpi = sane_dpi(squared.shape[1], squared.shape[0], dots)
    picture = keep_stream(sheet.raw_page, scan, dpi) if squared is pixels else None
    problems = () if cut is None else ("truncated",)
    return ScannedPage(PageImage(sheet.number, without_idle_colour(squared), dpi), picture=picture, problems=problems)


def _painted(sheet: _Sheet, raw: pikepdf.Pdf | None) -> ScannedPage:
    width, height = _canvas(sheet)
    if not sheet.bounds.hold_pixels(width, height):
        raise rejections.too_many_pixels(f"page {sheet.number}", width, height, sheet.bounds.max_page_pixels)
    try:
        pixels = _stamped(sheet, width, height)
        if pixels is None:
            pixels = paint(sheet, width, height)
        pixels = without_idle_colour(pixels)
    except (pdfium.PdfiumError, MemoryError, ctypes.ArgumentError) as error:
        raise rejections.damaged_page(sheet.number, "pdfium cannot paint it") from error
    image = PageImage(sheet.number, pixels, sane_dpi(width, height, width * 72 / sheet.frame.width))
    layer = read_layer(sheet.document, sheet.page, sheet.pieces, sheet.frame, image)
    if layer.text is None and raw is not None and any(piece.kind == TEXT for piece in sheet.pieces):
        layer = _layer_of_own_maps(raw, sheet, image)
    return ScannedPage(image, layer=layer.text, unlayered=layer.unlayered, problems=layer.problems)


def _with_drawing(painted: ScannedPage, sheet: _Sheet, raw: pikepdf.Pdf | None, raw_page: pikepdf.Page | None) -> ScannedPage:
    """The painted page with the drawing it was painted from, or with the reason why there is none to be had."""
    if raw is None or raw_page is None:
        return replace(painted, undrawn="broken_file")
    drawn = draw_page(raw, raw_page, sheet.frame, sheet.pieces)
    return replace(painted, undrawn=drawn) if isinstance(drawn, str) else replace(painted, drawing=drawn)


def _layer_of_own_maps(raw: pikepdf.Pdf, sheet: _Sheet, image: PageImage) -> Layer:
    """The layer once the fonts themselves say which letters their codes are; an empty one where they cannot."""
    data = with_own_maps(raw, sheet.number)
    if data is None:
        return Layer()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        return Layer()
    try:
        page = document[0]
        layer = read_layer(document, page, list_pieces(page, sheet.frame), sheet.frame, image)
    except (pdfium.PdfiumError, IndexError):
        return Layer()
    finally:
        document.close()
    if layer.text is None or not is_latin(layer.text.text):
        return Layer()
    return replace(layer, problems=(*layer.problems, "broken_font_map"))


def _stamped(sheet: _Sheet, width: int, height: int) -> Pixels | None:
    """A scan with stamps or signatures drawn over it: its own pixels, untouched wherever nothing is drawn.

    Painting the scan itself would blur it, for pdfium puts it on the grid anew. None where the page is not of this kind.
    """
    scan = sheet.scan
    if scan is None or sheet.raw_page is None or not _same_grid(scan, sheet.frame, width, height):
        return None
    pixels = decode_scan(scan, sheet.document, sheet.page)
    if pixels is None or pixels.shape[:2] != (scan.height, scan.width):
        return None
    left, top = (round(value * width / sheet.frame.width) for value in (scan.piece.bounds.left, scan.piece.bounds.top))
    part = _annotated_part(sheet, width, height)
    stamped, bare = (paint(sheet, width, height, part, annotations=drawn) for drawn in (True, False))
    drawn = cv2.dilate(_apart(stamped, bare), np.ones((5, 5), np.uint8))
    page = np.full((height, width, 3), 255, np.uint8)
    _paste(page, pixels, left, top)
    own = page[part[1] : part[3], part[0] : part[2]]
    own[:] = cv2.copyTo(stamped, drawn, np.ascontiguousarray(own))
    return page


def _annotated_part(sheet: _Sheet, width: int, height: int) -> _Part:
    """Where the page may show annotations, in pixels: beyond it, two paintings of the page are alike."""
    box = annotated_part(sheet.page, sheet.frame)
    if box is None:
        return 0, 0, width, height
    across, down = width / sheet.frame.width, height / sheet.frame.height
    left, right = ((value * across) for value in (box.left - _REACH, box.right + _REACH))
    top, bottom = ((value * down) for value in (box.top - _REACH, box.bottom + _REACH))
    part = max(0, int(left)), max(0, int(top)), min(width, math.ceil(right)), min(height, math.ceil(bottom))
    return part if part[0] < part[2] and part[1] < part[3] else (0, 0, width, height)


def _apart(one: Pixels, other: Pixels) -> Pixels:
    """255 where two pictures differ to the eye, else 0."""
    grey = cv2.transform(cv2.absdiff(one, other), np.ones((1, 3), np.float32))
    return np.asarray(cv2.threshold(grey, _COLOUR_NOISE // 2, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _same_grid(scan: Placement, frame: PageFrame, width: int, height: int) -> bool:
    across, down = scan.dpi
    return abs(frame.width * across / 72 - width) <= 1 and abs(frame.height * down / 72 - height) <= 1


def _paste(canvas: Pixels, pixels: Pixels, left: int, top: int) -> None:
    height, width = canvas.shape[:2]
    coloured = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    part = coloured[max(0, -top) : height - top, max(0, -left) : width - left]
    canvas[max(0, top) : max(0, top) + part.shape[0], max(0, left) : max(0, left) + part.shape[1]] = part


def _canvas(sheet: _Sheet) -> tuple[int, int]:
    """Width and height to paint at: the grid of the scan below, where there is one and it is fine enough."""
    frame, bounds = sheet.frame, sheet.bounds
    dpi = _paint_dpi(sheet.pieces, frame)
    if sheet.scan:
        across, down = sheet.scan.dpi
        fine = min(across, down) >= _LEAST_DPI or max(sheet.scan.width, sheet.scan.height) >= _ENOUGH_PIXELS
        if fine and max(across, down) <= _MOST_DPI and abs(across - down) < 0.02 * across:
            size = round(frame.width * across / 72), round(frame.height * down / 72)
            if bounds.hold_pixels(*size):
                return size
    while dpi > _LOWEST_DPI and not bounds.hold_pixels(*_size_at(frame, dpi)):
        dpi = max(_LOWEST_DPI, dpi * 0.8)
    return _size_at(frame, dpi)


def _size_at(frame: PageFrame, dpi: float) -> tuple[int, int]:
    return max(1, round(frame.width * dpi / 72)), max(1, round(frame.height * dpi / 72))


def _paint_dpi(pieces: tuple[Piece, ...], frame: PageFrame) -> float:
    """That of the finest large image where images make up much of the page, else what suits drawn letters."""
    page = frame.width * frame.height
    images = [piece for piece in pieces if piece.kind == IMAGE and piece.bounds.area > 0]
    if sum(piece.bounds.area for piece in images) < 0.5 * page:
        return _VECTOR_DPI if max(frame.width, frame.height) <= _LARGEST_SHEET else _LARGE_SHEET_DPI
    finest = max((_dots(piece) for piece in images if piece.bounds.area > 0.05 * page), default=_VECTOR_DPI)
    return min(max(finest, _LEAST_DPI), _MOST_DPI)


def _dots(piece: Piece) -> float:
    width, height = image_size(piece)
    return math.sqrt(width * height / (piece.bounds.area / 72**2))


def _hold(size: tuple[int, int], number: int, bounds: Bounds) -> None:
    width, height = size
    if width * height and not bounds.hold_pixels(width, height):
        raise rejections.too_many_pixels(f"page {number}", width, height, bounds.max_page_pixels)


def _raw_page(raw: pikepdf.Pdf | None, number: int) -> pikepdf.Page | None:
    if raw is None:
        return None
    try:
        return raw.pages[number - 1]
    except QPDF_ERRORS:
        return None
