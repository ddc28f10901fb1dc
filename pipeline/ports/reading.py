"""What reads pages: engines and models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageCode, PageImage


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What is written into record.json about an engine; ``digest`` is the sha256 of its own model files, where it has any."""

    name: str
    version: str
    models: tuple[str, ...]
    digest: str = ""


class OcrEngine(Protocol):
    """Reads pictures of text."""

    @property
    def info(self) -> EngineInfo:
        """Name, version and models."""

    def read(self, image: PageImage, *, region: Box | None = None, single_line: bool = False) -> tuple[Line, ...]:
        """The lines of ``image`` (or of ``region`` of it, in its pixels), boxes in **its own pixels**, engine's order.

        Raises ``RecognitionError`` where the engine fails or runs past its time, ``UnavailableError`` where it is missing.
        """

    def upright(self, image: PageImage) -> tuple[int, float]:
        """The clockwise turn (0, 90, 180, 270) that makes ``image`` upright, and how sure that is (0 = not at all)."""


#: What stands in runs of words for anything with a digit, and for any word that a model does not know.
NUMBER, UNKNOWN = "<n>", "<u>"

#: The number of no word.
NOTHING = -1


class LanguageModel(Protocol):
    """Knows how likely a word is behind others. Words are canonical (``syllables.canonical``), or NUMBER, or UNKNOWN."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` has a place of its own; costs take every other one for UNKNOWN."""

    def similar(self, letters: str) -> tuple[str, ...]:
        """The known words whose letters without marks are ``letters`` (``syllables.bare``)."""

    def numbers(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The number of each word, 0 or more; words that are not known share that of UNKNOWN."""

    def costs(self, runs: NDArray[np.int64]) -> NDArray[np.float32]:
        """For each run, a row of the numbers of three words, the price in nats of the last behind the others.

        ``NOTHING`` stands in place of words further back than one looks.
        """


class ConfidenceModel(Protocol):
    """Knows how often words are right for which so much speaks."""

    def knows(self, engine: str) -> bool:
        """Whether it has learnt from words of this engine."""

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str], engine: str) -> Sequence[float]:
        """For each row of ``evidence`` the chance, 0..1, that its word of ``engine`` is right; ``features`` names the columns.

        Raises ``UnavailableError`` where the model is missing or knows other features.
        """


@dataclass(frozen=True, slots=True)
class DigitReading:
    """One way to read a crop: digits, ``/`` and ``?`` for a run of other signs; ``confidence`` 0..1 that all of it is right.

    ``places`` holds the middle of each sign in pixels from the left.
    """

    text: str
    confidence: float
    places: tuple[float, ...]


class DigitReader(Protocol):
    """Reads handwritten digits in a crop of one printed line."""

    @property
    def info(self) -> EngineInfo:
        """Name, version and model."""

    def read(self, image: PageImage) -> tuple[DigitReading, ...]:
        """The likeliest readings, best first; confidences add up to 1 at most, an empty text says that nothing is written.

        The crop's baseline lies at 0.675 of its height, and printed capitals are 0.36 of its height tall. Raises
        ``UnavailableError`` where the model is missing or damaged.
        """


class PrintedLine(Protocol):
    """A line of print that a reader has looked at; texts have single spaces between their words."""

    def readings(self) -> tuple[str, ...]:
        """The likeliest texts, best first; an empty one says that nothing is printed there."""

    def weigh(self, texts: Sequence[str]) -> tuple[float, ...]:
        """For each of ``texts`` the log of the probability that it and nothing else is printed there."""

    def places(self, text: str) -> tuple[float, ...]:
        """The middle of each sign of ``text``, one of the readings or a text weighed, in pixels from the left."""


class LineReader(Protocol):
    """Reads short pieces of print, such as names, also under strokes and seals."""

    @property
    def info(self) -> EngineInfo:
        """Name, version and model."""

    def look(self, image: PageImage) -> PrintedLine:
        """What is printed in the grey crop ``image`` of one line.

        Its baseline lies at 0.736 of the crop's height, and its type is 0.694 of that height large (the em). Raises
        ``UnavailableError`` where the model is missing or damaged.
        """


class CodeReader(Protocol):
    """Decodes barcodes and QR codes."""

    def read(self, image: PageImage) -> tuple[PageCode, ...]:
        """The codes in a grey ``image``, at any turn, boxes in **its own pixels**; what cannot be decoded is left out."""
