"""Which pixels of a scan are strokes with sharp edges, text and line work: the part that is kept at full resolution."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.composition.rasters import (
    above,
    both,
    darker,
    enlarge,
    grow,
    halve,
    in_grey,
    mean,
    means,
    pick,
    shrink,
    step_down,
    weakest,
    wear,
    without,
)
from pipeline.composition.sights import Sight, choose_step, small_size
from pipeline.domain.pages import Pixels

#: Paper and the darkest ink are looked for on a picture of about this resolution, within so many of its pixels.
COARSE_DPI = 37.5
PAPER_REACH, INK_REACH = 13, 7

#: Ink that stands out from the paper by no more than this is left to the background: shine-through, stains, faint pencil;
#: other ink begins at least so far below paper.
FAINTEST, LEAST_EDGE = 40, 18

#: Ink fainter than this is left to the background, too, where no edge rises by this share of it within three pixels:
#: shine-through is blurred, print is not.
CLEAR, STEEP = 120, 0.55

#: Ink begins at this share of the way from paper to the darkest ink nearby; at the lesser share where a pixel is darker by
#: so much than the mean of so many around it: strokes thinner than a pixel, the marks of small letters.
EDGE, THIN = 0.42, 0.22
DARKER, AROUND = 28, 9

#: A pixel of ink has this share (of 255) of its square of nine inked; less is a speck, left to the background.
COMPANY = 70

#: Where ink covers more than this share of a place this large (inches), and greys between ink and paper are this share
#: of what is not paper, the place shows a picture and not text.
SOLID, SOLID_SIDE, HALFTONE = 0.35, 0.22, 0.42

#: Nor are strokes what covers more than this share of 255 of a place so large.
FILLED, FILLED_SIDE = 185, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """How light the paper is, how dark the ink on it, and how steep its edges, place by place, on a coarse picture."""

    paper: Pixels
    dark: Pixels
    steep: Pixels

    def threshold(self, share: float, width: int, height: int) -> Pixels:
        """The grey below which there is ink, for a page of that size; 0 where too little stands out."""
        contrast = without(self.paper, self.dark)
        faint = darker(contrast, np.full_like(contrast, CLEAR))
        blurred = both(faint, darker(self.steep, (contrast * STEEP).astype(np.uint8)))
        inked = without(above(contrast, FAINTEST), blurred)
        level = both(step_down(self.paper, contrast, share, LEAST_EDGE), inked)
        return enlarge(level, (width, height))

    def level(self, share: float, width: int, height: int, least: int) -> Pixels:
        """The grey at ``share`` of the way from paper to ink, but ``least`` below paper, for a page of that size."""
        return pick(step_down(self.paper, without(self.paper, self.dark), share, least), (width, height))


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A page (RGB or grey) with what later steps share: the same half as large, its sight, its ground, and a resolution."""

    pixels: Pixels
    half: Pixels
    sight: Sight
    ground: Ground
    dpi: float

    @property
    def grey(self) -> Pixels:
        """The page in grey."""
        return self.sight.grey


def study(pixels: Pixels, dpi: float) -> Study:
    """What there is to know of a page before it is taken apart."""
    half, step = halve(pixels), choose_step(dpi)
    small = shrink(half, small_size(pixels.shape[1], pixels.shape[0], step)) if step > 1 else pixels
    sight = Sight(in_grey(pixels), small, step)
    return Study(pixels, half, sight, _survey(sight.grey, dpi), dpi)


def _survey(grey: Pixels, dpi: float) -> Ground:
    """Paper and ink of a page in grey."""
    height, width = grey.shape
    step = max(1, round(dpi / COARSE_DPI))
    size = max(1, width // step), max(1, height // step)
    closed = wear(grow(shrink(grey, size), PAPER_REACH), PAPER_REACH)
    paper = np.asarray(cv2.medianBlur(closed, PAPER_REACH), np.uint8)
    darkest = pick(wear(grey, step | 1), size)
    edges = pick(grow(without(grow(grey, 3), wear(grey, 3)), step | 1), size)
    return Ground(paper, np.minimum(mean(wear(darkest, INK_REACH), INK_REACH), paper), grow(edges, INK_REACH))


def find_strokes(page: Study) -> Pixels:
    """255 where a page bears ink with sharp edges: text, lines, strokes; pictures are left out."""
    grey, ground = page.grey, page.ground
    height, width = grey.shape
    thin = above(without(mean(grey, AROUND), grey), DARKER)
    thin = both(thin, darker(grey, ground.threshold(THIN, width, height)))
    strokes = cv2.bitwise_or(thin, darker(grey, ground.threshold(EDGE, width, height))).astype(np.uint8)
    strokes = both(strokes, above(mean(strokes, 3), COMPANY))
    pictures = _find_pictures(page.pixels, strokes, ground)
    return without(strokes, pick(pictures, (width, height))) if pictures.any() else strokes


def _find_pictures(pixels: Pixels, strokes: Pixels, ground: Ground) -> Pixels:
    """255 on the coarse picture where the page shows a photo or a halftone."""
    rows, columns = ground.paper.shape
    side = max(3, round(SOLID_SIDE * COARSE_DPI)) | 1
    dense = _open(above(mean(shrink(strokes, (columns, rows)), side), SOLID * 255), side)
    if not dense.any():
        return dense
    finer = (columns * 2, rows * 2)
    sample = pick(pixels, finer)
    least = weakest(sample).astype(np.int16)
    paper, dark = (enlarge(level, finer).astype(np.int16) for level in (ground.paper, ground.dark))
    contrast = paper - dark
    inked = (paper - least) * 4 > contrast
    between = inked & ((least - dark) * 4 > contrast)
    shares = [means(part.astype(np.float32), 2 * side) for part in (between, inked)]
    grey_places = (shares[0] > HALFTONE * shares[1]).astype(np.uint8) * np.uint8(255)
    found = _open(both(dense, pick(grey_places, (columns, rows))), side)
    wide = round(FILLED_SIDE * COARSE_DPI) | 1
    filled = grow(above(mean(shrink(strokes, (columns, rows)), wide), FILLED), wide)
    return np.maximum(grow(found, side), filled)


def _open(mask: Pixels, side: int) -> Pixels:
    """What of a mask is at least so wide and high."""
    return grow(wear(mask, side), side)
