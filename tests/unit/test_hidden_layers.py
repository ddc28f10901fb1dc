"""Scans with the hidden words of a scanner's software: the picture is read, whatever those words are."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline import intake
from tests.drawn_pages import find_font
from tests.drawn_pdfs import register_fonts

LINES = (
    "Theo quy định hiện hành Ủy ban nhân dân thông báo cho các cơ quan",
    "có liên quan được biết để phối hợp thực hiện theo đúng thẩm quyền",
    "Căn cứ đề nghị của Giám đốc Sở Nội vụ và Chánh Văn phòng Ủy ban",
) * 6
#: What such programs leave: right words, the letters of English, those of TCVN3 and of VNI.
LAYERS = {
    "unicode": lambda line: line,
    "ascii": lambda line: "".join(sign if sign.isascii() else "a" for sign in line),
    "tcvn3": lambda _: "Theo quy ®Þnh hiÖn hµnh ñy ban nh©n d©n th«ng b¸o cho c¸c c¬ quan",
    "vni": lambda _: "Theo quy ñònh hieän haønh UÛy ban nhaân daân thoâng baùo cho caùc cô quan",
}


def scanned(path: Path, layer: str, *, mode: int, under: bool) -> Path:
    """A scan of print whose words stand in ``mode`` under or over the picture."""
    register_fonts()
    page = Image.new("L", (1240, 1754), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(find_font()), 32)
    for row, line in enumerate(LINES):
        pen.text((100, 100 + 60 * row), line, fill=0, font=font)
    canvas = Canvas(str(path), pagesize=(595.2, 841.92))
    if not under:
        canvas.drawImage(ImageReader(page), 0, 0, 595.2, 841.92)
    for row, line in enumerate(LINES):
        text = canvas.beginText(48, 841.92 - (128 + 60 * row) * 0.48)
        text.setFont("Serif", 32 * 0.48)
        text.setTextRenderMode(mode)
        text.textOut(LAYERS[layer](line))
        canvas.drawText(text)
    if under:
        canvas.drawImage(ImageReader(page), 0, 0, 595.2, 841.92)
    canvas.save()
    return path


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(("mode", "under"), [(3, False), (3, True), (0, True)])
def test_what_nobody_was_ever_shown_is_not_believed(tmp_path: Path, layer: str, mode: int, under: bool) -> None:
    page = intake.read_page(scanned(tmp_path / "a.pdf", layer, mode=mode, under=under), "application/pdf", 1, intake.Bounds())
    assert page.layer is None
    assert page.unlayered == ()
