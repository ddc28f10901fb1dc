"""Pages drawn in letters, so that a golden can be read: ``#`` black, ``+`` dark grey, ``-`` light grey, ``.`` white."""

from __future__ import annotations

import numpy as np

from pipeline.domain.pages import Pixels

LEVELS = {"#": 0, "+": 90, "-": 180, ".": 255}


def draw(picture: str) -> Pixels:
    """The grey pixels of a drawn page."""
    rows = [line.strip() for line in picture.strip().splitlines()]
    return np.array([[LEVELS[sign] for sign in row] for row in rows], np.uint8)


def assert_pixels(pixels: Pixels, picture: str) -> None:
    """Fail with the page as drawn where its pixels, each taken to the nearest level, differ from ``picture``."""
    levels = np.array(list(LEVELS.values()))
    nearest = np.abs(pixels[..., None].astype(int) - levels).argmin(axis=2)
    drawn = "\n".join("".join(list(LEVELS)[at] for at in row) for row in nearest)
    assert drawn == "\n".join(line.strip() for line in picture.strip().splitlines())
