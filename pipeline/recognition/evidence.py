"""What speaks for and against each word read, and from it how likely the word is right.

Engines are bad judges of themselves: Tesseract is hardly ever surer than 0.96, and about as sure of a wrong tone mark. What
else it might have read, a second reading, and whether there is such a word tell more (docs/decisions/0023).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Line, PageText, Word
from pipeline.domain.syllables import bare, canonical, is_syllable
from pipeline.ports import ConfidenceModel, LanguageModel

#: Where the straight pieces of what an engine's confidence, the rest of the line, the nearest choice and the sentence say
#: are joined.
SURENESS_KNOTS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.88, 0.92, 0.95, 1.0)
LINE_KNOTS = (0.0, 0.6, 0.8, 0.9, 0.95, 1.0)
NATS_KNOTS = (0.0, 1.0, 2.0, 4.0, 7.0, 12.0, 18.0)
LEAD_KNOTS = (-4.0, 0.0, 1.0, 2.0, 4.0, 7.0, 11.0, 18.0)
USAGE_KNOTS = (-10.0, -6.0, -3.0, 0.0, 3.0, 6.0, 10.0)

#: Nats of the nearest choice where the engine names none.
NONE_NEAR = 18.0

_EDGES = ".,;:!?()[]{}\"'“”‘’…-–"

FEATURES: tuple[str, ...] = (
    *(f"sure_{knot:g}" for knot in SURENESS_KNOTS),
    *(f"line_{knot:g}" for knot in LINE_KNOTS),
    *(f"mark_{knot:g}" for knot in NATS_KNOTS),
    *(f"sign_{knot:g}" for knot in NATS_KNOTS),
    *(f"lead_{knot:g}" for knot in LEAD_KNOTS),
    *(f"usage_{knot:g}" for knot in USAGE_KNOTS),
    "choices_untold",
    "agreed",
    "disagreed",
    "not_found_again",
    "known_word",
    "syllable",
    "other_letters",
    "capitals",
    "number",
    "mixed",
    "signs_only",
    "one_sign",
    "short_line",
    "long",
    "title",
    "title_in_a_row",
    "twins",
)

#: Signs that look like one another in print: only words that are known tell them apart.
TWINS = frozenset("Il1O0")


def weigh_words(text: PageText, model: ConfidenceModel | None, language: LanguageModel | None) -> PageText:
    """``text`` whose words have the chance of being right as their confidence; what was kept to find it out is forgotten.

    Words that were mended or written by hand keep theirs: it was learnt where they were made. All do without a ``model``,
    without a ``language`` that tells words from none, and where the model does not know the engine.
    """
    words = text.words
    if not words:
        return text
    told: Sequence[float] = [word.confidence for word in words]
    if model is not None and language is not None and model.knows(text.engine):
        told = model.chances(gather_evidence(text.lines, language), FEATURES, text.engine)
    chances = iter(told)
    weighed = (tuple(_with_chance(word, next(chances)) for word in line.words) for line in text.lines)
    return replace(text, lines=tuple(replace(line, words=words) for line, words in zip(text.lines, weighed, strict=True)))


def _with_chance(word: Word, chance: float) -> Word:
    confidence = word.confidence if word.read or word.written else round(float(chance), 4)
    return replace(word, confidence=confidence, choices=(), second=None, leads=())


def gather_evidence(lines: Iterable[Line], language: LanguageModel) -> NDArray[np.float32]:
    """One row of :data:`FEATURES` for each word of ``lines``, in their order."""
    rows = [row for line in lines for row in _rows(line, language)]
    return np.array(rows, np.float32).reshape(len(rows), len(FEATURES))


def _rows(line: Line, language: LanguageModel) -> Iterator[list[float]]:
    total, count = sum(word.confidence for word in line.words), len(line.words)
    for at, word in enumerate(line.words):
        others = (total - word.confidence) / (count - 1) if count > 1 else word.confidence
        yield [
            *straight_pieces(word.confidence, SURENESS_KNOTS),
            *straight_pieces(others, LINE_KNOTS),
            *_nearest(word),
            *_leads(word),
            float(not _told(word)),
            *_twice(word),
            *_kind(word, language),
            float(len(word.text) == 1),
            float(count <= 2),
            float(len(word.text) > 8),
            *_name(line, at),
            float(not _is_known(word, language) and bool(TWINS & set(word.text))),
        ]


def straight_pieces(value: float, knots: Sequence[float]) -> list[float]:
    """``value`` as shares of the two knots it lies between."""
    value = min(max(value, knots[0]), knots[-1])
    shares = [0.0] * len(knots)
    for at in range(len(knots) - 1):
        low, high = knots[at], knots[at + 1]
        if value <= high:
            shares[at + 1] = (value - low) / (high - low)
            shares[at] = 1.0 - shares[at + 1]
            break
    return shares


def _nearest(word: Word) -> list[float]:
    """Nats of the nearest choice that differs from a sign in its marks alone, and of the nearest other; zeros if untold."""
    if not _told(word):
        return [0.0] * (2 * len(NATS_KNOTS))
    mark = other = NONE_NEAR
    for sign, choices in zip(word.text, word.choices, strict=True):
        if not sign.isalnum():
            continue
        for text, nats in choices:
            if not text.isalnum():
                continue
            if bare(text) == bare(sign):
                mark = min(mark, nats)
            else:
                other = min(other, nats)
    return [*straight_pieces(mark, NATS_KNOTS), *straight_pieces(other, NATS_KNOTS)]


def _leads(word: Word) -> list[float]:
    """How much better the word suits print and sentence, and the sentence alone, than what looks like it; zeros if untold."""
    if not word.leads:
        return [0.0] * (len(LEAD_KNOTS) + len(USAGE_KNOTS))
    return [*straight_pieces(word.leads[0], LEAD_KNOTS), *straight_pieces(word.leads[1], USAGE_KNOTS)]


def _told(word: Word) -> bool:
    """Whether the engine's choices are those of the word's signs; a word that was cut has others."""
    return len(word.choices) == len(word.text)


def _twice(word: Word) -> list[float]:
    looked = word.second is not None
    return [
        float(looked and word.second == word.text),
        float(bool(word.second) and word.second != word.text),
        float(looked and not word.second),
    ]


def _name(line: Line, at: int) -> list[float]:
    """In title case; and beside another such word: then it may be a name, whose marks no language tells."""
    near = [_in_title_case(line.words[place]) for place in (at - 1, at + 1) if 0 <= place < len(line.words)]
    title = _in_title_case(line.words[at])
    return [float(title), float(title and any(near))]


def _in_title_case(word: Word) -> bool:
    core = word.text.strip(_EDGES)
    return core.isalpha() and core.istitle()


def _is_known(word: Word, language: LanguageModel) -> bool:
    core = word.text.strip(_EDGES)
    return core.isalpha() and language.knows(canonical(core))


def _kind(word: Word, language: LanguageModel) -> list[float]:
    """Known word, syllable, other letters, capitals, number, mixed, nothing but signs."""
    core = word.text.strip(_EDGES)
    letters = core.isalpha()
    known = _is_known(word, language)
    syllable = letters and not known and is_syllable(canonical(core))
    digits = any(sign.isdigit() for sign in core)
    plain = digits and not any(sign.isalpha() for sign in core)
    return [
        float(known),
        float(syllable),
        float(letters and not known and not syllable),
        float(letters and len(core) > 1 and core.isupper()),
        float(plain),
        float(bool(core) and not letters and not plain),
        float(not core),
    ]
