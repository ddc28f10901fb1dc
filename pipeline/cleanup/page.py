"""One page made legible."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.domain.pages import CleanPage, PageImage
from pipeline.ports import OcrEngine


def clean(image: PageImage, engine: OcrEngine) -> CleanPage:
    """The page in grey."""
    pixels = image.pixels if image.pixels.ndim == 2 else cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    return CleanPage(PageImage(image.number, pixels, image.dpi, image.to_scan))
