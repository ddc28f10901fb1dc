"""Digits written into the boxes of a form, one in each, joined to the number or day they make.

A row is read as a whole or not at all: where one box cannot be read, the row is marked unread.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from pipeline.pieces import find_pieces
from pipeline.recognition.boxes import BoxRow
from pipeline.recognition.ink import READABLE, ROWS, SURE_PRINT, UNREADABLE, Ink, cut_out
from pipeline.recognition.rulings import Table

#: No row is surer than this: drawn pens were read right on made forms, forms that people filled in were not at hand.
CEILING = 0.88

#: How much of a box, in its own size, is left out along its rulings.
EDGE = 0.04

#: Strokes of a digit are at least so high, in heights of a box; all else is dust, or the rest of a ruling.
HIGH = 0.3

#: Digits are shown this high, in heights of what the reader of digits looks at, and a little larger and smaller.
SHOWN, ZOOMS = 0.42, (1.0, 0.87, 1.15)

#: Paper around the digit that is shown, in its height.
ROOM = 0.45

#: A bare stroke is no wider than the first in its height, nowhere wider than the second; one more aslant strikes a box out.
UPRIGHT, THICK = 0.45, 0.26

#: The groups of a day: two digits, two digits, four.
_DAY = [2, 2, 4]

_DIGIT = re.compile(r"\d")
#: What a bare stroke is read as where there may be slashes and letters; in a box for a digit it is a one.
_STROKES = frozenset("/?")

Row = tuple[Box, str, float]


def fill_boxes(lines: tuple[Line, ...], rows: Sequence[BoxRow], clean: PageImage, ink: Ink) -> tuple[Line, ...]:
    """``lines`` (pixels of ``clean``) with what is written in ``rows`` of boxes as one word each, or ``…`` where unread.

    What the engine read there soundly stays.
    """
    read: list[tuple[BoxRow, Row]] = []
    for row in rows:
        inside = [word for line in lines for word in line.words if _lies_in(word, row.box)]
        found = _read_row(row, clean, ink)
        if found is not None and not _is_sound(inside, found):
            read.append((row, found))
    for box, text, confidence in _join_days([found for _, found in read]):
        lines = _put(lines, box, text, confidence)
    return lines


def without_box_rows(tables: Sequence[Table], rows: Sequence[BoxRow]) -> tuple[Table, ...]:
    """``tables`` but those that are no more than one of ``rows``."""
    return tuple(table for table in tables if not any(_is_row(table.box, row.box) for row in rows))


def _is_row(table: Box, row: Box) -> bool:
    return row.grown(0.5 * row.height).intersection(table).area > 0.99 * table.area


def _lies_in(word: Word, box: Box) -> bool:
    across, down = word.box.centre
    return box.left <= across <= box.right and box.top - 0.2 * box.height <= down <= box.bottom + 0.2 * box.height


def _is_sound(inside: Sequence[Word], found: Row) -> bool:
    """Whether the engine was sure of what it read in the boxes: print, letters or as many digits as there are."""
    text = "".join(word.text for word in inside)
    if not inside or min(word.confidence for word in inside) < SURE_PRINT:
        return False
    return text == found[1] or (not found[1] and sum(map(str.isalpha, text)) > len(text) / 2)


def _read_row(row: BoxRow, clean: PageImage, ink: Ink) -> Row | None:
    """The boxes that hold ink, their digits (none where one cannot be read) and how sure all are; None where all are empty."""
    shown = [_digit_in(box, clean, ink) for box in row.boxes]
    written = [at for at, pixels in enumerate(shown) if pixels is not None]
    if not written:
        return None
    first, last = written[0], written[-1] + 1
    box = hull(row.boxes[first:last])
    digits, confidence = "", 1.0
    for pixels in shown[first:last]:
        digit, share = ("", 0.0) if pixels is None or not row.whole else _read_digit(pixels, ink)
        digits += digit
        confidence *= share
    if confidence < READABLE:
        return box, "", 0.0
    return box, digits, confidence


def _digit_in(box: Box, clean: PageImage, ink: Ink) -> Pixels | None:
    """The ink in ``box`` as the red channel shows it, nothing else around it; None where there is none."""
    inner = Box(
        box.left + EDGE * box.width,
        box.top + EDGE * box.height,
        box.right - EDGE * box.width,
        box.bottom - EDGE * box.height,
    )
    pixels = cut_out(inner, clean, ink.scan).pixels
    grey = pixels[..., 0] if pixels.ndim == 3 else pixels
    paper = float(np.percentile(grey, 75))
    dark = (grey < paper - max(45.0, 0.4 * (paper - float(grey.min())))).astype(np.uint8)
    pieces = find_pieces(dark)
    stats = pieces.stats
    strokes = [at for at in range(1, len(stats)) if _is_stroke(stats[at], grey.shape[0], grey.shape[1])]
    if not strokes or max(stats[at, cv2.CC_STAT_HEIGHT] for at in strokes) < HIGH * ROWS:
        return None
    mask = np.isin(pieces.labels, strokes).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(mask)
    near = cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0
    alone = np.where(near, grey, np.uint8(paper)).astype(np.uint8)
    room = round(ROOM * height)
    part = alone[top : top + height, left : left + width]
    return np.asarray(cv2.copyMakeBorder(part, 0, 0, room, room, cv2.BORDER_CONSTANT, value=(paper,)), np.uint8)


def _is_stroke(stats: Sequence[int], height: int, width: int) -> bool:
    """Whether a piece of ink is part of a digit: no dust, nothing that only runs along the edge of the box."""
    left, top, wide, high, area = (int(value) for value in stats[:5])
    if area < 0.002 * height * width:
        return False
    upon_edge = left == 0 or top == 0 or left + wide == width or top + high == height
    return not (upon_edge and min(wide, high) < 0.12 * height)


def _read_digit(pixels: Pixels, ink: Ink) -> tuple[str, float]:
    """The likeliest digit and its mean share over frames of several sizes."""
    shares: defaultdict[str, float] = defaultdict(float)
    paper = int(pixels[0, 0])
    bare = _is_bare_stroke(pixels)
    for zoom in ZOOMS:
        rows = round(pixels.shape[0] / SHOWN * zoom)
        below = round(rows * (1 - 0.675) - 0.04 * rows)
        above = max(0, rows - below - pixels.shape[0])
        shown = cv2.copyMakeBorder(pixels, above, below, 0, 0, cv2.BORDER_CONSTANT, value=(paper,))
        for reading in ink.digits.read(PageImage(1, np.asarray(shown, np.uint8), 300.0)):
            digit = "1" if bare and reading.text in _STROKES else reading.text
            if _DIGIT.fullmatch(digit):
                shares[digit] += reading.confidence / len(ZOOMS)
    if not shares:
        return "", 0.0
    best = max(shares, key=lambda digit: shares[digit])
    return best, min(1.0, shares[best])


def _is_bare_stroke(pixels: Pixels) -> bool:
    """Whether the ink is one upright stroke without flag or foot."""
    height, paper = pixels.shape[0], float(pixels[0, 0])
    dark = pixels < paper - 0.5 * (paper - float(pixels.min()))
    across = np.flatnonzero(dark.any(axis=0))
    if across[-1] - across[0] >= UPRIGHT * height:
        return False
    last = dark.shape[1] - np.argmax(dark[:, ::-1], axis=1)
    wide = np.where(dark.any(axis=1), last - np.argmax(dark, axis=1), 0)
    return bool(wide.max() <= THICK * height)


def _join_days(found: Sequence[Row]) -> list[Row]:
    """``found`` with three groups on one line that make a day as one: 05/02/1984, unread where one of them is."""
    left = list(found)
    joined = []
    for first in found:
        line = sorted((row for row in left if abs(row[0].centre[1] - first[0].centre[1]) < 0.5 * first[0].height), key=_place)
        if first in left and [_count(row) for row in line] == _DAY:
            confidence = math.prod(row[2] for row in line)
            text = "/".join(row[1] for row in line) if confidence >= READABLE else ""
            joined.append((hull(row[0] for row in line), text, confidence if text else 0.0))
            left = [row for row in left if row not in line]
    return [*joined, *left]


def _place(row: Row) -> float:
    return row[0].left


def _count(row: Row) -> int:
    """How many boxes ``row`` fills."""
    return len(row[1]) or round(row[0].width / row[0].height)


def _put(lines: tuple[Line, ...], box: Box, text: str, confidence: float) -> tuple[Line, ...]:
    """``lines`` with one word in ``box`` in the place of those that lie there, in the line of its label."""
    inside = [word for line in lines for word in line.words if _lies_in(word, box)]
    before = " ".join(word.text for word in inside)
    read = before if before != text else ""
    word = Word(text or UNREADABLE, box, round(min(confidence, CEILING), 3), read, written=True)
    taken = {id(one) for one in inside}
    rest = [replace(line, words=tuple(one for one in line.words if id(one) not in taken)) for line in lines]
    at = _label_of(rest, box)
    if at is None:
        block = max((line.block for line in lines), default=0) + 1
        return (*(line for line in rest if line.words), Line((word,), block))
    words = rest[at].words
    behind = next((place for place, one in enumerate(words) if one.box.left >= box.left), len(words))
    rest[at] = replace(rest[at], words=(*words[:behind], word, *words[behind:]))
    return tuple(line for line in rest if line.words)


def _label_of(lines: Sequence[Line], box: Box) -> int | None:
    """The line with the word next to the left of ``box``, at its height."""
    best, found = 0.0, None
    for at, line in enumerate(lines):
        for word in line.words:
            level = min(word.box.bottom, box.bottom) - max(word.box.top, box.top) > 0.4 * min(word.box.height, box.height)
            if level and best < word.box.right <= box.left + 0.3 * box.height:
                best, found = word.box.right, at
    return found
