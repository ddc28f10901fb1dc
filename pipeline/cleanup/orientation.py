"""Which way up a page lies, told from its marks; an engine is asked only where they leave a doubt."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.cleanup.thumbnail import Marks
from pipeline.cleanup.tilt import FEWEST_MARKS, best_angle
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageImage, Pixels
from pipeline.ports import OcrEngine

#: Lines must be this many times as clear along one axis as along the other.
CLEAR_AXIS = 1.6

#: The feet of letters stand on lines this many times as sharply as their heads: Latin letters and tone marks rise unevenly.
CLEAR_FEET = 1.03

#: An engine less sure than this about the turn is not believed.
ENGINE_SURE = 2.0

#: Resolution at which the engine looks.
ENGINE_DPI = 150

QUARTER_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def find_turn(marks: Marks, thumbnail: PageImage, engine: OcrEngine) -> int:
    """The clockwise turn (0, 90, 180, 270) that makes the page upright; 0 where nothing can be told."""
    if len(marks) < FEWEST_MARKS:
        return 0
    turn, sure = guess_turn(marks)
    if sure and turn == 0:
        return 0
    told, confidence = engine.upright(thumbnail)
    if confidence >= ENGINE_SURE:
        return told
    return turn if sure else 0


def guess_turn(marks: Marks) -> tuple[int, bool]:
    """The clockwise turn that makes the page upright as the marks have it, and whether they leave no doubt."""
    left, top, width, height = (marks[:, column].astype(np.float64) for column in range(4))
    right, bottom = left + width, top + height
    across, down = left + width / 2, top + height / 2
    feet_if_turned = {
        0: _sharpness(across, bottom),
        180: _sharpness(across, top),
        90: _sharpness(down, right),
        270: _sharpness(down, left),
    }
    lying = max(feet_if_turned[0], feet_if_turned[180])
    standing = max(feet_if_turned[90], feet_if_turned[270])
    pair = (0, 180) if lying >= standing else (90, 270)
    turn = max(pair, key=lambda key: feet_if_turned[key])
    feet, heads = feet_if_turned[turn], min(feet_if_turned[key] for key in pair)
    clear = max(lying, standing) >= CLEAR_AXIS * min(lying, standing) and feet >= CLEAR_FEET * heads
    return turn, clear


def _sharpness(
    along: np.ndarray[tuple[int], np.dtype[np.float64]], across: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> float:
    return best_angle(np.column_stack((along, across)))[1]


def turn_page(image: PageImage, turn: int) -> PageImage:
    """The page turned clockwise by ``turn`` (0, 90, 180, 270) degrees."""
    if turn == 0:
        return image
    pixels = np.ascontiguousarray(cv2.rotate(image.pixels, QUARTER_TURNS[turn]), dtype=np.uint8)
    height, width = image.pixels.shape[:2]
    back = {
        90: Affine(0, 1, 0, -1, 0, height),
        180: Affine(-1, 0, width, 0, -1, height),
        270: Affine(0, -1, width, 1, 0, 0),
    }[turn]
    return PageImage(image.number, pixels, image.dpi, back.then(image.to_scan))


def turn_marks(marks: Marks, picture: Pixels, turn: int) -> Marks:
    """The marks of ``picture`` where they lie once it is turned clockwise by ``turn``."""
    height, width = picture.shape[:2]
    left, top, wide, high, area = marks.T
    if turn == 90:
        return np.column_stack((height - top - high, left, high, wide, area))
    if turn == 180:
        return np.column_stack((width - left - wide, height - top - high, wide, high, area))
    if turn == 270:
        return np.column_stack((top, width - left - wide, high, wide, area))
    return marks
