"""How much of a known text was read: word measures that do not depend on order, and character error rate.

Only the document's own text counts: truths leave out electronic signatures, incoming stamps and other marks laid over it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.domain.pages import LineRole

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


def total(scores: Iterable[WordScore]) -> WordScore:
    """The scores of several pages as one (each word counts the same)."""
    kept = tuple(scores)
    return WordScore(sum(s.truth for s in kept), sum(s.found for s in kept), sum(s.common for s in kept))


def character_error_rate(truth: str, found: str) -> float:
    """Edits per character of ``truth``, NFC, white space folded to single spaces; depends on reading order."""
    expected, read = _folded(truth), _folded(found)
    if not expected:
        return 0.0 if not read else 1.0
    return float(Levenshtein.distance(expected, read)) / len(expected)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
