"""Rows of little boxes for one sign each, as forms have them for numbers and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Boxes are looked for at about so many dots an inch.
DPI = 100

#: Boxes are at least and at most so wide and high, and no wider in their height than the last, all in millimetres or shares.
SMALLEST, LARGEST, ASPECT = 3.2, 10.0, (0.55, 1.6)

#: Side of the square that paper is averaged over, in boxes of the smallest size; darker than it by this is ruled.
NEIGHBOURHOOD, CONTRAST = 2, 14

#: So much of each side of a box is ruled.
RULED = 0.8

#: Where this share of the upper and the lower side is ruled, there may be one more box.
TORN = 0.5

#: Boxes of one row differ by no more than this in size and place, in their own heights; so far apart they stand at most.
ALIKE, APART = 0.22, 0.6

#: A row has at least so many boxes, those that stand side by side with others in groups together.
LEAST = 4


@dataclass(frozen=True, slots=True)
class BoxRow:
    """Boxes side by side from the left, in pixels of the page's picture, without their rulings.

    Not ``whole`` where rulings go on beyond the last box that was found.
    """

    boxes: tuple[Box, ...]
    whole: bool

    @property
    def box(self) -> Box:
        """The smallest box around all of them."""
        return hull(self.boxes)


def find_box_rows(image: PageImage) -> tuple[BoxRow, ...]:
    """All rows of boxes on an upright, straight page, from the top; grids of several such rows are tables, not found here."""
    step = max(1, round(image.dpi / DPI))
    size = image.width // step, image.height // step
    least = round(SMALLEST / 25.4 * image.dpi / step)
    if min(size) < 4 * least:
        return ()
    small = cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA) if step > 1 else image.pixels
    if small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    rulings = _find_rulings(small.astype(np.uint8), least)
    if rulings is None:
        return ()
    ruled = cv2.dilate(rulings, np.ones((3, 3), np.uint8)) > 0
    boxes = _find_boxes(rulings, ruled, least)
    begun = _in_rows(boxes)
    found = [_complete(row, boxes, ruled) for row in begun if len(row) > 1]
    found += [
        _complete(_with_mate(row[0], mate, ruled), boxes, ruled)
        for row in begun
        if len(row) == 1 and (mate := next((other for other in found if _share_line(row, other)), None))
    ]
    found = [row for row in found if len(row) > 1]
    rows = [row for at, row in enumerate(found) if not any(_overlap(row, other) for other in found[:at])]
    alone = [row for row in rows if not any(_stand_over(row, other) for other in rows if other is not row)]
    across, down = image.width / size[0], image.height / size[1]
    kept = [row for row in alone if sum(len(other) for other in alone if _share_line(row, other)) >= LEAST]
    scaled = (
        BoxRow(
            tuple(Box(box.left * across, box.top * down, box.right * across, box.bottom * down) for box in row),
            not any(min(_sides(ruled, box)[2:]) >= TORN for box in _beyond(row)),
        )
        for row in kept
    )
    return tuple(sorted(scaled, key=lambda row: (row.box.top, row.box.left)))


def _find_rulings(small: Pixels, least: int) -> Pixels | None:
    """Straight strokes as long as the side of a box, level and upright; None where there are too few for a row of boxes."""
    side = NEIGHBOURHOOD * least | 1
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, side, CONTRAST)
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((least, 1), np.uint8))
    if cv2.countNonZero(upright) < LEAST * least:
        return None
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    if cv2.countNonZero(level) < LEAST * least:
        return None
    corners = cv2.bitwise_and(cv2.dilate(level, np.ones((5, 5), np.uint8)), upright)
    where = cv2.boundingRect(corners)
    if where[2] < LEAST * least or where[3] < least:
        return None
    rulings = np.zeros_like(level)
    room = 4 * least
    rows = slice(max(0, where[1] - room), where[1] + where[3] + room)
    columns = slice(max(0, where[0] - room), where[0] + where[2] + room)
    cv2.bitwise_or(level[rows, columns], upright[rows, columns], rulings[rows, columns])
    return rulings.astype(np.uint8)


def _find_boxes(rulings: Pixels, ruled: NDArray[np.bool_], least: int) -> list[Box]:
    """White fields with rulings on all four sides."""
    largest = least * LARGEST / SMALLEST
    left_edge, top_edge, *size = cv2.boundingRect(rulings)
    part = rulings[top_edge : top_edge + size[1], left_edge : left_edge + size[0]]
    fields = find_pieces(np.asarray(cv2.bitwise_not(part), np.uint8), 4).boxes
    found = []
    for left, top, width, height in (fields[:, :4] + (left_edge, top_edge, 0, 0)).tolist():
        right_size = least - 1 <= min(width, height) and max(width, height) <= largest
        if right_size and ASPECT[0] <= width / height <= ASPECT[1]:
            box = Box(left, top, left + width, top + height)
            if min(_sides(ruled, box)) >= RULED:
                found.append(box)
    return found


def _sides(ruled: NDArray[np.bool_], box: Box) -> tuple[float, float, float, float]:
    """Which share of the left, right, upper and lower side of ``box`` is ruled; none at the edge of the page."""
    left, top, right, bottom = (round(at) for at in (box.left, box.top, box.right, box.bottom))
    if left < 1 or top < 1 or right >= ruled.shape[1] or bottom >= ruled.shape[0]:
        return 0.0, 0.0, 0.0, 0.0
    sides = (ruled[top:bottom, left - 1], ruled[top:bottom, right], ruled[top - 1, left:right], ruled[bottom, left:right])
    upon = [float(side.mean()) for side in sides]
    return upon[0], upon[1], upon[2], upon[3]


def _complete(row: tuple[Box, ...], boxes: list[Box], ruled: NDArray[np.bool_]) -> tuple[Box, ...]:
    """``row`` with the boxes at its ends that ink has cut in two or torn open: ruled above, below and outside."""
    found = list(row)
    if len(found) == 1:
        return row
    for at, outer in ((-1, 1), (0, 0)):
        while True:
            beyond = _beyond(found)[at]
            box = next((box for box in boxes if _is_same(box, beyond)), beyond)
            sides = _sides(ruled, box)
            if min(sides[outer], sides[2], sides[3]) < RULED:
                break
            found.insert(len(found) if at else 0, box)
    return tuple(found)


def _with_mate(box: Box, row: tuple[Box, ...], ruled: NDArray[np.bool_]) -> tuple[Box, ...]:
    """``box`` and the one beside it that ink has torn open, as far apart as those of ``row``; alone if there is none."""
    pitch = _pitch(row)
    for by, outer in ((pitch, 1), (-pitch, 0)):
        sides = _sides(ruled, beside := _moved(box, by))
        if min(sides[outer], sides[2], sides[3]) >= RULED:
            return (box, beside) if by > 0 else (beside, box)
    return (box,)


def _beyond(row: Sequence[Box]) -> tuple[Box, Box]:
    """Where the next boxes would stand before the first and behind the last of ``row``."""
    pitch = _pitch(row)
    return _moved(row[0], -pitch), _moved(row[-1], pitch)


def _is_same(box: Box, other: Box) -> bool:
    near = max(abs(box.left - other.left), abs(box.right - other.right), abs(box.top - other.top))
    return near <= ALIKE * other.height


def _pitch(row: Sequence[Box]) -> float:
    return (row[-1].left - row[0].left) / (len(row) - 1)


def _moved(box: Box, by: float) -> Box:
    return Box(box.left + by, box.top, box.right + by, box.bottom)


def _in_rows(boxes: list[Box]) -> list[tuple[Box, ...]]:
    """Boxes of like size that stand side by side."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.left):
        row = next((row for row in rows if _follows(box, row[-1])), None)
        if row is None:
            rows.append([box])
        else:
            row.append(box)
    return [tuple(row) for row in rows]


def _follows(box: Box, last: Box) -> bool:
    size = last.height
    alike = abs(box.height - size) <= ALIKE * size and abs(box.width - last.width) <= ALIKE * last.width
    return alike and abs(box.centre[1] - last.centre[1]) <= ALIKE * size and 0 <= box.left - last.right <= APART * size


def _overlap(row: tuple[Box, ...], other: tuple[Box, ...]) -> bool:
    one, two = hull(row), hull(other)
    return min(one.right, two.right) - max(one.left, two.left) > 0 and _share_line(row, other)


def _stand_over(row: tuple[Box, ...], other: tuple[Box, ...]) -> bool:
    """Whether two rows are rows of one grid: one right over the other, in the same columns."""
    one, two = hull(row), hull(other)
    size = median(box.height for box in row)
    near = min(abs(one.top - two.bottom), abs(two.top - one.bottom)) < 0.3 * size
    return near and min(one.right, two.right) - max(one.left, two.left) > 0.5 * min(one.width, two.width)


def _share_line(row: tuple[Box, ...], other: tuple[Box, ...]) -> bool:
    one, two = hull(row), hull(other)
    return abs(one.centre[1] - two.centre[1]) < 0.5 * min(one.height, two.height)
