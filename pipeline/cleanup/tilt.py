"""The tilt of the text, and the page turned back by it."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.cleanup.baselines import find_tilt, link_letters
from pipeline.cleanup.thumbnail import Marks
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageImage, Pixels

#: Tilts below this many degrees are left alone: engines read them as well, and every turn blurs a little.
LEAST = 0.15

#: At least this share of letters must stand on common baselines; else long straight lines are asked.
LEAST_SHARE = 0.3

#: Such lines are at least this share of the shorter side long and within this many degrees of level.
LONG_RULING, WIDEST = 0.2, 18.0

#: Fewer marks than this say nothing about a tilt.
FEWEST_MARKS = 25


def measure_tilt(marks: Marks) -> float | None:
    """The tilt of the text in degrees, positive where lines fall to the right; None where the marks do not tell."""
    if len(marks) < FEWEST_MARKS:
        return None
    tilt, share = find_tilt(link_letters(marks))
    return tilt if share >= LEAST_SHARE else None


def measure_rulings(grey: Pixels) -> float:
    """The tilt of the long straight lines of a thumbnail in degrees; 0 where there are none within 18 degrees."""
    edges = cv2.Canny(grey, 50, 150)
    pieces = cv2.HoughLinesP(edges, 1, np.pi / 1800, 60, minLineLength=LONG_RULING * min(grey.shape), maxLineGap=5)
    if pieces is None:
        return 0.0
    across, down = (np.asarray(pieces, np.float64).reshape(-1, 4)[:, 2:] - np.reshape(pieces, (-1, 4))[:, :2]).T
    angles = np.degrees(np.arctan2(down, across))
    level = np.abs(angles) <= WIDEST
    if not level.any():
        return 0.0
    order = np.argsort(angles[level])
    lengths = np.cumsum(np.hypot(across, down)[level][order])
    return float(angles[level][order][np.searchsorted(lengths, lengths[-1] / 2)])


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
        image.pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)
    ).astype(np.uint8)
    return PageImage(image.number, pixels, image.dpi, forward.inverse().then(image.to_scan))
