"""Forms in two columns: labels with their values beside them, read row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line
from pipeline.domain.syllables import bare

#: A label at the beginning of a line: up to its colon; items of lists, numbers of papers and addressees are none.
_LABEL = re.compile(r"^(?!\s*(?:[-+~*•–]|S[ốo]\s*:|Nơi nhận|Kính gửi|V/v))([^:]*[^\W\d_]{2}[^:]*):", re.IGNORECASE)

#: A line goes on a label from the line above if it is no farther below it than this part of its height.
NEXT = 0.8

Row = tuple[list[Line], list[Line]]


def is_form(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the lines ``left`` of a gutter are mostly labels of what stands beside them.

    Two forms side by side, with the same labels on both sides, are none.
    """
    labels = [found[1] for line in left if (found := _LABEL.match(line.text))]
    theirs = {_plain(found[1]) for line in right if (found := _LABEL.match(line.text))}
    twins = sum(_plain(label) in theirs for label in labels)
    return len(labels) >= 2 and 2 * len(labels) >= len(left) and 2 * twins < len(labels)


def read_rows(left: Sequence[Line], right: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a form row by row, in a row the left side first; a row of one line on each side is one line."""
    rows: list[Row] = []
    for line in sorted(left, key=lambda line: line.box.centre[1]):
        if rows and not _begins_row(line, rows[-1][0], right):
            rows[-1][0].append(line)
        else:
            rows.append(([line], []))
    for line in sorted(right, key=lambda line: line.box.centre[1]):
        above = [row for row in rows if _reaches(row[0][0].box, line.box)]
        (above or rows)[-1 if above else 0][1].append(line)
    return tuple(line for row in rows for line in _read_row(row))


def stand_beside(one: Box, other: Box) -> bool:
    """Whether two boxes share a good part of the lower one's height."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.3 * min(one.height, other.height)


def stand_level(one: Box, other: Box) -> bool:
    """Whether two boxes stand on one line: their middles differ by less than half of the lower one's height."""
    return abs(one.centre[1] - other.centre[1]) < 0.5 * min(one.height, other.height)


def _begins_row(line: Line, label: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether ``line`` is no continuation of ``label``, the lines above it."""
    if any(":" in above.text for above in label):
        return True
    far = line.box.top - label[-1].box.bottom > NEXT * line.box.height
    return far or (line.text[:1].isupper() and any(stand_beside(line.box, other.box) for other in right))


def _reaches(label: Box, value: Box) -> bool:
    return value.centre[1] > label.top


def _read_row(row: Row) -> tuple[Line, ...]:
    left, right = row
    if len(left) == len(right) == 1 and stand_beside(left[0].box, right[0].box):
        return (replace(left[0], words=(*left[0].words, *right[0].words)),)
    return (*left, *right)


def _plain(label: str) -> str:
    return " ".join(bare(word) for word in re.findall(r"[^\W\d_]+", label))
