"""Pages of Vietnamese text drawn for tests of the text layer, with the true box of every word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.composition.placement import upright
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Line, PageImage, PageOrigin, PageReading, PageText, Pixels, ScannedPage, Word

DPI = 150.0
WIDTH, HEIGHT = 1240, 1754
_FONTS = ("liberation2/LiberationSerif-Regular.ttf", "liberation/LiberationSerif-Regular.ttf", "dejavu/DejaVuSerif.ttf")

LINES = (
    "ỦY BAN NHÂN DÂN TỈNH AN PHÚ",
    "Số: 717/QĐ-UBND",
    "QUYẾT ĐỊNH",
    "Về việc công nhận kết quả đánh giá, phân hạng sản phẩm",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
    "Xét đề nghị của Giám đốc Sở Nông nghiệp và Môi trường tại Tờ trình",
    "số 123/TTr-SNN ngày 06/01/2025 (kèm theo hồ sơ gửi ngày 03/01/2025),",
    "Điều 1. Phê duyệt quy hoạch sử dụng đất đến năm 2030, tầm nhìn 2050.",
    "Điều 2. Chánh Văn phòng, thủ trưởng các cơ quan chịu trách nhiệm thi hành",
    "quyết định này kể từ ngày ký, mọi vướng mắc gửi về Ủy ban nhân dân tỉnh.",
)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPage:
    """A scan with its reading, and where its words stand on the upright page, in points from the top left."""

    scan: ScannedPage
    reading: PageReading
    words: tuple[tuple[str, Box], ...]


def find_font() -> Path:
    """A font with Vietnamese letters; the test is skipped where there is none."""
    for name in _FONTS:
        path = Path("/usr/share/fonts/truetype") / name
        if path.exists():
            return path
    pytest.skip("no font with Vietnamese letters: apt-get install fonts-liberation2")


def draw_page(*, number: int = 1, rotation: int = 0, skew: float = 0.0, lines: tuple[str, ...] = LINES) -> DrawnPage:
    """A drawn page, tilted clockwise by ``skew`` and lying so that a turn by ``rotation`` makes it upright."""
    font = ImageFont.truetype(str(find_font()), 30)
    sheet = Image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    rows: list[tuple[Word, ...]] = []
    for place, text in enumerate(lines):
        x, y = 110.0, 150 + 62 * place
        row = []
        for word in text.split():
            row.append(Word(word, Box(*pen.textbbox((x, y), word, font=font)), 0.9))
            pen.text((x, y), word, font=font, fill=(20, 20, 30))
            x += font.getlength(word + " ")
        rows.append(tuple(row))
    pen.ellipse((700, 1200, 950, 1450), outline=(200, 20, 30), width=8)
    return _lay(sheet, rows, number, rotation, skew)


def _lay(sheet: Image.Image, rows: list[tuple[Word, ...]], number: int, rotation: int, skew: float) -> DrawnPage:
    tilt = Affine.rotation(skew, WIDTH / 2, HEIGHT / 2)
    back = tilt.inverse()
    tilted = sheet.transform(
        sheet.size,
        Image.Transform.AFFINE,
        (back.a, back.b, back.c, back.d, back.e, back.f),
        resample=Image.Resampling.BILINEAR,
        fillcolor=(255, 255, 255),
    )
    pixels: Pixels = np.ascontiguousarray(np.rot90(np.asarray(tilted), rotation // 90))
    height, width = pixels.shape[:2]
    to_scan = tilt.then(upright(width, height, rotation).inverse())
    lines = tuple(Line(tuple(Word(w.text, to_scan.map_box(w.box), w.confidence) for w in row)) for row in rows)
    points = tilt.then(Affine.scale(72 / DPI))
    return DrawnPage(
        ScannedPage(PageImage(number, pixels, DPI)),
        PageReading(number, width, height, DPI, PageText(number, lines, "drawn"), PageOrigin.OCR, rotation, skew),
        tuple((word.text, points.map_box(word.box)) for row in rows for word in row),
    )
