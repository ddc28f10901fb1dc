"""A line of print as the net sees it: dark strokes as ones on a field of zeros, a few dozen rows high."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Pixels

#: Rows the net sees; where the baseline lies, and how large the type is (its em), in rows: room for Ễ above and ỵ below.
HEIGHT, BASELINE, EM = 36, 26.5, 25.0

#: The least difference of grey between paper and ink; below it nothing is printed there.
LEAST_CONTRAST = 30.0


def ink_of(grey: Pixels) -> NDArray[np.float32]:
    """The darkness 0..1 of each pixel of ``grey``, scaled to ``HEIGHT`` rows, paper at zero."""
    width = max(4, round(grey.shape[1] * HEIGHT / grey.shape[0]))
    way = cv2.INTER_AREA if grey.shape[0] > HEIGHT else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(grey), (width, HEIGHT), interpolation=way).astype(np.float32)
    paper, dark = np.percentile(small, (80, 1))
    span = max(float(paper - dark), LEAST_CONTRAST)
    return np.asarray(np.clip((float(paper) - small) / span, 0.0, 1.0), np.float32)
