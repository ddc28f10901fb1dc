"""Grey levels below which shares of a picture lie, counted instead of sorted: ten times as fast on a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Pixels


def levels_at(grey: Pixels, *percents: float) -> NDArray[np.float64]:
    """What ``np.percentile(grey, percents)`` is for 8-bit pixels of any shape; ``ValueError`` where there are none."""
    if not grey.size:
        raise ValueError("an empty picture has no levels")
    counts = cv2.calcHist([np.ascontiguousarray(grey).reshape(-1, 1)], [0], None, [256], [0, 256])
    up_to = np.cumsum(counts.ravel(), dtype=np.float64)
    places = (up_to[-1] - 1) * np.asarray(percents, np.float64) / 100
    below = np.searchsorted(up_to, np.floor(places), side="right")
    above = np.searchsorted(up_to, np.ceil(places), side="right")
    return np.asarray(below + (above - below) * (places - np.floor(places)), np.float64)
