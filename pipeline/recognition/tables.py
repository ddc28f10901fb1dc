"""Reading order of ruled tables: row by row, in a row cell by cell, in a cell line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word
from pipeline.recognition.columns import order_columns
from pipeline.recognition.forms import stand_level
from pipeline.recognition.rulings import Table

#: What engines make of an upright ruling that they take into a word.
BARS, BRACKETS = "|¦", "[]"

#: A bar is a ruling where a border lies so near to the word, a bracket where one lies so near to it, in heights of the word.
NEAR = 0.6

#: A table is one if at least so many of its cells hold words.
FEWEST_CELLS = 3

#: A word whose middle lies on a level ruling stands in the cell that has more than this share of its height.
MOSTLY = 0.4

Cells = dict[Box, list[Line]]


def take_tables(lines: tuple[Line, ...], tables: Sequence[Table]) -> tuple[tuple[Line, ...], list[tuple[Table, Cells]]]:
    """The lines outside of ``tables``, and what stands in the cells of each, a table around others last."""
    filled = []
    for table in sorted(tables, key=lambda table: table.box.area):
        inside, outside = _part(lines, table)
        if len(inside) >= FEWEST_CELLS:
            lines = outside
            filled.append((table, inside))
    return lines, filled


def _part(lines: Sequence[Line], table: Table) -> tuple[Cells, tuple[Line, ...]]:
    """What stands in each cell of ``table`` that holds words, line by line; and what stands outside."""
    inside: Cells = {}
    outside: list[Line] = []
    cells, frame = table.cells, table.box
    edges = np.array([(cell.left, cell.top, cell.right, cell.bottom) for cell in cells])
    for line in lines:
        if line.box.intersection(frame).area <= 0:
            outside.append(line)
            continue
        placed = [pair for word in line.words for pair in _cut(word, [cells[at] for at in _met(edges, word.box)])]
        for cell, members in groupby(placed, key=lambda pair: pair[0]):
            piece = replace(line, words=tuple(word for _, word in members))
            if cell is None:
                outside.append(piece)
            else:
                inside.setdefault(cell, []).append(piece)
    return inside, tuple(outside)


def _met(edges: NDArray[np.float64], box: Box) -> list[int]:
    """Which of the cells with these ``edges`` the middle line of ``box`` goes through, or the one that has most of it."""
    left, top, right, bottom = edges.T
    beside = (left < box.right) & (box.left < right)
    met: list[int] = np.flatnonzero(beside & (top <= box.centre[1]) & (box.centre[1] <= bottom)).tolist()
    if met or not beside.any():
        return met
    shared = np.where(beside, np.minimum(bottom, box.bottom) - np.maximum(top, box.top), 0)
    return [int(shared.argmax())] if shared.max() > MOSTLY * box.height else []


def _cut(word: Word, met: Sequence[Box]) -> Iterator[tuple[Box | None, Word]]:
    """``word`` without the rulings read into it, and which of ``met`` it stands in; its parts where a ruling parts it."""
    if not met:
        yield None, word
        return
    borders = [*(cell.left for cell in met), *(cell.right for cell in met)]
    for part in _without_rulings(word, borders):
        yield max(met, key=lambda cell: (cell.intersection(part.box).width, -cell.area)), part


def _without_rulings(word: Word, borders: Sequence[float]) -> Iterator[Word]:
    """The parts of ``word`` between the signs that stand for a ruling: near one of ``borders``, and not one of a pair."""
    text, step = word.text, word.box.width / len(word.text)
    paired = all(sign in text for sign in BRACKETS)
    first = 0
    for at in range(len(text) + 1):
        if at < len(text) and not _is_ruling(text[at], word.box.left + (at + 0.5) * step, word, borders, paired=paired):
            continue
        if at > first:
            box = Box(word.box.left + first * step, word.box.top, word.box.left + at * step, word.box.bottom)
            yield word if at - first == len(text) else replace(word, text=text[first:at], box=box)
        first = at + 1


def _is_ruling(sign: str, x: float, word: Word, borders: Sequence[float], *, paired: bool) -> bool:
    near = NEAR * word.box.height
    if sign in BARS:
        return any(word.box.left - near <= border <= word.box.right + near for border in borders)
    return sign in BRACKETS and not paired and any(abs(x - border) <= near for border in borders)


def read_table(table: Table, inside: Cells) -> Iterator[Line]:
    """The lines of ``table``, each cell a block; cells side by side that hold a single line each are read as one line."""
    block = 0
    for row in table.rows:
        run: list[Line] = []
        for cell in row:
            lines = order_columns(_in_lines(inside.get(cell, [])))
            if not lines:
                continue
            if run and not (len(lines) == 1 and stand_level(run[-1].box, lines[0].box)):
                yield _joined(run, block)
                run, block = [], block + 1
            if len(lines) == 1:
                run.append(lines[0])
            else:
                yield from (replace(line, block=block) for line in lines)
                block += 1
        if run:
            yield _joined(run, block)
            block += 1


def _in_lines(pieces: Sequence[Line]) -> tuple[Line, ...]:
    """The pieces of one cell from the top, those beside each other as one line."""
    found: list[Line] = []
    for piece in sorted(pieces, key=lambda piece: piece.box.centre[1]):
        if found and stand_level(found[-1].box, piece.box) and found[-1].box.intersection(piece.box).width <= 0:
            found[-1] = _joined(sorted((found[-1], piece), key=lambda line: line.box.left), piece.block)
        else:
            found.append(piece)
    return tuple(found)


def _joined(lines: Sequence[Line], block: int) -> Line:
    return replace(lines[0], words=tuple(word for line in lines for word in line.words), block=block)
