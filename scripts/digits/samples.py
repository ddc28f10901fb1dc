"""Samples of gaps on official papers: ink between printed neighbours, scanned badly, with what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_models.digits.ink import HEIGHT, ink_of
from scripts.digits.glyphs import glyph, scale_of, uci_digits
from scripts.digits.pens import draw_writer, write_digit

Ink = NDArray[np.float32]

#: What is drawn is larger than what the net sees by this factor.
FINE = 3
#: Height of printed capitals and place of the baseline, in rows of the net.
CAPITALS, BASELINE = 14.3, 27.0
_LEFT = (":", "Số:", "Số:", "số", "Số", "ngày", "ngày", "tháng", "ngay", "Ngày", ",", "")
_RIGHT = (
    "/QĐ-UBND", "/TTr-UBND", "/UBND-KT", "/2020/TT-BCA", "/TB", "/CT-UBND", "/BC", "/2025/NĐ-CP", "/NQ-HĐND", "/GP", "/STP",
    "tháng", "tháng", "tháng", "năm", "năm", "năm 2024", "",
)  # fmt: skip
_LETTERS = "aAbBcCdDeEgGhHkKmMnNpPrRtTuUvVxXyYĐ"


@dataclass(frozen=True)
class Faces:
    """Fonts to draw with: hands and print."""

    hands: tuple[Path, ...]
    print: tuple[Path, ...]


@dataclass(frozen=True)
class Sample:
    """What the net sees (``HEIGHT`` rows, 0..1) and what stands there: digits, / and ? for a run of other signs."""

    ink: Ink
    text: str


def draw_sample(chance: np.random.Generator, faces: Faces) -> Sample:
    """One gap at random."""
    capitals = CAPITALS * FINE * chance.uniform(0.78, 1.25)
    baseline = (BASELINE + chance.normal(0, 1.6)) * FINE
    canvas = np.zeros((HEIGHT * FINE, 420 * FINE), np.float32)
    digits = _draw_text(chance)
    kind = chance.random()
    printed = kind < 0.16 or (kind < 0.24 and len(digits) <= 1)
    x = 3.0 * FINE
    face = faces.print[int(chance.integers(len(faces.print)))]
    left, right = _LEFT[int(chance.integers(len(_LEFT)))], _RIGHT[int(chance.integers(len(_RIGHT)))]
    head, x = _print_left(chance, canvas, left, (x, baseline, capitals), face)
    x += capitals * (chance.uniform(-0.1, 1.2) if chance.random() < 0.8 else chance.uniform(1.2, 3))
    layer = np.zeros_like(canvas)
    if printed:
        body, x = _set_text(layer, digits, (x, baseline, capitals), face)
    else:
        body, x = _write_text(chance, layer, digits, (x, baseline, capitals), faces)
        layer = _shake(chance, layer)
    x += capitals * (chance.uniform(-0.1, 1.2) if chance.random() < 0.8 else chance.uniform(1.2, 3))
    tail, end = _print_right(chance, canvas, right, (x, baseline, capitals), face)
    strength = chance.uniform(0.55, 1.0)
    ink = np.maximum(canvas * chance.uniform(0.6, 1.0), layer * strength)
    _add_noise(chance, ink, (end, baseline, capitals), empty=not digits)
    return Sample(_scan(chance, ink[:, : max(16 * FINE, int(end))]), _collapse(head + body + tail))


def _draw_text(chance: np.random.Generator) -> str:
    kind = chance.random()
    if kind < 0.05:
        return ""
    if kind < 0.45:
        return f"{int(chance.integers(0, 32)):02d}" if chance.random() < 0.9 else str(int(chance.integers(1, 10)))
    length = int(chance.choice([1, 2, 3, 4, 5], p=[0.1, 0.33, 0.35, 0.18, 0.04]))
    text = "".join(chance.choice(list("0123456789"), length))
    if chance.random() < 0.07:
        at = int(chance.integers(length + 1))
        text = text[:at] + _LETTERS[int(chance.integers(len(_LETTERS)))] + text[at:]
    return text


def _collapse(signs: str) -> str:
    """``signs`` with every run of letters as one question mark, other marks left out."""
    text = ""
    for sign in signs:
        if sign.isdigit() or sign == "/":
            text += sign
        elif sign.isalpha() and not text.endswith("?"):
            text += "?"
    return text


def _set_text(canvas: Ink, text: str, place: tuple[float, float, float], face: Path) -> tuple[str, float]:
    x, y, capitals = place
    for sign in text:
        x = _place_glyph(canvas, face, sign, (x, y, capitals))
    return text, x


def _print_left(
    chance: np.random.Generator, canvas: Ink, text: str, place: tuple[float, float, float], face: Path
) -> tuple[str, float]:
    """The end of ``text`` at the left edge, cut at a random place, often through a letter."""
    x, y, capitals = place
    kept = text[int(chance.integers(len(text) + 1)) :] if chance.random() < 0.6 else text[-1:]
    if kept and kept[0].isalpha() and chance.random() < 0.6:
        hidden = chance.uniform(0.1, 1.0)
        _, x = _set_text(canvas, kept, (-hidden * glyph(face, kept[0])[2] * capitals, y, capitals), face)
        return kept if hidden < 0.5 else kept[1:], x
    return _set_text(canvas, kept, (x, y, capitals), face)


def _print_right(
    chance: np.random.Generator, canvas: Ink, text: str, place: tuple[float, float, float], face: Path
) -> tuple[str, float]:
    """The start of ``text``; where the sample ends is the second value, now and then a little into the next letter."""
    x, y, capitals = place
    kept = text[: int(chance.integers(len(text) + 1))] if chance.random() < 0.75 else text[:1]
    _, x = _set_text(canvas, kept, (x, y, capitals), face)
    rest = text[len(kept) :]
    if rest and rest[0].isalpha():
        shown = chance.uniform(0.0, 0.9)
        _place_glyph(canvas, face, rest[0], (x, y, capitals))
        return kept + (rest[0] if shown > 0.5 else ""), x + glyph(face, rest[0])[2] * capitals * shown
    return kept, x + chance.uniform(1, 5) * FINE


def _write_text(
    chance: np.random.Generator, layer: Ink, text: str, place: tuple[float, float, float], faces: Faces
) -> tuple[str, float]:
    x, y, capitals = place
    height = capitals * chance.uniform(0.75, 1.75)
    y += capitals * chance.uniform(-0.15, 0.4)
    drift = chance.normal(0, 0.06)
    start = x
    gap = height * (chance.uniform(-0.08, 0.12) if chance.random() < 0.75 else chance.uniform(0.1, 0.5))
    hand = _pick_hand(chance, faces)
    for sign in text:
        tall = height * chance.uniform(0.85, 1.12)
        low = min(y + drift * (x - start) + height * chance.normal(0, 0.05), (HEIGHT - 0.5) * FINE)
        tall = min(tall, low - 0.5 * FINE)
        x = hand(layer, sign, (x, low, tall)) + gap + height * chance.normal(0, 0.03)
    return text, x - gap


def _pick_hand(chance: np.random.Generator, faces: Faces):  # noqa: ANN202
    kind = chance.random()
    face = faces.hands[int(chance.integers(len(faces.hands)))]
    writer = draw_writer(chance)
    slant, stretch, thick = chance.normal(0.1, 0.17), chance.uniform(0.75, 1.3), int(chance.integers(-3, 5))

    def by_font(layer: Ink, sign: str, place: tuple[float, float, float]) -> float:
        mask, above, _ = glyph(face, sign)
        unit = scale_of(face)
        return _stamp(layer, _thicken(mask, thick), place, (above, unit), (slant, stretch))

    def by_pen(layer: Ink, sign: str, place: tuple[float, float, float]) -> float:
        if not sign.isdigit():
            return by_font(layer, sign, place)
        return write_digit(chance, layer, sign, place, writer)

    def by_others(layer: Ink, sign: str, place: tuple[float, float, float]) -> float:
        if not sign.isdigit():
            return by_font(layer, sign, place)
        masks = uci_digits()[sign]
        mask = masks[int(chance.integers(len(masks)))]
        return _stamp(layer, _thicken(mask, min(2, thick)), place, (1.0, float(mask.shape[0])), (slant - 0.08, stretch))

    return by_pen if kind < 0.5 else by_font if kind < 0.82 else by_others


def _thicken(mask: Ink, by: int) -> Ink:
    if by == 0:
        return mask
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(by) + 1, abs(by) + 1))
    return cv2.dilate(mask, kernel) if by > 0 else cv2.erode(mask, kernel)


def _place_glyph(canvas: Ink, face: Path, sign: str, place: tuple[float, float, float]) -> float:
    mask, above, advance = glyph(face, sign)
    _stamp(canvas, mask, place, (above, scale_of(face)), (0.0, 1.0))
    return place[0] + advance * place[2]


def _stamp(
    canvas: Ink, mask: Ink, place: tuple[float, float, float], size: tuple[float, float], form: tuple[float, float]
) -> float:
    """Put ``mask`` with its left at x, its ``above`` over the baseline, scaled so that its unit is ``height`` pixels."""
    (x, y, height), (above, unit), (slant, stretch) = place, size, form
    scale = height / unit
    rows, columns = mask.shape
    width = columns * scale * stretch
    lean = max(0.0, -slant * rows * scale)
    left = int(np.floor(x)) - 2
    right = int(np.ceil(x + width + abs(slant) * rows * scale)) + 2
    left, right = max(0, left), min(canvas.shape[1], right)
    if right <= left:
        return x + width
    way = np.array(
        [
            [scale * stretch, -slant * scale, x - left + slant * rows * scale + lean - max(0.0, slant * rows * scale) * 0.0],
            [0.0, scale, y - above * height],
        ],
        np.float32,
    )
    drawn = cv2.warpAffine(mask, way, (right - left, canvas.shape[0]), flags=cv2.INTER_AREA)
    part = canvas[:, left:right]
    np.maximum(part, drawn, out=part)
    columns_inked = np.where(drawn.max(axis=0) > 0.3)[0]
    return left + float(columns_inked[-1]) if len(columns_inked) else x + width


def _shake(chance: np.random.Generator, layer: Ink) -> Ink:
    """``layer`` bent a little, as no font and no spline bends by itself."""
    if chance.random() < 0.3:
        return layer
    rows, columns = layer.shape
    grid = (4, max(4, columns // 30))
    size = chance.uniform(0.3, 2.2) * FINE
    dx, dy = (
        cv2.resize(chance.normal(0, size, grid).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
        for _ in range(2)
    )
    ys, xs = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return cv2.remap(layer, xs + dx * 0.6, ys + dy * 0.6, cv2.INTER_LINEAR)


def _add_noise(chance: np.random.Generator, ink: Ink, place: tuple[float, float, float], *, empty: bool) -> None:
    end, baseline, capitals = place
    rows, width = ink.shape[0], max(2, int(end))
    if chance.random() < (0.5 if empty else 0.15):
        step, radius = capitals * chance.uniform(0.18, 0.4), max(1, round(capitals * chance.uniform(0.025, 0.06)))
        for x in np.arange(chance.uniform(0, step), width, step):
            cv2.circle(ink, (int(x), int(baseline + chance.uniform(-0.02, 0.1) * capitals)), radius, 0.9, -1, cv2.LINE_AA)
    if chance.random() < 0.05:
        y = int(baseline + capitals * chance.uniform(0.1, 0.5))
        cv2.line(
            ink, (0, y), (width, y + int(chance.integers(-3, 4))), float(chance.uniform(0.4, 1)), int(chance.integers(1, 5))
        )
    if chance.random() < 0.15:
        y, start = int(baseline - capitals * chance.uniform(1.5, 1.95)), int(chance.uniform(-0.5, 0.7) * width)
        cv2.line(ink, (start, y), (start + int(chance.uniform(0.3, 1.2) * width), y), 0.95, int(chance.integers(1, 6)))
    if chance.random() < 0.2:
        y = int(baseline + capitals * chance.uniform(0.6, 1.0))
        for x in np.arange(0, width, capitals * 0.6):
            if chance.random() < 0.6:
                cv2.rectangle(ink, (int(x), y), (int(x + capitals * chance.uniform(0.08, 0.4)), rows), 0.8, -1)
    for _ in range(int(chance.poisson(0.5))):
        at = (int(chance.integers(width)), int(chance.integers(rows)))
        cv2.circle(ink, at, int(chance.integers(1, 6)), float(chance.uniform(0.3, 1)), -1)
    if chance.random() < 0.12:
        centre = (int(chance.integers(-100, width + 100)), int(chance.integers(-200, 200)))
        cv2.circle(ink, centre, int(chance.integers(60, 300)), float(chance.uniform(0.05, 0.3)), int(chance.integers(3, 12)))


def _scan(chance: np.random.Generator, ink: Ink) -> Ink:
    """What a scanner and its JPEG make of it, as the net sees it."""
    factor = chance.uniform(1 / FINE, 1.0)
    size = (max(8, round(ink.shape[1] * factor)), max(8, round(ink.shape[0] * factor)))
    page = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    if chance.random() < 0.7:
        page = cv2.GaussianBlur(page, (0, 0), chance.uniform(0.3, 1.4) * max(0.5, 2 * factor))
    if chance.random() < 0.15:
        page = (page > chance.uniform(0.25, 0.6)).astype(np.float32)
    paper, dark = chance.uniform(190, 255), chance.uniform(0, 110)
    grey = paper - page * (paper - dark) + chance.normal(0, chance.uniform(0, 7), page.shape)
    if chance.random() < 0.3:
        grey += np.linspace(-1, 1, page.shape[1])[None, :] * chance.uniform(-18, 18)
    pixels = np.clip(grey, 0, 255).astype(np.uint8)
    if chance.random() < 0.5:
        coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(25, 92))])[1]
        pixels = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return ink_of(pixels)
