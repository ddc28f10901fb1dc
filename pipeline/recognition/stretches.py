"""Doubtful words of a page that bear values, in stretches that a reader of lines can look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.geometry import Box, Way, hull
from pipeline.domain.pages import Line, Word
from pipeline.recognition.segments import part_words
from pipeline.recognition.strokes import ABOVE, BELOW, PARTED
from pipeline.recognition.typography import Setting, measure_type
from pipeline.recognition.values import find_values
from pipeline.recognition.views import map_lines

#: Words less sure than this are doubtful; those that may be names, whose marks no language tells; those with digits.
DOUBTFUL, DOUBTFUL_NAME, DOUBTFUL_DIGITS = 0.985, 0.997, 0.997

#: What strokes become has so many signs, none of them surer than this.
SCRAP, SCRAPPY = 2, 0.3

#: Of a page at most so many stretches of words are looked at, each so many words long.
MOST_LOOKS, MOST_WORDS = 8, 7

#: Room beside words in sizes of type: where nothing else stands, and at least.
ROOM, LEAST_ROOM = 1.0, 0.1


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring ``words``, in pixels of the page, of the line at the place ``line``, the first of them its word ``at``.

    All of them are doubtful; ``room`` is how much paper is free before and behind them.
    """

    line: int
    at: int
    words: tuple[Word, ...]
    setting: Setting
    room: tuple[float, float]

    @property
    def box(self) -> Box:
        """The place as a reader of lines wants it."""
        place, em, baseline = hull(word.box for word in self.words), self.setting.em, self.setting.baseline
        return Box(place.left - self.room[0], baseline - ABOVE * em, place.right + self.room[1], baseline + BELOW * em)

    @property
    def urgency(self) -> tuple[bool, float]:
        """Those with digits come first, then those that are likeliest wrong."""
        return not any(map(has_digit, self.words)), min(word.confidence for word in self.words)


def find_stretches(lines: Sequence[Line], to_page: Way) -> list[Stretch]:
    """The stretches of ``lines`` (a page's own text) worth looking at, most urgent first; ``to_page`` leads to the page."""
    upright = map_lines(tuple(lines), to_page)
    found = (stretch for at in sorted(find_values(upright)) for stretch in _on_line(at, upright[at]))
    return sorted(found, key=lambda one: one.urgency)[:MOST_LOOKS]


def has_digit(word: Word) -> bool:
    """Whether a digit is among the signs of ``word``."""
    return any(sign.isdigit() for sign in word.text)


def _on_line(number: int, line: Line) -> Iterator[Stretch]:
    if not any(map(_is_doubtful, line.words)):
        return
    start = 0
    for run in part_words(line.words, PARTED):
        setting = measure_type(run)
        for first, last in _doubtful(run):
            if not _is_scrap(run[first:last]):
                yield Stretch(number, start + first, run[first:last], setting, _room(run, first, last, setting.em))
        start += len(run)


def _is_doubtful(word: Word) -> bool:
    if word.written or word.seen or not any(sign.isalnum() for sign in word.text):
        return False
    if has_digit(word):
        return word.confidence < DOUBTFUL_DIGITS
    return word.confidence < (DOUBTFUL_NAME if word.text[:1].isupper() else DOUBTFUL)


def _is_scrap(words: Sequence[Word]) -> bool:
    """Whether ``words`` are strokes that were read as a sign or two."""
    return all(len(word.text) <= SCRAP and word.confidence < SCRAPPY for word in words)


def _doubtful(run: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """From where to where doubtful words of ``run`` stand side by side."""
    first = 0
    for at in range(len(run) + 1):
        if at < len(run) and _is_doubtful(run[at]) and at - first < MOST_WORDS:
            continue
        if at > first:
            yield first, at
        first = at if at < len(run) and _is_doubtful(run[at]) else at + 1


def _room(run: Sequence[Word], first: int, last: int, em: float) -> tuple[float, float]:
    """How much paper is free before the word ``first`` of ``run`` and behind the one before ``last``: half of a gap, some."""
    before = (run[first].box.left - run[first - 1].box.right) / 2 if first else ROOM * em
    after = (run[last].box.left - run[last - 1].box.right) / 2 if last < len(run) else ROOM * em
    return max(LEAST_ROOM * em, min(ROOM * em, before)), max(LEAST_ROOM * em, min(ROOM * em, after))
