"""What scanners and binders leave on a page: the black of an open lid, punch holes; painted as white as paper."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.background import Paper
from pipeline.cleanup.thumbnail import Thumbnail
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Darker than this share of the paper's lightness is black; up to the second, the soft rim of it.
BLACK, SOFT = 0.3, 0.8

#: Black in which more marks than this stand is a deep shadow over print.
MOST_MARKS = 2

#: The thumbnail is looked at this many times smaller; strokes and rulings vanish under a square of so many pixels.
COARSER, SQUARE = 3, 5

#: Diameters of punch holes in inches, the share of their square that they fill, and how far from an edge they lie.
SMALLEST_HOLE, LARGEST_HOLE, ROUND, EDGE = 0.14, 0.34, (0.66, 0.96), 0.9

#: More black than this share of the page is no trace.
MOST = 0.4

#: How far, in pixels of the coarse picture, the soft rim of a trace reaches.
RIM = 3


def find_traces(thumbnail: Thumbnail, paper: Paper, dpi: float) -> Pixels | None:
    """255 where a black border or a punch hole lies on the thumbnail of a scan of ``dpi``; None on a page without any."""
    grey = thumbnail.grey
    bare = float(np.median(paper.lightness))
    size = max(1, grey.shape[1] // COARSER), max(1, grey.shape[0] // COARSER)
    coarse = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    black = cv2.threshold(coarse, BLACK * bare, 255, cv2.THRESH_BINARY_INV)[1]
    framed = cv2.copyMakeBorder(black, SQUARE, SQUARE, SQUARE, SQUARE, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((SQUARE, SQUARE), np.uint8))
    solid = np.ascontiguousarray(solid[SQUARE:-SQUARE, SQUARE:-SQUARE])
    if not 0 < float(solid.mean()) <= 255 * MOST:
        return None
    pieces = find_pieces(solid.astype(np.uint8))
    labels, stats, count = pieces.labels.astype(np.int32), pieces.stats, len(pieces.stats)
    inch = dpi * thumbnail.factor / COARSER
    kept = np.zeros(count, np.uint8)
    printed = _count_marks(thumbnail, labels, count)
    for label in range(1, count):
        box = stats[label].tolist()
        if printed[label] <= MOST_MARKS and (_touches_rim(box, size) or _is_hole(box, size, inch)):
            kept[label] = 255
    return _whole(kept[labels], thumbnail, bare) if kept.any() else None


def paint_over(image: PageImage, traces: Pixels, paper: Paper) -> PageImage:
    """The grey page with the ``traces``, given at any size, as light as its paper."""
    mask = cv2.resize(traces, (image.width, image.height), interpolation=cv2.INTER_NEAREST)
    pixels = image.pixels.copy()
    pixels[mask > 0] = round(float(np.median(paper.lightness)))
    return replace(image, pixels=pixels)


def _count_marks(thumbnail: Thumbnail, labels: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """How many marks have their middle in each of the labelled pieces of the coarse picture."""
    marks, (height, width) = thumbnail.marks, labels.shape
    x = np.minimum((marks[:, 0] + marks[:, 2] // 2) * width // thumbnail.grey.shape[1], width - 1)
    y = np.minimum((marks[:, 1] + marks[:, 3] // 2) * height // thumbnail.grey.shape[0], height - 1)
    return np.bincount(labels[y, x], minlength=count)


def _touches_rim(box: list[int], size: tuple[int, int]) -> bool:
    left, top, width, height, _ = box
    return left <= 1 or top <= 1 or left + width >= size[0] - 1 or top + height >= size[1] - 1


def _is_hole(box: list[int], size: tuple[int, int], inch: float) -> bool:
    left, top, width, height, area = box
    if not (SMALLEST_HOLE * inch <= min(width, height) and max(width, height) <= LARGEST_HOLE * inch):
        return False
    margin = min(left, top, size[0] - left - width, size[1] - top - height)
    filled = area / (width * height)
    return margin <= EDGE * inch and abs(width - height) <= 0.2 * max(width, height) + 1 and ROUND[0] <= filled <= ROUND[1]


def _whole(seeds: Pixels, thumbnail: Thumbnail, bare: float) -> Pixels:
    """The traces with their soft rims, but without what stands close to them and does not touch them."""
    height, width = thumbnail.grey.shape
    grown = cv2.dilate(seeds, np.ones((2 * RIM + 1, 2 * RIM + 1), np.uint8))
    near = cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    soft = cv2.threshold(thumbnail.grey, SOFT * bare, 255, cv2.THRESH_BINARY_INV)[1]
    dark = cv2.bitwise_and(near, cv2.dilate(soft, np.ones((3, 3), np.uint8)))
    count, labels = cv2.connectedComponents(dark.astype(np.uint8), connectivity=8)
    core = cv2.resize(seeds, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    belongs = np.zeros(count, np.uint8)
    belongs[np.unique(labels[core & (dark > 0)])] = 255
    belongs[0] = 0
    return np.asarray(belongs[labels])
