"""Colour to grey such that red seals fade and what is printed or written stays."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.cleanup.seals import Corners, around_seal, fade_inks, find_seals
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces

#: Red stands above the stronger of the two other channels by this much where the ink is red.
REDNESS = 45

#: Resolution at which red ink is looked for.
COARSE_DPI = 75

#: Red lines of print are at most this high and at least this many times as wide as high; seals are higher and round.
TEXT_INCHES = 0.35
TEXT_ELONGATION = 2.5

#: Letters of one red line are at most this far apart.
LETTER_GAP_INCHES = 0.14


def to_grey(image: PageImage) -> PageImage:
    """The page in grey: its red channel, in which red seals fade, but plain lightness where red print stands.

    Black text and blue ink are dark in the red channel; around a seal, what signatures are written with fades too. A grey
    page is returned as it is.
    """
    if image.pixels.ndim == 2:
        return image
    red = cv2.extractChannel(image.pixels, 0).astype(np.uint8)
    lines, seals = find_red_ink(image)
    for seal in seals:
        left, top, right, bottom = around_seal(seal, image.dpi, image.width, image.height)
        area = slice(top, bottom), slice(left, right)
        red[area] = fade_inks(image.pixels[area], red[area], image.dpi)
    for left, top, right, bottom in lines:
        part = image.pixels[top:bottom, left:right]
        light = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
        level = float(np.percentile(red[top:bottom, left:right], 90)) / max(1.0, float(np.percentile(light, 90)))
        red[top:bottom, left:right] = np.minimum(255, light * level).astype(np.uint8)
    return PageImage(image.number, red, image.dpi, image.to_scan)


def find_red_ink(image: PageImage) -> tuple[list[Corners], list[Corners]]:
    """Boxes (left, top, right, bottom) in pixels of the image around lines of red print, and around seals."""
    factor = min(1.0, COARSE_DPI / image.dpi)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    coarse = _coarsen(image.pixels, size)
    seals = [_scaled(seal, factor, image.width, image.height) for seal in find_seals(coarse, image.dpi * factor)]
    mask = red_mask(coarse)
    if not mask.any():
        return [], seals
    reach = max(3, round(LETTER_GAP_INCHES * image.dpi * factor) | 1)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, reach), np.uint8))
    pieces = find_pieces(joined.astype(np.uint8)).boxes
    found = []
    for left, top, width, height, _ in pieces.tolist():
        low = 3 <= height <= TEXT_INCHES * image.dpi * factor
        if low and width >= TEXT_ELONGATION * height and not _near_seal(pieces, left, top, width, height):
            corners = (left - 2, top - 2, left + width + 2, top + height + 2)
            line = _scaled(corners, factor, image.width, image.height)
            if not any(_holds(seal, line) for seal in seals):
                found.append(line)
    return found, seals


def _coarsen(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """A smaller picture; halved first, as long as that is enough, for halving is much cheaper than other steps."""
    while min(pixels.shape[1] // size[0], pixels.shape[0] // size[1]) >= 2:
        height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
        halves = pixels[: 2 * height, : 2 * width]
        pixels = np.asarray(cv2.resize(halves, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def red_mask(pixels: Pixels) -> Pixels:
    """255 where an RGB picture is red."""
    red, green, blue = (channel.astype(np.int16) for channel in cv2.split(pixels))
    return ((red - np.maximum(green, blue) > REDNESS) * np.uint8(255)).astype(np.uint8)


def _near_seal(pieces: NDArray[np.int32], left: int, top: int, width: int, height: int) -> bool:
    """Whether the box touches a red piece that is as high and as wide as a seal: then it is a part of its rim."""
    for x, y, wide, high, _ in pieces.tolist():
        if min(wide, high) > 3 * height and x < left + width and left < x + wide and y < top + height and top < y + high:
            return True
    return False


def _holds(seal: Corners, line: Corners) -> bool:
    """Whether the middle of ``line`` lies in ``seal``: then it is an arc of its rim."""
    x, y = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
    return seal[0] <= x <= seal[2] and seal[1] <= y <= seal[3]


def _scaled(corners: Corners, factor: float, width: int, height: int) -> Corners:
    left, top, right, bottom = (round(corner / factor) for corner in corners)
    return max(0, left), max(0, top), min(width, right), min(height, bottom)
