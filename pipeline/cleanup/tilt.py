"""The tilt of the text, and the page turned back by it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.thumbnail import Marks
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageImage

#: Tilts are looked for up to this many degrees on both sides.
WIDEST = 16.0

#: Tilts below this many degrees are left alone: engines read them as well, and every turn blurs a little.
LEAST = 0.4

#: Fewer marks than this say nothing about a tilt.
FEWEST_MARKS = 25

#: A profile must be this many times as peaked as that of an untilted page before the page is turned.
GAIN = 1.03

Points = NDArray[np.float64]


def measure_tilt(marks: Marks) -> float:
    """The tilt of the text in degrees, positive where lines fall to the right; 0 where marks are too few to tell."""
    if len(marks) < FEWEST_MARKS:
        return 0.0
    points = feet(marks)
    angle, score = best_angle(points)
    return angle if score > GAIN * profile_score(points, 0.0) else 0.0


def feet(marks: Marks) -> Points:
    """The middle of each mark's foot, one row (x, y) each: feet stand on baselines."""
    return np.column_stack((marks[:, 0] + marks[:, 2] / 2, marks[:, 1] + marks[:, 3])).astype(np.float64)


def best_angle(points: Points) -> tuple[float, float]:
    """The angle in degrees at which the points gather most on straight lines, and its score."""
    best, step, angles = 0.0, 0.5, np.arange(-WIDEST, WIDEST + 0.01, 0.5)
    while step > 0.01:
        scores = [profile_score(points, float(angle)) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
        step /= 5
        angles = best + step * np.arange(-5, 6)
    return best, profile_score(points, best)


def profile_score(points: Points, degrees: float) -> float:
    """How peaked the profile of the points is along lines at ``degrees``: 1 for points spread evenly, more for text."""
    turn = np.radians(degrees)
    heights = points[:, 1] * np.cos(turn) - points[:, 0] * np.sin(turn)
    counts = np.convolve(np.bincount((heights - heights.min()).astype(np.int64)), (1.0, 1.0, 1.0))
    return float((counts**2).sum() * len(counts) / counts.sum() ** 2)


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
