"""Whether letters look as they must: marks above and below them, by the boxes of their outlines."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from pipeline.domain.syllables import TONES
from pipeline.intake.glyphs import Glyph

_FLAT = frozenset("acemnorsuvxz")
_VOWELS = frozenset("aeouy")
_DOT, _HORN = "\u0323", "\u031b"
_ABOVE = (frozenset(TONES) - {_DOT}) | {"\u0302", "\u0306"}
_KNOWN = _ABOVE | {_DOT, _HORN}
#: A mark reaches so far beyond a bare letter, and the curves of a bare letter less far, in type sizes.
_REACH = 0.07
#: With fewer letters of a font there is no height to compare with, with fewer vowels nothing to judge by.
_ENOUGH_FLAT, _ENOUGH_VOWELS = 5, 20
_MOST_UNLIKE = 0.05


def look_like_their_letters(glyphs: Sequence[Glyph]) -> bool:
    """Whether small vowels bear marks where their letters have some and none where not; true where too few can be judged.

    Only letters drawn by fonts of the file count: what stands in for a missing font shows other marks, or none.
    """
    fonts: dict[str, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.embedded and glyph.upright and glyph.size > 0 and glyph.box.height > 0:
            fonts[glyph.font].append(glyph)
    verdicts = [verdict for members in fonts.values() for verdict in _judge(members)]
    return len(verdicts) < _ENOUGH_VOWELS or verdicts.count(False) <= _MOST_UNLIKE * len(verdicts)


def _judge(glyphs: Sequence[Glyph]) -> Iterator[bool]:
    flat = [_reach_up(glyph) for glyph in glyphs if glyph.text in _FLAT]
    if len(flat) < _ENOUGH_FLAT:
        return
    height = median(flat)
    for glyph in glyphs:
        letter, *marks = tuple(unicodedata.normalize("NFD", glyph.text))
        if letter in _VOWELS and _KNOWN.issuperset(marks):
            above = _reach_up(glyph) > height + _REACH
            below = (glyph.box.bottom - glyph.baseline[1]) / glyph.size > _REACH
            right = _HORN in marks or above == any(mark in _ABOVE for mark in marks)
            yield right and (letter == "y" or below == (_DOT in marks))


def _reach_up(glyph: Glyph) -> float:
    return (glyph.baseline[1] - glyph.box.top) / glyph.size
