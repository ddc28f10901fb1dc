"""Short pieces of printed Vietnamese by a small net of our own, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_models.ctc import Shares, align, search, soften, weigh
from ocr_models.lines.ink import HEIGHT, ink_of
from ocr_models.lines.signs import ALPHABET
from ocr_models.nets import ask_net, listed_sha256, load_net
from pipeline.domain.pages import PageImage
from pipeline.ports import EngineInfo

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = Path(__file__).parent / "lines.onnx"
LISTED = "lines/lines.onnx"

#: Columns of ink to one column of odds; widths are multiples of the second, so that few are new; the widest line.
STEP, ROUND, WIDEST = 4, 32, 1024

#: The odds are divided by this.
TEMPERATURE = 1.0

#: How many readings are worth keeping.
KEPT = 12

_SIGNS = {sign: at for at, sign in enumerate(ALPHABET, 1)}


class NetLineReader:
    """Looks at crops of one line; the net is loaded once a process, at the first one."""

    @cached_property
    def info(self) -> EngineInfo:
        """Name, version (the start of the model's sha256) and model."""
        return EngineInfo("lines", listed_sha256(LISTED)[:12], (MODEL.name,))

    def look(self, image: PageImage) -> NetLine:
        """What stands in the grey crop ``image``; see ``ports.LineReader``."""
        if min(image.pixels.shape[:2]) < 4:
            return NetLine(np.zeros((0, len(ALPHABET) + 1)), 1.0)
        ink = ink_of(image.pixels)
        squeezed = max(1.0, ink.shape[1] / WIDEST)
        if squeezed > 1.0:
            ink = np.asarray(cv2.resize(ink, (WIDEST, HEIGHT), interpolation=cv2.INTER_AREA), np.float32)
        return NetLine(soften(_odds(ink), TEMPERATURE), STEP * squeezed * image.height / HEIGHT)


@dataclass(frozen=True, slots=True, eq=False)
class NetLine:
    """A line that the net has looked at: the ``shares`` of each sign at each column, columns ``step`` pixels wide."""

    shares: Shares
    step: float

    def readings(self) -> tuple[str, ...]:
        """The likeliest texts, best first."""
        if not len(self.shares):
            return ()
        return tuple("".join(ALPHABET[sign - 1] for sign in signs) for signs, _ in search(self.shares)[:KEPT])

    def weigh(self, texts: Sequence[str]) -> tuple[float, ...]:
        """For each of ``texts`` the log of the probability that it and nothing else stands there."""
        known = [text for text in texts if len(self.shares) and all(sign in _SIGNS for sign in text)]
        nats = dict(zip(known, weigh(self.shares, [_signs_of(text) for text in known]), strict=True))
        return tuple(nats.get(text, -np.inf) for text in texts)

    def places(self, text: str) -> tuple[float, ...]:
        """The middle of each sign of ``text``, one of the readings, in pixels from the left."""
        return tuple((at + 0.5) * self.step for at in align(self.shares, _signs_of(text)))


def _signs_of(text: str) -> list[int]:
    return [_SIGNS[sign] for sign in text]


def _odds(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    used = ink.shape[1]
    field = np.zeros((HEIGHT, -(-used // ROUND) * ROUND), np.float32)
    field[:, :used] = ink
    return ask_net(_net(), field, -(-used // STEP))


@cache
def _net() -> InferenceSession:
    return load_net(MODEL, listed_sha256(LISTED), "dòng chữ in")
