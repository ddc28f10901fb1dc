"""Connected pieces of ink (8-connected or 4-connected components) with their boxes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Pixels

#: Pieces that 16 bits can number.
_MOST = 65_000
#: Pixels that come before one as rows are read: of these a piece goes on.
_BEFORE = {8: np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0]], np.uint8), 4: np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], np.uint8)}


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of a picture.

    ``labels`` numbers them pixel by pixel, from 1; ``stats`` holds left, top, width, height and area of each, ``centres``
    x and y. The first row of both is what is no piece.
    """

    labels: NDArray[np.integer]
    stats: NDArray[np.int32]
    centres: NDArray[np.float64]

    @property
    def boxes(self) -> NDArray[np.int32]:
        """Left, top, width, height and area of each piece, without what is none."""
        return self.stats[1:]


def find_pieces(ink: Pixels, connectivity: int = 8) -> Pieces:
    """The pieces of what is not 0 in ``ink``; ``connectivity`` is 8 or 4.

    OpenCV numbers them in 16 bits in a third of the time that 32 take on a page, but goes wrong where it would need more
    numbers on the way. It never needs more than there are pixels of ink with none before them.
    """
    fits = ink.size <= _MOST or _count_starts(ink, connectivity) <= _MOST
    kind = cv2.CV_16U if fits else cv2.CV_32S
    _, labels, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=connectivity, ltype=kind)
    return Pieces(np.asarray(labels), np.asarray(stats, np.int32), np.asarray(centres, np.float64))


def _count_starts(ink: Pixels, connectivity: int) -> int:
    before = cv2.dilate(ink, _BEFORE[connectivity], borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return int(cv2.countNonZero(cv2.subtract(ink, before)))
