"""Pages with print, a seal, a signature, a photo and faint pencil on tinted paper, as a scanner sees them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage, Pixels
from tests.drawn_pages import find_font

#: Everything is drawn so many times finer first.
FINER = 3
WIDTH, HEIGHT = 1000, 800
LINES = (
    "Số: 717/QĐ-UBND ngày 26 tháng 8 năm 2025",
    "Họ và tên: Nguyễn Thị Mỹ Ứng, số 048186003915",
    "Địa chỉ: tổ 3, phường Sơn Trà, thành phố Đà Nẵng",
    "Tổng số tiền phải nộp là 13.580.000 đồng, hạn 30/9",
)
RED, BLUE, BLACK, PAPER = (205, 32, 44), (38, 52, 140), (28, 26, 30), (250, 247, 238)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is on the page."""

    lines: tuple[str, ...] = LINES
    seal: tuple[int, int, int] | None = RED
    signature: tuple[int, int, int] | None = BLUE
    photo: bool = True
    pencil: bool = True
    paper: tuple[int, int, int] = PAPER
    speck: bool = False


def draw(drawing: Drawing, dpi: float = 200.0, seed: int = 5) -> PageImage:
    """The page as scanned: a little soft, with the grain of paper and scanner."""
    sheet = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), drawing.paper)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(find_font()), round(11 / 72 * dpi) * FINER)
    for row, text in enumerate(drawing.lines):
        pen.text((60 * FINER, (60 + 52 * row) * FINER), text, fill=BLACK, font=font)
    if drawing.seal is not None:
        _draw_seal(pen, drawing.seal, dpi)
    if drawing.signature is not None:
        curve = [(620 + 3 * t + 40 * np.sin(t / 6), 470 + 60 * np.sin(t / 4) * np.exp(-t / 60)) for t in range(90)]
        pen.line([(x * FINER, y * FINER) for x, y in curve], fill=drawing.signature, width=4 * FINER, joint="curve")
    if drawing.pencil:
        pen.text((60 * FINER, 700 * FINER), "lưu hồ sơ 25", fill=tuple(part - 55 for part in drawing.paper), font=font)
    if drawing.speck:
        pen.ellipse([520 * FINER, 690 * FINER, 530 * FINER, 700 * FINER], fill=BLACK)
    pixels = np.asarray(sheet).copy()
    if drawing.photo:
        pixels[440 * FINER : 660 * FINER, 80 * FINER : 250 * FINER] = _photo(170 * FINER, 220 * FINER)
    small = cv2.resize(cv2.GaussianBlur(pixels, (0, 0), 1.2), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    grain = np.random.default_rng(seed).normal(0, 2.0, small.shape)
    return PageImage(1, np.clip(np.rint(small + grain), 0, 255).astype(np.uint8), dpi)


def boxes_with_digits(dpi: float = 200.0) -> list[Box]:
    """The boxes of the lines of print, which all hold digits."""
    return [Box(55, 56 + 52 * row, 960, 60 + 52 * row + 11 / 72 * dpi * 1.3) for row in range(len(LINES))]


def _draw_seal(pen: ImageDraw.ImageDraw, colour: tuple[int, int, int], dpi: float) -> None:
    middle, radius = (480 * FINER, 540 * FINER), 110 * FINER
    for inner in (0, 12, 60):
        reach = radius - inner * FINER
        corners = [middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach]
        pen.ellipse(corners, outline=colour, width=4 * FINER)
    font = ImageFont.truetype(str(find_font()), round(9 / 72 * dpi) * FINER)
    for turn, letter in enumerate("ỦY BAN NHÂN DÂN PHƯỜNG"):
        angle = 2 * np.pi * turn / 22
        at = (middle[0] + 0.66 * radius * np.cos(angle), middle[1] + 0.66 * radius * np.sin(angle))
        pen.text(at, letter, fill=colour, font=font, anchor="mm")
    tips = [(0.32 if turn % 2 else 0.12, turn * np.pi / 5) for turn in range(10)]
    star = [(middle[0] + part * radius * np.sin(a), middle[1] - part * radius * np.cos(a)) for part, a in tips]
    pen.polygon(star, fill=colour)


def _photo(width: int, height: int) -> Pixels:
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    face = np.exp(-(((columns - width / 2) / (0.3 * width)) ** 2 + ((rows - 0.45 * height) / (0.3 * height)) ** 2))
    waves = 18 * np.sin(columns / 14) * np.cos(rows / 17)
    shades = [70 + 140 * face + waves, 90 + 90 * face + waves, 140 + 30 * face - waves]
    return np.clip(np.stack(shades, axis=2), 0, 255).astype(np.uint8)
