"""Whether a compressed page shows what the scan shows: strokes, digits, colours and tones, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.composition.places import Place, around_spots
from pipeline.composition.rasters import (
    Floats,
    above,
    both,
    darker,
    enlarge,
    grow,
    in_grey,
    mean,
    means,
    shrink,
    turned_over,
    without,
)
from pipeline.composition.strokes import COARSE_DPI, Study
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Pixels

#: A stroke of one picture is there where it stands out by this share of the ink around, and by so many grey levels; it
#: is missing in the other where nothing within a pixel stands out by the lesser share and levels.
STRONG, STRONG_LEVELS = 0.62, 52
WEAK, WEAK_LEVELS = 0.28, 18

#: Side of a square in pixels, and how many missing pixels in it make a stroke: less is the rim of one.
SQUARE, STROKE = 5, 7

#: Structural similarity (Wang et al. 2004) is taken at this resolution over squares of so many pixels; only those count in
#: which the scan shows something: its grey levels vary by this much (standard deviation), held against paper no darker than
#: this.
SSIM_DPI, SSIM_SIDE, SSIM_LIVELY = 100.0, 7, 12.0
LEAST_PAPER = 96
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
#: The least mean over a page, and the least mean over a place of a third of an inch.
LEAST_SSIM, LEAST_LOCAL_SSIM = 0.85, 0.70

#: Colours and tones are compared at a coarse resolution; over a place of so many pixels they may be off by this much of 255.
COLOUR_SIDE, COLOUR_OFF, TONE_OFF = 3, 32, 32
#: The paper of a whole page, no more than this in any channel.
PAPER_OFF = 6

#: Places found wanting are widened by so many pixels.
MARGIN = 12

#: In words with digits a pixel is inked above the first and bare below the second level, of 255 held against the ink of the
#: word; so many inked pixels of one page with nothing but bare ones around them on the other make another digit.
INKED, BARE, DOT = 160, 72, 4


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How faithful a page is: structural similarity 0..1, how many words with digits were compared, what is wrong and where.

    ``failures`` holds codes: ``similarity``, ``lost_stroke``, ``ghost``, ``colour``, ``tone``, ``digit``, ``size``,
    ``undecodable``; ``places`` are those (scan pixels) at which they were found.
    """

    ssim: float
    digits: int = 0
    failures: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.failures


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """What pages are held against: a scan, the levels that tell its strokes, and the boxes of words with digits."""

    page: Study
    strong: Pixels
    weak: Pixels
    digits: tuple[Place, ...]

    def compare(self, shown: Pixels) -> Fidelity:
        """How faithful ``shown`` is, a decoded page, RGB or grey as the scan."""
        scan, size = self.page.pixels, self.page.grey.shape
        if scan.shape != shown.shape:
            return Fidelity(0.0, failures=("size",))
        grey = in_grey(shown)
        similarity, ssim = _dissimilar(self.page, grey)
        found = {
            "similarity": similarity,
            "lost_stroke": list(_stray(self.page.grey, grey, self)),
            "ghost": list(_stray(grey, self.page.grey, self)),
            **_off_colours(scan, shown, self.page.dpi),
            "digit": [box for box in self.digits if _differs(self.page.grey, grey, box)],
        }
        failures = [code for code, places in found.items() if places]
        if ssim < LEAST_SSIM and "similarity" not in failures:
            failures.append("similarity")
        places = tuple(place.widen(MARGIN, size[1], size[0]) for places in found.values() for place in places)
        return Fidelity(ssim, len(self.digits), tuple(failures), places)


def measure_by(page: Study, digits: Iterable[Box]) -> Yardstick:
    """What copies of ``page`` are held against; ``digits`` are the boxes of words in which every sign counts."""
    height, width = page.grey.shape
    strong = page.ground.level(STRONG, width, height, STRONG_LEVELS)
    weak = page.ground.level(WEAK, width, height, WEAK_LEVELS)
    return Yardstick(page, strong, weak, tuple(_clip(digits, width, height)))


def _dissimilar(page: Study, shown: Pixels) -> tuple[list[Place], float]:
    """Places where structure differs, and the similarity of the whole page."""
    height, width = shown.shape
    step = max(1, round(page.dpi / SSIM_DPI))
    size = max(1, width // step), max(1, height // step)
    paper = enlarge(page.ground.paper, size)
    one, two = (_normalise(shrink(grey, size), paper) for grey in (page.grey, shown))
    similar, lively = _structure(one, two)
    ssim = float(similar[lively].mean()) if lively.any() else 1.0
    side = max(3, round(SSIM_DPI / 3))
    shares = means(lively.astype(np.float32), side)
    local = means(np.where(lively, similar, 0).astype(np.float32), side) / np.maximum(shares, 1e-6)
    spots = (local < LEAST_LOCAL_SSIM) & (shares > 0.1) & lively
    return list(around_spots(spots, width, height)), ssim


def _normalise(grey: Pixels, paper: Pixels) -> Floats:
    """Paper brought to white, its grain cut off."""
    return np.minimum(grey * np.float32(255.0) / np.maximum(paper, LEAST_PAPER), np.float32(240.0))


def _structure(one: Floats, two: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Structural similarity pixel by pixel, and where one of the pictures is lively."""
    mean1, mean2 = means(one, SSIM_SIDE), means(two, SSIM_SIDE)
    spread1 = means(one * one, SSIM_SIDE) - mean1 * mean1
    spread2 = means(two * two, SSIM_SIDE) - mean2 * mean2
    common = means(one * two, SSIM_SIDE) - mean1 * mean2
    upper = (2 * mean1 * mean2 + _C1) * (2 * common + _C2)
    lower = (mean1 * mean1 + mean2 * mean2 + _C1) * (spread1 + spread2 + _C2)
    return np.asarray(upper / lower, np.float32), np.maximum(spread1, spread2) > SSIM_LIVELY**2


def _stray(one: Pixels, other: Pixels, levels: Yardstick) -> Iterator[Place]:
    """Places where the first picture has strokes and the other has none."""
    missing = without(darker(one, levels.strong), grow(darker(other, levels.weak), 3))
    if cv2.countNonZero(missing) < STROKE:
        return
    crowded = above(mean(missing, SQUARE), 255 * STROKE // SQUARE**2 - 1)
    height, width = one.shape
    size = max(1, width // 8), max(1, height // 8)
    yield from around_spots(shrink(crowded, size) > 0, width, height)


def _off_colours(scan: Pixels, shown: Pixels, dpi: float) -> dict[str, list[Place]]:
    height, width = scan.shape[:2]
    step = 2 * max(1, round(dpi / COARSE_DPI / 2))
    size = max(1, width // step), max(1, height // step)
    one, two = (_rgb(mean(shrink(part[::2], size), COLOUR_SIDE)) for part in (scan, shown))
    away = one.astype(np.int16) - two
    tone = np.abs(away.mean(axis=2)) > TONE_OFF
    red, green, blue = away[:, :, 0], away[:, :, 1], away[:, :, 2]
    colour = (np.abs(red - green) > COLOUR_OFF) | (np.abs((red + green) // 2 - blue) > COLOUR_OFF)
    found = {"colour": list(around_spots(colour, width, height)), "tone": list(around_spots(tone, width, height))}
    if np.abs(np.median(away.reshape(-1, 3), axis=0)).max() > PAPER_OFF:
        found["colour"].append(Place(0, 0, width, height))
    return found


def _rgb(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)


def _clip(boxes: Iterable[Box], width: int, height: int) -> Iterator[Place]:
    for box in boxes:
        left, top = max(0, int(box.left) - 2), max(0, int(box.top) - 2)
        right, bottom = min(width, int(box.right) + 3), min(height, int(box.bottom) + 3)
        if right > left and bottom > top:
            yield Place(left, top, right, bottom)


def _differs(scan: Pixels, shown: Pixels, place: Place) -> bool:
    """Whether a word has strokes on one page and none there on the other, both in grey."""
    low, high = np.percentile(place.cut(scan), (2, 90)).tolist()
    scale = 255.0 / max(high - low, float(STRONG_LEVELS))
    one, two = (np.clip((high - place.cut(grey)) * scale, 0, 255).astype(np.uint8) for grey in (scan, shown))
    lost, added = (both(above(a, INKED), above(turned_over(grow(b, 3)), 255 - BARE)) for a, b in ((one, two), (two, one)))
    return cv2.countNonZero(lost) >= DOT or cv2.countNonZero(added) >= DOT
