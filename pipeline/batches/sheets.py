"""Separator sheets to print: large QR codes in five places, bars at head and foot, and words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pikepdf
import segno
from PIL import Image, ImageDraw, ImageFont

from pipeline.batches.markers import Marker
from pipeline.composition.fax import encode_fax

_DPI = 300
_WIDTH, _HEIGHT = 2480, 3508
_POINTS = (595.276, 841.89)
_MM = _DPI / 25.4
#: Millimetres: of the codes in the corners and the one in the middle, of the margin that printers leave.
_CORNER, _MIDDLE, _EDGE = 42, 74, 12
#: Bars of a Patch code in inches, narrow and wide; the code reads the same from both ends, so that no turn matters.
_NARROW, _WIDE, _LENGTH = 0.08, 0.20, 2.6
_BARS = (_WIDE, _NARROW, _NARROW, _WIDE)
_TITLE, _NOTE = "TỜ PHÂN CÁCH HỒ SƠ", "Đặt trước giấy tờ đầu tiên. Tờ này không nằm trong hồ sơ lưu; giữ lại để dùng lần sau."
_GENERAL = "GIẤY TỜ TIẾP THEO"


def write_sheets(markers: Sequence[Marker], titles: Mapping[str, str], face: Path, target: Path) -> None:
    """Write a PDF of A4 sheets, one for each of ``markers``; ``titles`` names types, ``face`` is a font file."""
    with pikepdf.new() as made:
        for marker in markers:
            _add_sheet(made, draw_sheet(marker, titles, face))
        made.docinfo["/Title"] = "Sohoa: tờ phân cách hồ sơ"
        made.save(target)


def draw_sheet(marker: Marker, titles: Mapping[str, str], face: Path) -> Image.Image:
    """The sheet as black and white pixels of A4 at 300 dpi."""
    sheet = Image.new("L", (_WIDTH, _HEIGHT), 255)
    for middle_x, middle_y, size in _places():
        _paste_code(sheet, marker.text, round(middle_x), round(middle_y), size)
    pen = ImageDraw.Draw(sheet)
    for top in (_EDGE * _MM, _HEIGHT - _EDGE * _MM - 0.8 * _DPI):
        _draw_bars(pen, top)
    lines = [(_TITLE, 96), (marker.dossier or _GENERAL, 170)]
    lines += [(f"Thành phần: {titles.get(marker.type, marker.type)}", 84)] if marker.type else []
    lines += [(f"Người quét: {marker.operator}", 72)] if marker.operator else []
    top = 66 * _MM
    for text, size in lines:
        top = _write(pen, text, size, top, face)
    _write(pen, _NOTE, 52, _HEIGHT - 74 * _MM, face)
    return sheet


def _places() -> tuple[tuple[float, float, float], ...]:
    near = (_EDGE + _CORNER / 2) * _MM
    corners = ((near, near), (_WIDTH - near, near), (near, _HEIGHT - near), (_WIDTH - near, _HEIGHT - near))
    return (*((x, y, _CORNER * _MM) for x, y in corners), (_WIDTH / 2, _HEIGHT * 0.585, _MIDDLE * _MM))


def _paste_code(sheet: Image.Image, text: str, middle_x: int, middle_y: int, size: float) -> None:
    rows = segno.make(text, micro=False, error="h", boost_error=False).matrix_iter(border=0)
    modules = np.array([list(row) for row in rows], np.uint8)
    scale = max(1, int(size // len(modules)))
    drawn = Image.fromarray(np.kron(1 - modules, np.ones((scale, scale), np.uint8)) * np.uint8(255))
    sheet.paste(drawn, (middle_x - drawn.width // 2, middle_y - drawn.height // 2))


def _draw_bars(pen: ImageDraw.ImageDraw, top: float) -> None:
    left = (_WIDTH - _LENGTH * _DPI) / 2
    for bar in _BARS:
        pen.rectangle((left, top, left + _LENGTH * _DPI, top + bar * _DPI - 1), fill=0)
        top += (bar + _NARROW) * _DPI


def _write(pen: ImageDraw.ImageDraw, text: str, size: int, top: float, face: Path) -> float:
    """Write a line in the middle, smaller where it is too long; returns where the next one begins."""
    room = _WIDTH - 2 * _EDGE * _MM
    while (font := ImageFont.truetype(str(face), size)) and font.getlength(text) > room and size > 24:
        size -= 4
    pen.text((_WIDTH / 2, top), text, font=font, fill=0, anchor="ma")
    return top + 1.35 * size


def _add_sheet(made: pikepdf.Pdf, sheet: Image.Image) -> None:
    black_and_white = np.where(np.asarray(sheet) < 128, 0, 255).astype(np.uint8)
    image = pikepdf.Stream(made, encode_fax(black_and_white))
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = _WIDTH, _HEIGHT, 1
    image.ColorSpace, image.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.CCITTFaxDecode
    image.DecodeParms = pikepdf.Dictionary(K=-1, Columns=_WIDTH, Rows=_HEIGHT, BlackIs1=False)
    page = made.add_blank_page(page_size=_POINTS)
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=made.make_indirect(image)))
    page.obj["/Contents"] = made.make_stream(f"q {_POINTS[0]} 0 0 {_POINTS[1]} 0 0 cm /Im Do Q".encode("ascii"))
