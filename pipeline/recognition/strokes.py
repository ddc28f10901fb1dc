"""Names under signatures and seals, read once more with the strokes taken out.

Each is shown by itself in a few ways, and the readings vote; what looks least like a name has no vote.
"""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, Word
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.ports import OcrEngine
from pipeline.recognition.names import is_family_name, nearest_family_name
from pipeline.recognition.segments import part_words
from pipeline.recognition.signing_places import SigningPlaces
from pipeline.recognition.views import map_lines

#: A line is read again where a word of it is less sure than this.
UNSURE = 0.97

#: Names have at most so many words; a page has at most so many lines worth looking at.
MOST_WORDS, MOST_LINES = 7, 6

#: How far beside a line its lost words may stand, and how far above and below it its marks reach, in heights of letters.
BESIDE, ABOVE, BELOW = 3.0, 0.55, 0.45

#: A family name is taken for one that was read where so many nats tell them apart at most.
NEAR = 8.0

#: Words of a line that are farther apart than this, in heights of letters, belong to different columns.
PARTED = 2.5

#: Words less sure than this are no neighbours to be kept clear of; numbers less sure than this may be strokes.
READ, NUMBER = 0.5, 0.75

#: A reading must look more like a name than this, in nats; a word that is none has so much of a vote.
LIKELY, ILL_FORMED = -6.0, 0.2

#: What a word that is none, and a line that begins with no family name, count against a reading, in nats.
NO_WORD, NO_FAMILY = 3.0, 2.0

#: Readings of one word are alike by so many per cent.
ALIKE = 60.0

#: Strokes before a word are read as so many letters at most.
LONGEST_SCRAP = 3

#: The least confidence a word is counted with.
LEAST = 0.02

#: Signs that strokes leave beside words.
_JUNK = "'\"`“”‘’.,:;-–—*^ˆ~_/⁄|°•=<>«»()[]{}"


def read_under_strokes(lines: tuple[Line, ...], signing: SigningPlaces, engine: OcrEngine) -> tuple[Line, ...]:
    """``lines`` (in pixels of the page) with doubtful names under seals and strokes as several readings together have them.

    Names that were overlooked below a seal or signature come last. Raises what the engine raises.
    """
    result, left = [], MOST_LINES
    for line in lines:
        words: list[Word] = []
        for run in _runs(line):
            again = (
                bool(left) and _may_be_name(run) and signing.cross(hull(word.box for word in run).grown(0.5 * _height(run)))
            )
            left -= again
            words += _read_again(run, lines, signing, engine) if again else run
        same = len(words) == len(line.words) and all(map(operator.is_, words, line.words))
        result.append(line if same else replace(line, words=tuple(words)))
    for place in signing.places:
        for name in _overlooked(place, result, signing, engine):
            result = _put_in(name, result)
    return tuple(result)


def _overlooked(area: Box, lines: Sequence[Line], signing: SigningPlaces, engine: OcrEngine) -> Iterator[tuple[Word, ...]]:
    """Names in ``area`` of which no line holds more than remains."""
    within = [tuple(_words(run)) for line in lines for run in _runs(line) if _lies_in(hull(word.box for word in run), area)]
    if any(_likeness(words) > LIKELY for words in within):
        return
    for shown in signing.views(area):
        read = map_lines(engine.read(shown, region=Box(0.0, 0.0, shown.width, shown.height)), shown.to_scan)
        names = [_settled(tuple(_words(run))) for line in read for run in _runs(line)]
        told = [name for name in names if _is_name(name) and not _loses(name, within)]
        if told:
            yield from told
            return


def _settled(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """``words`` of one reading, the first of them a family name where it nearly is one."""
    return (_vote_family(words[:1]), *words[1:]) if words else words


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


def _lies_in(box: Box, area: Box) -> bool:
    return area.intersection(box).area > 0.5 * box.area


def _runs(line: Line) -> Iterator[tuple[Word, ...]]:
    """The words of ``line`` that stand together: what is printed beside them belongs to another column."""
    return part_words(line.words, PARTED)


def _may_be_name(run: Sequence[Word]) -> bool:
    """Whether a few words, most in title case and none with a digit, are not sure."""
    words = tuple(_words(run))
    if not 1 <= len(words) <= MOST_WORDS or any(sign.isdigit() for word in words for sign in word.text):
        return False
    titled = [word for word in words if word.text[:1].isupper() and word.text[1:].islower()]
    doubtful = len(words) < 2 or any(word.confidence < UNSURE or not _is_word(word.text) for word in words)
    return bool(titled) and 2 * len(titled) >= len(words) and doubtful


def _has_digit(word: Word) -> bool:
    return any(sign.isdigit() for sign in word.text)


def _in_title_case(word: Word) -> bool:
    return word.text[:1].isupper() and word.text[1:].islower()


def _height(run: Sequence[Word]) -> float:
    return median(word.box.height for word in run)


def _read_again(run: tuple[Word, ...], lines: Iterable[Line], signing: SigningPlaces, engine: OcrEngine) -> tuple[Word, ...]:
    before = tuple(_words(run))
    readings = [before]
    for shown in signing.views(_around(run, lines)):
        found = engine.read(shown, region=Box(0.0, 0.0, shown.width, shown.height), single_line=True)
        readings.append(tuple(_words(word for line in map_lines(found, shown.to_scan) for word in line.words)))
    best = max(readings, key=_likeness)
    alike = [words for words in readings if len(words) == len(best)]
    chosen = (_vote_family([words[0] for words in alike]), *map(_vote, zip(*(words[1:] for words in alike), strict=True)))
    if not _is_name(chosen) or [word.text for word in chosen] == [word.text for word in before]:
        return run
    return tuple(replace(word, second=_same(word, before)) for word in chosen)


def _is_name(words: Sequence[Word]) -> bool:
    return _likeness(words) > LIKELY and is_family_name(words[0].text) and all(_is_word(word.text) for word in words)


def _vote(words: Sequence[Word]) -> Word:
    """The one of several readings of a word that they together speak for most."""
    weights: dict[str, float] = defaultdict(float)
    for word in words:
        weights[word.text] += word.confidence * (1.0 if _is_word(word.text) else ILL_FORMED)
    best = max(weights, key=lambda text: weights[text])
    return max((word for word in words if word.text == best), key=lambda word: word.confidence)


def _vote_family(words: Sequence[Word]) -> Word:
    """The same for the word a name begins with: a family name, where one was read or nearly."""
    families = [word for word in words if is_family_name(word.text)]
    if families:
        return _vote(families)
    near = ((*nearest_family_name(word), word) for word in words if len(word.choices) == len(word.text))
    nats, name, word = min(near, key=lambda found: found[0], default=(math.inf, "", words[0]))
    return (
        replace(word, text=name, confidence=word.confidence * math.exp(-nats / 2), choices=())
        if nats <= NEAR
        else _vote(words)
    )


def _same(word: Word, before: Sequence[Word]) -> str:
    """What was read before where ``word`` stands; empty where nothing was."""
    return next((other.text for other in before if other.box.left < word.box.centre[0] < other.box.right), "")


def _around(run: Sequence[Word], lines: Iterable[Line]) -> Box:
    """The place of ``run`` with its marks, and what lies free beside it."""
    height, place = _height(run), hull(word.box for word in run)
    upright = hull([word.box for word in run if word.confidence >= READ] or [place])
    left, right = place.left - BESIDE * height, place.right + BESIDE * height
    for box in (word.box for line in lines for word in line.words if word.confidence >= READ and len(word.text) > 1):
        if box.top < upright.bottom and box.bottom > upright.top:
            left = max(left, box.right) if box.right <= place.left else left
            right = min(right, box.left) if box.left >= place.right else right
    return Box(left, upright.top - ABOVE * height, right, upright.bottom + BELOW * height)


def _words(words: Iterable[Word]) -> Iterator[Word]:
    """``words`` without the signs that strokes leave, before a capital of a family name small letters too (wTô)."""
    for word in words:
        text = word.text.strip(_JUNK)
        capital = next((at for at, sign in enumerate(text) if sign.isupper()), 0)
        if 0 < capital <= LONGEST_SCRAP and is_family_name(text[capital:]):
            text = text[capital:]
        if text:
            yield word if text == word.text else replace(word, text=text, choices=())


def _likeness(words: Sequence[Word]) -> float:
    """How likely ``words`` are the name that stands there, in nats: sure, well-formed, with a family name first."""
    if not 2 <= len(words) <= MOST_WORDS:
        return -100.0
    told = sum(math.log(max(word.confidence, LEAST)) - NO_WORD * (not _is_word(word.text)) for word in words)
    return told - NO_FAMILY * (not is_family_name(words[0].text))


def _is_word(text: str) -> bool:
    """Whether ``text`` may be a part of a Vietnamese name."""
    cased = text[:1].isupper() and (text[1:].islower() or text.isupper() or len(text) == 1)
    return cased and text.isalpha() and is_syllable(canonical(text))
