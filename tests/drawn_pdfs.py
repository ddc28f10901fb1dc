"""PDFs as office programs draw them, for tests of pages that stay drawings: letters, lines, colours, images, stamps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LINES = ("QUYẾT ĐỊNH", "Về việc công nhận kết quả đánh giá, phân hạng sản phẩm", "Điều 1. Phê duyệt kế hoạch năm 2025 của xã.")
_FONTS = Path("/usr/share/fonts/truetype/liberation2")


def register_fonts() -> None:
    """Make ``Serif`` and ``Sans`` known to reportlab; skips where there are no fonts with Vietnamese letters."""
    for name, file in (("Serif", "LiberationSerif-Regular.ttf"), ("Sans", "LiberationSans-Bold.ttf")):
        if not (_FONTS / file).exists():
            pytest.skip("no fonts with Vietnamese letters: apt-get install fonts-liberation2")
        pdfmetrics.registerFont(TTFont(name, _FONTS / file))


def draw_letter(canvas: Canvas) -> None:
    """A heading, lines of prose in two fonts, a rule under them."""
    canvas.setFont("Sans", 15)
    canvas.drawString(200, 760, LINES[0])
    canvas.setFont("Serif", 13)
    for row, line in enumerate(LINES[1:] * 8):
        canvas.drawString(72, 720 - 24 * row, line)
    canvas.setLineWidth(0.7)
    canvas.line(72, 300, 520, 300)


def office_pdf(path: Path, draw: Callable[[Canvas], None] = draw_letter, *more: Callable[[Canvas], None]) -> Path:
    """One A4 page with what ``draw`` and ``more`` put upon it."""
    register_fonts()
    canvas = Canvas(str(path), pagesize=(595.28, 841.89), invariant=1)
    for each in (draw, *more):
        each(canvas)
    canvas.showPage()
    canvas.save()
    return path


def draw_inks(canvas: Canvas) -> None:
    """Areas in four inks, half covering each other, a dashed curve, a clipped circle."""
    canvas.setFillColor(CMYKColor(0.9, 0.1, 0.0, 0.1))
    canvas.rect(80, 100, 120, 60, stroke=0, fill=1)
    canvas.setFillColorRGB(0.8, 0.1, 0.1, alpha=0.5)
    canvas.rect(140, 130, 120, 60, stroke=1, fill=1)
    canvas.setDash(4, 3)
    canvas.bezier(300, 100, 340, 200, 400, 20, 460, 150)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(320, 180, 60, 40)
    canvas.clipPath(clip, stroke=0)
    canvas.circle(350, 200, 40, stroke=0, fill=1)
    canvas.restoreState()


def draw_seal(canvas: Canvas) -> None:
    """A red ring with holes one can see through, and a photograph."""
    pixels = np.zeros((120, 120, 4), np.uint8)
    y, x = np.mgrid[-60:60, -60:60]
    ring = (np.hypot(x, y) < 56) & (np.hypot(x, y) > 44)
    pixels[ring] = (210, 30, 40, 255)
    canvas.drawImage(ImageReader(Image.fromarray(pixels)), 340, 320, 110, 110, mask="auto")
    photo = (np.add.outer(np.arange(90), np.arange(60)) % 255).astype(np.uint8)
    canvas.drawImage(ImageReader(Image.fromarray(photo)), 80, 320, 60, 90)


def draw_photo(canvas: Canvas) -> None:
    """A photograph over most of the page."""
    pixels = np.random.default_rng(7).integers(0, 255, (200, 150, 3), np.uint8)
    canvas.drawImage(ImageReader(Image.fromarray(pixels)), 20, 20, 560, 700)


def edit(path: Path, change: Callable[[pikepdf.Pdf], None]) -> Path:
    """The file after ``change``."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path)
    return path


def add_content(pdf: pikepdf.Pdf, content: str, **resources: pikepdf.Object) -> None:
    """Put operators behind those of the first page, with more resources."""
    page = pdf.pages[0]
    for kind, named in resources.items():
        page.obj.Resources[f"/{kind}"] = named
    page.contents_add(pdf.make_stream(content.encode("ascii")))


def stamp(pdf: pikepdf.Pdf, *, flags: int = 4) -> None:
    """A stamp over the first page, drawn by its appearance, turned a quarter and stretched."""
    look = pdf.make_stream(b"0.1 0.2 0.8 rg 0 0 40 20 re f 1 g 4 4 10 6 re f")
    look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 40, 20]
    look.Matrix = [0, 1, -1, 0, 0, 0]
    annotation = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[400, 500, 460, 620], F=flags, AP=pikepdf.Dictionary(N=look)
    )
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(annotation)]))
