"""Tesseract's TSV output as lines of words."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word

#: Rows of words; the other levels are pages, blocks, paragraphs and lines.
WORD_LEVEL = "5"
COLUMNS = 12

#: Look-alikes of Vietnamese letters that Tesseract's Vietnamese model writes, and signs that are no text.
REPAIRS = str.maketrans(
    {"Ð": "Đ", "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "\ufffd": None}
)


def parse_lines(table: str, left: int = 0, top: int = 0) -> tuple[Line, ...]:
    """The lines of a TSV ``table``, boxes moved by (``left``, ``top``); rows that are broken or without text are left out."""
    rows = [row for row in (line.split("\t") for line in table.split("\n")) if len(row) == COLUMNS and row[0] == WORD_LEVEL]
    lines = []
    for (block, _, _), members in groupby(rows, key=lambda row: (row[2], row[3], row[4])):
        words = tuple(word for row in members for word in _words(row, left, top))
        if words:
            lines.append(Line(words, int(block)))
    return tuple(lines)


@lru_cache(maxsize=4096)
def tidy_text(text: str) -> str:
    """``text`` in NFC, with look-alikes of Vietnamese letters put right and invisible signs left out."""
    return unicodedata.normalize("NFC", "".join(c for c in text.translate(REPAIRS) if c.isprintable() or c.isspace()))


def _words(row: list[str], left: int, top: int) -> list[Word]:
    parts = tidy_text(row[11]).split()
    if not parts:
        return []
    x, y, width, height = (int(value) for value in row[6:10])
    confidence = min(1.0, max(0.0, float(row[10]) / 100))
    total = sum(map(len, parts))
    words, start = [], float(x + left)
    for part in parts:
        end = start + width * len(part) / total
        words.append(Word(part, Box(start, y + top, end, y + top + height), confidence))
        start = end
    return words
