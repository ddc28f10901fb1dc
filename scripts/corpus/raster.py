"""A sheet as pixels, with the exact box of every word."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from scripts.corpus import fonts
from scripts.corpus.canvas import Mark, Panel, Picture, Rule, Seal, Sheet, Strokes, Word
from scripts.corpus.ink import bend

Pixels = NDArray[np.uint8]
Corners = tuple[float, float, float, float]
Origin = Literal["print", "ink", "over", "stamp", "overlay"]


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A word as it lies on the page: the box of its ink in pixels (right and bottom exclusive) and its visual line."""

    text: str
    box: Corners
    line: int
    origin: Origin


def draw(sheet: Sheet, dpi: int) -> tuple[Pixels, list[DrawnWord]]:
    """RGB pixels of ``sheet`` at ``dpi`` on white paper and its words in drawing order."""
    scale = dpi / 72
    page = Image.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "white")
    words: list[DrawnWord] = []
    seals: list[Seal] = []
    for mark in sheet.marks:
        if isinstance(mark, Seal):
            seals.append(mark)
        else:
            words.extend(_draw_mark(page, mark, scale))
    pixels: Pixels = np.array(page)
    for seal in seals:
        _press_seal(pixels, seal, scale)
    return pixels, words


def _draw_mark(page: Image.Image, mark: Mark, scale: float) -> list[DrawnWord]:
    pen = ImageDraw.Draw(page)
    if isinstance(mark, Word):
        return [_draw_word(pen, mark, scale)]
    if isinstance(mark, Strokes):
        return _draw_strokes(page, mark, scale)
    if isinstance(mark, Rule):
        _draw_rule(pen, mark, scale)
    elif isinstance(mark, Panel):
        corners = tuple(round(side * scale) for side in (mark.left, mark.top, mark.right, mark.bottom))
        width = max(1, round(mark.width * scale)) if mark.outline else 0
        pen.rounded_rectangle(corners, mark.radius * scale, fill=mark.fill, outline=mark.outline, width=width)
    elif isinstance(mark, Picture):
        size = (round((mark.right - mark.left) * scale), round((mark.bottom - mark.top) * scale))
        page.paste(Image.fromarray(mark.pixels).resize(size), (round(mark.left * scale), round(mark.top * scale)))
    return []


def _draw_word(pen: ImageDraw.ImageDraw, word: Word, scale: float) -> DrawnWord:
    style = word.style
    font = fonts.face(style.family, style.bold, style.italic, max(4, round(style.size * scale)))
    x, baseline = round(word.x * scale), round(word.baseline * scale)
    pen.text((x, baseline), word.text, fill=style.colour, font=font, anchor="ls")
    left, top, right, bottom = font.getbbox(word.text, anchor="ls")
    return DrawnWord(word.text, (x + left, baseline + top, x + right, baseline + bottom), word.line, word.kind)


def _draw_strokes(page: Image.Image, mark: Strokes, scale: float) -> list[DrawnWord]:
    points = [point for path in mark.paths for point in path]
    pad = mark.width + 1
    left = math.floor((min(x for x, _ in points) - pad) * scale)
    top = math.floor((min(y for _, y in points) - pad) * scale)
    right = math.ceil((max(x for x, _ in points) + pad) * scale)
    bottom = math.ceil((max(y for _, y in points) + pad) * scale)
    tile = np.zeros((bottom - top, right - left), np.uint8)
    for path in mark.paths:
        thickness = max(1, round(mark.width * scale))
        line = np.array([((x * scale - left) * 16, (y * scale - top) * 16) for x, y in path]).round().astype(np.int32)
        cv2.polylines(tile, [line.reshape(-1, 1, 2)], False, (255,), thickness, cv2.LINE_AA, 4)
    page.paste(mark.colour, (left, top), Image.fromarray(tile))
    if not mark.text:
        return []
    rows, columns = np.where(tile.max(axis=1) > 60)[0], np.where(tile.max(axis=0) > 60)[0]
    box = (left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
    return [DrawnWord(mark.text, tuple(float(side) for side in box), mark.line, "ink")]  # type: ignore[arg-type]


def _draw_rule(pen: ImageDraw.ImageDraw, rule: Rule, scale: float) -> None:
    width = max(1, round(rule.width * scale))
    (x0, y0), (x1, y1) = rule.start, rule.end
    if not rule.dash:
        pen.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), fill=rule.colour, width=width)
        return
    x = x0
    while x < x1:
        end = min(x + min(rule.dash, 0.9), x1)
        pen.line((x * scale, y0 * scale, end * scale, y0 * scale), fill=rule.colour, width=width)
        x += rule.dash + 1.2


def _press_seal(pixels: Pixels, seal: Seal, scale: float) -> None:
    mask = seal_mask(seal, scale)
    half = mask.shape[0] // 2
    left, top = round(seal.centre[0] * scale) - half, round(seal.centre[1] * scale) - half
    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + mask.shape[1]), min(height, top + mask.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    share = mask[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255
    tint = 1 - share * (1 - np.array(seal.colour, np.float32) / 255)
    pixels[y0:y1, x0:x1] = (pixels[y0:y1, x0:x1] * tint).astype(np.uint8)


def seal_mask(seal: Seal, scale: float) -> Pixels:
    """How much ink a seal leaves, 0..255, as a square around its centre; uneven, as rubber prints."""
    radius = seal.radius * scale
    half = math.ceil(radius) + 3
    tile = Image.new("L", (2 * half + 1, 2 * half + 1), 0)
    pen = ImageDraw.Draw(tile)
    for share, width in ((1.0, 0.035), (0.93, 0.012), (0.62, 0.014)):
        reach = radius * share
        pen.ellipse((half - reach, half - reach, half + reach, half + reach), outline=255, width=max(1, round(radius * width)))
    _write_ring(tile, seal, radius, half)
    _write_middle(pen, seal, radius, half)
    mask: Pixels = np.array(tile)
    noise = np.random.default_rng(seal.grain).uniform(0.35, 1.15, (14, 14)).astype(np.float32)
    worn = cv2.resize(noise, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(mask * worn * 0.92, 0, 255), np.uint8)


def _write_ring(tile: Image.Image, seal: Seal, radius: float, half: int) -> None:
    size = max(6, round(radius * 0.2))
    font = fonts.face(seal.family, True, False, size)
    text = f"{seal.ring} ★ " if "★" not in seal.ring else seal.ring
    text = text.replace("★", "*")
    widths = [font.getlength(letter) + size * 0.06 for letter in text]
    stretch = 2 * math.pi / max(sum(widths), 1.0)
    angle = seal.angle - math.pi
    for letter, width in zip(text, widths, strict=True):
        middle = angle + width * stretch / 2
        angle += width * stretch
        if letter == " ":
            continue
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text((size, size), letter, fill=255, font=font, anchor="mm")
        turned = glyph.rotate(-math.degrees(middle), resample=Image.Resampling.BILINEAR)
        x, y = bend((half, half), radius * 0.775, middle)
        at = (round(x) - size, round(y) - size)
        patch = tile.crop((*at, at[0] + 2 * size, at[1] + 2 * size))
        tile.paste(ImageChops.lighter(patch, turned), at)


def _write_middle(pen: ImageDraw.ImageDraw, seal: Seal, radius: float, half: int) -> None:
    if not seal.middle:
        star = [
            bend((half, half), radius * (0.34 if index % 2 == 0 else 0.14), seal.angle + index * math.pi / 5)
            for index in range(10)
        ]
        pen.polygon(star, fill=255)
        reach = radius * 0.45
        box = (half - reach, half - reach, half + reach, half + reach)
        for step in range(18):
            pen.arc(box, step * 20, step * 20 + 9, fill=255, width=max(1, round(radius * 0.05)))
        return
    for index, text in enumerate(seal.middle):
        size = radius * 0.2
        font = fonts.face(seal.family, True, False, max(6, round(size)))
        while font.getlength(text) > radius * 1.1 and size > 6:
            size *= 0.92
            font = fonts.face(seal.family, True, False, max(6, round(size)))
        offset = (index - (len(seal.middle) - 1) / 2) * radius * 0.25
        pen.text((half, half + offset), text, fill=255, font=font, anchor="mm")
