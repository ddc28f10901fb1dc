"""Pages with nothing on them: backs, separators, lids left open."""

from __future__ import annotations

import numpy as np

from pipeline.cleanup.background import Paper
from pipeline.cleanup.thumbnail import Thumbnail

#: At most this many marks, and at most this share of dark ink, on a blank page: dust and punch holes.
MOST_MARKS = 12
MOST_INK = 0.0006

#: Ink that stands out by less than this is shine-through from the other side.
SHINE_THROUGH = 40

#: The margin in which staples, punch holes and shadows of the paper's edge lie, as a share of each side.
MARGIN = 0.05


def is_blank(thumbnail: Thumbnail, paper: Paper) -> bool:
    """Whether nothing was printed or written on the page: no ink inside its margins but specks and shine-through."""
    height, width = thumbnail.grey.shape
    x, y = round(width * MARGIN), round(height * MARGIN)
    inner = thumbnail.grey[y : height - y, x : width - x]
    ink = thumbnail.ink[y : height - y, x : width - x] > 0
    if not ink.any():
        return True
    bare = float(np.median(paper.lightness))
    dark = ink & (inner < bare - SHINE_THROUGH)
    if float(dark.mean()) > MOST_INK:
        return False
    left, top = thumbnail.marks[:, 0], thumbnail.marks[:, 1]
    inside = thumbnail.marks[(left > x) & (left < width - x) & (top > y) & (top < height - y)]
    strong = sum(bool(dark[t - y : t - y + h, a - x : a - x + w].any()) for a, t, w, h, _ in inside.tolist())
    return strong <= MOST_MARKS
