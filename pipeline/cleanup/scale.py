"""The size at which the engine reads best and cheapest."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageImage

#: Height in pixels to which the usual letter (between x-height and capitals) is brought. On real scans of 200 to 300 dpi
#: words are read better at 15 to 20 pixels than at 38, at two thirds of the CPU time.
TARGET_HEIGHT = 18.0

#: The same where the ink is faint: there every pixel that is averaged away is missed.
FAINT_TARGET_HEIGHT = 26.0

#: Letters lower than this are enlarged.
TOO_LOW = 13.0

#: Never fewer than this many dots per inch: smaller print than the usual one must stay legible.
LEAST_DPI = 140.0

#: Neither engines nor OpenCV's turns take sides beyond 32,767 pixels; no paper needs half of that.
LONGEST_SIDE = 16000

#: Never beyond these factors, nor by a factor between the last two, which would cost sharpness and win nothing.
SMALLEST, LARGEST, IDLE = 0.2, 2.0, (0.9, 1.25)


def choose_factor(text_height: float, dpi: float, *, faint: bool = False) -> float:
    """The factor that brings letters of ``text_height`` pixels (0: unknown, then judged by ``dpi``) to a good size."""
    target = FAINT_TARGET_HEIGHT if faint else TARGET_HEIGHT
    height = text_height or dpi / 8.0
    if TOO_LOW <= height <= target:
        return 1.0
    factor = min(LARGEST, max(SMALLEST, target / height))
    if factor < 1:
        factor = min(1.0, max(factor, LEAST_DPI / dpi))
    return 1.0 if IDLE[0] < factor < IDLE[1] else factor


def fit_factor(factor: float, longest: int) -> float:
    """``factor``, or less where a side of ``longest`` pixels would come out longer than engines and turns can take."""
    return min(factor, LONGEST_SIDE / longest)


def resize_page(image: PageImage, factor: float) -> PageImage:
    """The page stretched by ``factor``."""
    if factor == 1.0:
        return image
    width, height = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    pixels = cv2.resize(image.pixels, (width, height), interpolation=method).astype(np.uint8)
    back = Affine.scale(image.width / width, image.height / height)
    return PageImage(image.number, pixels, image.dpi * factor, back.then(image.to_scan))
