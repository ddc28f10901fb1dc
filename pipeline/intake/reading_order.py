"""Words to lines in reading order: rows top down, wide gaps split them, columns side by side are read one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, Word

#: A gap this many type sizes wide is no space between words.
_WIDE_GAP = 2.2
#: Rows further apart than this many type sizes belong to different blocks.
_BLOCK_GAP = 2.5
_COLUMN_GAP = 6.0


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word as set in type: its ``baseline`` (y) and ``size`` in the same pixels as its box."""

    word: Word
    baseline: float
    size: float

    @property
    def box(self) -> Box:
        """The box of the word."""
        return self.word.box


Segment = tuple[SetWord, ...]
Row = tuple[Segment, ...]


def order_lines(words: Sequence[SetWord], bridges: Sequence[Box] = ()) -> tuple[Line, ...]:
    """All ``words`` as lines in reading order, block by block; a gap that one of ``bridges`` fills splits no line."""
    lines: list[Line] = []
    block = 0
    for column in _columns(_rows(words, bridges)):
        before: Segment | None = None
        for segment in column:
            if before is not None and segment[0].baseline - before[0].baseline > _BLOCK_GAP * segment[0].size:
                block += 1
            lines.append(Line(tuple(placed.word for placed in segment), block))
            before = segment
        block += 1
    return tuple(lines)


def _rows(words: Sequence[SetWord], bridges: Sequence[Box]) -> list[Row]:
    rows: list[list[SetWord]] = []
    for placed in sorted(words, key=lambda one: one.baseline):
        row = next((row for row in reversed(rows[-4:]) if _same_row(row[0], placed)), None)
        if row is None:
            rows.append([placed])
        else:
            row.append(placed)
    return [_segments(sorted(row, key=lambda one: one.box.left), _level(row[0], bridges)) for row in rows]


def _same_row(first: SetWord, other: SetWord) -> bool:
    return abs(first.baseline - other.baseline) < 0.35 * min(max(first.size, 1.0), max(other.size, 1.0))


def _level(first: SetWord, bridges: Sequence[Box]) -> list[Box]:
    """The bridges that stand on the row of ``first``."""
    return [box for box in bridges if box.top < first.baseline - 0.2 * first.size < box.bottom]


def _segments(row: list[SetWord], bridges: list[Box]) -> Row:
    segments: list[list[SetWord]] = [[row[0]]]
    reach = row[0].box.right
    for placed in row[1:]:
        filled = sum(
            box.width for box in bridges if reach - placed.size < box.left and box.right < placed.box.left + placed.size
        )
        if placed.box.left - reach - filled > _WIDE_GAP * max(placed.size, segments[-1][-1].size):
            segments.append([placed])
        else:
            segments[-1].append(placed)
        reach = max(reach, placed.box.right)
    return tuple(tuple(segment) for segment in segments)


def _columns(rows: list[Row]) -> list[list[Segment]]:
    """Runs of segments to be read one after the other."""
    columns: list[list[Segment]] = [[]]
    at = 0
    while at < len(rows):
        if len(rows[at]) != 2:
            columns[-1].extend(rows[at])
            at += 1
            continue
        left, right, at = _side_by_side(rows, at)
        columns += [left, right, []]
    return [column for column in columns if column]


def _side_by_side(rows: list[Row], start: int) -> tuple[list[Segment], list[Segment], int]:
    """The left and right segments of the rows from ``start`` on that leave a gutter free, and the row after them."""
    first, second = rows[start]
    left, right = [first], [second]
    gutter = hull(one.box for one in first).right, hull(one.box for one in second).left
    at = start + 1
    while at < len(rows) and len(rows[at]) <= 2 and _near(rows[at - 1], rows[at]):
        narrowed = _narrowed(gutter, rows[at])
        if narrowed is None:
            break
        gutter = narrowed
        middle = sum(gutter) / 2
        for segment in rows[at]:
            (left if segment[0].box.left < middle else right).append(segment)
        at += 1
    return left, right, at


def _near(above: Row, below: Row) -> bool:
    return below[0][0].baseline - above[0][0].baseline < _COLUMN_GAP * max(below[0][0].size, above[0][0].size)


def _narrowed(gutter: tuple[float, float], row: Row) -> tuple[float, float] | None:
    left, right = gutter
    for segment in row:
        box = hull(placed.box for placed in segment)
        if box.right <= (left + right) / 2:
            left = max(left, box.right)
        elif box.left >= (left + right) / 2 or (box.left - left > right - box.right and box.left > left):
            right = min(right, box.left)
        elif right - box.right > 0:
            left = max(left, box.right)
        else:
            return None
        size = segment[0].size
        if right - left < 0.8 * size:
            return None
    return left, right
