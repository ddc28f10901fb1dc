"""Which way up a page lies, told from its marks; an engine is asked only where they leave a doubt."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.baselines import find_tilt, link_letters
from pipeline.cleanup.thumbnail import Marks
from pipeline.cleanup.tilt import FEWEST_MARKS, LEAST_SHARE, measure_tilt, straighten
from pipeline.domain.errors import RecognitionError
from pipeline.domain.geometry import Affine
from pipeline.domain.pages import PageImage, Pixels
from pipeline.ports import OcrEngine

#: Neighbouring letters must stand side by side this many times as often as one above the other.
CLEAR_AXIS = 1.6

#: At most this many marks are asked for their neighbours.
MOST_ASKED = 400

#: Marks are letters from this share of the usual size on, up to the second; neighbours are at most one usual size apart.
SMALLEST, LARGEST = 0.6, 2.5

#: This many times as many feet of letters as heads stand on straight lines: Latin letters and tone marks rise unevenly.
#: The second where there are fewer than so many pairs of letters to compare.
CLEAR_FEET, VERY_CLEAR_FEET, MANY_PAIRS = 1.15, 1.6, 200

#: An engine less sure than this that the page lies as its marks have it is not believed.
ENGINE_SURE = 2.0

#: Pages mostly lie right: one is turned upside down only where so many times as much of it is legible then.
MUCH_MORE = 1.2

#: Words it is less sure of (0..1) are not counted as read.
LEGIBLE = 0.5

QUARTER_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def find_turn(marks: Marks, thumbnail: PageImage, engine: OcrEngine) -> int:
    """The clockwise turn (0, 90, 180, 270) that makes the page upright; 0 where nothing can be told.

    Where the marks leave top and bottom in doubt the engine is asked; where it does not say the same, it reads both ways:
    of few words, or capitals alone, it is often sure and wrong.
    """
    if len(marks) < FEWEST_MARKS:
        return 0
    turn, sure = guess_turn(marks)
    if sure:
        return turn
    tilt = measure_tilt(turn_marks(marks, thumbnail.pixels, turn)) or 0.0
    told, confidence = engine.upright(straighten(turn_page(thumbnail, turn), tilt))
    sure = confidence >= ENGINE_SURE
    if sure and told == 0:
        return turn
    ways = sorted((turn, (turn + 180) % 360))
    legible, legible_turned = (_count_legible(straighten(turn_page(thumbnail, way), tilt), engine) for way in ways)
    if legible_turned == legible and sure and told == 180:
        return (turn + 180) % 360
    if legible_turned == legible and ways[0]:
        return turn
    return ways[legible_turned > (legible if ways[0] else MUCH_MORE * legible)]


def _count_legible(page: PageImage, engine: OcrEngine) -> float:
    """How many letters the engine reads, each counted by how sure it is; 0 where it cannot read."""
    try:
        words = [word for line in engine.read(page) for word in line.words]
    except RecognitionError:
        return 0.0
    return sum(len(word.text) * word.confidence for word in words if word.confidence >= LEGIBLE)


def guess_turn(marks: Marks) -> tuple[int, bool]:
    """The clockwise turn that makes the page upright as the marks have it, and whether they leave no doubt."""
    beside, above = count_neighbours(marks)
    lying = beside >= above
    pairs = link_letters(marks if lying else _laid_down(marks))
    feet, heads = find_tilt(pairs)[1], find_tilt(pairs, heads=True)[1]
    clear = max(beside, above) + 1 >= CLEAR_AXIS * (min(beside, above) + 1)
    needed = CLEAR_FEET if len(pairs.links) >= MANY_PAIRS else VERY_CLEAR_FEET
    sure = clear and max(feet, heads) >= max(LEAST_SHARE, needed * min(feet, heads)) > 0
    if feet >= heads:
        return 0 if lying else 90, sure
    return 180 if lying else 270, sure


def share_on_lines(marks: Marks) -> float:
    """The share of letters, 0..1, that stand or hang on common straight lines, whichever way the page lies."""
    if len(marks) < FEWEST_MARKS:
        return 0.0
    beside, above = count_neighbours(marks)
    pairs = link_letters(marks if beside >= above else _laid_down(marks))
    return max(find_tilt(pairs)[1], find_tilt(pairs, heads=True)[1])


def count_neighbours(marks: Marks) -> tuple[int, int]:
    """How many letters have their nearest neighbour beside them, and how many above or below them.

    Letters of a word stand closer together than lines do, whatever the page holds and however it is tilted.
    """
    side = np.maximum(marks[:, 2], marks[:, 3])
    usual = float(np.median(side))
    letters = marks[(side >= SMALLEST * usual) & (side <= LARGEST * usual)]
    asked = letters[:: max(1, -(-len(letters) // MOST_ASKED))]
    across, down = (np.abs(_middles(asked, axis)[:, None] - _middles(letters, axis)) for axis in (0, 1))
    gap_across = across - (asked[:, None, 2] + letters[:, 2]) / 2
    gap_down = down - (asked[:, None, 3] + letters[:, 3]) / 2
    gap = np.maximum(gap_across, gap_down) + 0.3 * np.minimum(across, down)
    gap[across + down == 0] = np.inf
    nearest = gap.argmin(axis=1)
    rows = np.arange(len(asked))
    near = gap[rows, nearest] < usual
    beside = across[rows, nearest] > down[rows, nearest]
    return int((near & beside).sum()), int((near & ~beside).sum())


def _middles(marks: Marks, axis: int) -> NDArray[np.float32]:
    return (marks[:, axis] + marks[:, axis + 2] / 2).astype(np.float32)


def _laid_down(marks: Marks) -> Marks:
    """The marks of a page turned clockwise by 90 degrees, somewhere left of the origin."""
    left, top, width, height, area = marks.T
    return np.column_stack((-top - height, left, height, width, area))


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
