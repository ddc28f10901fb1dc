"""The operations on rasters that composition is built of, with their types: OpenCV's on 8 bits; sizes are (width, height)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Pixels

Floats = NDArray[np.float32]
Size = tuple[int, int]


def in_grey(pixels: Pixels) -> Pixels:
    """``pixels`` (RGB or grey) as grey."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8) if pixels.ndim == 3 else pixels


def shrink(pixels: Pixels, size: Size) -> Pixels:
    """The mean of what falls on each pixel of a smaller picture.

    Steps are whole: what is left over at the right and lower rim does not count. Even steps go by halves, which is a
    third of the time.
    """
    across, down = max(1, pixels.shape[1] // size[0]), max(1, pixels.shape[0] // size[1])
    while across % 2 == down % 2 == 0 and across * down > 4:
        pixels, across, down = halve(pixels), across // 2, down // 2
    part = pixels[: size[1] * down, : size[0] * across]
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)


def halve(pixels: Pixels) -> Pixels:
    """The mean of every two by two pixels; what is left over at the right and lower rim does not count."""
    height, width = max(1, pixels.shape[0] // 2), max(1, pixels.shape[1] // 2)
    return np.asarray(cv2.resize(pixels[: height * 2, : width * 2], (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def enlarge(pixels: Pixels, size: Size) -> Pixels:
    """A larger picture, linear in between."""
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def pick(pixels: Pixels, size: Size) -> Pixels:
    """The nearest pixel for each of a smaller or larger picture; of a larger one, :func:`spread`."""
    height, width = pixels.shape[:2]
    if size[0] > width and size[1] > height:
        return spread(pixels, (round(size[0] / width), round(size[1] / height)), size)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def spread(pixels: Pixels, steps: Size, size: Size) -> Pixels:
    """Each pixel as a block of so many, as :func:`shrink` made it of one; the last stand for what is left over, too."""
    if steps == (1, 1) and size == (pixels.shape[1], pixels.shape[0]):
        return pixels
    larger = np.repeat(np.repeat(pixels, steps[0], axis=1), steps[1], axis=0)[: size[1], : size[0]]
    rows, columns = size[1] - larger.shape[0], size[0] - larger.shape[1]
    if not rows and not columns:
        return larger
    return np.asarray(cv2.copyMakeBorder(larger, 0, rows, 0, columns, cv2.BORDER_REPLICATE), np.uint8)


def every(pixels: Pixels, step: int) -> Pixels:
    """Every so many rows and columns."""
    return np.ascontiguousarray(pixels[::step, ::step])


def strongest(pixels: Pixels) -> Pixels:
    """The strongest channel of each pixel."""
    one, two, three = cv2.split(pixels) if pixels.ndim == 3 else (pixels, pixels, pixels)
    return np.asarray(cv2.max(cv2.max(one, two), three), np.uint8)


def weakest(pixels: Pixels) -> Pixels:
    """The weakest channel of each pixel."""
    one, two, three = cv2.split(pixels) if pixels.ndim == 3 else (pixels, pixels, pixels)
    return np.asarray(cv2.min(cv2.min(one, two), three), np.uint8)


def darker(pixels: Pixels, level: Pixels) -> Pixels:
    """255 where ``pixels`` are below ``level``."""
    return np.asarray(cv2.compare(pixels, level, cv2.CMP_LT), np.uint8)


def above(pixels: Pixels, level: float) -> Pixels:
    """255 where ``pixels`` are above one level."""
    return np.asarray(cv2.threshold(pixels, level, 255, cv2.THRESH_BINARY)[1], np.uint8)


def both(one: Pixels, other: Pixels) -> Pixels:
    """What two masks share."""
    return np.asarray(cv2.bitwise_and(one, other), np.uint8)


def without(one: Pixels, other: Pixels) -> Pixels:
    """What of a mask (or grey) is left when another is taken off."""
    return np.asarray(cv2.subtract(one, other), np.uint8)


def turned_over(mask: Pixels) -> Pixels:
    """255 where there was 0, and 0 where there was 255."""
    return np.asarray(cv2.bitwise_not(mask), np.uint8)


def grow(mask: Pixels, side: int) -> Pixels:
    """The greatest value in a square around each pixel."""
    return np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)), np.uint8)


def wear(mask: Pixels, side: int) -> Pixels:
    """The least value in a square around each pixel."""
    return np.asarray(cv2.erode(mask, np.ones((side, side), np.uint8)), np.uint8)


def mean(pixels: Pixels, side: int) -> Pixels:
    """The mean of a square around each pixel."""
    return np.asarray(cv2.blur(pixels, (side, side)), np.uint8)


def means(values: Floats, side: int) -> Floats:
    """The same for floating point."""
    return np.asarray(cv2.blur(values, (side, side)), np.float32)


def step_down(paper: Pixels, contrast: Pixels, share: float, least: int) -> Pixels:
    """``paper`` less a ``share`` of ``contrast``, but by no less than ``least``."""
    away = np.maximum(contrast * np.float32(share), np.float32(least))
    return np.asarray(np.clip(paper - away, 0, 255), np.uint8)
