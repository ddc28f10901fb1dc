"""Names under signatures and seals, read by a reader of lines that knows print under strokes.

What it sees is weighed against what the engine read there; two readers that agree are sure, one alone is not.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.ports import LineReader, PrintedLine
from pipeline.recognition.names import is_family_name
from pipeline.recognition.rows import SIZE, find_rows
from pipeline.recognition.segments import part_words
from pipeline.recognition.signers import Name, choose_name, is_name, is_name_word
from pipeline.recognition.signing_places import SigningPlaces
from pipeline.recognition.typography import Setting, measure_type

#: A line is read again where a word of it is less sure than this.
UNSURE = 0.97

#: Names have at most so many words; a page has at most so many lines worth looking at.
MOST_WORDS, MOST_LINES = 7, 6

#: How far beside a line its lost words may stand, in heights of letters.
BESIDE = 8.0

#: Words of a line that are farther apart than this, in heights of letters, belong to different columns.
PARTED = 2.5

#: Words less sure than this are no neighbours to be kept clear of.
READ = 0.5

#: A reader is no surer than this where the engine read another word that may be one of a name.
DISPUTED = 0.5

#: Readings of one word are alike by so many per cent.
ALIKE = 60.0

#: Strokes before a word are read as so many letters at most.
LONGEST_SCRAP = 3

#: Words of so many signs that the engine itself doubts are strokes where they stand on the line of a name.
SHORTEST = 2

#: How high a reader of lines sees a line above and below its baseline, in sizes of its type; rows to show it with.
ABOVE, BELOW, ROWS = 1.06, 0.38, 72

#: Half a letter, and what capitals and tails reach to, in sizes of type.
HALF, TOP, BOTTOM = 0.27, 0.7, 0.05

#: A name that the engine read nothing of must be this likely, in nats; type of a page whose words tell none, in inches.
LIKELY, USUAL = -3.0, 0.19

#: Words surer than this tell the usual size of type; one that differs by more than the second is doubted.
SURE, STRANGE = 0.95, 0.12

#: Signs that strokes leave beside words.
_JUNK = "'\"`“”‘’.,:;-–—*^ˆ~_/⁄|°•=<>«»()[]{}"


@dataclass(frozen=True)
class _Signed:
    """The lines read on a page, and where it is signed."""

    lines: Sequence[Line]
    signing: SigningPlaces

    @cached_property
    def usual_size(self) -> float:
        """The size of type of sure words, in pixels of the page."""
        sure = [measure_type([word]).em for line in self.lines for word in line.words if word.confidence >= SURE]
        return median(sure) if sure else USUAL * self.signing.page.dpi


def read_under_strokes(lines: tuple[Line, ...], signing: SigningPlaces, reader: LineReader) -> tuple[Line, ...]:
    """``lines`` (in pixels of the page) with doubtful names under seals and strokes as ``reader`` and engine have them.

    Names that were overlooked below a seal or signature come last. Raises what the reader raises.
    """
    page = _Signed(lines, signing)
    result, left = [], MOST_LINES
    for line in lines:
        words: list[Word] = []
        for run in part_words(line.words, PARTED):
            again = (
                bool(left) and _may_be_name(run) and signing.cross(hull(word.box for word in run).grown(0.5 * _height(run)))
            )
            left -= again
            words += _read_again(run, page, reader) if again else run
        same = len(words) == len(line.words) and all(map(operator.is_, words, line.words))
        result.append(line if same else replace(line, words=tuple(words)))
    for place in signing.places:
        for name in _overlooked(place, _Signed(result, signing), reader):
            result = _put_in(name, result)
    return tuple(map(_without_strokes, result))


def _may_be_name(run: Sequence[Word]) -> bool:
    """Whether a few words, most in title case and none with a digit, are not sure."""
    words = tuple(_clean(run))
    if not 1 <= len(words) <= MOST_WORDS or any(sign.isdigit() for word in words for sign in word.text):
        return False
    titled = [word for word in words if word.text[:1].isupper() and word.text[1:].islower()]
    doubtful = len(words) < 2 or any(word.confidence < UNSURE or not is_name_word(word.text) for word in words)
    return bool(titled) and 2 * len(titled) >= len(words) and doubtful


def _read_again(run: tuple[Word, ...], page: _Signed, reader: LineReader) -> tuple[Word, ...]:
    before = tuple(_clean(run))
    measured = measure_type(before)
    usual = page.usual_size
    found = []
    for em in (measured.em, usual) if abs(usual / measured.em - 1) > STRANGE else (measured.em,):
        setting = replace(measured, em=em)
        seen = page.signing.show(_around(run, page.lines, setting), ROWS)
        line = reader.look(seen)
        name = choose_name(line, before)
        if name is not None:
            found.append((name.nats, _set_name(name, line, seen, setting, before)))
    return max(found, key=operator.itemgetter(0))[1] if found else run


def _around(run: Sequence[Word], lines: Iterable[Line], setting: Setting) -> Box:
    """The place of ``run`` as the reader wants it, and what lies free beside it."""
    height, place = _height(run), hull(word.box for word in run)
    top, bottom = setting.baseline - TOP * setting.em, setting.baseline
    left, right = place.left - BESIDE * height, place.right + BESIDE * height
    for box in (word.box for line in lines for word in line.words if word.confidence >= READ and len(word.text) > 1):
        if box.top < bottom and box.bottom > top:
            left = max(left, box.right) if box.right <= place.left else left
            right = min(right, box.left) if box.left >= place.right else right
    return _strip(left, right, setting)


def _strip(left: float, right: float, setting: Setting) -> Box:
    return Box(left, setting.baseline - ABOVE * setting.em, right, setting.baseline + BELOW * setting.em)


def _set_name(name: Name, line: PrintedLine, seen: PageImage, setting: Setting, before: Sequence[Word]) -> tuple[Word, ...]:
    """``name`` as words of the page; those that the engine read too keep what is known of them."""
    places, at, words = line.places(name.text), 0, []
    for text, share in zip(name.words, name.shares, strict=True):
        first, last = places[at], places[at + len(text) - 1]
        at += len(text) + 1
        across = seen.to_scan.map_box(Box(first, 0.0, last + 1.0, 1.0))
        reach = HALF * setting.em
        top, bottom = setting.baseline - TOP * setting.em, setting.baseline + BOTTOM * setting.em
        box = Box(across.left - reach, top, across.right + reach, bottom)
        there = next((word for word in before if word.box.left < box.centre[0] < word.box.right), None)
        if there is not None and there.text == text:
            words.append(replace(there, confidence=max(there.confidence, share), second=text, seen=True))
            continue
        disputed = there is not None and there.confidence >= READ and is_name_word(there.text)
        told = min(share, DISPUTED) if disputed else share
        words.append(Word(text, box, told, second="" if there is None else there.text, seen=True))
    return tuple(words)


def _overlooked(area: Box, page: _Signed, reader: LineReader) -> Iterator[tuple[Word, ...]]:
    """The name in ``area`` of which no line holds more than remains, if there is one."""
    runs = (run for line in page.lines for run in part_words(line.words, PARTED))
    within = [tuple(_clean(run)) for run in runs if _lies_in(hull(word.box for word in run), area)]
    if any(is_name([word.text for word in words]) for words in within):
        return
    em = page.usual_size
    found = []
    for setting, left, right in find_rows(page.signing.show(area, round(SIZE * area.height / em)), em):
        seen = page.signing.show(_strip(left, right, setting), ROWS)
        line = reader.look(seen)
        name = choose_name(line, ())
        if name is not None and name.nats > LIKELY:
            found.append((name.nats, _set_name(name, line, seen, setting, ())))
    told = [words for _, words in sorted(found, key=lambda one: -one[0]) if not _loses(words, within)]
    yield from told[:1]


def _loses(words: Sequence[Word], runs: Iterable[Sequence[Word]]) -> bool:
    """Whether where ``words`` stand something else was read that is sure."""
    place = hull(word.box for word in words)
    standing = (word for run in runs for word in run if _lies_in(word.box, place))
    sure = [word.text for word in standing if word.confidence >= READ and is_syllable(canonical(word.text))]
    return any(max(fuzz.ratio(text, word.text) for word in words) < ALIKE for text in sure)


def _put_in(name: tuple[Word, ...], lines: Sequence[Line]) -> list[Line]:
    """``lines`` with ``name`` in place of what was read where it stands, or as a line of its own."""
    place = hull(word.box for word in name)
    result, put = [], False
    for line in lines:
        kept = tuple(word for word in line.words if not _lies_in(word.box, place))
        if len(kept) < len(line.words) and not put:
            before = sum(word.box.right <= place.centre[0] for word in kept)
            kept, put = (*kept[:before], *name, *kept[before:]), True
        if kept:
            result.append(line if len(kept) == len(line.words) and kept == line.words else replace(line, words=kept))
    return result if put else [*result, Line(name)]


def _without_strokes(line: Line) -> Line:
    """``line`` without what strokes beside a name became, where the reader has looked too and saw none of it."""
    if not any(word.seen for word in line.words):
        return line
    kept = tuple(word for word in line.words if word.seen or word.confidence >= READ or len(word.text) > SHORTEST)
    return line if len(kept) == len(line.words) else replace(line, words=kept)


def _lies_in(box: Box, area: Box) -> bool:
    return area.intersection(box).area > 0.5 * box.area


def _height(run: Sequence[Word]) -> float:
    return median(word.box.height for word in run)


def _clean(words: Iterable[Word]) -> Iterator[Word]:
    """``words`` without the signs that strokes leave, before a capital of a family name small letters too (wTô)."""
    for word in words:
        text = word.text.strip(_JUNK)
        capital = next((at for at, sign in enumerate(text) if sign.isupper()), 0)
        if 0 < capital <= LONGEST_SCRAP and is_family_name(text[capital:]):
            text = text[capital:]
        if text:
            yield word if text == word.text else replace(word, text=text, choices=())
