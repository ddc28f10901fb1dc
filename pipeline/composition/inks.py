"""Which pixels of a scan are ink with sharp edges, and of which colour: the part that is kept at full resolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.composition.places import Place, around_spots
from pipeline.composition.rasters import (
    above,
    both,
    darker,
    enlarge,
    grow,
    in_grey,
    mean,
    means,
    pick,
    shrink,
    step_down,
    wear,
    without,
)
from pipeline.domain.pages import Pixels

#: Paper and the darkest ink are looked for on a picture of about this resolution, within so many of its pixels.
COARSE_DPI = 37.5
PAPER_REACH, INK_REACH = 13, 7

#: Ink that stands out from the paper by less than this is left to the background: shine-through, stains, faint pencil.
FAINTEST = 40

#: Ink begins at this share of the way from paper to the darkest ink nearby; at the lesser share where a pixel is darker by
#: so much than the mean of so many around it: strokes thinner than a pixel, the marks of small letters.
EDGE, THIN = 0.42, 0.22
DARKER, AROUND = 28, 9

#: A pixel of ink has this share (of 255) of its square of nine inked; less is a speck, left to the background.
COMPANY = 70

#: Ink on white paper is coloured where its strongest channel stands above its weakest by this much, less where the paper lies
#: in a shadow; a coarse picture is by so much.
COLOURED, TINTED = 44, 18

#: Hues (a circle of 180, as OpenCV counts) are told apart where this far from each other, of at most so many inks in a
#: place; peaks are looked for in bands this wide.
HUES, HUES_APART, MOST_HUES, SPREAD = 180, 18, 4, 9

#: What is darker than this share of an ink's usual lightness is black print across it.
SHADE = 0.55

#: An ink has the colour below which this percentage of its pixels are, channel by channel: rims are lighter.
CORE = 30

#: Grey levels that part black print from grey and from ever fainter print; a hue goes with its neighbours where it is less
#: than this share of a place.
TONES, RARE = (64, 112, 160), 0.02

#: Where ink covers more than this share of a place this large (inches), and greys between ink and paper are this share
#: of what is not paper, the place shows a picture and not text.
SOLID, SOLID_SIDE, HALFTONE = 0.35, 0.22, 0.42

#: A place as large that is inked to this share of 255 throughout is no stroke either.
FILLED = 245


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """One ink: 255 in ``mask`` where it lies; ``left`` and ``top`` are where the mask lies on the page."""

    mask: Pixels
    colour: tuple[int, int, int]
    left: int = 0
    top: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """How light the paper is and how dark the ink on it, place by place, on a coarse picture."""

    paper: Pixels
    dark: Pixels

    def level(self, share: float, width: int, height: int, least: int = FAINTEST) -> Pixels:
        """The grey at ``share`` of the way from paper to ink, but ``least`` below paper, for a page of that size."""
        level = step_down(self.paper, without(self.paper, self.dark), share, least)
        return enlarge(level, (width, height))


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A page (RGB or grey) with what later steps share: the same in grey, its ground, and a resolution to go by."""

    pixels: Pixels
    grey: Pixels
    ground: Ground
    dpi: float


def study(pixels: Pixels, dpi: float) -> Study:
    """What there is to know of a page before it is taken apart."""
    grey = in_grey(pixels)
    return Study(pixels, grey, _survey(grey, dpi), dpi)


def _survey(grey: Pixels, dpi: float) -> Ground:
    """Paper and ink of a page in grey."""
    height, width = grey.shape
    step = max(1, round(dpi / COARSE_DPI))
    size = max(1, width // step), max(1, height // step)
    closed = wear(grow(shrink(grey, size), PAPER_REACH), PAPER_REACH)
    paper = np.asarray(cv2.medianBlur(closed, PAPER_REACH), np.uint8)
    darkest = pick(wear(grey, step | 1), size)
    return Ground(paper, np.minimum(mean(wear(darkest, INK_REACH), INK_REACH), paper))


def find_strokes(page: Study) -> Pixels:
    """255 where a page bears ink with sharp edges: text, lines, strokes; pictures are left out."""
    grey, ground = page.grey, page.ground
    height, width = grey.shape
    thin = above(without(mean(grey, AROUND), grey), DARKER)
    thin = both(thin, darker(grey, ground.level(THIN, width, height)))
    strokes = cv2.bitwise_or(thin, darker(grey, ground.level(EDGE, width, height))).astype(np.uint8)
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
    weakest = (sample if sample.ndim == 2 else sample.min(axis=2)).astype(np.int16)
    paper, dark = (enlarge(level, finer).astype(np.int16) for level in (ground.paper, ground.dark))
    contrast = paper - dark
    inked = (paper - weakest) * 4 > contrast
    between = inked & ((weakest - dark) * 4 > contrast)
    shares = [means(part.astype(np.float32), 2 * side) for part in (between, inked)]
    grey_places = (shares[0] > HALFTONE * shares[1]).astype(np.uint8) * np.uint8(255)
    found = _open(both(dense, pick(grey_places, (columns, rows))), side)
    filled = _open(above(shrink(strokes, (columns, rows)), FILLED), side)
    return grow(np.maximum(found, filled), side)


def _open(mask: Pixels, side: int) -> Pixels:
    """What of a mask is at least so wide and high."""
    return grow(wear(mask, side), side)


def part_inks(page: Study, strokes: Pixels) -> list[Ink]:
    """The strokes by ink: print in black and greys over the whole page, coloured inks where they lie."""
    plain, pixels = strokes.copy(), page.pixels
    inks: list[Ink] = []
    if pixels.ndim == 3:
        height, width = plain.shape
        greyest = enlarge((page.ground.paper * (COLOURED / 255)).astype(np.uint8), (width, height))
        for place in _coloured_places(pixels, strokes, page.dpi):
            part, mask = place.cut(pixels), place.cut(plain)
            for hue in _hues(part, mask, place.cut(greyest)):
                mask[hue > 0] = 0
                inks.append(Ink(hue, _colour_of(part, hue), place.left, place.top))
    return [*(Ink(tone, _colour_of(pixels, tone)) for tone in _tones(plain, page.ground)), *inks]


def _tones(plain: Pixels, ground: Ground) -> Iterator[Pixels]:
    """The uncoloured strokes by how dark the ink is where they stand."""
    height, width = plain.shape
    rows, columns = ground.dark.shape
    tones = np.digitize(ground.dark, TONES).astype(np.uint8)
    present = np.unique(tones[shrink(plain, (columns, rows)) > 0]).tolist()
    for tone in present:
        lies = (tones == tone).astype(np.uint8) * np.uint8(255)
        inked = both(plain, pick(lies, (width, height))) if len(present) > 1 else plain
        if inked.any():
            yield inked


def _coloured_places(pixels: Pixels, strokes: Pixels, dpi: float) -> Iterator[Place]:
    step = max(1, round(dpi / COARSE_DPI))
    height, width = strokes.shape
    size = max(1, width // step), max(1, height // step)
    sample = shrink(np.ascontiguousarray(pixels[::2, ::2]), size)
    tinted = sample.max(axis=2) - sample.min(axis=2) > TINTED
    spots = (tinted & (shrink(strokes, size) > 8)).astype(np.uint8)
    yield from around_spots(grow(spots, 5) > 0, width, height)


def _hues(part: Pixels, mask: Pixels, greyest: Pixels) -> Iterator[Pixels]:
    """Masks of the coloured inks among the strokes of a place, one for each peak of their hues.

    ``greyest`` is the chroma up to which ink has no colour.
    """
    smooth = cv2.cvtColor(cv2.medianBlur(part, 3), cv2.COLOR_RGB2HSV)
    hue, saturation, value = (np.asarray(one, np.uint8) for one in cv2.split(smooth))
    chroma = np.asarray(cv2.multiply(saturation, value, scale=1 / 255), np.uint8)
    coloured = both(darker(greyest, chroma), mask)
    coloured = both(coloured, above(mean(coloured, 3), COMPANY))
    peaks = _peaks(np.bincount(hue[coloured > 0], minlength=HUES).astype(np.float64))
    for number in range(len(peaks)):
        table = np.zeros(256, np.uint8)
        away = np.abs((np.arange(HUES)[:, None] - np.array(peaks) + HUES // 2) % HUES - HUES // 2)
        table[:HUES][away.argmin(axis=1) == number] = 255
        ink = both(table[hue], coloured)
        usual = float(np.median(value[ink > 0])) if ink.any() else 0.0
        ink = both(ink, above(value, SHADE * usual))
        if ink.any():
            yield ink


def _peaks(counts: NDArray[np.float64]) -> list[int]:
    """The hues around which most of ``counts`` lie, the strongest first; hues are a circle."""
    rest = np.convolve(np.tile(counts, 3), np.ones(SPREAD) / SPREAD, "same")[HUES : 2 * HUES]
    peaks: list[int] = []
    while rest.max() * SPREAD > max(1.0, RARE * float(counts.sum())) and len(peaks) < MOST_HUES:
        peaks.append(int(rest.argmax()))
        rest[np.arange(peaks[-1] - HUES_APART, peaks[-1] + HUES_APART + 1) % HUES] = 0
    return peaks


def _colour_of(pixels: Pixels, mask: Pixels) -> tuple[int, int, int]:
    """The usual colour of what lies under a mask, its rims counted out."""
    chosen = pixels[::2, ::2][mask[::2, ::2] > 0]
    if not chosen.size:
        chosen = pixels[mask > 0]
    middle = np.percentile(chosen.reshape(len(chosen), -1), CORE, axis=0).astype(int).tolist()
    return (middle[0], middle[len(middle) // 2], middle[-1])
