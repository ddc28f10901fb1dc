"""How much of a known text was read: word measures that do not depend on order, and character error rate.

Only the document's own text counts: truths leave out electronic signatures, incoming stamps and other marks laid over it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from pipeline.domain.pages import LineRole
from pipeline.domain.syllables import bare

#: Signs at the edge of a word that say nothing about whether the word was read: ``"Nơi`` counts as ``Nơi``.
EDGES = "".join(sorted("\"'“”‘’«»‹›()[]{}<>.,;:!?…-–—_/\\|*•·+=~"))

_OVERLAYS = re.compile(
    r"(?m)^\[(?:" + "|".join(re.escape(role.heading) for role in LineRole if role is not LineRole.BODY) + r")\]$"
)


@dataclass(frozen=True, slots=True)
class WordScore:
    """Counts of words in the truth, in what was read, and in both (as multisets)."""

    truth: int
    found: int
    common: int

    @property
    def recall(self) -> float:
        """Share of the truth's words that were read, 0..1; 1 where there were none to read."""
        return self.common / self.truth if self.truth else 1.0

    @property
    def precision(self) -> float:
        """Share of the words read that stand in the truth, 0..1; 1 where nothing was read."""
        return self.common / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision, 0..1."""
        total = self.truth + self.found
        return 2 * self.common / total if total else 1.0


def own_text(page: str) -> str:
    """``page`` of a text.txt without the blocks under ``[headings]`` behind it: truths leave out what lies over the text."""
    return _OVERLAYS.split(page, maxsplit=1)[0]


def words_of(text: str) -> list[str]:
    """The whitespace tokens of ``text``, NFC, without punctuation at their edges; tokens of punctuation alone are left out."""
    tokens = (token.strip(EDGES) for token in unicodedata.normalize("NFC", text).split())
    return [token for token in tokens if token]


def score_words(truth: str, found: str) -> WordScore:
    """How many words of ``truth`` stand in ``found``, in any order."""
    expected, read = Counter(words_of(truth)), Counter(words_of(found))
    return WordScore(sum(expected.values()), sum(read.values()), sum((expected & read).values()))


def count_tone_errors(truth: str, found: str) -> int:
    """How many words of ``truth`` were read with other tone or vowel marks: missing, while their bare letters are too many.

    Words that differ in case alone are none. Each word too many stands for one missing word at most.
    """
    expected, read = Counter(words_of(truth)), Counter(words_of(found))
    missing, extra = _folded_counts(expected - read, str.lower), _folded_counts(read - expected, str.lower)
    wrong, instead = _folded_counts(missing - extra, bare), _folded_counts(extra - missing, bare)
    return sum((wrong & instead).values())


def _folded_counts(words: Counter[str], fold: Callable[[str], str]) -> Counter[str]:
    folded: Counter[str] = Counter()
    for word, count in words.items():
        folded[fold(word)] += count
    return folded


def total(scores: Iterable[WordScore]) -> WordScore:
    """The scores of several pages as one (each word counts the same)."""
    kept = tuple(scores)
    return WordScore(sum(s.truth for s in kept), sum(s.found for s in kept), sum(s.common for s in kept))


def score_order(truth: str, found: str) -> WordScore:
    """How many neighbouring words of ``truth`` are neighbours in ``found``, in the same order; words misread are passed over.

    Counts pairs of words where :func:`score_words` counts words: a block read too early costs as many pairs as it has ends,
    two columns read across each other cost a pair at every change of side.
    """
    places = match_words(words_of(truth), words_of(found))
    ranks = [places[place] for place in sorted(places)]
    order = {place: rank for rank, place in enumerate(sorted(ranks))}
    kept = sum(order[after] == order[before] + 1 for before, after in pairwise(ranks))
    pairs = max(0, len(ranks) - 1)
    return WordScore(pairs, pairs, kept)


def match_words(truth: Sequence[str], found: Sequence[str]) -> dict[int, int]:
    """The place in ``truth`` of each word of ``found`` that stands there, by its place in ``found``.

    Words in the same order are matched first, then those that stand elsewhere; each word of either is matched once.
    """
    places: dict[int, int] = {}
    for step in Levenshtein.opcodes(truth, found):
        if step.tag == "equal":
            places.update(zip(range(step.dest_start, step.dest_end), range(step.src_start, step.src_end), strict=True))
    left: dict[str, list[int]] = {}
    for place in sorted(set(range(len(truth))) - set(places.values()), reverse=True):
        left.setdefault(truth[place], []).append(place)
    for place, word in enumerate(found):
        if place not in places and left.get(word):
            places[place] = _next_to(places.get(place - 1), left[word])
    return places


def _next_to(before: int | None, places: list[int]) -> int:
    """Take out of ``places`` the one that follows ``before``, else the first."""
    at = places.index(before + 1) if before is not None and before + 1 in places else -1
    return places.pop(at)


def character_error_rate(truth: str, found: str) -> float:
    """Edits per character of ``truth``, NFC, white space folded to single spaces; depends on reading order."""
    expected, read = _folded(truth), _folded(found)
    if not expected:
        return 0.0 if not read else 1.0
    return float(Levenshtein.distance(expected, read)) / len(expected)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
