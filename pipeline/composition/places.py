"""Rectangles of a page in scan pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Pixels


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of whole pixels; ``right`` and ``bottom`` lie outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        """Pixels."""
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def box(self) -> Box:
        """The same as a box."""
        return Box(self.left, self.top, self.right, self.bottom)

    def widen(self, margin: int, width: int, height: int) -> Place:
        """The place with ``margin`` more pixels on all sides, as far as a page of that size goes."""
        left, top = max(0, self.left - margin), max(0, self.top - margin)
        return Place(left, top, min(width, self.right + margin), min(height, self.bottom + margin))

    def cut(self, pixels: Pixels) -> Pixels:
        """The part of a picture that lies here."""
        return pixels[self.top : self.bottom, self.left : self.right]


def magnify(cells: Sequence[int], grid: tuple[int, int], page: tuple[int, int]) -> Place:
    """The part of a ``page`` (height, width) that ``cells`` of a coarse ``grid`` (rows, columns) show.

    ``cells`` are left, top, width and height. The last row and column show what is left over of the page, too.
    """
    left, top, wide, high = cells
    down, across = find_steps(grid, page)
    right = page[1] if left + wide == grid[1] else (left + wide) * across
    bottom = page[0] if top + high == grid[0] else (top + high) * down
    return Place(left * across, top * down, right, bottom)


def find_steps(grid: tuple[int, ...], page: tuple[int, ...]) -> tuple[int, int]:
    """How many rows and columns of a page make one of a coarse picture of it."""
    return max(1, round(page[0] / grid[0])), max(1, round(page[1] / grid[1]))


#: More places than this are joined with their neighbours: every one costs a reader an image.
MOST = 40


def around_spots(spots: NDArray[np.bool_], width: int, height: int) -> Iterator[Place]:
    """Rectangles on a page of that size around what is true on a smaller picture of it, a cell to spare on all sides."""
    if not spots.any():
        return
    rows, columns = spots.shape
    for cells in join_spots(spots.astype(np.uint8), 3)[1]:
        yield magnify(cells, (rows, columns), (height, width))


def join_spots(spots: Pixels, reach: int) -> tuple[NDArray[np.int32], list[list[int]]]:
    """Groups of ``spots`` that lie within ``reach`` pixels, or further where there are too many groups.

    Returns their numbers, pixel by pixel, from 1, and left, top, width and height of each.
    """
    while True:
        grown = np.asarray(cv2.dilate(spots, np.ones((reach, reach), np.uint8)))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(grown)
        if len(stats) - 1 <= MOST:
            return np.asarray(labels, np.int32), [row[:4] for row in stats[1:].tolist()]
        reach = 2 * reach + 1
