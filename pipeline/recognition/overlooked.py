"""Lines of text that the engine passed over: ink that stands in rows like letters and that no word read accounts for.

Engines drop whole lines where their idea of the page's columns fails: on forms with leaders, beside tables and seals.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from pipeline.pieces import find_pieces
from pipeline.ports import OcrEngine
from pipeline.recognition.ghosts import remove_ghosts

#: Side of the square that tells ink from its surroundings, in word heights, and how much darker than it ink is.
NEIGHBOURHOOD, CONTRAST = 1.5, 15

#: Heights of letters, and the widest of them, in word heights.
LOWEST, HIGHEST, WIDEST = 0.25, 1.3, 2.0

#: Letters of one row are at most this far apart, in word heights; a row is at least this long, with this many letters.
REACH, SHORTEST, FEWEST = 1.2, 2.5, 5

#: A row is at most this high, its letters stand this evenly on it (spread of their feet), in word heights.
TALLEST, EVEN = 1.9, 0.3

#: At most so many rows of a page are read again: more of them are a drawing, not text.
MOST = 12

#: A row counts as text from this mean confidence on, a word of it from this one.
ROW_CONFIDENCE, WORD_CONFIDENCE = 0.6, 0.3

#: A word of which more than this share lies under a word read before was read before.
KNOWN = 0.3

#: A row goes on a line at most this far above or below it and this far beside it, in word heights.
LEVEL, BESIDE = 0.4, 5.0


def read_overlooked(image: PageImage, lines: tuple[Line, ...], engine: OcrEngine) -> tuple[Line, ...]:
    """``lines`` with what the engine reads when shown the overlooked rows one by one; all boxes in pixels of ``image``."""
    merged = list(lines)
    for row in find_overlooked(image, lines)[:MOST]:
        answer = [word for line in remove_ghosts(engine.read(image, region=row, single_line=True)) for word in line.words]
        words = [word for word in answer if not _is_known(word, lines)]
        if words and sum(word.confidence for word in words) >= ROW_CONFIDENCE * len(words):
            _put_in_place(merged, [word for word in words if word.confidence >= WORD_CONFIDENCE])
    return tuple(merged)


def _is_known(word: Word, lines: Sequence[Line]) -> bool:
    """Whether a word that was read before already covers a good part of ``word``."""
    return any(known.box.intersection(word.box).area > KNOWN * word.box.area for line in lines for known in line.words)


def _put_in_place(lines: list[Line], words: Sequence[Word]) -> None:
    """Add the words of a row to the line they go on with, or as a line of their own below the last one above them."""
    box = hull(word.box for word in words)
    for at, line in enumerate(lines):
        if _goes_on(line, box):
            lines[at] = Line(tuple(sorted((*line.words, *words), key=lambda word: word.box.left)), line.block)
            return
    above = [at for at, line in enumerate(lines) if line.box.centre[1] <= box.centre[1]]
    lines.insert(above[-1] + 1 if above else 0, Line(tuple(sorted(words, key=lambda word: word.box.left))))


def _goes_on(line: Line, box: Box) -> bool:
    """Whether ``box`` lies at the height of ``line``, close beside its words or between them, and over none."""
    near = min((_gap(word.box, box) for word in line.words), default=0.0)
    height = median(word.box.height for word in line.words)
    level = abs(line.box.centre[1] - box.centre[1]) <= LEVEL * height and line.box.height <= 2 * height
    apart = all(word.box.intersection(box).width < 0.3 * word.box.width for word in line.words)
    return level and apart and near <= BESIDE * height


def _gap(one: Box, other: Box) -> float:
    return max(one.left - other.right, other.left - one.right, 0.0)


def find_overlooked(image: PageImage, lines: Sequence[Line]) -> tuple[Box, ...]:
    """Rows of letters outside every word of ``lines``, from top to bottom, with room for their marks."""
    words = [word for line in lines for word in line.words]
    if not words:
        return ()
    height = median(word.box.height for word in words)
    letters = _unread_letters(image, words, height)
    rows = [_as_row(group, height) for group in _in_rows(letters, image, height)]
    found = [row.grown(0.3 * height) for row in rows if row is not None]
    return tuple(sorted(found, key=lambda box: box.top))


def _unread_letters(image: PageImage, words: Sequence[Word], height: float) -> NDArray[np.int32]:
    """Pieces of ink of the size of letters outside ``words``: left, top, width, height, area."""
    side = max(15, round(NEIGHBOURHOOD * height)) | 1
    ink = cv2.adaptiveThreshold(image.pixels, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, side, CONTRAST)
    for word in words:
        box = word.box.grown(0.15 * height)
        ink[max(0, int(box.top)) : max(0, int(box.bottom) + 1), max(0, int(box.left)) : max(0, int(box.right) + 1)] = 0
    pieces = find_pieces(ink.astype(np.uint8)).boxes
    wide, high = pieces[:, cv2.CC_STAT_WIDTH], pieces[:, cv2.CC_STAT_HEIGHT]
    fits = (high >= LOWEST * height) & (high <= HIGHEST * height) & (wide <= WIDEST * height) & (wide >= 2)
    letters: NDArray[np.int32] = pieces[fits]
    return letters


def _in_rows(letters: NDArray[np.int32], image: PageImage, height: float) -> list[NDArray[np.int32]]:
    """``letters`` grouped with their neighbours on the same row."""
    if len(letters) < FEWEST:
        return []
    mask: Pixels = np.zeros((image.height, image.width), np.uint8)
    for left, top, wide, high, _ in letters:
        middle, half = top + high / 2, 0.2 * height
        mask[int(middle - half) : int(middle + half) + 1, left : int(left + wide + REACH * height)] = 255
    labels = cv2.connectedComponents(mask, connectivity=8)[1]
    middles = letters[:, 1] + letters[:, 3] // 2
    groups = labels[middles, letters[:, 0]]
    return [letters[groups == group] for group in np.unique(groups)]


def _as_row(letters: NDArray[np.int32], height: float) -> Box | None:
    """The box of a group of letters; None where they do not stand like text."""
    if len(letters) < FEWEST:
        return None
    left, top = letters[:, 0].min(), letters[:, 1].min()
    feet = letters[:, 1] + letters[:, 3]
    row = Box(float(left), float(top), float((letters[:, 0] + letters[:, 2]).max()), float(feet.max()))
    even = float(np.percentile(feet, 75) - np.percentile(feet, 25)) <= EVEN * height
    return row if even and row.height <= TALLEST * height and row.width >= SHORTEST * height else None
