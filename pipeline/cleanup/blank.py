"""Pages with nothing on them: backs, separators, lids left open."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.cleanup.background import Paper
from pipeline.cleanup.baselines import link_letters
from pipeline.cleanup.thumbnail import Marks, Thumbnail
from pipeline.domain.pages import Pixels

#: At most this many marks, and at most this share of dark ink, on a blank page: dust, staples, a seal's soaked rim.
MOST_MARKS = 12
MOST_INK = 0.0006

#: Where there is this many times as much, single specks may be the most of it.
FEW_SPECKS = 4

#: Ink that stands out by less than this is shine-through from the other side.
FAINT = 40

#: Shine-through may be this strong, but paper blurs it: its edges are less steep than this for its strength.
SHINE_THROUGH, BLURRED = 70, 0.15

#: The margin in which staples and shadows of the paper's edge lie, as a share of each side.
MARGIN = 0.05

#: Letters and digits are at least this high in pixels of the thumbnail; dust is lower.
LOWEST_LETTER = 8

#: Page numbers stand in these parts of the page's height at its head and foot, and are the only marks there.
HEAD, FOOT, MOST_DIGITS = 0.12, 0.88, 5

#: Letters of a written line stand this level, in heights of a letter.
LEVEL = 0.4


def is_blank(thumbnail: Thumbnail, paper: Paper) -> bool:
    """Whether nothing was printed or written on the page: no ink inside its margins but specks and shine-through."""
    height, width = thumbnail.grey.shape
    x, y = round(width * MARGIN), round(height * MARGIN)
    inner = slice(y, height - y), slice(x, width - x)
    grey, ink = thumbnail.grey[inner], thumbnail.ink[inner] > 0
    if not ink.any():
        return True
    bare = float(np.median(paper.lightness))
    if float((ink & (grey < bare - SHINE_THROUGH)).mean()) > FEW_SPECKS * MOST_INK:
        return False
    if _shines_through(grey, ink, bare):
        return True
    dark = ink & (grey < bare - FAINT)
    if float(dark.mean()) <= FEW_SPECKS * MOST_INK:
        dark &= cv2.medianBlur(np.ascontiguousarray(grey), 3) < bare - FAINT
    if float(dark.mean()) > MOST_INK:
        return False
    left, top, wide, high, _ = thumbnail.marks.T
    marks = thumbnail.marks[(left > x) & (left + wide < width - x) & (top > y) & (top + high < height - y)]
    strong = np.array([dark[t - y : t - y + h, a - x : a - x + w].any() for a, t, w, h, _ in marks.tolist()], bool)
    marks = marks[strong]
    return len(marks) <= MOST_MARKS and not _hold_a_line(marks) and not _hold_a_page_number(marks, height)


def _shines_through(grey: Pixels, ink: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], bare: float) -> bool:
    strength = bare - float(np.percentile(grey[ink], 5))
    steepness = float(cv2.Laplacian(np.ascontiguousarray(grey), cv2.CV_16S)[ink].std())
    return strength < SHINE_THROUGH and steepness < BLURRED * strength


def _hold_a_line(marks: Marks) -> bool:
    """Whether five marks as high as letters stand side by side."""
    letters = marks[marks[:, 3] >= LOWEST_LETTER]
    if len(letters) < 5:
        return False
    pairs = link_letters(letters)
    return bool((np.abs(pairs.down) <= LEVEL * float(np.median(letters[:, 3]))).any())


def _hold_a_page_number(marks: Marks, height: int) -> bool:
    """Whether a few marks, digits and dashes, stand by themselves at the head or foot of the page."""
    middle = marks[:, 1] + marks[:, 3] / 2
    for there in (middle < HEAD * height, middle > FOOT * height):
        if 1 <= int(there.sum()) <= MOST_DIGITS and bool((marks[there, 3] >= LOWEST_LETTER + 2).any()):
            return True
    return False
