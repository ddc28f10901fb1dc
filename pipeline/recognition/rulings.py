"""Tables with rulings: where their cells are on the picture of a page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Rulings are looked for at about so many dots an inch: there they are a pixel wide and letters a few.
DPI = 75

#: A ruling is at least so many of these pixels long, level or upright, so much darker than the paper around it, and broken
#: nowhere by more than twice this.
LEVEL, UPRIGHT, CONTRAST, BREAK = 28, 20, 16, 3

#: Side of the square that paper is averaged over, in these pixels.
NEIGHBOURHOOD = 15

#: A table is at least so wide and high, a cell at least so wide and high, in these pixels.
TABLE, CELL = (75, 20), (6, 7)

#: More fields between rulings than this are a drawing or a screen, no table.
MOST_CELLS = 1500

#: Cells whose upper edges differ by no more than this, in these pixels, begin in the same row.
SAME_ROW = 5


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: its cells row by row, in each row from the left, in pixels of the page's picture.

    A cell that goes over several rows stands in the first of them.
    """

    rows: tuple[tuple[Box, ...], ...]

    @property
    def box(self) -> Box:
        """The smallest box around the cells."""
        return hull(self.cells)

    @property
    def cells(self) -> tuple[Box, ...]:
        """All cells, row by row."""
        return tuple(cell for row in self.rows for cell in row)


def find_tables(image: PageImage) -> tuple[Table, ...]:
    """The ruled tables of an upright, straight page, from the top; frames around text are none."""
    step = max(1, round(image.dpi / DPI))
    size = image.width // step, image.height // step
    if min(size) < NEIGHBOURHOOD:
        return ()
    small = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA)
    if small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    level, upright = _find_rulings(small.astype(np.uint8))
    if not level.any() or not upright.any():
        return ()
    found = []
    both = cv2.bitwise_or(level, upright)
    pieces = find_pieces(np.asarray(both, np.uint8))
    for label, (left, top, width, height, _) in enumerate(pieces.boxes.tolist(), 1):
        if width < TABLE[0] or height < TABLE[1]:
            continue
        part = pieces.labels[top : top + height, left : left + width] == label
        cells = [_scaled(cell, left, top, image, size) for cell in _find_cells(part)]
        if 1 < len(cells) <= MOST_CELLS:
            found.append(Table(_in_rows(cells, SAME_ROW * image.height / size[1])))
    return tuple(sorted(found, key=lambda table: table.box.top))


def _find_rulings(small: Pixels) -> tuple[Pixels, Pixels]:
    """Masks of the level and of the upright rulings, drawn out over their breaks."""
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, NEIGHBOURHOOD, CONTRAST)
    masks = []
    for shape, further in (((1, LEVEL), (1, 2 * BREAK + 1)), ((UPRIGHT, 1), (2 * BREAK + 1, 1))):
        mask = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        masks.append(cv2.dilate(mask, np.ones(further, np.uint8)).astype(np.uint8))
    return masks[0], masks[1]


def _find_cells(rulings: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """The white fields between ``rulings`` and the edges of their picture: left, top, width, height."""
    white = np.zeros((rulings.shape[0] + 2, rulings.shape[1] + 2), np.uint8)
    white[1:-1, 1:-1] = ~rulings
    white[[1, -2], :] = 0
    white[:, [1, -2]] = 0
    fields = find_pieces(white, 4).boxes.tolist()
    return [
        (left - 1, top - 1, width, height) for left, top, width, height, _ in fields if width >= CELL[0] and height >= CELL[1]
    ]


def _scaled(cell: tuple[int, int, int, int], left: int, top: int, image: PageImage, size: tuple[int, int]) -> Box:
    across, down = image.width / size[0], image.height / size[1]
    x, y, width, height = cell
    return Box((left + x) * across, (top + y) * down, (left + x + width) * across, (top + y + height) * down)


def _in_rows(cells: list[Box], tolerance: float) -> tuple[tuple[Box, ...], ...]:
    rows: list[list[Box]] = []
    for cell in sorted(cells, key=lambda box: box.top):
        if rows and cell.top - rows[-1][0].top <= tolerance:
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return tuple(tuple(sorted(row, key=lambda box: box.left)) for row in rows)
