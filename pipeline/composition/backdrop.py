"""What lies under the ink of a page: the page with its ink taken out, smaller, and finer where there is more to see."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.composition.places import Place, around_spots
from pipeline.composition.rasters import Floats, above, both, enlarge, grow, in_grey, mean, shrink, turned_over, wear
from pipeline.domain.pages import Pixels

#: Pixels around ink that its edges darken, at 300 dpi.
EDGE_DPI = 100.0

#: A pixel of a smaller picture says something of the paper where more than this (of 255) of it lies beside ink.
BARE = 40

#: The backdrop's grain: grey levels from what is around within so many pixels.
GRAIN, GRAIN_REACH = 6, 7

#: Grey levels that a finer picture would have to add, over a place of this many inches, before it is worth its bytes;
#: places nearer than this to each other (inches) are one.
APART = 0.12


def find_bare(strokes: Pixels, dpi: float) -> Pixels:
    """255 where the page is neither ink nor the edge of it."""
    side = max(1, round(dpi / EDGE_DPI)) * 2 + 1
    return turned_over(grow(strokes, side))


def take_out(pixels: Pixels, bare: Pixels, step: int) -> Pixels:
    """The page ``step`` times smaller, what is not ``bare`` filled from around it."""
    height, width = bare.shape
    size = -(-width // step), -(-height // step)
    kept = np.asarray(cv2.bitwise_and(pixels, pixels, mask=bare), np.uint8)
    kept, bare = (widen(one, size[1] * step - height, size[0] * step - width) for one in (kept, bare))
    return _fill(shrink(kept, size), shrink(bare, size))


def widen(pixels: Pixels, rows: int, columns: int) -> Pixels:
    """``pixels`` with its last rows and columns repeated."""
    if not rows and not columns:
        return pixels
    return np.asarray(cv2.copyMakeBorder(pixels, 0, rows, 0, columns, cv2.BORDER_REPLICATE), np.uint8)


def _fill(small: Pixels, weight: Pixels) -> Pixels:
    """Colours where ``weight`` says that there are any, elsewhere those of the nearest coarser picture that has some."""
    known = above(weight, BARE)
    colours = np.asarray(cv2.divide(small, _spread(weight, small), scale=255.0), np.uint8)
    if known.all():
        return colours
    sums, held = (both(one, mask) for one, mask in ((small, _spread(known, small)), (weight, known)))
    around = _from_coarser(sums.astype(np.float32), held.astype(np.float32))
    return np.asarray(cv2.copyTo(cv2.convertScaleAbs(around), turned_over(known), colours), np.uint8)


def _spread(mask: Pixels, pixels: Pixels) -> Pixels:
    return np.asarray(cv2.merge([mask, mask, mask]), np.uint8) if pixels.ndim == 3 else mask


def _each(weight: NDArray[np.float32 | np.bool_], colours: Floats) -> NDArray[np.float32 | np.bool_]:
    return weight[:, :, None] if colours.ndim == 3 else weight


def _from_coarser(sums: Floats, held: Floats) -> Floats:
    height, width = held.shape
    if min(height, width) <= 2:
        total = float(held.sum())
        colour = sums.reshape(height * width, -1).sum(axis=0) * 255.0 / total if total else np.float32(255.0)
        return np.broadcast_to(colour, (height, width, sums.size // held.size)).reshape(sums.shape).astype(np.float32)
    size = -(-width // 2), -(-height // 2)
    fewer, less = (np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA), np.float32) for one in (sums, held))
    colours = fewer * 255.0 / _each(np.maximum(less, np.float32(1e-3)), fewer)
    unknown = (less <= BARE / 8).astype(np.uint8)
    if unknown.any():
        colours = np.asarray(cv2.copyTo(_from_coarser(fewer, less), unknown, colours), np.float32)
    return np.asarray(cv2.resize(colours, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def calm(backdrop: Pixels) -> Pixels:
    """The backdrop without the grain of paper and scanner: what is fine and fainter than ``GRAIN`` goes, all else stays."""
    around = mean(backdrop, GRAIN_REACH)
    kept = above(np.asarray(cv2.absdiff(backdrop, around), np.uint8), GRAIN)
    return np.asarray(cv2.bitwise_or(both(backdrop, kept), both(around, turned_over(kept))), np.uint8)


def find_details(grey: Pixels, bare: Pixels, backdrop: Pixels, dpi: float, least: float) -> Iterator[Place]:
    """Places where ``backdrop`` (smaller, grey or RGB) is off the bare page by ``least`` grey levels (root mean square)."""
    height, width = grey.shape
    size = width // 2, height // 2
    whole = grey[: size[1] * 2, : size[0] * 2]
    off = np.asarray(cv2.absdiff(shrink(whole, size), enlarge(in_grey(backdrop), size)), np.uint8)
    off = both(off, np.ascontiguousarray(wear(bare, 3)[: size[1] * 2 : 2, : size[0] * 2 : 2]))
    cell = max(2, round(APART * dpi / 4))
    coarse = max(1, size[0] // cell), max(1, size[1] // cell)
    whole = off[: coarse[1] * cell, : coarse[0] * cell].astype(np.float32)
    energy = cv2.resize(whole**2, coarse, interpolation=cv2.INTER_AREA)
    yield from around_spots(energy > least * least, width, height)
