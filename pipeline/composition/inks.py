"""The inks of a page: its strokes parted by colour, each ink of one colour throughout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.composition.places import Place, find_steps, join_spots, magnify
from pipeline.composition.rasters import (
    above,
    both,
    darker,
    every,
    grow,
    mean,
    means,
    pick,
    shrink,
    spread,
    strongest,
    weakest,
    wear,
    without,
)
from pipeline.composition.strokes import COARSE_DPI, COMPANY, Ground, Study
from pipeline.domain.pages import Pixels

#: Ink on white paper is coloured where its strongest channel stands above its weakest by this much, less where the paper lies
#: in a shadow; a place is where this share of 255 of some pixel of the coarse picture is coloured ink.
COLOURED, TINTED, STRIDE = 44, 24, 4

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
SAMPLED = 400

#: Grey levels of the paper that part shadows, in which black is blacker; levels of the ink that part black print from grey and
#: from ever fainter print. A hue goes with its neighbours where it is less
#: than this share of a place.
SHADOWS, TONES, RARE = (90, 130), (80, 150), 0.02

#: Specks of one tone are no ink of their own where no place of this side (inches) is inked to this share: the least of letters
#: is more.
SPECK_SIDE, SPECK_SHARE = 0.09, 0.03

#: Strokes are parts of a picture where, over a place this large (inches), their inner pixels are this share of it at least,
#: and off the colour of their ink by so many levels.
MOTLEY_SIDE, MOTLEY_SHARE, MOTLEY = 0.1, 0.08, 50


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


def part_inks(page: Study, strokes: Pixels) -> list[Ink]:
    """The strokes by ink: print in black and greys over the whole page, coloured inks where they lie.

    Strokes that are not of one colour throughout are left out: they are parts of pictures.
    """
    sample = every(page.pixels, STRIDE)
    plain = strokes.copy()
    inks = list(_coloured_inks(page, plain, sample)) if page.pixels.ndim == 3 else []
    inks = [*(_ink(page.pixels, tone, place) for tone, place in _tones(plain, page.ground, page.dpi)), *inks]
    inks = [ink for ink in inks if ink.mask.size]
    motley = _find_motley(sample, strokes, inks, page.dpi)
    return [kept for ink in inks if (kept := ink.without(motley)).mask.any()] if motley.any() else inks


def cover(inks: Iterable[Ink], strokes: Pixels) -> Pixels:
    """What of the ``strokes`` of a page is some ink."""
    covered = np.zeros_like(strokes)
    for ink in inks:
        part = ink.place.cut(covered)
        np.maximum(part, ink.mask, out=part)
    return covered


def _coloured_inks(page: Study, plain: Pixels, sample: Pixels) -> Iterator[Ink]:
    """The coloured inks, which are taken off the ``plain`` strokes."""
    greyest = (page.ground.paper * (COLOURED / 255)).astype(np.uint8)
    for place, region in _coloured_places(sample, plain, greyest, page.dpi):
        part, mask = place.cut(page.pixels), place.cut(plain)
        limit = _magnified(greyest, place, plain.shape)
        for hue in list(_hues(part, both(mask, region), limit)):
            mask[:] = without(mask, hue)
            yield _ink(page.pixels, hue, place)


def _find_motley(seen: Pixels, strokes: Pixels, inks: Iterable[Ink], dpi: float) -> Pixels:
    """255 where the inner parts of strokes are far from the colour of their ink, as a sample of rows and columns shows."""
    shown = seen.copy()
    for ink in inks:
        top, left = -ink.top % STRIDE, -ink.left % STRIDE
        mask = every(ink.mask[top:, left:], STRIDE)
        part = shown[(ink.top + top) // STRIDE :, (ink.left + left) // STRIDE :][: mask.shape[0], : mask.shape[1]]
        flat = np.empty_like(part)
        flat[:] = ink.colour if seen.ndim == 3 else ink.colour[0]
        cv2.copyTo(flat, mask, part)
    core = every(wear(strokes, 3), STRIDE)
    worst = both(strongest(np.asarray(cv2.absdiff(shown, seen), np.uint8)), core)
    step = max(1, round(dpi / COARSE_DPI / STRIDE))
    size = max(1, worst.shape[1] // step), max(1, worst.shape[0] // step)
    side = max(3, round(MOTLEY_SIDE * COARSE_DPI)) | 1
    amounts, cores = (means(shrink(part, size).astype(np.float32), side) for part in (worst, core))
    motley = (amounts > MOTLEY / 255 * cores) & (cores > MOTLEY_SHARE * 255)
    height, width = strokes.shape
    return pick(grow(motley.astype(np.uint8) * np.uint8(255), side), (width, height))


def _tones(plain: Pixels, ground: Ground, dpi: float) -> Iterator[tuple[Pixels, Place]]:
    """The uncoloured strokes by how dark the ink is where they stand, and where they lie.

    Specks in a tone of their own are left on the paper: each such tone would be a stencil as large as the page.
    """
    height, width = plain.shape
    rows, columns = ground.dark.shape
    tones = (np.digitize(ground.dark, TONES) + (len(TONES) + 1) * np.digitize(ground.paper, SHADOWS)).astype(np.uint8)
    inked = shrink(plain, (columns, rows)) > 0
    present = np.unique(tones[inked]).tolist()
    for tone in present:
        if len(present) == 1:
            yield plain, Place(0, 0, width, height)
            continue
        lies = (tones == tone).astype(np.uint8) * np.uint8(255)
        place = magnify(cv2.boundingRect(lies), (rows, columns), (height, width))
        mask = both(place.cut(plain), _magnified(lies, place, plain.shape))
        if not _are_specks(mask, dpi):
            yield mask, place


def _are_specks(mask: Pixels, dpi: float) -> bool:
    """Whether nowhere in ``mask`` is as much ink together as in a letter."""
    if cv2.countNonZero(mask) > SPECK_SHARE * mask.size:  # where all of it has that much ink, some place has
        return False
    side = max(3, round(SPECK_SIDE * dpi))
    cells = max(1, mask.shape[1] * 3 // side), max(1, mask.shape[0] * 3 // side)
    return not above(mean(shrink(mask, cells), 3), 255 * SPECK_SHARE).any()


def _magnified(coarse: Pixels, place: Place, page: tuple[int, ...]) -> Pixels:
    """What a coarse picture of a page shows at ``place``, as large as the page itself."""
    down, across = find_steps(coarse.shape, page)
    rows, columns = coarse.shape[0] - 1, coarse.shape[1] - 1
    left, top = min(columns, place.left // across), min(rows, place.top // down)
    right, bottom = min(columns, (place.right - 1) // across), min(rows, (place.bottom - 1) // down)
    width, height = place.right - place.left, place.bottom - place.top
    shift_x, shift_y = place.left - left * across, place.top - top * down
    larger = spread(coarse[top : bottom + 1, left : right + 1], (across, down), (width + shift_x, height + shift_y))
    return larger[shift_y:, shift_x:]


def _coloured_places(seen: Pixels, strokes: Pixels, greyest: Pixels, dpi: float) -> Iterator[tuple[Place, Pixels]]:
    """Where strokes have a colour, as a sample of rows and columns shows; 255 in each place where its own strokes are.

    ``greyest`` is, on a coarse picture, the chroma up to which ink has no colour.
    """
    height, width = strokes.shape
    chroma = without(strongest(seen), weakest(seen))
    coloured = both(darker(pick(greyest, (seen.shape[1], seen.shape[0])), chroma), every(strokes, STRIDE))
    step = max(1, round(dpi / COARSE_DPI / STRIDE))
    small = shrink(coloured, (max(1, coloured.shape[1] // step), max(1, coloured.shape[0] // step)))
    spots = above(small, TINTED)
    if not spots.any():
        return
    labels, boxes = join_spots(spots, 5)
    for number, cells in enumerate(boxes, 1):
        own = (labels == number).astype(np.uint8) * np.uint8(255)
        place = magnify(cells, (spots.shape[0], spots.shape[1]), (height, width))
        yield place, _magnified(own, place, strokes.shape)


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


def _ink(pixels: Pixels, mask: Pixels, place: Place) -> Ink:
    """The ink that lies at ``place`` of a page where ``mask`` says, cut to where there is some."""
    left, top, across, down = cv2.boundingRect(mask)
    own = Place(place.left + left, place.top + top, place.left + left + across, place.top + top + down)
    mask = mask[top : top + down, left : left + across]
    return Ink(mask, _colour_of(own.cut(pixels), mask) if mask.size else (0, 0, 0), own.left, own.top)


def _colour_of(pixels: Pixels, mask: Pixels) -> tuple[int, int, int]:
    """The usual colour of what lies under a mask, its rims counted out."""
    step = max(1, round(mask.size**0.5 / SAMPLED))
    chosen = pixels[::step, ::step][mask[::step, ::step] > 0]
    if not chosen.size:
        chosen = pixels[mask > 0]
    middle = np.percentile(chosen.reshape(len(chosen), -1), CORE, axis=0).astype(int).tolist()
    return (middle[0], middle[len(middle) // 2], middle[-1])
