"""A language model of a few sentences, and lines of words to try it on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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

    def numbers(self, words: Sequence[str]) -> NDArray[np.int64]:
        known = {word: at for at, word in enumerate(self.words, 1)}
        return np.array([known.get(word, 0) for word in words], np.int64)

    def costs(self, runs: NDArray[np.int64]) -> NDArray[np.float32]:
        known = ["", *self.words]
        usual = [second >= 0 and (known[second], known[third]) in self.pairs for _, second, third in runs.tolist()]
        return np.where(usual, 1.0, 9.0).astype(np.float32)


def line(text: str, confidence: float = 0.9, *, top: float = 0.0, block: int = 0) -> Line:
    words = text.split()
    return Line(tuple(Word(w, Box(60.0 * at, top, 60.0 * at + 50, top + 20), confidence) for at, w in enumerate(words)), block)
