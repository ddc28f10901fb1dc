"""Words of a text layer to lines: rows from the top, in a row from the left; wide gaps split them.

What stands side by side is put into reading order later, as on pages read from the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word

#: A gap this many type sizes wide is no space between words.
_WIDE_GAP = 2.2
#: Rows further apart than this many type sizes belong to different blocks.
_BLOCK_GAP = 2.5


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
    """All ``words`` as lines from the top, block by block; a gap that one of ``bridges`` fills splits no line."""
    lines: list[Line] = []
    block = 0
    above: SetWord | None = None
    for row in _rows(words, bridges):
        first = row[0][0]
        if above is not None and first.baseline - above.baseline > _BLOCK_GAP * first.size:
            block += 1
        lines.extend(Line(tuple(placed.word for placed in segment), block) for segment in row)
        above = first
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
