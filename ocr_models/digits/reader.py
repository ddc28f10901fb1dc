"""Handwritten digits by a small net of our own, run by ONNX Runtime."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_models.ctc import align, search, soften
from ocr_models.digits.ink import HEIGHT, ink_of
from ocr_models.nets import ask_net, listed_sha256, load_net
from pipeline.domain.pages import PageImage
from pipeline.ports import DigitReading, EngineInfo

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = Path(__file__).parent / "digits.onnx"
LISTED = "digits/digits.onnx"

#: Signs that the net tells apart, behind the blank; ``?`` stands for a run of signs that are neither digit nor slash.
ALPHABET = "0123456789/?"

#: Columns of ink that the net sees.
WIDTH = 192

#: The odds are divided by this; at 1 the net is right as often as it says, with hands it never saw (docs/decisions/0015).
TEMPERATURE = 1.0

#: Columns of ink to one column of odds.
STEP = 2

#: How many readings are worth keeping, and the least share of one.
KEPT, LEAST = 8, 0.002


class NetDigitReader:
    """Reads crops of one line; the net is loaded once a process, at the first reading."""

    @cached_property
    def info(self) -> EngineInfo:
        """Name, version (the start of the model's sha256) and model."""
        return EngineInfo("digits", listed_sha256(LISTED)[:12], (MODEL.name,))

    def read(self, image: PageImage) -> tuple[DigitReading, ...]:
        """The likeliest readings of the crop ``image``, best first; see ``ports.DigitReader``."""
        if min(image.pixels.shape[:2]) < 4:
            return ()
        ink = ink_of(image.pixels)
        shares = soften(_odds(ink), TEMPERATURE)
        found = [(prefix, share) for prefix, share in search(shares)[:KEPT] if share >= LEAST]
        return tuple(
            DigitReading(
                "".join(ALPHABET[sign - 1] for sign in prefix),
                share,
                tuple((at + 0.5) * STEP * _shrink(ink) * image.height / HEIGHT for at in align(shares, prefix)),
            )
            for prefix, share in found
        )


def _shrink(ink: NDArray[np.float32]) -> float:
    """How many columns of ``ink`` go into one that the net sees: 1 unless it is too wide."""
    return max(1.0, float(ink.shape[1]) / WIDTH)


def _odds(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    used = ink.shape[1]
    field = np.zeros((HEIGHT, WIDTH), np.float32)
    if used > WIDTH:
        field[:] = cv2.resize(ink, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        used = WIDTH
    else:
        field[:, :used] = ink
    return ask_net(_net(), field, -(-used // STEP))


@cache
def _net() -> InferenceSession:
    return load_net(MODEL, listed_sha256(LISTED), "chữ số viết tay")
