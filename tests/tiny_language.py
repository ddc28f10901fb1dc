"""A language model of a few sentences, and lines of words to try it on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word
from pipeline.domain.syllables import bare

SENTENCES = (
    "cơ quan có thẩm quyền giải quyết",
    "sửa đổi bổ sung một số điều",
    "quyết định bổ nhiệm",
    "uỷ ban nhân dân tỉnh",
    "chủ tịch uỷ ban",
    "đối với hồ sơ",
    "công bố hoà giải",
)


class TinyLanguage:
    """Words behind each other as in ``SENTENCES`` cost 1 nat, all other words 9."""

    def __init__(self, sentences: Sequence[str] = SENTENCES) -> None:
        self.words = sorted({word for sentence in sentences for word in sentence.split()})
        self.pairs = {pair for s in sentences for pair in pairwise(s.split())}

    def knows(self, word: str) -> bool:
        return word in self.words

    def similar(self, letters: str) -> tuple[str, ...]:
        return tuple(word for word in self.words if bare(word) == letters)

    def costs(self, runs: Sequence[tuple[str, ...]]) -> Sequence[float]:
        return [1.0 if run[-2:] in self.pairs else 9.0 for run in runs]


def line(text: str, confidence: float = 0.9, *, top: float = 0.0, block: int = 0) -> Line:
    words = text.split()
    return Line(tuple(Word(w, Box(60.0 * at, top, 60.0 * at + 50, top + 20), confidence) for at, w in enumerate(words)), block)
