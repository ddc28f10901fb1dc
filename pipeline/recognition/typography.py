"""How large the type of a line is and where its baseline lies, told from the letters of its words and their boxes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from pipeline.domain.pages import Word

#: Heights above the baseline in type such as Times, in its size (em): small letters, tall ones, those with marks, capitals
#: with marks, and what a second mark above adds; depths of letters and of dots below.
SMALL, TALL, MARKED, CAPITAL_MARKED, SECOND = 0.46, 0.66, 0.68, 0.86, 0.16
TAILED, DOTTED, POINTED = 0.217, 0.2, 0.14

#: Words less sure than this tell nothing where surer ones stand beside them.
TOLD = 0.7

_HORN, _DOT = "\u031b", "\u0323"


@dataclass(frozen=True, slots=True)
class Setting:
    """Type of the size ``em`` on a ``baseline``, both in pixels."""

    em: float
    baseline: float


def measure_type(words: Sequence[Word]) -> Setting:
    """How ``words``, at least one, are set, by what their letters reach to."""
    told = [word for word in words if word.confidence >= TOLD and len(word.text) > 1] or words
    em = median(word.box.height / max(SMALL, sum(_reach(word.text))) for word in told)
    return Setting(em, median(word.box.bottom - em * _reach(word.text)[1] for word in told))


@lru_cache(maxsize=4096)
def _reach(text: str) -> tuple[float, float]:
    """How far ``text`` reaches above and below its baseline, in its size."""
    return max(map(_rise, text), default=TALL), max(map(_fall, text), default=0.0)


def _rise(sign: str) -> float:
    letters = unicodedata.normalize("NFD", sign)
    above = sum(mark not in (_HORN, _DOT) for mark in letters[1:])
    if above:
        return (CAPITAL_MARKED if sign.isupper() else MARKED) + SECOND * (above - 1)
    return TALL if sign.isupper() or sign.isdigit() or letters[0] in "bdđfhiklt" else SMALL


def _fall(sign: str) -> float:
    letters = unicodedata.normalize("NFD", sign)
    if letters[0] in "gjpqyQ":
        return TAILED
    if _DOT in letters:
        return DOTTED
    return POINTED if letters in ",;" else 0.0
