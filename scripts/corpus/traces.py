"""What scanners and staplers leave on a picture: black borders, punch holes, staples, another page shining through."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.corpus.chance import Chance

Pixels = NDArray[np.uint8]


def add_borders(chance: Chance, pixels: Pixels, dpi: int) -> Pixels:
    """The page with the black of an open lid along one to three of its sides, slanting a little."""
    found, (height, width) = pixels.copy(), pixels.shape[:2]
    for side in chance.some(("left", "right", "top", "bottom"), chance.whole(1, 3)):
        near, far = (chance.between(0.02, 0.3) * dpi for _ in range(2))
        corners = {
            "left": [(0, 0), (near, 0), (far, height), (0, height)],
            "right": [(width, 0), (width - near, 0), (width - far, height), (width, height)],
            "top": [(0, 0), (0, near), (width, far), (width, 0)],
            "bottom": [(0, height), (0, height - near), (width, height - far), (width, height)],
        }[side]
        shade = chance.whole(4, 40)
        cv2.fillPoly(found, [np.array(corners, np.int32)], (shade, shade, shade), cv2.LINE_AA)
    return found


def punch_holes(chance: Chance, pixels: Pixels, dpi: int) -> Pixels:
    """The page with two or four holes of 5.5 mm along its left edge, 80 mm apart, dark as what lies behind the sheet."""
    found, height = pixels.copy(), pixels.shape[0]
    shade = chance.whole(10, 90)
    x, radius = round(chance.between(0.33, 0.5) * dpi), round(0.108 * dpi)
    places = (-1.5, -0.5, 0.5, 1.5) if chance.odds(0.3) else (-0.5, 0.5)
    for place in places:
        middle = (x, round(height / 2 + place * 3.15 * dpi))
        cv2.circle(found, middle, radius, (shade, shade, shade), -1, cv2.LINE_AA)
    return found


def add_staple(chance: Chance, pixels: Pixels, dpi: int) -> Pixels:
    """The page with a staple in its top left corner, or the two holes and the rust that one left."""
    found = pixels.copy()
    x, y, angle = chance.between(0.25, 0.5) * dpi, chance.between(0.25, 0.5) * dpi, np.radians(chance.between(-60, 60))
    half = 0.22 * dpi
    ends = [(round(x + sign * half * np.cos(angle)), round(y + sign * half * np.sin(angle))) for sign in (-1, 1)]
    if chance.odds(0.6):
        cv2.line(found, ends[0], ends[1], (70, 70, 76), max(2, round(0.025 * dpi)), cv2.LINE_AA)
    for end in ends:
        cv2.circle(found, end, max(2, round(0.02 * dpi)), (80, 50, 40), -1, cv2.LINE_AA)
    return found
