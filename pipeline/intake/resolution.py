"""Dots per inch: as the file says where that can be true, else from the size of the paper it most likely was."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.domain.pages import Pixels

_LOWEST, _HIGHEST = 72.0, 1250.0
#: Between the long side of a card and that of A2, with room to spare.
_SHORTEST_INCHES, _LONGEST_INCHES = 2.5, 24.0
_A4_LONG, _A5_LONG, _CARD_LONG = 11.69, 8.27, 3.37
_CARD_RATIO = 85.6 / 53.98


def sane_dpi(width: int, height: int, declared: float | None) -> float:
    """``declared`` where it makes a plausible sheet of ``width`` × ``height`` pixels, else an estimate (A4, A5 or card).

    72 and 96 dpi are what programs write that know nothing, so they hold only for a picture that is then an A4 or smaller.
    """
    long_side = max(width, height)
    if declared and _LOWEST <= declared <= _HIGHEST:
        inches = long_side / declared
        unknowing = round(declared) in (72, 96)
        if _SHORTEST_INCHES <= inches <= (_A4_LONG * 1.1 if unknowing else _LONGEST_INCHES):
            return float(declared)
    return _estimate(long_side, min(width, height))


def square_dots(pixels: Pixels, across: float, down: float) -> tuple[Pixels, float]:
    """The picture with square dots, and how many there are an inch: faxes have twice as many across as down."""
    if not (0 < across < 5000 and 0 < down < 5000) or not 1.02 < max(across / down, down / across) < 4:
        return pixels, across
    dpi = max(across, down)
    height, width = pixels.shape[:2]
    size = round(width * dpi / across), round(height * dpi / down)
    return cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False), dpi


def _estimate(long_side: int, short_side: int) -> float:
    ratio = long_side / max(1, short_side)
    if abs(ratio - _CARD_RATIO) < 0.05 and 150 <= long_side / _CARD_LONG <= 700:
        return long_side / _CARD_LONG
    dpi = long_side / _A4_LONG
    if dpi < 100:
        dpi = long_side / _A5_LONG
    return max(_LOWEST, min(dpi, 600.0))
