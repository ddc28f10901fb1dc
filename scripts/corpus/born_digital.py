"""Sheets as a PDF with a text layer; what an office draws over its typed text is not in that layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from scripts.corpus import fonts
from scripts.corpus.canvas import Colour, Mark, Panel, Picture, Point, Rule, Seal, Sheet, Strokes, Style, Word
from scripts.corpus.raster import seal_mask
from scripts.corpus.truth import Truth


def write_pdf(sheets: Sequence[Sheet], path: Path, truth: Truth) -> None:
    """Writes the sheets to ``path``: typed words as text, ink as paths, overprinted words and seals as images.

    Families whose files cannot be embedded (OpenType with PostScript outlines) are set in another family.
    """
    canvas = Canvas(str(path), invariant=1, pageCompression=1)
    canvas.setTitle(str(truth.fields.get("trich_yeu", truth.type)))
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))
        for mark in sheet.marks:
            _write_mark(canvas, mark, sheet.height)
        canvas.showPage()
    canvas.save()


def _embeddable() -> str:
    """The first installed family of TrueType files."""
    return next(family for family, files in fonts.families().items() if files[0].suffix == ".ttf")


def _font_name(style: Style) -> str:
    name = f"{style.family}-{int(style.bold)}{int(style.italic)}"
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, str(fonts.file_of(style.family, style.bold, style.italic))))
        except TTFError:
            pdfmetrics.registerFont(TTFont(name, str(fonts.file_of(_embeddable(), style.bold, style.italic))))
    return name


def _write_mark(canvas: Canvas, mark: Mark, height: float) -> None:
    if isinstance(mark, Word):
        _write_word(canvas, mark, height)
    elif isinstance(mark, Strokes):
        _colour(canvas, mark.colour)
        canvas.setLineWidth(mark.width)
        canvas.setLineCap(1)
        for path in mark.paths:
            _trace(canvas, path, height)
    elif isinstance(mark, Rule):
        _colour(canvas, mark.colour)
        canvas.setLineWidth(mark.width)
        canvas.setDash([min(mark.dash, 0.9), 1.2] if mark.dash else [])
        canvas.line(mark.start[0], height - mark.start[1], mark.end[0], height - mark.end[1])
        canvas.setDash([])
    elif isinstance(mark, Panel):
        _write_panel(canvas, mark, height)
    elif isinstance(mark, Picture):
        image = ImageReader(Image.fromarray(mark.pixels))
        canvas.drawImage(image, mark.left, height - mark.bottom, mark.right - mark.left, mark.bottom - mark.top)
    else:
        _press_seal(canvas, mark, height)


def _colour(canvas: Canvas, colour: Colour) -> None:
    shares = [channel / 255 for channel in colour]
    canvas.setStrokeColorRGB(*shares)
    canvas.setFillColorRGB(*shares)


def _trace(canvas: Canvas, points: Sequence[Point], height: float) -> None:
    path = canvas.beginPath()
    path.moveTo(points[0][0], height - points[0][1])
    for x, y in points[1:]:
        path.lineTo(x, height - y)
    canvas.drawPath(path, stroke=1, fill=0)


def _write_word(canvas: Canvas, word: Word, height: float) -> None:
    if word.kind == "over":
        _overprint(canvas, word, height)
        return
    _colour(canvas, word.style.colour)
    canvas.setFont(_font_name(word.style), word.style.size)
    canvas.drawString(word.x, height - word.baseline, f"{word.text} ")


def _overprint(canvas: Canvas, word: Word, height: float) -> None:
    """The word as a small transparent image, as document systems put numbers and days on a finished file."""
    scale = 300 / 72
    font = fonts.face(word.style.family, word.style.bold, word.style.italic, round(word.style.size * scale))
    left, top, right, bottom = (round(side) for side in font.getbbox(word.text, anchor="ls"))
    tile = Image.new("RGBA", (right - left + 4, bottom - top + 4), (255, 255, 255, 0))
    mask = Image.new("L", tile.size, 0)
    ImageDraw.Draw(mask).text((2 - left, 2 - top), word.text, fill=255, font=font, anchor="ls")
    tile.paste((*word.style.colour, 255), (0, 0), mask)
    x, y = word.x + (left - 2) / scale, height - word.baseline - (bottom + 2) / scale
    canvas.drawImage(_reader(tile), x, y, tile.width / scale, tile.height / scale, mask="auto")


def _reader(image: Image.Image) -> ImageReader:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return ImageReader(stream)


def _write_panel(canvas: Canvas, panel: Panel, height: float) -> None:
    if panel.fill:
        canvas.setFillColorRGB(*(channel / 255 for channel in panel.fill))
    if panel.outline:
        canvas.setStrokeColorRGB(*(channel / 255 for channel in panel.outline))
        canvas.setLineWidth(panel.width)
    box = (panel.left, height - panel.bottom, panel.right - panel.left, panel.bottom - panel.top)
    canvas.roundRect(*box, panel.radius, stroke=int(panel.outline is not None), fill=int(panel.fill is not None))


def _press_seal(canvas: Canvas, seal: Seal, height: float) -> None:
    mask = seal_mask(seal, 200 / 72)
    pixels = np.dstack([np.full_like(mask, channel) for channel in seal.colour] + [(mask * 0.8).astype(np.uint8)])
    side = mask.shape[0] * 72 / 200
    left, bottom = seal.centre[0] - side / 2, height - seal.centre[1] - side / 2
    canvas.drawImage(_reader(Image.fromarray(pixels)), left, bottom, side, side, mask="auto")
