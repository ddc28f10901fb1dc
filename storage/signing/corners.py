"""Where a visible signature goes: upright as a reader sees the page, in its corner, on paper that bears nothing.

Measured in points from the top left of the page as it is shown; :class:`Sheet` knows the way into the PDF's own space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

#: How far a signature stays from the edges of the page, and from what is written on it, in points.
EDGE, CLEARANCE = 14.0, 3.0
#: The part of the page, from its corner, in which a signature may move aside for what stands there.
REACH_ACROSS, REACH_DOWN = 0.5, 0.2
#: What is this much darker than the paper, of 255, counts as ink.
_INK = 48
#: How far apart the places lie that are tried, in points (and pixels: one a point).
_STEP = 4
#: Where more than this part of the best place is not paper, it is a dark picture: letters need a ground of their own.
_MOSTLY_DARK = 0.5
#: How many points further down a place may lie before letters a point smaller, nearer to the corner, are better.
_A_SIZE_DOWN = 14.0
#: Less than this part of a place is dust.
_CLEAN = 0.002

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first page as it is shown: ``width`` and ``height`` in points, ``ink`` at one pixel a point.

    ``box`` is what is shown, in the PDF's own units; ``turn`` how far it is turned clockwise; ``unit`` points per unit.
    """

    width: float
    height: float
    ink: Mask
    box: tuple[float, float, float, float]
    turn: int
    unit: float

    @property
    def edge(self) -> float:
        """How far signatures stay from its edges."""
        return min(EDGE, 0.05 * min(self.width, self.height))

    def to_page(self, place: Place) -> tuple[float, float, float, float]:
        """The rectangle of ``place`` in the PDF's own space: left, bottom, right, top."""
        corners = [
            self._point(x / self.unit, y / self.unit) for x, y in ((place.left, place.top), (place.right, place.bottom))
        ]
        (x0, y0), (x1, y1) = corners
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        match self.turn:
            case 90:
                return left + y, bottom + x
            case 180:
                return right - x, bottom + y
            case 270:
                return right - y, top - x
            case _:
                return left + x, top - y


@dataclass(frozen=True, slots=True)
class Place:
    """Where lines of ``size`` points stand; ``covered`` is the part of it that bears ink, 0..1."""

    left: float
    top: float
    width: float
    height: float
    size: float
    covered: float = 0.0

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.top + self.height

    @property
    def needs_ground(self) -> bool:
        """Whether letters would drown in what they stand on."""
        return self.covered > _MOSTLY_DARK


def read_sheet(pdf: Path, unit: float = 1.0) -> Sheet:
    """The first page of a sound PDF, with all that is to be seen on it, earlier signatures included.

    ``unit`` is its /UserUnit, of which pdfium knows nothing.
    """
    document = pdfium.PdfDocument(pdf)
    try:
        document.init_forms()
        page = document[0]
        across, down = page.get_size()
        pixels = page.render(scale=unit, grayscale=True, may_draw_forms=True).to_numpy()
        grey = pixels if pixels.ndim == 2 else pixels[:, :, 0]
        return Sheet(across * unit, down * unit, _ink(grey), _shown_box(page), page.get_rotation(), unit)
    finally:
        document.close()


def _shown_box(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    """What viewers show: the crop box as far as it lies within the media box."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


def _ink(grey: NDArray[np.uint8]) -> Mask:
    """What is darker than the paper around it, and all of a page that is dark."""
    paper = int(np.percentile(grey, 80)) if grey.size else 255
    return np.asarray(grey < max(paper, 160) - _INK)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines to be placed: the size of their letters, and how much room they take, in points."""

    size: float
    width: float
    height: float


def find_place(sheet: Sheet, blocks: Sequence[Block], *, at_right: bool) -> Place:
    """The best place in the upper left or right corner for one of ``blocks``, the first of which is the largest.

    Of all clean places that one wins which is nearest to the corner, where smaller letters count as a way down; where there
    is none, the least covered place of all.
    """
    last_row = round(sheet.height * REACH_DOWN + max(block.height for block in blocks) + EDGE + CLEARANCE)
    sums = np.pad(np.cumsum(np.cumsum(sheet.ink[:last_row], axis=0, dtype=np.int32), axis=1), ((1, 0), (1, 0)))
    found = [_best_place(sheet, sums, block, blocks[0].size, at_right=at_right) for block in blocks]
    clean = [one for one in found if one[1].covered < _CLEAN]
    if clean:
        return min(clean, key=lambda one: one[0])[1]
    return min((place for _, place in found), key=lambda place: place.covered)


def _best_place(sheet: Sheet, sums: NDArray[np.int32], block: Block, largest: float, *, at_right: bool) -> tuple[float, Place]:
    """The best place of a block with how far off it is: the nearest clean one, else the least covered one."""
    edge = sheet.edge
    last_x = max(edge, sheet.width * REACH_ACROSS - block.width)
    last_y = max(edge, min(sheet.height * REACH_DOWN, sheet.height - edge - block.height))
    xs, ys = np.arange(edge, last_x + 0.5, _STEP), np.arange(edge, last_y + 0.5, _STEP)
    lefts = np.maximum(0.0, sheet.width - xs - block.width) if at_right else xs
    covered = _covered(sums, lefts, ys, block)
    far = 2 * ys[:, None] + xs[None, :] + 2 * _A_SIZE_DOWN * (largest - block.size)
    order = np.where(covered < _CLEAN, far, 1e6 * (1 + covered))
    row, column = np.unravel_index(int(np.argmin(order)), order.shape)
    place = Place(float(lefts[column]), float(ys[row]), block.width, block.height, block.size, float(covered[row, column]))
    return float(far[row, column]), place


def _covered(
    sums: NDArray[np.int32], lefts: NDArray[np.float64], tops: NDArray[np.float64], block: Block
) -> NDArray[np.float64]:
    """The part of the block that is ink, for every top (rows) and left (columns), what is close around it included.

    ``sums`` holds how much ink there is above and left of every pixel.
    """
    height, width = (side - 1 for side in sums.shape)
    top = np.clip(np.rint(tops - CLEARANCE), 0, height).astype(int)[:, None]
    bottom = np.clip(np.rint(tops + block.height + CLEARANCE), 0, height).astype(int)[:, None]
    left = np.clip(np.rint(lefts - CLEARANCE), 0, width).astype(int)[None, :]
    right = np.clip(np.rint(lefts + block.width + CLEARANCE), 0, width).astype(int)[None, :]
    inked = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(inked / np.maximum(1, (bottom - top) * (right - left)))
