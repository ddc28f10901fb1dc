"""Names that coloured strokes cross, as under signatures and seals, read once more with the strokes taken out.

Each is shown by itself in two ways, and the reading that looks most like a name is kept.
"""

from __future__ import annotations

import math
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from statistics import median

import cv2
import numpy as np

from pipeline.domain.geometry import Box, hull
from pipeline.domain.pages import Line, PageImage, Word
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.ports import OcrEngine
from pipeline.recognition.colours import Colours
from pipeline.recognition.names import is_family_name, nearest_family_name
from pipeline.recognition.views import map_lines, view

#: A line is read again where so much of the place around it is coloured, and a word of it is less sure than this.
CROSSED, UNSURE = 0.004, 0.97

#: Names have at most so many words; a page has at most so many lines worth looking at.
MOST_WORDS, MOST_LINES = 7, 6

#: How far beside a line its lost words may stand, and how far above and below it its marks reach, in heights of letters.
BESIDE, ABOVE, BELOW = 3.0, 0.55, 0.45

#: Ink whose strongest and weakest channels are this far apart is a stroke.
COLOURED = 35

#: Ways to show a line: its resolution; strokes are no darker than this; what is darker than the third stays as it is, what is
#: lighter than the last becomes paper.
VIEWS = ((200.0, 70, 90.0, 150.0), (200.0, 255, 90.0, 150.0), (240.0, 80, 110.0, 170.0))

#: A family name is taken for one that was read where so many nats tell them apart at most.
NEAR = 8.0

#: Seals and signatures are so large, in inches; parts of one are at most so far apart; a page has at most so many.
LEAST_INK, MOST_INK, JOINED, MOST_AREAS = 0.5, 3.5, 0.15, 2

#: How far beside and below them the name stands, in inches.
BESIDE_INK, BELOW_INK = 1.3, 0.35

#: Words of a line that are farther apart than this, in heights of letters, belong to different columns.
PARTED = 2.5

#: Words less sure than this are no neighbours to be kept clear of; numbers less sure than this may be strokes.
READ, NUMBER = 0.5, 0.75

#: A reading must look more like a name than this, in nats; a word that is none has so much of a vote.
LIKELY, ILL_FORMED = -6.0, 0.2

#: What a word that is none, and a line that begins with no family name, count against a reading, in nats.
NO_WORD, NO_FAMILY = 3.0, 2.0

#: The least confidence a word is counted with.
LEAST = 0.02

#: Signs that strokes leave beside words.
_JUNK = "'\"`“”‘’.,:;-–—*^ˆ~_/⁄|°•=<>«»()[]{}"


def read_under_strokes(
    lines: tuple[Line, ...], page: PageImage, engine: OcrEngine, colours: Colours | None, scan: PageImage | None
) -> tuple[Line, ...]:
    """``lines`` (in pixels of ``page``) with doubtful names under coloured ink as several readings together have them.

    Names that were overlooked below a seal or signature come last. Nothing is done without a coloured ``scan``. Raises what
    the engine raises.
    """
    if colours is None or scan is None:
        return lines
    result, left = [], MOST_LINES
    for line in lines:
        words: list[Word] = []
        for run in _runs(line):
            again = bool(left) and _may_be_name(run) and _is_crossed(run, colours)
            left -= again
            words += _read_again(run, lines, page, engine, scan) if again else run
        same = len(words) == len(line.words) and all(map(operator.is_, words, line.words))
        result.append(line if same else replace(line, words=tuple(words)))
    for area in _inked_areas(colours, page):
        for name in _overlooked(area, result, page, engine, scan):
            result = _put_in(name, result)
    return tuple(result)


def _inked_areas(colours: Colours, page: PageImage) -> Iterator[Box]:
    """Where seals and signatures lie, with the place of the name below; in pixels of ``page``."""
    dpi = page.dpi * colours.factor
    ink = cv2.bitwise_or(colours.red, colours.blue)
    reach = max(3, round(JOINED * dpi) | 1)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    pieces = [
        piece for piece in stats[1:].tolist() if min(piece[2:4]) >= LEAST_INK * dpi and max(piece[2:4]) <= MOST_INK * dpi
    ]
    for left, top, width, height, _ in sorted(pieces, key=lambda piece: -piece[4])[:MOST_AREAS]:
        box = Box(left - BESIDE_INK * dpi, top + height / 2, left + width + BESIDE_INK * dpi, top + height + BELOW_INK * dpi)
        yield Box(*(edge / colours.factor for edge in (box.left, box.top, box.right, box.bottom)))


def _overlooked(
    area: Box, lines: Sequence[Line], page: PageImage, engine: OcrEngine, scan: PageImage
) -> Iterator[tuple[Word, ...]]:
    """Names in ``area`` of which no line holds more than remains."""
    within = [tuple(_words(run)) for line in lines for run in _runs(line) if _lies_in(hull(word.box for word in run), area)]
    if any(_likeness(words) > LIKELY for words in within):
        return
    shown = next(_without_strokes(area, page, scan))
    for line in map_lines(engine.read(shown, region=Box(0.0, 0.0, shown.width, shown.height)), shown.to_scan):
        for words in map(tuple, map(_words, _runs(line))):
            if _likeness(words) > LIKELY and is_family_name(words[0].text) and not _loses(words, within):
                yield words


def _loses(words: Sequence[Word], runs: Iterable[Sequence[Word]]) -> bool:
    """Whether where ``words`` stand something else was read that is sure."""
    told = {word.text for word in words}
    place = hull(word.box for word in words)
    standing = (word for run in runs for word in run if _lies_in(word.box, place))
    return any(word.confidence >= READ and len(word.text) > 1 and word.text not in told for word in standing)


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
    height, run = median(word.box.height for word in line.words), list[Word]()
    for word in line.words:
        if run and word.box.left - run[-1].box.right > PARTED * height:
            yield tuple(run)
            run = []
        run.append(word)
    yield tuple(run)


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


def _is_crossed(run: Sequence[Word], colours: Colours) -> bool:
    around = hull(word.box for word in run).grown(0.5 * _height(run))
    return max(colours.share(colours.red, around), colours.share(colours.blue, around)) >= CROSSED


def _height(run: Sequence[Word]) -> float:
    return median(word.box.height for word in run)


def _read_again(
    run: tuple[Word, ...], lines: Iterable[Line], page: PageImage, engine: OcrEngine, scan: PageImage
) -> tuple[Word, ...]:
    before = tuple(_words(run))
    readings = [before]
    for shown in _without_strokes(_around(run, lines), page, scan):
        found = engine.read(shown, region=Box(0.0, 0.0, shown.width, shown.height), single_line=True)
        readings.append(tuple(_words(word for line in map_lines(found, shown.to_scan) for word in line.words)))
    best = max(readings, key=_likeness)
    alike = [words for words in readings if len(words) == len(best)]
    chosen = (_vote_family([words[0] for words in alike]), *map(_vote, zip(*(words[1:] for words in alike), strict=True)))
    if _likeness(best) <= LIKELY or [word.text for word in chosen] == [word.text for word in run]:
        return run
    return tuple(replace(word, second=_same(word, before)) for word in chosen)


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


def _without_strokes(area: Box, page: PageImage, scan: PageImage) -> Iterator[PageImage]:
    """The ``area`` of ``page`` in grey with its strokes taken out, by their colour and by their lightness alone.

    The strongest channel, held against the paper, is dark in print alone; where inks cross each other they are as dark.
    """
    for dpi, darkest, dark, light in VIEWS:
        seen = view(area, dpi, page, scan)
        paper = np.maximum(1.0, np.percentile(seen.pixels.reshape(-1, 3), 85, axis=0))
        steps = np.arange(256, dtype=np.float32)
        even = cv2.LUT(seen.pixels, np.clip(steps[:, None] * (255 / paper), 0, 255).astype(np.uint8).reshape(1, 256, 3))
        strongest = even.max(axis=2)
        chroma = cv2.blur(cv2.subtract(strongest, even.min(axis=2)), (3, 3))
        curve = steps + (255 - steps) * np.clip((steps - dark) / (light - dark), 0, 1)
        print_alone = cv2.LUT(strongest, curve.astype(np.uint8))
        strokes = (chroma > COLOURED) & (strongest > darkest)
        yield replace(seen, pixels=np.where(strokes, 255, print_alone).astype(np.uint8))


def _words(words: Iterable[Word]) -> Iterator[Word]:
    """``words`` without the signs that strokes leave."""
    for word in words:
        text = word.text.strip(_JUNK)
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
