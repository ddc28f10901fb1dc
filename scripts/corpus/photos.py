"""Sheets photographed on a desk with a phone held askew: perspective, a desk behind, a lamp's glare."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.corpus.chance import Chance

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]

#: Desks: wood, slate, cloth, a light table.
DESKS = ((92, 70, 52), (58, 60, 66), (44, 70, 60), (120, 96, 74), (150, 148, 142))


def look_askew(chance: Chance, size: tuple[int, int]) -> tuple[Matrix, tuple[int, int]]:
    """The homography by which a phone sees a sheet of ``size`` (width, height) pixels, and the size of its picture.

    The sheet fills most of the picture, turned by up to 6 degrees, leaning by up to 14 % of its sides.
    """
    width, height = size
    picture = (round(width * chance.between(1.12, 1.35)), round(height * chance.between(1.08, 1.2)))
    turn = np.radians(chance.between(-6, 6))
    sheet = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    middle = sheet - np.array((width / 2, height / 2))
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    lean = np.array([[chance.between(0, 0.045) * width, chance.between(0, 0.035) * height] for _ in range(4)])
    inwards = -np.sign(middle)
    corners = middle @ spin + inwards * lean
    fit = min(picture[side] / np.ptp(corners[:, side]) for side in (0, 1)) * chance.between(0.9, 0.97)
    placed = corners * fit
    placed += np.array(picture) / 2 - (placed.min(axis=0) + placed.max(axis=0)) / 2
    matrix = cv2.getPerspectiveTransform(sheet.astype(np.float32), placed.astype(np.float32))
    return np.asarray(matrix, np.float64), picture


def draw_desk(chance: Chance, size: tuple[int, int]) -> Pixels:
    """A desk top of ``size`` (width, height): one colour, grained along one direction."""
    width, height = size
    along = (40, 3) if chance.odds(0.5) else (3, 40)
    size_of_grain = height // along[0] + 1, width // along[1] + 1
    grain = np.random.default_rng(chance.whole(0, 10**9)).normal(0, 1, size_of_grain).astype(np.float32)
    full = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)[..., None] * chance.between(2, 9)
    return np.clip(np.array(chance.pick(DESKS), np.float32) + full, 0, 255).astype(np.uint8)


def burn_glare(chance: Chance, pixels: Pixels) -> Pixels:
    """The picture with the reflection of a lamp: a spot where paper and print are burnt to white."""
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:96, 0:64].astype(np.float32)
    x, y, wide = chance.between(16, 48), chance.between(24, 72), chance.between(8, 14)
    distance = ((columns - x) / wide) ** 2 + ((rows - y) / (wide * chance.between(0.8, 1.4))) ** 2
    spot = cv2.resize(np.clip(1.6 * np.exp(-distance), 0, 1), (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    return np.clip(pixels * (1 - spot) + 255 * spot, 0, 255).astype(np.uint8)
