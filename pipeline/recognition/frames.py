"""Drawn boxes of the size of a stamp."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import cv2
import numpy as np

from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Resolution at which boxes are looked for.
COARSE_DPI = 100.0

#: Least and greatest sides of a stamp's box, in inches.
WIDTHS, HEIGHTS = (0.75, 3.8), (0.35, 2.1)

#: The shortest piece of a side, in inches, how far its ends may lie from the corners, and how many pixels it may climb.
PIECE, CORNER, CLIMB = 0.28, 0.14, 3

#: A side is drawn where strokes cover this share of it; three sides of a box must be, for stamps wear off unevenly.
DRAWN, SIDES = 0.7, 3

#: Gaps in a side up to this length are bridged, in inches.
BRIDGE = 0.4

#: Stamps stand in the upper part of a page: this share of its height is looked at.
UPPER = 0.62

#: More horizontal rulings than this are a table.
MOST_RULINGS = 60


def find_frames(page: PageImage) -> list[Box]:
    """Boxes of the size of a stamp drawn on the grey ``page``, in its pixels, the larger ones first."""
    factor = min(1.0, COARSE_DPI / page.dpi)
    upper = page.pixels[: max(1, round(UPPER * page.height))]
    size = max(1, round(upper.shape[1] * factor)), max(1, round(upper.shape[0] * factor))
    coarse = cv2.resize(upper, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    ink = cv2.adaptiveThreshold(coarse, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 15, 18).astype(np.uint8)
    return [_scaled(box, 1 / factor) for box in find_rectangles(ink, page.dpi * factor)]


def find_rectangles(ink: Pixels, dpi: float) -> list[Box]:
    """Rectangles of the size of a stamp in a mask of ink, in its pixels, the larger ones first."""
    across = _rulings(ink, dpi, upright=False)
    candidates = list(_pairs(across, dpi)) if len(across) <= MOST_RULINGS else []
    if not candidates:
        return []
    sides = _rulings(ink, dpi, upright=True)
    kept: list[Box] = []
    for box in sorted(candidates, key=lambda box: -box.area):
        inside = any(other.intersection(box).area > 0.8 * box.area for other in kept)
        if not inside and _is_drawn(box, across, sides, dpi):
            kept.append(box)
    return kept


def _rulings(ink: Pixels, dpi: float, *, upright: bool) -> list[Box]:
    """Straight strokes, which may climb a little and be broken, as boxes."""
    length, bridge, thickest = max(5, round(PIECE * dpi)), max(3, round(BRIDGE * dpi)), 0.1 * dpi
    climb, piece, joined = (np.ones(size, np.uint8) for size in ((CLIMB, 1), (1, length), (CLIMB, bridge)))
    if upright:
        climb, piece, joined = climb.T, piece.T, joined.T
    strokes = cv2.morphologyEx(cv2.dilate(ink, climb), cv2.MORPH_OPEN, piece)
    whole = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, joined)
    return [
        Box(float(left), float(top), float(left + wide), float(top + high))
        for left, top, wide, high, _ in find_pieces(whole.astype(np.uint8)).boxes.tolist()
        if (wide if upright else high) <= thickest
    ]


def _pairs(across: list[Box], dpi: float) -> Iterator[Box]:
    """Rectangles between two rulings of about the same length, one above the other."""
    fitting = [box for box in across if WIDTHS[0] * dpi <= box.width <= WIDTHS[1] * dpi]
    for one, other in combinations(fitting, 2):
        upper, lower = (one, other) if one.top < other.top else (other, one)
        high = lower.bottom - upper.top
        level = abs(one.left - other.left) <= CORNER * dpi and abs(one.right - other.right) <= CORNER * dpi
        if level and HEIGHTS[0] * dpi <= high <= HEIGHTS[1] * dpi:
            yield Box(min(one.left, other.left), upper.top, max(one.right, other.right), lower.bottom)


def _is_drawn(box: Box, across: list[Box], sides: list[Box], dpi: float) -> bool:
    reach = CORNER * dpi
    shares = []
    for edge in (box.left, box.right):
        near = [side for side in sides if abs(side.centre[0] - edge) <= reach]
        shares.append(_covered([(side.top, side.bottom) for side in near], box.top, box.bottom))
    for edge in (box.top, box.bottom):
        near = [side for side in across if abs(side.centre[1] - edge) <= reach]
        shares.append(_covered([(side.left, side.right) for side in near], box.left, box.right))
    return sum(share >= DRAWN for share in shares) >= SIDES


def _covered(spans: list[tuple[float, float]], first: float, last: float) -> float:
    """The share between ``first`` and ``last`` that the longest of ``spans`` covers, 0..1."""
    return max((min(end, last) - max(start, first) for start, end in spans), default=0.0) / max(1.0, last - first)


def _scaled(box: Box, factor: float) -> Box:
    return Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)
