"""Stamps with words: that a paper came in (dấu công văn đến), that a copy is true (sao y, chứng thực)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.domain.syllables import bare
from pipeline.ports import OcrEngine
from pipeline.recognition.colours import Colours
from pipeline.recognition.frames import DRAWN, UPPER, WIDTHS, find_frames, find_rectangles
from pipeline.recognition.ghosts import remove_ghosts
from pipeline.recognition.ink import UNREADABLE
from pipeline.recognition.segments import Segment, group_near
from pipeline.recognition.views import map_lines, view

#: Points from which on words are an incoming stamp: with a box around them, and without.
ENOUGH, ENOUGH_BARE = 3, 4

#: A box with more words than this holds other things than a stamp.
MOST_WORDS = 30

#: At most so many boxes of a page are read again.
MOST_BOXES = 2

#: Resolutions at which a box is read again, until it says what it is: words of stamps are small and worn.
AGAIN_DPI = (200.0, 150.0)

#: How far around a box its words reach, in inches; how far above it a line of the stamp may stand.
MARGIN, ABOVE = 0.04, 0.25

#: A word goes on with the next one where the gap is less than so many heights.
NEXT = 0.8

#: Digits and signs below the first confidence, letters below the second are a hand's that the engine guessed at.
GUESSED, GARBLED = 0.85, 0.4

#: How far from ĐẾN the other words of a stamp without a box stand, in inches.
REACH = 0.45

_ARRIVAL = ("cong van den", "van ban den", "van thu den", "so van ban den")
_LABELS = (
    re.compile(r"s[o0e]\W*[:.]"),
    re.compile(r"\wg[ae][yv]\W*[:.]"),
    re.compile(r"g[il1]?[ou]\W*[:.]"),
    re.compile(r"chu?yen\W*[:.]"),
    re.compile(r"luu( ho so)?\W*[:.]|luu ho so"),
    re.compile(r"kinh chuyen|y kien chi dao"),
)
_DEN = re.compile(r"\w{0,2}[EÉÊẾỀỂÈẺẼỄ]N")
_LEADER = re.compile(r"[.…]{3}|\d[./]\d[./]?\d")
_CODE = re.compile(r"\d\s*/.*[A-ZĐ]{2}")
_EDGES = "'\"`‘’“”.,:;_-–—|/\\()[]{}<> "


@dataclass(frozen=True, slots=True)
class Stamp:
    """An incoming stamp: the words on the page it accounts for, and what is written on it (the same, or read better)."""

    taken: tuple[Word, ...]
    lines: tuple[Line, ...]


def find_arrivals(
    segments: Sequence[Segment], page: PageImage, engine: OcrEngine, colours: Colours | None, scan: PageImage | None
) -> list[Stamp]:
    """The incoming stamps of ``page``; boxes and words in its pixels. Raises what the engine raises."""
    found: list[Stamp] = []
    known: list[Box] = []
    for frame in _candidates(segments, page, colours):
        if len(known) < MOST_BOXES and not any(box.intersection(frame).area > 0.5 * frame.area for box in known):
            known.append(frame)
            found.extend(_look(frame, segments, page, engine, scan))
    if not found:
        found.extend(_without_box(segments, page))
    return found


def points_of(texts: Sequence[str], *, boxed: bool) -> int:
    """How much the texts of a few lines look like an incoming stamp; 0 where the number of a paper is among them.

    In a box what looks like ĐẾN will do, and leaders and dates count too.
    """
    if any(_CODE.search(text) for text in texts):
        return 0
    plain = [_folded(text) for text in texts]
    words = [word.strip(_EDGES) for text in texts for word in text.split()[:3]]
    arrival = 3 * any(fuzz.partial_ratio(label, text) >= 85 for label in _ARRIVAL for text in plain if len(text) >= 9)
    lone = 2 * any(word == "ĐẾN" or (boxed and word.isupper() and bool(_DEN.fullmatch(word))) for word in words)
    parts = [" ".join(text.split()[at:]).lstrip(_EDGES) for text in plain for at in range(min(4, len(text.split())))]
    labels = sum(any(shape.match(part) for part in parts) for shape in _LABELS)
    leaders = boxed and labels == 0 and any(_LEADER.search(text) for text in texts)
    return max(arrival, lone) + labels + leaders


def _folded(text: str) -> str:
    return " ".join(bare(word) for word in text.split()).lstrip(_EDGES)


def mark_guesses(lines: Iterable[Line]) -> tuple[Line, ...]:
    """``lines`` with what a hand filled in, and the engine only guessed at, as one unreadable word a run."""
    marked = []
    for line in lines:
        words: list[Word] = []
        for word in line.words:
            letters = word.text.strip(_EDGES)
            sure = GARBLED if letters.isalpha() or not any(sign.isdigit() for sign in letters) else GUESSED
            if word.confidence >= sure:
                words.append(word)
            elif words and words[-1].written:
                read = f"{words[-1].read} {word.text}"
                words[-1] = replace(words[-1], box=hull((words[-1].box, word.box)), read=read)
            else:
                words.append(Word(UNREADABLE, word.box, 0.0, word.text, written=True))
        marked.append(replace(line, words=tuple(words)))
    return tuple(marked)


def _candidates(segments: Sequence[Segment], page: PageImage, colours: Colours | None) -> Iterator[Box]:
    """Boxes that may be stamps, drawn black or red: red ones are too faint on the clean page."""
    for frame in find_frames(page):
        if len(_inside(segments, frame, page.dpi)) <= MOST_WORDS:
            yield frame
    if colours is not None:
        dpi, factor = page.dpi * colours.factor, 1 / colours.factor
        red = colours.red[: round(UPPER * len(colours.red))]
        rows = np.count_nonzero(red, axis=1) >= DRAWN * WIDTHS[0] * dpi
        for box in find_rectangles(red, dpi) if np.count_nonzero(rows) >= 2 else ():
            yield Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)


def _inside(segments: Iterable[Segment], frame: Box, dpi: float) -> list[Word]:
    """The words whose middles lie in ``frame``, but for those with which a line begins that goes on outside of it."""
    area = frame.grown(MARGIN * dpi)
    found = []
    for segment in segments:
        outside = None
        for word in reversed(segment.words):
            x, y = word.box.centre
            within = area.left <= x <= area.right and area.top <= y <= area.bottom
            if not within or (outside is not None and outside.left - word.box.right < NEXT * word.box.height):
                outside = word.box
            else:
                found.append(word)
    return found


def _look(
    frame: Box, segments: Sequence[Segment], page: PageImage, engine: OcrEngine, scan: PageImage | None
) -> Iterator[Stamp]:
    """The stamp in ``frame``, read once more by itself; nothing where it is none."""
    inside = _inside(segments, frame, page.dpi)
    best = _rows(segments, inside)
    points = points_of([line.text for line in best], boxed=True)
    for dpi in AGAIN_DPI:
        lines = _read_again(frame.grown(MARGIN * page.dpi), page, engine, scan, dpi)
        again = points_of([line.text for line in lines], boxed=True)
        if again and again >= points:
            best, points = lines, again
        if points >= ENOUGH:
            yield Stamp(tuple(_with_label_above(frame, segments, inside, page.dpi)), mark_guesses(best))
            return


def _read_again(area: Box, page: PageImage, engine: OcrEngine, scan: PageImage | None, dpi: float) -> tuple[Line, ...]:
    """What the engine reads in ``area`` shown by itself at another resolution, all inks dark where the ``scan`` is given."""
    seen = view(area, dpi, page, scan)
    grey = replace(seen, pixels=seen.pixels.min(axis=2)) if seen.pixels.ndim == 3 else seen
    lines = remove_ghosts(engine.read(grey, region=Box(0.0, 0.0, grey.width, grey.height)))
    return map_lines(lines, seen.to_scan)


def _rows(segments: Iterable[Segment], words: Sequence[Word]) -> tuple[Line, ...]:
    """``words`` by the segments they stand in."""
    chosen = {id(word) for word in words}
    rows = (tuple(word for word in segment.words if id(word) in chosen) for segment in segments)
    return tuple(Line(row) for row in rows if row)


def _with_label_above(frame: Box, segments: Iterable[Segment], inside: list[Word], dpi: float) -> list[Word]:
    """``inside`` and the words of the stamp's own heading, where its box ends below it."""
    known = {id(word) for word in inside}
    more = [
        word
        for segment in segments
        for word in segment.words
        if id(word) not in known
        and frame.top - ABOVE * dpi < word.box.centre[1] < frame.top
        and segment.box.left > frame.left - ABOVE * dpi
        and segment.box.right < frame.right + ABOVE * dpi
    ]
    return inside + more


def _without_box(segments: Sequence[Segment], page: PageImage) -> Iterator[Stamp]:
    """Stamps of which no box is seen: ĐẾN by itself, or CÔNG VĂN ĐẾN, with the labels beside and below."""
    for segment in segments:
        heading = len(segment.words) <= 5 and any(fuzz.ratio(label, segment.plain) >= 85 for label in _ARRIVAL)
        alone = len(segment.words) == 1 and segment.text.strip(_EDGES) == "ĐẾN"
        if not (heading or alone) or segment.text != segment.text.upper():
            continue
        near = [other for other in segments if other is not segment and _may_belong(other, segment, page.dpi)]
        groups = group_near([one.box for one in (segment, *near)], REACH * page.dpi, REACH * page.dpi)
        members = [(segment, *near)[at] for at in groups[0]]
        if points_of([one.text for one in members], boxed=False) >= ENOUGH_BARE:
            words = tuple(word for one in members for word in one.words)
            yield Stamp(words, mark_guesses(_rows(segments, words)))
            return


def _may_belong(other: Segment, heading: Segment, dpi: float) -> bool:
    """Whether ``other`` is one of the labelled lines of a stamp under or beside its ``heading``."""
    box = hull((heading.box, other.box))
    labelled = any(shape.match(_folded(other.text)) for shape in _LABELS) and len(other.words) <= 6
    return labelled and box.width <= 3.5 * dpi and box.height <= 1.6 * dpi and other.box.bottom > heading.box.top
