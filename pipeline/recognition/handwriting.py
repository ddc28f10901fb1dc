"""Strokes that the engine took for words: signatures over print, notes in margins, rims of seals; marked, not guessed.

A word is suspected where the engine is unsure of it and it is no Vietnamese syllable; it is a hand's where the ink in its
place belongs to strokes longer than letters. Print that a stroke crosses has ink of its own and stays as it was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

import cv2
import numpy as np

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, LineRole, PageImage, Pixels, Word
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.pieces import find_pieces
from pipeline.recognition.ink import UNREADABLE
from pipeline.recognition.segments import Segment, cut_segments, drop_words, group_near, usual_height

#: Below the first confidence a word that is no syllable is suspected, below the second a syllable among nothing better.
UNSURE, GUESSED = 0.6, 0.3

#: Strokes are not read as words of more signs than this.
LONGEST = 9

#: Strokes are higher than letters, or longer and thinner than letters that touch; in usual heights of words.
HIGH, LONG, THIN = 1.5, 3.0, 0.22

#: Share of the ink in a word's place that must belong to strokes.
STROKES = 0.5

#: Segments this many times as high as usual words that hold no sure syllable were never printed, below this confidence.
TALL, SCRAWLED = 1.6, 0.55

#: How far around a word its ink is followed, and how far apart marks of one hand lie, in usual heights.
AROUND, APART = 2.0, 2.5

_EDGES = "'\"`‘’“”.,:;!?_-–—|/\\()[]{}<>*+=~^ "


def mark_hands(lines: tuple[Line, ...], page: PageImage) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """``lines`` (pixels of the grey ``page``) with strokes read as words marked, and the marks that stand by themselves.

    A mark is the word ``…`` with what the engine read; marks in a line of print stay in it, the others come in lines of
    their own, one for each hand, with the role HANDWRITING.
    """
    segments = cut_segments(lines)
    usual = usual_height(segments)
    hands: set[int] = set()
    for segment in segments:
        scrawled = _is_scrawl(segment, usual)
        doubtful = all(_is_suspect(word, GUESSED) for word in segment.words)
        words = [word for word in segment.words if not word.written]
        known = GUESSED if doubtful else 0.0
        hands |= {id(w) for w in words if scrawled or (_is_suspect(w, known) and _is_stroke(w.box, page, usual))}
    if not hands:
        return lines, ()
    alone = [word for one in segments if all(id(word) in hands for word in one.words) for word in one.words]
    kept = drop_words(lines, alone)
    own = tuple(replace(line, words=_marked(line.words, hands)) for line in kept)
    first = max(line.block for line in lines) + 1
    groups = group_near([word.box for word in alone], APART * usual, APART * usual)
    marks = (_mark([alone[at] for at in group]) for group in groups)
    return own, tuple(Line((mark,), first + at, LineRole.HANDWRITING) for at, mark in enumerate(marks))


def _is_scrawl(segment: Segment, usual: float) -> bool:
    """Whether a segment is too high for print and nothing in it makes sense."""
    if segment.height <= TALL * usual or segment.confidence >= SCRAWLED:
        return False
    if any(len(word.text) > LONGEST for word in segment.words):
        return False
    return not any(word.confidence >= UNSURE and _is_syllable(word) for word in segment.words)


def _is_suspect(word: Word, known: float) -> bool:
    """Whether a short word is doubtful; a syllable is where it was read with less confidence than ``known``."""
    if len(word.text) > LONGEST:
        return False
    return word.confidence < (known if _is_syllable(word) else UNSURE)


def _is_syllable(word: Word) -> bool:
    core = word.text.strip(_EDGES)
    return len(core) > 1 and core.isalpha() and is_syllable(canonical(core))


def _is_stroke(box: Box, page: PageImage, usual: float) -> bool:
    """Whether most of the ink in ``box`` belongs to pieces larger than letters; straight rulings do not count."""
    area = box.grown(AROUND * usual)
    left, top = max(0, int(area.left)), max(0, int(area.top))
    part = page.pixels[top : int(area.bottom) + 1, left : int(area.right) + 1]
    if part.size == 0:
        return False
    ink = _ink(part, usual)
    pieces = find_pieces(ink)
    stats = pieces.stats
    inside = pieces.labels[
        max(0, int(box.top) - top) : max(1, int(box.bottom) - top + 1),
        max(0, int(box.left) - left) : max(1, int(box.right) - left + 1),
    ]
    counts = np.bincount(inside.ravel(), minlength=len(stats))[: len(stats)]
    counts[0] = 0
    wide, high, filled = (stats[:, at] for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    large = (high > HIGH * usual) | ((wide > LONG * usual) & (filled < THIN * wide * high))
    return bool(counts.sum()) and float(counts[large].sum()) >= STROKES * float(counts.sum())


def _ink(part: Pixels, usual: float) -> Pixels:
    """255 where there is ink that is no ruling."""
    paper = float(np.percentile(part, 85))
    ink = ((part < paper - max(50.0, 0.4 * (paper - float(part.min())))) * np.uint8(255)).astype(np.uint8)
    length = max(3, round(LONG * usual))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray(cv2.subtract(ink, cv2.bitwise_or(across, upright)), np.uint8)


def _marked(words: Sequence[Word], hands: Iterable[int]) -> tuple[Word, ...]:
    """``words`` with each run of those in ``hands`` as one mark."""
    known = set(hands)
    runs = [(is_hand, list(run)) for is_hand, run in groupby(words, key=lambda word: id(word) in known)]
    return tuple(word for is_hand, run in runs for word in ([_mark(run)] if is_hand else run))


def _mark(words: Sequence[Word]) -> Word:
    """One unreadable word in the place of ``words``."""
    return Word(UNREADABLE, hull(word.box for word in words), 0.0, " ".join(word.text for word in words), written=True)
