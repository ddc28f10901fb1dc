"""Dots under a y that engines lose in its tail: Tỵ read as Ty, Thuỵ as Thuy; names, which no model of language may mend."""

from __future__ import annotations

import re
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from pipeline.pieces import find_pieces
from pipeline.recognition.views import view

#: Words in which a y may bear a dot: it is all that follows the first consonants, or all but a u.
_OPEN = re.compile(r"([BCDĐGHKLMNPQRSTVX]?[bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX]*[uU]?)([yY])(\W*)")

#: Resolution at which the letters are looked at, in dots an inch.
SEEN_DPI = 300.0

#: How far beyond its box a word is looked at, to the right and below, in heights of the box.
RIGHT, BELOW = 0.1, 0.2

#: Letters are at least so high; the tail of a y reaches at least so far below the line; both in heights of the box.
LETTER, TAIL = 0.4, 0.08

#: A dot is so wide and high, in widths of a stroke, fills so much of its square, and stands off the tail at most so far (in
#: heights of the box).
LEAST, MOST, FILLED, ASIDE = 0.6, 2.3, 0.55, 0.12

Parts = NDArray[np.int32]


def find_lost_dots(lines: tuple[Line, ...], page: PageImage, scan: PageImage | None = None) -> tuple[Line, ...]:
    """``lines`` (in pixels of ``page``) with ỵ for the y of capitalised words under which a dot is seen.

    The dot is looked for on the ``scan`` where it is given. ``Word.read`` keeps what the engine read.
    """
    return tuple(
        replace(line, words=tuple(_dotted(word, page, scan) for word in line.words))
        if any(map(_may_have_lost_one, line.words))
        else line
        for line in lines
    )


def _may_have_lost_one(word: Word) -> bool:
    return word.text[:1].isupper() and not word.read and not word.written and _OPEN.fullmatch(word.text) is not None


def _dotted(word: Word, page: PageImage, scan: PageImage | None) -> Word:
    match = _OPEN.fullmatch(word.text)
    if match is None or not match[1] or not _may_have_lost_one(word):
        return word
    small = match[2] == "y"
    if not _has_dot(word.box, page, scan, tailed=small):
        return word
    return replace(word, text=f"{match[1]}{'ỵ' if small else 'Ỵ'}{match[3]}", read=word.text, choices=())


def _has_dot(box: Box, page: PageImage, scan: PageImage | None, *, tailed: bool) -> bool:
    """Whether a dot stands apart under the line by the last letter in ``box``, which reaches below it where ``tailed``."""
    area = Box(box.left, box.top, box.right + RIGHT * box.height, box.bottom + BELOW * box.height)
    seen = view(area, SEEN_DPI, page, scan).pixels
    grey = seen if seen.ndim == 2 else seen.max(axis=2)
    height = box.height * SEEN_DPI / page.dpi
    dark = _ink(grey)
    if dark is None:
        return False
    parts = find_pieces(dark).boxes
    letters = parts[parts[:, 3] >= LETTER * height]
    if len(letters) < 2:
        return False
    letters = letters[letters[:, 0].argsort()]
    bottoms = letters[:, 1] + letters[:, 3]
    line, tail = float(np.median(bottoms[:-1])), letters[-1]
    if tailed and bottoms[-1] < line + TAIL * height:
        return False
    stroke = _stroke(dark, tail)
    return any(_is_dot(part, tail, line, stroke, height) for part in parts)


def _ink(grey: Pixels) -> Pixels | None:
    """1 where there is ink; None where there is next to none."""
    paper, ink = np.percentile(grey, (85, 3))
    if paper - ink < 50:
        return None
    return np.asarray(grey < (paper + ink) / 2, np.uint8)


def _stroke(dark: Pixels, part: Parts) -> float:
    """How thick the strokes of a letter are, in pixels."""
    left, top, width, height, _ = part.tolist()
    inner = cv2.copyMakeBorder(dark[top : top + height, left : left + width], 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(inner, cv2.DIST_L2, 3).max())


def _is_dot(part: Parts, tail: Parts, line: float, stroke: float, height: float) -> bool:
    left, top, wide, high, count = part.tolist()
    sized = LEAST * stroke <= min(wide, high) and max(wide, high) <= MOST * stroke and max(wide, high) <= 1.7 * min(wide, high)
    beside = tail[0] - ASIDE * height <= left + wide / 2 <= tail[0] + tail[2] + ASIDE * height
    return bool(sized and beside and count >= FILLED * wide * high and top >= line - 0.02 * height)
