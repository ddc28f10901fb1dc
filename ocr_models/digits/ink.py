"""A crop of ink as the net sees it: dark strokes as ones on a field of zeros, 40 rows high."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Pixels

#: Rows the net sees.
HEIGHT = 40

#: The least difference of grey between paper and ink; below it nothing is written there.
LEAST_CONTRAST = 40.0


def ink_of(pixels: Pixels) -> NDArray[np.float32]:
    """The darkness 0..1 of each pixel of ``pixels`` (grey or RGB), scaled to ``HEIGHT`` rows, paper at zero.

    Of colours the red channel is taken: blue and black ink are dark in it, red seals vanish.
    """
    grey = pixels[..., 0] if pixels.ndim == 3 else pixels
    width = max(1, round(grey.shape[1] * HEIGHT / grey.shape[0]))
    way = cv2.INTER_AREA if grey.shape[0] > HEIGHT else cv2.INTER_LINEAR
    small = cv2.resize(np.ascontiguousarray(grey), (width, HEIGHT), interpolation=way).astype(np.float32)
    paper, dark = np.percentile(small, (85, 1))
    span = max(float(paper - dark), LEAST_CONTRAST)
    return np.asarray(np.clip((float(paper) - small) / span, 0.0, 1.0), np.float32)
