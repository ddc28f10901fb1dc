"""Words of one line that stand close to each other: what is laid over a page often shares a line with its own text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, LineRole, Word
from pipeline.domain.syllables import bare

#: A gap this many times the height of its words ends a segment.
GAP_HEIGHTS = 1.2


@dataclass(frozen=True)
class Segment:
    """Neighbouring ``words`` of one line; ``line`` and ``at`` tell where the first of them stands."""

    words: tuple[Word, ...]
    line: int
    at: int

    @cached_property
    def box(self) -> Box:
        """The smallest box around the words."""
        return hull(word.box for word in self.words)

    @cached_property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def plain(self) -> str:
        """The text in lower case without marks."""
        return " ".join(bare(word.text) for word in self.words)

    @cached_property
    def height(self) -> float:
        """The usual height of a word."""
        return float(median(word.box.height for word in self.words))

    @cached_property
    def confidence(self) -> float:
        """Mean confidence of the words, 0..1."""
        return sum(word.confidence for word in self.words) / len(self.words)


def cut_segments(lines: Sequence[Line]) -> list[Segment]:
    """The segments of ``lines``, in their order."""
    found = []
    for number, line in enumerate(lines):
        at = 0
        for words in part_words(line.words, GAP_HEIGHTS):
            found.append(Segment(words, number, at))
            at += len(words)
    return found


def part_words(words: Sequence[Word], gap: float) -> Iterator[tuple[Word, ...]]:
    """``words`` of a line in runs, parted where more than ``gap`` times their usual height lies between two."""
    least = gap * median(word.box.height for word in words)
    start = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at].box.left - words[at - 1].box.right > least:
            yield tuple(words[start:at])
            start = at


def usual_height(segments: Iterable[Segment]) -> float:
    """The usual height of a word on the page; 0 where there is none."""
    heights = [word.box.height for segment in segments for word in segment.words]
    return float(median(heights)) if heights else 0.0


def drop_words(lines: Sequence[Line], taken: Iterable[Word]) -> tuple[Line, ...]:
    """``lines`` without the words ``taken`` (the very same objects)."""
    gone = {id(word) for word in taken}
    kept = ((line, tuple(word for word in line.words if id(word) not in gone)) for line in lines)
    return tuple(Line(words, line.block, line.role) for line, words in kept if words)


def stack_rows(segments: Iterable[Segment], role: LineRole, block: int) -> tuple[Line, ...]:
    """``segments`` as lines of one block, from top to bottom; those of one line stay together."""
    rows: dict[int, list[Segment]] = {}
    for segment in segments:
        rows.setdefault(segment.line, []).append(segment)
    lines = [
        Line(tuple(word for segment in sorted(row, key=lambda one: one.at) for word in segment.words), block, role)
        for row in rows.values()
    ]
    return tuple(sorted(lines, key=lambda line: line.box.centre[1]))


def group_near(boxes: Sequence[Box], across: float, down: float) -> list[list[int]]:
    """The places of ``boxes`` in groups whose members are at most ``across`` and ``down`` pixels from another member."""
    left = set(range(len(boxes)))
    groups = []
    while left:
        group, fresh = [], [left.pop()]
        while fresh:
            here = fresh.pop()
            group.append(here)
            near = {at for at in left if _near(boxes[here], boxes[at], across, down)}
            left -= near
            fresh.extend(near)
        groups.append(sorted(group))
    return sorted(groups)


def _near(one: Box, other: Box, across: float, down: float) -> bool:
    apart_x = max(one.left - other.right, other.left - one.right)
    apart_y = max(one.top - other.bottom, other.top - one.bottom)
    return apart_x <= across and apart_y <= down
