"""Ink on a page picture: where there is some, and which of it no text layer speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

_WORKING_DPI = 150.0
_DARKEST_PAPER = 170
_MM = _WORKING_DPI / 25.4
#: Text is between 1.5 mm (small print without ascenders) and 12 mm high; a stroke of a letter may be smaller.
_LOWEST_TEXT, _HIGHEST_TEXT = 1.5 * _MM, 12 * _MM
_LOWEST_MARK = 0.9 * _MM
_LONGEST_LETTER = 30 * _MM
_LOWEST_RULING = 4.2 * _MM
_LEAST_TICK_BOX = 2 * _MM
_RULING = round(9 * _MM)
_THICKEST_RULING = 1.0 * _MM
_REACH_ACROSS, _REACH_DOWN = round(2.2 * _MM), round(0.35 * _MM)
_MARGIN = 0.6 * _MM
_SEAL_LEAST, _SEAL_MOST = 8 * _MM, 50 * _MM

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink of a page at a working resolution: ``mask`` is 1 where there is some, ``scale`` leads to it from scan pixels."""

    mask: Mask
    red: Mask
    scale: float
    sums: NDArray[np.int32]

    def share(self, box: Box) -> float:
        """The share of the box (scan pixels) that is ink, 0..1."""
        height, width = self.mask.shape
        left, top = (int(np.clip(value * self.scale, 0, end)) for value, end in ((box.left, width), (box.top, height)))
        right = int(np.clip(np.ceil(box.right * self.scale), 0, width))
        bottom = int(np.clip(np.ceil(box.bottom * self.scale), 0, height))
        area = (right - left) * (bottom - top)
        if area <= 0:
            return 0.0
        sums = self.sums
        return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]) / area


def find_ink(image: PageImage) -> Ink:
    """The ink of the page: whatever is darker than paper in any channel."""
    scale = min(1.0, _WORKING_DPI / image.dpi)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = np.asarray(cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    darkest, red = _channels(small)
    mask = (darkest < _DARKEST_PAPER).astype(np.uint8)
    return Ink(mask, red, scale, np.asarray(cv2.integral(mask), dtype=np.int32))


def find_unexplained(ink: Ink, glyphs: Sequence[Box], *, all_counts: bool) -> tuple[tuple[Box, ...], float]:
    """Boxes (scan pixels) of text-like ink outside ``glyphs`` (scan pixels), and the share of ink that these explain.

    Of all ink but ruling lines where ``all_counts``, else of text-like ink only, so that logos and photographs do not count.
    """
    left_over = ink.mask.copy()
    for box in glyphs:
        _erase(left_over, box, ink.scale)
    lines = _rulings(ink.mask)
    total = int(np.count_nonzero(ink.mask[lines == 0]))
    left_over[lines > 0] = 0
    rest = int(np.count_nonzero(left_over))
    told = total - rest
    letters = _letters(left_over, ink.red)
    if not all_counts:
        rest = sum(int(np.count_nonzero(_window(left_over, box))) for box in letters)
    explained = told / (told + rest) if told + rest else 1.0
    boxes = _group(letters, left_over.shape)
    back = 1 / ink.scale
    found = tuple(Box(box.left * back, box.top * back, box.right * back, box.bottom * back) for box in boxes)
    return found, explained


def _channels(small: Pixels) -> tuple[Pixels, Mask]:
    if small.ndim == 2:
        return small, np.zeros_like(small)
    red, green, blue = cv2.split(small)
    darkest = np.asarray(cv2.min(red, cv2.min(green, blue)), dtype=np.uint8)
    return darkest, (np.asarray(cv2.subtract(red, cv2.max(green, blue))) > 60).astype(np.uint8)


def _window(mask: Mask, box: Box) -> Mask:
    return mask[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]


def _erase(mask: Mask, box: Box, scale: float) -> None:
    grow = 1.5 + 0.06 * box.height * scale
    left, top = max(0, int(box.left * scale - grow)), max(0, int(box.top * scale - grow))
    mask[top : max(top, int(np.ceil(box.bottom * scale + grow))), left : max(left, int(np.ceil(box.right * scale + grow)))] = 0


def _rulings(mask: Mask) -> Mask:
    """Long straight thin lines, 1 where they run."""
    across = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, _RULING), np.uint8))
    down = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((_RULING, 1), np.uint8))
    thick = round(_THICKEST_RULING) + 1
    across[cv2.morphologyEx(across, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)) > 0] = 0
    down[cv2.morphologyEx(down, cv2.MORPH_OPEN, np.ones((1, thick), np.uint8)) > 0] = 0
    both = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    return np.asarray(both, dtype=np.uint8)


def _letters(mask: Mask, red: Mask) -> list[Box]:
    """Connected ink of a letter's size, none of it inside a red seal."""
    pieces = find_pieces(mask)
    labels, sizes = pieces.labels, pieces.stats
    seals = _seals(red)
    letters = []
    for label in range(1, len(sizes)):
        left, top, width, height, area = (int(value) for value in sizes[label])
        if not (_LOWEST_MARK <= height <= _HIGHEST_TEXT and width <= _LONGEST_LETTER) or area < 4:
            continue
        box = Box(left, top, left + width, top + height)
        if _is_border(_window(mask, box), area) or _is_tick_box(_window(mask, box)):
            continue
        if any(seal.intersection(box).area > 0.8 * box.area for seal in seals) and _is_red(labels, red, label, box):
            continue
        letters.append(box)
    return letters


def _is_border(window: Mask, area: int) -> bool:
    """Whether ink is a short straight ruling, like the side of a table cell."""
    height, width = window.shape
    return bool(height >= _LOWEST_RULING and width <= _THICKEST_RULING and area >= 0.9 * height * width)


def _is_tick_box(window: Mask) -> bool:
    """Whether ink is an empty box to be ticked: four straight sides and nothing within."""
    height, width = window.shape
    if min(height, width) < _LEAST_TICK_BOX or not 0.7 < width / height < 1.4:
        return False
    edge = max(2, round(0.15 * min(height, width)))
    inner = edge + 2
    sides = (window[:edge], window[-edge:], window[:, :edge].T, window[:, -edge:].T)
    straight = all(float(side.mean(axis=1).max()) > 0.85 for side in sides)
    return straight and float(window[inner:-inner, inner:-inner].mean()) < 0.02


def _seals(red: Mask) -> list[Box]:
    """Round red things of the size of a seal."""
    closed = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    found = find_pieces(np.asarray(closed, dtype=np.uint8)).boxes.tolist()
    boxes = [Box(left, top, left + width, top + height) for left, top, width, height, _ in found]
    return [box for box in boxes if _SEAL_LEAST <= box.width <= _SEAL_MOST and _SEAL_LEAST <= box.height <= _SEAL_MOST]


def _is_red(labels: NDArray[np.integer], red: Mask, label: int, box: Box) -> bool:
    window = slice(int(box.top), int(box.bottom)), slice(int(box.left), int(box.right))
    own = labels[window] == label
    return bool(np.count_nonzero(red[window][own]) > 0.5 * np.count_nonzero(own))


def _group(letters: Sequence[Box], shape: tuple[int, ...]) -> list[Box]:
    """Letters that stand together, as boxes with a margin; groups too low for text are specks."""
    canvas = np.zeros(shape[:2], np.uint8)
    for box in letters:
        top, bottom = max(0, int(box.top) - _REACH_DOWN), int(box.bottom) + _REACH_DOWN
        canvas[top:bottom, max(0, int(box.left) - _REACH_ACROSS) : int(box.right) + _REACH_ACROSS] = 1
    labels = find_pieces(canvas).labels
    together: dict[int, list[Box]] = {}
    for box in letters:
        x, y = box.centre
        together.setdefault(int(labels[int(y), int(x)]), []).append(box)
    whole = Box(0, 0, shape[1], shape[0])
    rows = [hull(row) for group in together.values() for row in _rows(group)]
    kept = [row.grown(_MARGIN).intersection(whole) for row in rows if row.height >= _LOWEST_TEXT]
    return sorted(kept, key=lambda box: (box.top, box.left))


def _rows(letters: Sequence[Box]) -> list[list[Box]]:
    """Letters of a group, row by row: the tall ones make the rows, marks join the nearest."""
    rows: list[list[Box]] = []
    for box in sorted((box for box in letters if box.height >= _LOWEST_TEXT), key=lambda box: box.centre[1]):
        if rows and abs(rows[-1][0].centre[1] - box.centre[1]) < 0.5 * max(rows[-1][0].height, box.height):
            rows[-1].append(box)
        else:
            rows.append([box])
    if not rows:
        return [list(letters)]
    levels = [hull(row).centre[1] for row in rows]
    for box in letters:
        if box.height < _LOWEST_TEXT:
            nearest = min(range(len(rows)), key=lambda at: abs(levels[at] - box.centre[1]))
            rows[nearest].append(box)
    return rows
