"""A small picture of the page on which every decision is made, and the marks (letters, mostly) found on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Resolution of the thumbnail: enough to see letters of 6 points apart, little enough to cost almost nothing.
THUMBNAIL_DPI = 150

#: Resolution at which the marks of pages with few of them are looked at once more.
CLOSEUP_DPI = 300

#: Side of the square that tells a letter from its surroundings (pixels, odd), and how much darker than it a letter is.
NEIGHBOURHOOD = 31
CONTRAST = 15

#: Heights of marks that may be letters, in pixels of the thumbnail: 2 to 30 points.
LOWEST, HIGHEST = 4, 62

#: Pieces of ink of at most this many pixels are specks.
SPECK = 3

#: Black borders lie in the margin, this share of each side; they say nothing about ink.
MARGIN = 0.04

#: Strong ink is what stands out more than this share of all ink does.
STRONGEST = 0.97

#: Marks that nowhere stand out from their surroundings by this share of what strong ink does shine through or are stains.
STRONG_SHARE = 0.42

#: Fewer marks than this say nothing about the size of the text.
FEWEST_FOR_HEIGHT = 20

Marks = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A grey page of about 150 dpi. ``factor`` leads from scan pixels to its own.

    ``ink`` is 255 where it is darker than its surroundings; ``marks`` has one row (left, top, width, height, area) for
    each connected piece of strong ink that may be a letter; ``specks`` counts the pieces far too small for one.
    """

    grey: Pixels
    ink: Pixels
    marks: Marks
    specks: int
    factor: float

    @property
    def text_height(self) -> float:
        """The usual height of letters in scan pixels, by ink, between x-height and capitals; 0 where marks are too few."""
        if len(self.marks) < FEWEST_FOR_HEIGHT:
            return 0.0
        by_height = self.marks[np.argsort(self.marks[:, 3])]
        area = np.cumsum(by_height[:, 4])
        return float(by_height[np.searchsorted(area, area[-1] / 2), 3]) / self.factor


def take_thumbnail(grey: PageImage) -> Thumbnail:
    """The thumbnail of a grey page."""
    factor = min(1.0, THUMBNAIL_DPI / grey.dpi, 4000 / max(grey.width, grey.height))
    pixels = grey.pixels
    if factor < 1:
        size = max(1, round(grey.width * factor)), max(1, round(grey.height * factor))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    ink, marks, specks = _find_strong(pixels, 1.0)
    return Thumbnail(pixels, ink, marks, specks, factor)


def look_closer(grey: PageImage, thumbnail: Thumbnail) -> tuple[Marks, float]:
    """The marks of a grey page found once more at full resolution, at most ``CLOSEUP_DPI``, and how many dpi they are of.

    Only the part of the page is looked at that holds marks on its ``thumbnail``; they are counted from its corner.
    """
    factor = min(1.0, CLOSEUP_DPI / grey.dpi)
    marks = thumbnail.marks
    low = (marks[:, :2].min(axis=0) - NEIGHBOURHOOD) / thumbnail.factor
    high = ((marks[:, :2] + marks[:, 2:4]).max(axis=0) + NEIGHBOURHOOD) / thumbnail.factor
    left, top, right, bottom = np.maximum(0, np.concatenate((low, high))).round().astype(int).tolist()
    part = np.ascontiguousarray(grey.pixels[top:bottom, left:right])
    if factor < 1:
        part = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return _find_strong(part, max(1.0, factor / thumbnail.factor))[1], grey.dpi * factor


def _find_strong(pixels: Pixels, scale: float) -> tuple[Pixels, Marks, int]:
    """The ink of a picture ``scale`` times as large as a thumbnail, its marks of strong ink, and the count of specks."""
    side = round(NEIGHBOURHOOD * scale) | 1
    around = cv2.blur(pixels, (side, side), borderType=cv2.BORDER_REPLICATE)
    depth = cv2.subtract(around, pixels)
    ink = cv2.threshold(depth, CONTRAST - 1, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
    marks, specks = find_marks(ink, scale)
    return ink, marks[_are_strong(marks, depth, around, ink)], specks


def _are_strong(marks: Marks, depth: NDArray[Any], around: NDArray[Any], ink: Pixels) -> NDArray[np.bool_]:
    """Which marks are of ink as strong, for the light that falls on it, as the stronger ink of the page."""
    share = cv2.divide(depth, around, scale=255.0)
    y, x = (round(MARGIN * side) for side in ink.shape)
    inner = slice(y, ink.shape[0] - y), slice(x, ink.shape[1] - x)
    counts = np.cumsum(cv2.calcHist([share[inner]], [0], ink[inner], [256], (0, 256)))
    strongest = int(np.searchsorted(counts, STRONGEST * counts[-1]))
    strong = cv2.integral(cv2.threshold(share, STRONG_SHARE * strongest, 1, cv2.THRESH_BINARY)[1])
    left, top = marks[:, 0], marks[:, 1]
    right, bottom = left + marks[:, 2], top + marks[:, 3]
    inside = strong[bottom, right] - strong[top, right] - strong[bottom, left] + strong[top, left]
    return np.asarray(inside >= 2)


def find_marks(ink: Pixels, scale: float) -> tuple[Marks, int]:
    """Pieces of ink with the size and shape of a letter, (left, top, width, height, area) each; the count of specks.

    ``scale`` tells how many times as large as a thumbnail the picture is.
    """
    pieces = find_pieces(ink).boxes
    width, height, area = pieces[:, cv2.CC_STAT_WIDTH], pieces[:, cv2.CC_STAT_HEIGHT], pieces[:, cv2.CC_STAT_AREA]
    fits = (height >= scale * LOWEST) & (height <= scale * HIGHEST) & (width <= 4 * height) & (4 * width >= height)
    return pieces[fits], int((area <= SPECK).sum())
