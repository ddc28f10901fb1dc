"""Which pixels of a scan are ink with sharp edges, and of which colour: the part that is kept at full resolution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.composition.places import Place, join_spots
from pipeline.composition.rasters import (
    above,
    both,
    darker,
    enlarge,
    every,
    grow,
    in_grey,
    mean,
    means,
    pick,
    shrink,
    step_down,
    strongest,
    weakest,
    wear,
    without,
)
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

#: Ink on white paper is coloured where its strongest channel stands above its weakest by this much, less where the paper lies
#: in a shadow; a place is where this share of 255 of some pixel of the coarse picture is coloured ink.
COLOURED, TINTED, STRIDE = 44, 24, 3

#: Hues (a circle of 180, as OpenCV counts) are told apart where this far from each other, of at most so many inks in a
#: place; peaks are looked for in bands this wide.
HUES, HUES_APART, MOST_HUES, SPREAD = 180, 18, 4, 9

#: The rims of coloured strokes are this much coloured and this light at least.
RIM, RIM_VALUE = 12, 110

#: What is darker than this share of an ink's usual lightness is black print across it.
SHADE = 0.55

#: An ink has the colour below which this percentage of its pixels are, channel by channel: rims are lighter.
CORE = 30
#: An ink is looked at in about so many rows and columns.
SAMPLED = 700

#: Grey levels that part black print from grey and from ever fainter print; a hue goes with its neighbours where it is less
#: than this share of a place.
TONES, RARE = (80, 150), 0.02

#: Strokes are parts of a picture where, over a place this large (inches), their inner pixels are this share of it at least,
#: and off the colour of their ink by so many levels.
MOTLEY_SIDE, MOTLEY_SHARE, MOTLEY, MOTLEY_STEP = 0.1, 0.08, 50, 4

#: Where ink covers more than this share of a place this large (inches), and greys between ink and paper are this share
#: of what is not paper, the place shows a picture and not text.
SOLID, SOLID_SIDE, HALFTONE = 0.35, 0.22, 0.42

#: Nor are strokes what covers more than this share of 255 of a place so large.
FILLED, FILLED_SIDE = 185, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """One ink: 255 in ``mask`` where it lies; ``left`` and ``top`` are where the mask lies on the page."""

    mask: Pixels
    colour: tuple[int, int, int]
    left: int = 0
    top: int = 0

    @property
    def place(self) -> Place:
        """The part of the page that the mask covers."""
        height, width = self.mask.shape
        return Place(self.left, self.top, self.left + width, self.top + height)

    def without(self, region: Pixels) -> Ink:
        """What of this ink lies outside a ``region`` of the page."""
        return replace(self, mask=without(self.mask, self.place.cut(region)))


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


def part_inks(page: Study, strokes: Pixels) -> list[Ink]:
    """The strokes by ink: print in black and greys over the whole page, coloured inks where they lie.

    Strokes that are not of one colour throughout are left out: they are parts of pictures.
    """
    inks = list(_coloured_inks(page, strokes)) if page.pixels.ndim == 3 else []
    plain = strokes.copy()
    for ink in inks:
        part = ink.place.cut(plain)
        part[ink.mask > 0] = 0
    inks = [*(_ink(page.pixels, tone, 0, 0) for tone in _tones(plain, page.ground)), *inks]
    motley = _find_motley(page.pixels, strokes, inks, page.dpi)
    return [kept for ink in inks if (kept := ink.without(motley)).mask.any()] if motley.any() else inks


def cover(inks: Iterable[Ink], strokes: Pixels) -> Pixels:
    """What of the ``strokes`` of a page is some ink."""
    covered = np.zeros_like(strokes)
    for ink in inks:
        part = ink.place.cut(covered)
        np.maximum(part, ink.mask, out=part)
    return covered


def _coloured_inks(page: Study, strokes: Pixels) -> Iterator[Ink]:
    height, width = strokes.shape
    greyest = pick((page.ground.paper * (COLOURED / 255)).astype(np.uint8), (width, height))
    rest = strokes.copy()
    for place, region in _coloured_places(page.pixels, strokes, greyest, page.dpi):
        part, mask = place.cut(page.pixels), place.cut(rest)
        for hue in list(_hues(part, both(mask, region), place.cut(greyest))):
            mask[hue > 0] = 0
            yield _ink(part, hue, place.left, place.top)


def _find_motley(pixels: Pixels, strokes: Pixels, inks: Iterable[Ink], dpi: float) -> Pixels:
    """255 where the inner parts of strokes are far from the colour of their ink, as a sample of rows and columns shows."""
    seen = every(pixels, MOTLEY_STEP)
    shown = seen.copy()
    for ink in inks:
        top, left = -ink.top % MOTLEY_STEP, -ink.left % MOTLEY_STEP
        mask = ink.mask[top::MOTLEY_STEP, left::MOTLEY_STEP] > 0
        part = shown[(ink.top + top) // MOTLEY_STEP :, (ink.left + left) // MOTLEY_STEP :]
        part[: mask.shape[0], : mask.shape[1]][mask] = ink.colour if pixels.ndim == 3 else ink.colour[0]
    core = every(wear(strokes, 3), MOTLEY_STEP)
    worst = both(strongest(np.asarray(cv2.absdiff(shown, seen), np.uint8)), core)
    step = max(1, round(dpi / COARSE_DPI / MOTLEY_STEP))
    size = max(1, worst.shape[1] // step), max(1, worst.shape[0] // step)
    side = max(3, round(MOTLEY_SIDE * COARSE_DPI)) | 1
    amounts, cores = (means(shrink(part, size).astype(np.float32), side) for part in (worst, core))
    motley = (amounts > MOTLEY / 255 * cores) & (cores > MOTLEY_SHARE * 255)
    height, width = strokes.shape
    return pick(grow(motley.astype(np.uint8) * np.uint8(255), side), (width, height))


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


def _coloured_places(pixels: Pixels, strokes: Pixels, greyest: Pixels, dpi: float) -> Iterator[tuple[Place, Pixels]]:
    """Where strokes have a colour, as a sample of rows and columns shows; 255 in each place where its own strokes are."""
    height, width = strokes.shape
    seen = every(pixels, STRIDE)
    chroma = without(strongest(seen), weakest(seen))
    coloured = both(darker(every(greyest, STRIDE), chroma), every(strokes, STRIDE))
    step = max(1, round(dpi / COARSE_DPI / STRIDE))
    small = shrink(coloured, (max(1, coloured.shape[1] // step), max(1, coloured.shape[0] // step)))
    spots = above(small, TINTED)
    if not spots.any():
        return
    labels, boxes = join_spots(spots, 5)
    across, down = width / spots.shape[1], height / spots.shape[0]
    for number, (left, top, wide, high) in enumerate(boxes, 1):
        own = (labels[top : top + high, left : left + wide] == number).astype(np.uint8) * np.uint8(255)
        right, bottom = min(width, round((left + wide) * across)), min(height, round((top + high) * down))
        place = Place(int(left * across), int(top * down), right, bottom)
        yield place, pick(own, (place.right - place.left, place.bottom - place.top))


def _hues(part: Pixels, mask: Pixels, greyest: Pixels) -> Iterator[Pixels]:
    """Masks of the coloured inks among the strokes of a place, one for each peak of their hues.

    ``greyest`` is the chroma up to which ink has no colour.
    """
    parts = cv2.split(cv2.cvtColor(part, cv2.COLOR_RGB2HSV))
    hue, saturation, value = (np.asarray(one, np.uint8) for one in parts)
    chroma = np.asarray(cv2.multiply(saturation, value, scale=1 / 255), np.uint8)
    coloured = both(darker(greyest, chroma), mask)
    rims = both(both(grow(coloured, 5), above(chroma, RIM)), both(mask, above(value, RIM_VALUE)))
    coloured = np.maximum(coloured, rims)
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


def _ink(pixels: Pixels, mask: Pixels, left: int, top: int) -> Ink:
    return Ink(mask, _colour_of(pixels, mask), left, top)


def _colour_of(pixels: Pixels, mask: Pixels) -> tuple[int, int, int]:
    """The usual colour of what lies under a mask, its rims counted out."""
    step = max(1, round(mask.size**0.5 / SAMPLED))
    chosen = pixels[::step, ::step][mask[::step, ::step] > 0]
    if not chosen.size:
        chosen = pixels[mask > 0]
    middle = np.percentile(chosen.reshape(len(chosen), -1), CORE, axis=0).astype(int).tolist()
    return (middle[0], middle[len(middle) // 2], middle[-1])
