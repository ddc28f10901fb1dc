"""Whether a compressed page shows what the scan shows: strokes, digits, colours and tones, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from pipeline.composition.sights import Sight
from pipeline.composition.strokes import COARSE_DPI, Study
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Pixels

#: A stroke of one picture is there where it stands out by this share of the ink around, and by so many grey levels; it
#: is missing in the other where nothing within a pixel stands out by the lesser share and levels.
STRONG, STRONG_LEVELS = 0.62, 52
WEAK, WEAK_LEVELS = 0.28, 18

#: Side of a square in pixels, and how many missing pixels in it make a stroke: less is the rim of one.
SQUARE, STROKE = 5, 7

#: Structural similarity (Wang et al. 2004) is taken on the small picture over squares of so many pixels; only those count in
#: which the scan shows something: its grey levels vary by this much (standard deviation), held against paper no darker than
#: this.
SSIM_SIDE, SSIM_LIVELY = 7, 12.0
LEAST_PAPER = 96
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
#: How far the mean over a page, and that over a place of a third of an inch, may be from 1 where the small picture has 100 dpi
#: or more; less below, where it shows less of what was lost.
SSIM_OFF, LOCAL_SSIM_OFF, SSIM_DPI = 0.15, 0.30, 100.0

#: Colours and tones are compared at a coarse resolution; over a place of so many pixels they may be off by this much of 255.
COLOUR_SIDE, COLOUR_OFF, TONE_OFF = 3, 32, 32
#: The paper of a whole page, no more than this in any channel, as every so many places show.
PAPER_OFF, SAMPLE = 6, 7

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

    def compare(self, shown: Sight) -> Fidelity:
        """How faithful ``shown`` is, the sight of a decoded page, in the channels and sizes of the scan's."""
        scan = self.page.sight
        if not scan.is_like(shown):
            return Fidelity(0.0, failures=("size",))
        shows = min(1.0, self.page.dpi / scan.step / SSIM_DPI)
        similarity, ssim = _dissimilar(self.page, shown, 1 - LOCAL_SSIM_OFF * shows)
        found = {
            "similarity": similarity,
            "lost_stroke": list(_stray(scan.grey, shown.grey, self)),
            "ghost": list(_stray(shown.grey, scan.grey, self)),
            **_off_colours(scan, shown, self.page.dpi),
            "digit": [box for box in self.digits if _differs(scan.grey, shown.grey, box)],
        }
        failures = [code for code, places in found.items() if places]
        if ssim < 1 - SSIM_OFF * shows and "similarity" not in failures:
            failures.append("similarity")
        height, width = scan.grey.shape
        places = tuple(place.widen(MARGIN, width, height) for places in found.values() for place in places)
        return Fidelity(ssim, len(self.digits), tuple(failures), places)


def measure_by(page: Study, digits: Iterable[Box]) -> Yardstick:
    """What copies of ``page`` are held against; ``digits`` are the boxes of words in which every sign counts."""
    height, width = page.grey.shape
    strong = page.ground.level(STRONG, width, height, STRONG_LEVELS)
    weak = page.ground.level(WEAK, width, height, WEAK_LEVELS)
    return Yardstick(page, strong, weak, tuple(_clip(digits, width, height)))


def _dissimilar(page: Study, shown: Sight, least: float) -> tuple[list[Place], float]:
    """Places where structure differs, and the similarity of the whole page."""
    height, width = shown.grey.shape
    scan = in_grey(page.sight.small)
    paper = enlarge(page.ground.paper, (scan.shape[1], scan.shape[0]))
    one, two = (_normalise(grey, paper) for grey in (scan, in_grey(shown.small)))
    similar, lively = _structure(one, two)
    ssim = float(similar[lively].mean()) if lively.any() else 1.0
    side = max(3, round(page.dpi / shown.step / 3))
    shares = means(lively.astype(np.float32), side)
    local = means(np.where(lively, similar, 0).astype(np.float32), side) / np.maximum(shares, 1e-6)
    spots = (local < least) & (shares > 0.1) & lively
    return list(around_spots(spots, width, height)), ssim


def _normalise(grey: Pixels, paper: Pixels) -> Floats:
    """Paper brought to white, its grain cut off."""
    return np.minimum(grey * np.float32(255.0) / np.maximum(paper, LEAST_PAPER), np.float32(240.0))


def _structure(one: Floats, two: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Structural similarity where one of the pictures is lively, 1 elsewhere, and where that is."""
    mean1, mean2 = means(one, SSIM_SIDE), means(two, SSIM_SIDE)
    spread1 = means(one * one, SSIM_SIDE) - mean1 * mean1
    spread2 = means(two * two, SSIM_SIDE) - mean2 * mean2
    lively = np.maximum(spread1, spread2) > SSIM_LIVELY**2
    common = (means(one * two, SSIM_SIDE) - mean1 * mean2)[lively]
    mean1, mean2, spread1, spread2 = (part[lively] for part in (mean1, mean2, spread1, spread2))
    upper = (2 * mean1 * mean2 + _C1) * (2 * common + _C2)
    lower = (mean1 * mean1 + mean2 * mean2 + _C1) * (spread1 + spread2 + _C2)
    similar = np.ones_like(one)
    similar[lively] = upper / lower
    return similar, lively


def _stray(one: Pixels, other: Pixels, levels: Yardstick) -> Iterator[Place]:
    """Places where the first picture has strokes and the other has none."""
    missing = without(darker(one, levels.strong), grow(darker(other, levels.weak), 3))
    if cv2.countNonZero(missing) < STROKE:
        return
    crowded = above(mean(missing, SQUARE), 255 * STROKE // SQUARE**2 - 1)
    height, width = one.shape
    size = max(1, width // 8), max(1, height // 8)
    yield from around_spots(shrink(crowded, size) > 0, width, height)


def _off_colours(scan: Sight, shown: Sight, dpi: float) -> dict[str, list[Place]]:
    height, width = scan.grey.shape
    step = max(1, round(dpi / COARSE_DPI / scan.step))
    size = max(1, scan.small.shape[1] // step), max(1, scan.small.shape[0] // step)
    one, two = (_rgb(mean(shrink(part.small, size), COLOUR_SIDE)) for part in (scan, shown))
    away = one.astype(np.int16) - two
    tone = np.abs(away.mean(axis=2)) > TONE_OFF
    red, green, blue = away[:, :, 0], away[:, :, 1], away[:, :, 2]
    colour = (np.abs(red - green) > COLOUR_OFF) | (np.abs((red + green) // 2 - blue) > COLOUR_OFF)
    found = {"colour": list(around_spots(colour, width, height)), "tone": list(around_spots(tone, width, height))}
    if np.abs(np.median(away.reshape(-1, 3)[::SAMPLE], axis=0)).max() > PAPER_OFF:
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
    one, two = place.cut(scan), place.cut(shown)
    low, high = _percentiles(one, (0.02, 0.90))
    scale = 255.0 / max(high - low, STRONG_LEVELS)
    table = np.clip((high - np.arange(256)) * scale, 0, 255).astype(np.uint8)
    one, two = (np.asarray(cv2.LUT(grey, table), np.uint8) for grey in (one, two))
    lost, added = (both(above(a, INKED), above(turned_over(grow(b, 3)), 255 - BARE)) for a, b in ((one, two), (two, one)))
    return cv2.countNonZero(lost) >= DOT or cv2.countNonZero(added) >= DOT


def _percentiles(grey: Pixels, shares: Sequence[float]) -> list[int]:
    """The least levels at or below which lie such ``shares`` of the pixels."""
    counts = np.cumsum(np.bincount(grey.ravel(), minlength=256))
    return [int(np.searchsorted(counts, share * grey.size)) for share in shares]
