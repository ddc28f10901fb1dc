"""Reading order where two blocks stand side by side: the left one first, then the right one.

The head of a Vietnamese administrative document (Decree 30/2020/NĐ-CP, appendix I) sets the issuing body on the left and
the national motto on the right; its foot sets the recipients on the left and the signature on the right. Engines often
join such neighbours into one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, Word
from pipeline.recognition.forms import is_form, read_rows, stand_beside, stand_level

#: A gap between words this many times the height of the line may part two blocks.
GAP_HEIGHTS = 1.5

#: Rows of a run in which both sides hold text, at least this many; fewer are a form's two entries in one line.
ROWS = 2

#: Rows of a table without rulings, of three columns or more, at least this many.
TABLE_ROWS = 4

#: Among so many lines the engine's pieces of one row are looked for.
WIDEST_ROW = 8

#: A column of numbers has at least this share of lines that are mostly digits, and of lines beside which text stands.
AMOUNTS = 0.7

#: Signatures side by side have so many lines each, fewest and most, and room of so many heights of their first line.
SIGNATURE_LINES, ROOM_TO_SIGN = (2, 6), 2.0

Gutter = tuple[float, float]
Sides = tuple[Box | None, Box | None]
#: The first row, the one behind the last, and the gutter that parts its columns; None for a table of more than two.
Run = tuple[int, int, Gutter | None]


def order_columns(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """``lines`` with the runs that stand in two columns read column by column; the rest stays in its order."""
    if len(lines) < ROWS:
        return lines
    pending = sorted(range(len(lines)), key=lambda at: lines[at].box.centre[1])
    runs = _find_runs([lines[at] for at in pending])
    moved = {at for first, last, _ in runs for at in pending[first:last]}
    result = [line for at, line in enumerate(lines) if at not in moved]
    for first, last, gutter in runs:
        members = [lines[at] for at in pending[first:last]]
        insert_part(result, _read_across(members) if gutter is None else _read_columns(members, sum(gutter) / 2))
    return tuple(result)


def insert_part(lines: list[Line], part: Sequence[Line]) -> None:
    """Put ``part`` into ``lines`` where the fewest lines above it follow and the fewest below it precede."""
    middle = hull(line.box for line in part).centre[1]
    above = [line.box.centre[1] < middle for line in lines]
    misplaced = best = sum(above)
    at = 0
    for place, is_above in enumerate(above, 1):
        misplaced += -1 if is_above else 1
        if misplaced < best:
            best, at = misplaced, place
    lines[at:at] = part


def _find_runs(lines: Sequence[Line]) -> list[Run]:
    runs: list[Run] = []
    start = 0
    while start < len(lines):
        found: list[tuple[int, Gutter]] = []
        fewest, signed = TABLE_ROWS, False
        for gutter in _gutters(lines[start : start + WIDEST_ROW]):
            sides, narrowed = _follow(lines, start, gutter)
            if start + len(sides) == len(lines) and _are_signatures(sides):
                signed = True
                found.append((len(lines), narrowed))
                continue
            del sides[_last_of_run(sides) :]
            rows = _paired_rows(sides)
            if rows >= ROWS:
                fewest = min(fewest, rows)
                found.append((start + len(sides), narrowed))
        if len(found) == 1 or (found and signed):
            last, gutter = min(found, key=lambda run: (-run[0], run[1]))
            runs.append((start, last, gutter))
        elif found and fewest >= TABLE_ROWS:
            runs.append((start, max(last for last, _ in found), None))
        start = max([start + 1, *(last for last, _ in found)])
    return runs


def _gutters(lines: Sequence[Line]) -> list[Gutter]:
    """Wide gaps inside the first of ``lines``, and between it and those that stand beside it."""
    first = lines[0]
    row = sorted((line.box for line in lines if stand_beside(first.box, line.box)), key=lambda box: box.left)
    least = GAP_HEIGHTS * _text_height(first)
    between = [(a.right, b.left) for a, b in pairwise(row) if b.left - a.right > least]
    return [*_gaps(first), *between]


def _gaps(line: Line) -> list[Gutter]:
    least = GAP_HEIGHTS * _text_height(line)
    return [(a.box.right, b.box.left) for a, b in pairwise(line.words) if b.box.left - a.box.right > least]


def _follow(lines: Sequence[Line], start: int, gutter: Gutter) -> tuple[list[Sides], Gutter]:
    """What stands on both sides of the gutter in the rows in which it stays free of words, and the gutter that is left."""
    left, right = gutter
    least = (right - left) / 4
    sides: list[Sides] = []
    for line in lines[start:]:
        narrowed = _narrow(line, (left, right), max(least, GAP_HEIGHTS * _text_height(line)))
        if narrowed is None:
            break
        left, right = narrowed
        middle = (left + right) / 2
        halves = [[word.box for word in line.words if (word.box.centre[0] < middle) is side] for side in (True, False)]
        sides.append((hull(halves[0]) if halves[0] else None, hull(halves[1]) if halves[1] else None))
    return sides, (left, right)


def _are_signatures(sides: Sequence[Sides]) -> bool:
    """Whether a page ends with these rows as with signatures: titles side by side, room to sign, names beneath."""
    for column in zip(*sides, strict=True):
        boxes = [box for box in column if box is not None]
        gaps = [below.top - above.bottom for above, below in pairwise(boxes)]
        if not SIGNATURE_LINES[0] <= len(boxes) <= SIGNATURE_LINES[1] or max(gaps) < ROOM_TO_SIGN * boxes[0].height:
            return False
    return True


def _last_of_run(sides: Sequence[Sides]) -> int:
    """Where the run ends: behind the last row with a partner, and behind rows that go on below it without a break."""
    end = len(sides)
    while end and not _has_partner(sides, end - 1):
        end -= 1
    while 0 < end < len(sides) and _goes_on(sides[end - 1], sides[end]):
        end += 1
    return end


def _goes_on(above: Sides, below: Sides) -> bool:
    for one, other in zip(above, below, strict=True):
        if one is not None and other is not None:
            return other.top - one.bottom < 0.8 * min(one.height, other.height)
    return False


def _narrow(line: Line, gutter: Gutter, least: float) -> Gutter | None:
    left, right = gutter
    middle = (left + right) / 2
    for word in line.words:
        if word.box.right <= middle:
            left = max(left, word.box.right)
        elif word.box.left >= middle:
            right = min(right, word.box.left)
        elif word.box.centre[0] < middle:
            left = max(left, word.box.right)
        else:
            right = min(right, word.box.left)
    return (left, right) if right - left >= least else None


def _has_partner(sides: Sequence[Sides], at: int) -> bool:
    left, right = sides[at]
    if left is not None and right is not None:
        return True
    own, side = (left, 1) if left is not None else (right, 0)
    return own is not None and any((other := pair[side]) is not None and stand_beside(own, other) for pair in sides)


def _paired_rows(sides: Sequence[Sides]) -> int:
    lefts = [left for left, _ in sides if left is not None]
    rights = [right for _, right in sides if right is not None]
    paired = sum(any(stand_beside(left, right) for right in rights) for left in lefts)
    return min(paired, len(rights))


def _read_columns(lines: Sequence[Line], middle: float) -> tuple[Line, ...]:
    columns: tuple[list[Line], list[Line]] = ([], [])
    for line in lines:
        halves: tuple[list[Word], list[Word]] = ([], [])
        for word in line.words:
            halves[word.box.centre[0] >= middle].append(word)
        for column, words in zip(columns, halves, strict=True):
            if words:
                column.append(replace(line, words=tuple(words)))
    if is_form(*columns):
        return read_rows(*columns)
    if _are_amounts(*columns):
        return _read_across([*columns[0], *columns[1]])
    return tuple(line for column in columns for line in order_columns(tuple(column)))


def _are_amounts(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether what stands on the right are mostly numbers that belong to what stands beside them."""
    numbers = sum(2 * sum(sign.isdigit() for sign in line.text) >= len(line.text) for line in right)
    beside = sum(any(stand_beside(line.box, other.box) for other in left) for line in right)
    return numbers >= AMOUNTS * len(right) and beside >= AMOUNTS * len(right)


def _read_across(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The rows of a table without rulings from the top, what stands on one level as one line."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.centre[1]):
        row = rows[-1] if rows else []
        apart = all(part.box.right <= line.box.left or line.box.right <= part.box.left for part in row)
        if row and apart and stand_level(row[0].box, line.box):
            row.append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda part: part.box.left)
    return tuple(replace(row[0], words=tuple(word for part in row for word in part.words)) for row in rows)


def _text_height(line: Line) -> float:
    return median(word.box.height for word in line.words)
