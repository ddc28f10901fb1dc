"""A hash of what a page looks like: nearly the same for the same sheet scanned again, at another size, darker, a bit askew.

The ink of the page, cut to where it lies, is brought to a small square; the signs of its lowest frequencies are the bits
(after the perceptual hash of Zauner, 2010, with more bits: pages of text differ in little).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

#: Frequencies each way; their square less the mean are the bits.
_SIDE = 16
_SMALL, _SQUARE = 384, 64
#: Share of the ink that may lie outside the cut on each side: specks, punch holes, edges of other sheets.
_STRAY = 0.01
#: Share of the small picture that must be ink for it to look like anything.
_LEAST_INK = 0.002


def picture_hash(pixels: NDArray[np.uint8]) -> str:
    """The hash of an upright page as 64 hexadecimal digits; empty where it is as good as blank.

    ``pixels``: (height, width) grey or (height, width, 3) RGB.
    """
    height, width = pixels.shape[:2]
    scale = _SMALL / max(height, width)
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if small.ndim == 3 else small
    ink = _ink(np.asarray(grey, np.uint8))
    if float(ink.mean()) < _LEAST_INK:
        return ""
    rows, columns = (_extent(ink.sum(axis=axis)) for axis in (1, 0))
    square = cv2.resize(ink[rows, columns], (_SQUARE, _SQUARE), interpolation=cv2.INTER_AREA)
    frequencies = cv2.dct(np.sqrt(square).astype(np.float32))[:_SIDE, :_SIDE].ravel()[1:]
    bits = np.append(frequencies > np.median(frequencies), False)
    return np.packbits(bits).tobytes().hex()


def picture_distance(one: str, other: str) -> float:
    """The share of bits in which two hashes differ: near 0 for the same sheet, about 0.5 for any two; 1 where one is empty."""
    if not one or not other:
        return 1.0
    return (int(one, 16) ^ int(other, 16)).bit_count() / (_SIDE * _SIDE)


def _ink(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much ink there is, 0..1, whatever the paper's shade and the contrast of the scan."""
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((9, 9), np.uint8)), 21).astype(np.float32)
    darker = paper - grey
    usual = float(np.median(darker))
    noise = float(np.median(np.abs(darker - usual)))
    darker -= usual
    deepest = max(float(np.percentile(darker, 99.5)), 24.0)
    return np.where(darker < max(0.15 * deepest, 5 * noise), 0, np.clip(darker / deepest, 0, 1)).astype(np.float32)


def _extent(sums: NDArray[np.float32]) -> slice:
    """Where the ink lies along one side, but for strays."""
    share = np.cumsum(sums) / max(float(sums.sum()), 1e-6)
    first, last = (int(np.searchsorted(share, at)) for at in (_STRAY, 1 - _STRAY))
    return slice(first, max(last + 1, first + 8))
