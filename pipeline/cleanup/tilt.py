"""The tilt of the text, and the page turned back by it."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.cleanup.baselines import find_tilt, link_letters
from pipeline.cleanup.thumbnail import Marks
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageImage

#: Tilts below this many degrees are left alone: engines read them as well, and every turn blurs a little.
LEAST = 0.15

#: Fewer marks than this say nothing about a tilt.
FEWEST_MARKS = 25


def measure_tilt(marks: Marks) -> float:
    """The tilt of the text in degrees, positive where lines fall to the right; 0 where marks are too few to tell."""
    if len(marks) < FEWEST_MARKS:
        return 0.0
    return find_tilt(link_letters(marks))[0]


def straighten(image: PageImage, degrees: float) -> PageImage:
    """The page turned back by ``degrees``, on a canvas that holds all of it; edges are filled with the paper's grey."""
    if abs(degrees) < LEAST:
        return image
    turned = Affine.rotation(-degrees, image.width / 2, image.height / 2)
    corners = [turned.apply(x, y) for x in (0, image.width) for y in (0, image.height)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    width = int(np.ceil(max(x for x, _ in corners) - left))
    height = int(np.ceil(max(y for _, y in corners) - top))
    forward = turned.then(Affine.shift(-left, -top))
    matrix = np.array([[forward.a, forward.b, forward.c], [forward.d, forward.e, forward.f]])
    paper = float(np.percentile(image.pixels[::8, ::8], 90))
    pixels = cv2.warpAffine(
        image.pixels, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
    ).astype(np.uint8)
    return PageImage(image.number, pixels, image.dpi, forward.inverse().then(image.to_scan))
