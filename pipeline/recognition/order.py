"""Reading order of a page: head and foot by their blocks, tables by their cells, the rest by its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.pages import Line
from pipeline.recognition.columns import insert_part, order_columns
from pipeline.recognition.letterheads import take_foot, take_head
from pipeline.recognition.rulings import Table
from pipeline.recognition.tables import read_table, take_tables


def order_lines(lines: tuple[Line, ...], tables: Sequence[Table] = ()) -> tuple[Line, ...]:
    """``lines`` in the order a person reads them, all boxes in pixels of one upright, straight picture.

    What stands in ``tables`` is read cell by cell. Lines that go over two columns or two cells are cut. Every part is a
    block of its own.
    """
    rest, filled = take_tables(lines, tables)
    head, rest = take_head(rest)
    foot, rest = take_foot(rest)
    ordered = list(order_columns(rest))
    parts = [part for part in (head, foot) if part]
    for table, inside in filled:
        parts.append(tuple(read_table(table, inside)))
    block = max((line.block for line in lines), default=0) + 1
    for part in parts:
        insert_part(ordered, [replace(line, block=line.block + block) for line in part])
        block += 1 + max(line.block for line in part)
    return tuple(ordered)
