"""Dotted leaders under and behind the answers of forms, painted out of what is read.

Engines lose whole lines of text that stand on a leader, or read the dots as letters. Only what cannot be part of a letter
goes: small flat pieces of ink in long even rows. (Rulings of tables stay: without them engines read worse.)
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Side of the square that tells ink from its surroundings, in inches, and how much darker than it ink is.
NEIGHBOURHOOD, CONTRAST = 0.12, 12

#: Leaders, in inches: dots and dashes at most this high, this far apart at most, this uneven in height; this many of
#: them over this length.
DOT, GAP, UNEVEN, FEWEST, SHORTEST = 0.026, 0.045, 0.009, 5, 0.3


def erase_leaders(image: PageImage) -> PageImage:
    """The grey page without dotted leaders."""
    ink = _ink(image)
    found = find_pieces(ink)
    stats = found.stats
    flat = stats[:, cv2.CC_STAT_HEIGHT] <= max(2.0, DOT * image.dpi)
    flat[0] = False
    pieces = np.flatnonzero(flat)
    lefts = stats[pieces, cv2.CC_STAT_LEFT].astype(np.float64)
    rights = lefts + stats[pieces, cv2.CC_STAT_WIDTH]
    in_row = _in_rows(lefts, rights, found.centres[pieces, 1], image.dpi)
    if not in_row.any():
        return image
    chosen = np.zeros(len(stats), np.uint8)
    chosen[pieces[in_row]] = 255
    return _paint(image, chosen[found.labels])


def _in_rows(
    lefts: NDArray[np.float64], rights: NDArray[np.float64], heights: NDArray[np.float64], dpi: float
) -> NDArray[np.bool_]:
    """Which pieces stand in a long even row; rows may climb a little, as on a page that is not quite straight."""
    right = _right_neighbours(lefts, rights, heights, dpi)
    follows = np.zeros(len(lefts), bool)
    follows[right[right >= 0]] = True
    found = np.zeros(len(lefts), bool)
    for start in np.flatnonzero(~follows):
        row = [int(start)]
        while right[row[-1]] >= 0:
            row.append(int(right[row[-1]]))
        if len(row) >= FEWEST and rights[row[-1]] - lefts[start] >= SHORTEST * dpi:
            found[row] = True
    return found


def _right_neighbours(
    lefts: NDArray[np.float64], rights: NDArray[np.float64], heights: NDArray[np.float64], dpi: float
) -> NDArray[np.int64]:
    """For each piece the nearest one that begins close behind its right end at the same height; -1 where there is none."""
    order = np.argsort(lefts, kind="stable")
    begins, levels = lefts[order], heights[order]
    neighbours = np.full(len(lefts), -1, np.int64)
    first = np.searchsorted(begins, rights[order] - 1, side="left")
    last = np.searchsorted(begins, rights[order] + GAP * dpi, side="right")
    for place, (start, end) in enumerate(zip(first, last, strict=True)):
        behind = slice(max(start, place + 1), end)
        near = np.flatnonzero(np.abs(levels[behind] - levels[place]) <= max(1.0, UNEVEN * dpi))
        if len(near):
            neighbours[order[place]] = order[behind][near[0]]
    return neighbours


def _ink(image: PageImage) -> Pixels:
    side = max(15, round(NEIGHBOURHOOD * image.dpi)) | 1
    return cv2.adaptiveThreshold(image.pixels, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, side, CONTRAST).astype(
        np.uint8
    )


def _paint(image: PageImage, mask: Pixels) -> PageImage:
    """The page with the masked pixels, and the grey seam around them, as light as their surroundings."""
    wide = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    paper = cv2.morphologyEx(image.pixels, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    pixels = np.where(wide > 0, np.maximum(image.pixels, paper), image.pixels)
    return PageImage(image.number, pixels.astype(np.uint8), image.dpi, image.to_scan)
