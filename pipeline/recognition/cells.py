"""Cells of tables that were read badly, read once more by themselves.

Engines that look for lines over a whole page join the cells of a row and stumble over the rulings between them; shown one
cell, they see a little page of text.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.ports import OcrEngine
from pipeline.recognition.ghosts import remove_ghosts
from pipeline.recognition.rulings import Table
from pipeline.recognition.tables import take_tables

#: A cell is read again below this confidence (mean over its letters); the new reading stands from this one on, if it is
#: better by so much.
DOUBTFUL, SURE, BETTER = 0.8, 0.85, 0.1

#: The new reading has at least this share of the letters and digits of the old one.
AS_LONG = 0.5

#: Below this confidence digits are given up for other digits; above, none is put in the place of another.
LOST = 0.3

#: At most so many cells of a page are read again: more of them are no table, or no page to read.
MOST = 80


def read_cells_again(
    lines: tuple[Line, ...], tables: Sequence[Table], image: PageImage, engine: OcrEngine
) -> tuple[Line, ...]:
    """``lines`` with better readings of the doubtful cells of ``tables``; all boxes in pixels of ``image``."""
    rest, filled = take_tables(lines, tables)
    doubtful = [
        (inside, cell) for _, inside in filled for cell, found in inside.items() if _confidence(_words(found)) < DOUBTFUL
    ]
    if not doubtful:
        return lines
    for inside, cell in doubtful[:MOST]:
        inside[cell] = _read_again(inside[cell], cell, image, engine)
    return (*rest, *(line for _, inside in filled for found in inside.values() for line in found))


def _read_again(lines: list[Line], cell: Box, image: PageImage, engine: OcrEngine) -> list[Line]:
    found = list(remove_ghosts(engine.read(image, region=cell)))
    old, new = _words(lines), _words(found)
    better = _confidence(new) >= max(SURE, _confidence(old) + BETTER)
    if not better or _count(new) < AS_LONG * _count(old):
        return lines
    digits, others = _digits(old), _digits(new)
    changed = digits and len(digits) == _count(old) and digits != others
    return lines if changed and _confidence(old) > LOST else found


def _words(lines: Sequence[Line]) -> list[Word]:
    return [word for line in lines for word in line.words]


def _confidence(words: Sequence[Word]) -> float:
    """Mean confidence over the letters of ``words``; 0 where there are none."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _count(words: Sequence[Word]) -> int:
    return sum(sign.isalnum() for word in words for sign in word.text)


def _digits(words: Sequence[Word]) -> str:
    return "".join(sign for word in words for sign in word.text if sign.isdigit())
