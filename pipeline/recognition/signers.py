"""Which name stands on a line of print: what a reader of lines saw, what the engine read, and how names are made."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.domain.pages import Word
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.ports import PrintedLine
from pipeline.recognition.names import FAMILY_NAMES, is_family_name

#: Names have so many words.
FEWEST, MOST = 2, 7

#: What counts against a name in nats: a word that is none, a first word that is no family name.
NO_WORD, NO_FAMILY = 6.0, 4.0

#: The same for names of so many words: most have three.
LENGTHS = {2: 2.5, 3: 0.0, 4: 1.5, 5: 4.0}

#: A word that the engine read too counts for as many nats as the odds of its confidence, no more than this.
AGREED = 3.5

#: No word is taken to be less likely than this, or more likely by as much.
LEAST = 1e-3

#: The family names that are tried for what was read: so many, alike by so many per cent at least; from so many readings.
TRIED, ALIKE, FROM = 8, 40.0, 3

#: A reader is never surer than this of what it alone has read (docs/decisions/0031).
SUREST = 0.9


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is spelt, behind a degree or none; how sure each word is, and the log of how likely the reader finds it."""

    words: tuple[str, ...]
    shares: tuple[float, ...]
    nats: float

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(self.words)


def choose_name(line: PrintedLine, before: Sequence[Word]) -> Name | None:
    """The likeliest name on ``line``, where the engine read ``before``; None where none is likely to stand there."""
    texts = _candidates(line.readings(), [word.text for word in before])
    weighed = [(text.split(), nats) for text, nats in zip(texts, line.weigh(texts), strict=True) if nats > -math.inf]
    if not weighed:
        return None
    scores = [nats + _prior(words) + _agreement(words, before) for words, nats in weighed]
    highest = max(scores)
    best, nats = weighed[scores.index(highest)]
    if not is_name(best):
        return None
    odds = [math.exp(score - highest) for score in scores]
    shares = [
        sum(share for share, (words, _) in zip(odds, weighed, strict=True) if len(words) == len(best) and words[at] == word)
        for at, word in enumerate(best)
    ]
    return Name(tuple(best), tuple(SUREST * share / sum(odds) for share in shares), nats)


def is_name(words: Sequence[str]) -> bool:
    """Whether ``words`` are spelt as the name of a Vietnamese person, behind a degree or none."""
    own = _own(words)
    return FEWEST <= len(own) <= MOST and is_family_name(own[0]) and all(map(is_name_word, own))


def is_name_word(text: str) -> bool:
    """Whether ``text`` may be a part of a Vietnamese name."""
    cased = text[:1].isupper() and (text[1:].islower() or text.isupper() or len(text) == 1)
    return cased and text.isalpha() and is_syllable(canonical(text))


def _own(words: Sequence[str]) -> Sequence[str]:
    """``words`` without the degrees before them: ThS. Nguyễn Văn An."""
    degrees = next((at for at, word in enumerate(words) if not (word.endswith(".") and word[:1].isupper())), len(words))
    return words[degrees:]


def _candidates(readings: Sequence[str], before: Sequence[str]) -> list[str]:
    """What may stand there: what the reader and the engine read, each with words of the other, with near family names."""
    found = dict.fromkeys(" ".join(reading.split()) for reading in readings)
    found.setdefault(" ".join(before))
    for reading in list(found)[:FROM]:
        words = _without_scraps(reading.split())
        found.setdefault(" ".join(words))
        if len(words) == len(before):
            found.update(dict.fromkeys(" ".join([*words[:at], word, *words[at + 1 :]]) for at, word in enumerate(before)))
        found.update(dict.fromkeys(_with_families(words)))
    return [text for text in found if text]


def _without_scraps(words: Sequence[str]) -> list[str]:
    """``words`` from the first to the last that may be one of a name or a degree: strokes beside a name read as letters."""
    fit = [at for at, word in enumerate(words) if is_name_word(word) or word.endswith(".")]
    return list(words[fit[0] : fit[-1] + 1]) if fit else []


def _with_families(words: Sequence[str]) -> Iterator[str]:
    own = _own(words)
    if len(own) < FEWEST or len(own[0]) < 2 or is_family_name(own[0]):
        return
    head = [*words[: len(words) - len(own)]]
    alike = sorted(((fuzz.ratio(canonical(own[0]), name), name) for name in FAMILY_NAMES), reverse=True)
    for likeness, name in alike[:TRIED]:
        if likeness >= ALIKE:
            yield " ".join([*head, name.upper() if own[0].isupper() and len(own[0]) > 1 else name.capitalize(), *own[1:]])


def _prior(words: Sequence[str]) -> float:
    own = _own(words)
    if not own:
        return -NO_WORD
    no_words = NO_WORD * sum(not is_name_word(word) for word in own)
    return -no_words - NO_FAMILY * (not is_family_name(own[0])) - LENGTHS.get(len(own), max(LENGTHS.values()))


def _log_odds(chance: float) -> float:
    sound = min(max(chance, LEAST), 1.0 - LEAST)
    return math.log(sound / (1.0 - sound))


def _agreement(words: Iterable[str], before: Sequence[Word]) -> float:
    """What the engine's words, as far as they may be parts of names, say for or against ``words``, in nats."""
    left: dict[str, int] = defaultdict(int)
    for word in words:
        left[word] += 1
    told = 0.0
    for at, read in enumerate(before):
        if is_name_word(read.text) and left[read.text] and (at or is_family_name(read.text)):
            told += min(AGREED, max(0.0, _log_odds(read.confidence)))
            left[read.text] -= 1
    return told
