"""Salt and pepper of fax machines and worn copiers."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.cleanup.thumbnail import Thumbnail
from pipeline.domain.pages import PageImage

#: Specks for each letter on the page, and specks in all, from which a page is noisy. Dots and tone marks make less than one.
SPECKS_PER_MARK = 5.0
FEWEST_SPECKS = 3000


def is_noisy(thumbnail: Thumbnail) -> bool:
    """Whether specks outnumber letters by far."""
    return thumbnail.specks > max(FEWEST_SPECKS, SPECKS_PER_MARK * len(thumbnail.marks))


def remove_specks(image: PageImage) -> PageImage:
    """The grey page with every pixel at the middle of the nine around it: single black and white dots vanish."""
    return PageImage(image.number, cv2.medianBlur(image.pixels, 3).astype(np.uint8), image.dpi, image.to_scan)
