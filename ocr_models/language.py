"""Syllables of Vietnamese administrative prose: counts learnt by ``scripts/train_language.py``, behind ``LanguageModel``."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.errors import UnavailableError
from pipeline.domain.syllables import bare
from pipeline.ports import NUMBER, UNKNOWN

#: The model that comes with the product.
SYLLABLES = Path(__file__).with_name("syllables.npz")

#: What stands before the first word of a sentence of the training text.
START = "<s>"

Keys = NDArray[np.int64]
Costs = NDArray[np.float32]


class SyllableModel:
    """Unigrams, bigrams and trigrams with prices of backing off; a few megabytes, loaded at the first question.

    Every question raises ``UnavailableError`` where the file at ``path`` is missing or damaged.
    """

    def __init__(self, path: Path = SYLLABLES) -> None:
        self.path = path

    @cached_property
    def _tables(self) -> _Tables:
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return _Tables(arrays)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise UnavailableError(
                f"the language model {self.path.name} cannot be loaded ({error}); install the product again",
                code="language_model_missing",
                advice="Thiếu mô hình ngôn ngữ hoặc tệp bị hỏng. Quản trị viên hãy cài đặt lại phần mềm.",
            ) from error

    def knows(self, word: str) -> bool:
        """Whether ``word`` has counts of its own."""
        return word in self._tables.number

    def similar(self, letters: str) -> tuple[str, ...]:
        """The known words with these ``letters``, in alphabetical order."""
        return tuple(self._tables.similar.get(letters, ()))

    def numbers(self, words: Sequence[str]) -> Keys:
        """The number of each word; words that are not known share that of UNKNOWN."""
        number = self._tables.number
        unknown = number[UNKNOWN]
        return np.array([number.get(word, unknown) for word in words], np.int64)

    def costs(self, runs: Keys) -> Costs:
        """Nats of the last word of each run behind the others, see ``ports.LanguageModel``."""
        return self._tables.costs_of(*runs.T)


class _Tables:
    """What stands in the file, and the words by their bare letters."""

    def __init__(self, arrays: np.lib.npyio.NpzFile) -> None:
        words = arrays["words"].tobytes().decode("utf-8").split("\n")
        step = np.float32(arrays["step"])
        self.number = {word: at for at, word in enumerate(words)}
        self.similar: dict[str, list[str]] = {}
        for word in words:
            if word not in {START, NUMBER, UNKNOWN}:
                self.similar.setdefault(bare(word), []).append(word)
        self._unigram_costs: Costs = arrays["unigram_costs"] * step
        self._unigram_backoffs: Costs = arrays["unigram_backoffs"] * step
        self._bigrams: Keys = arrays["bigram_keys"]
        self._bigram_costs: Costs = arrays["bigram_costs"] * step
        self._bigram_backoffs: Costs = arrays["bigram_backoffs"] * step
        self._trigrams: Keys = arrays["trigram_keys"]
        self._trigram_costs: Costs = arrays["trigram_costs"] * step

    def costs_of(self, first: Keys, second: Keys, third: Keys) -> Costs:
        """The costs of ``third`` behind the two others; NOTHING stands for no word."""
        kinds = len(self.number)
        costs = np.where(second >= 0, self._unigram_backoffs[second], 0) + self._unigram_costs[third]
        place, seen = _find(self._bigrams, second * kinds + third, second >= 0)
        costs = np.where(seen, self._bigram_costs[place], costs)
        place, seen = _find(self._bigrams, first * kinds + second, first >= 0)
        costs = costs + np.where(seen, self._bigram_backoffs[place], 0)
        place, seen = _find(self._trigrams, (first * kinds + second) * kinds + third, first >= 0)
        return np.asarray(np.where(seen, self._trigram_costs[place], costs), np.float32)


def _find(keys: Keys, asked: Keys, whole: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each of ``asked`` stands among the sorted ``keys``, and whether it does; only the ``whole`` ones may."""
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return place, whole & (keys[place] == asked)
