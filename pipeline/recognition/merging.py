"""Words read from the picture put at their place among the lines of a text layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.domain.pages import Line, Word

#: Share of the lower height that a word and a line must have in common, from top to bottom, to be on one line.
SHARED_HEIGHT = 0.4

#: A word may stand this many line heights away from the words of a line and still belong to it.
REACH_HEIGHTS = 6.0

#: A word of the layer that covers a new one at least this far already says it.
COVERED = 0.5


def insert_words(lines: tuple[Line, ...], words: Iterable[Word]) -> tuple[Line, ...]:
    """``lines`` with ``words`` inserted by their place; those beside no line become lines of their own, from top to bottom."""
    merged = list(lines)
    for word in sorted(words, key=lambda word: (word.box.top, word.box.left)):
        if _is_covered(word, merged):
            continue
        at = _nearest_line(word, merged)
        if at is None:
            _insert_line(merged, Line((word,)))
        else:
            merged[at] = _with_word(merged[at], word)
    return tuple(merged)


def _is_covered(word: Word, lines: Iterable[Line]) -> bool:
    return any(
        known.text == word.text and known.box.intersection(word.box).area >= COVERED * word.box.area
        for line in lines
        for known in line.words
    )


def _nearest_line(word: Word, lines: list[Line]) -> int | None:
    """The line at the word's height with the nearest neighbour; None where no line is within reach."""
    best: tuple[float, int] | None = None
    for at, line in enumerate(lines):
        box = line.box
        shared = min(box.bottom, word.box.bottom) - max(box.top, word.box.top)
        height = min(box.height, word.box.height)
        if height <= 0 or shared < SHARED_HEIGHT * height:
            continue
        distance = min(_distance(word, known) for known in line.words)
        if distance <= REACH_HEIGHTS * box.height and (best is None or distance < best[0]):
            best = (distance, at)
    return None if best is None else best[1]


def _distance(one: Word, other: Word) -> float:
    return max(one.box.left - other.box.right, other.box.left - one.box.right, 0.0)


def _with_word(line: Line, word: Word) -> Line:
    centre = word.box.centre[0]
    at = next((i for i, known in enumerate(line.words) if known.box.centre[0] > centre), len(line.words))
    return replace(line, words=(*line.words[:at], word, *line.words[at:]))


def _insert_line(lines: list[Line], line: Line) -> None:
    at = next((i for i, other in enumerate(lines) if other.box.top > line.box.bottom), len(lines))
    lines.insert(at, line)
