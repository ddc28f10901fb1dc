"""Small cards on the glass of a scanner, and sheets of A3 that are two pages of A4."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from pipeline.composition.rasters import halve, shrink
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Pixels
from pipeline.levels import levels_at

_MM = 25.4
#: Resolution at which is looked, as near as whole steps come, and no less than nine tenths of it.
_DPI = 75.0
#: ID-1 of ISO/IEC 7810 in millimetres, and how far off an outline may be.
_CARD, _OFF = (85.6, 54.0), 5.0
#: Millimetres around a card that are cut out with it; edges of print nearer than this are one thing.
_MARGIN, _REACH = 2.5, 3.0
#: Ink stands out from the glass by more levels than this, once it is smoothed over so many millimetres.
_DEPTH, _BLUR = 14, 0.34
#: On a sheet with cards nothing else is larger than this share of a card.
_LEFT_OVER = 0.35
_MOST = 8
#: Millimetres of A3, its gutter that must be bare, and how far from the middle that may lie.
_A3, _A3_OFF, _GUTTER, _OFF_MIDDLE = (420.0, 297.0), 18.0, 4.0, 12.0


def find_cards(grey: Pixels, dpi: float) -> tuple[Box, ...]:
    """The cards on a page that holds nothing else, from the top, as shares (0..1) of its width and height; else none."""
    small, mm = _reduced(grey, dpi)
    glass = float(levels_at(small[::2, ::2], 60)[0])
    if _is_full(small, mm, glass):
        return ()
    cards: list[Box] = []
    for contour, long, short in _outlines(_smoothed(small, mm), mm, glass):
        if abs(long - _CARD[0]) <= _OFF and abs(short - _CARD[1]) <= _OFF:
            cards.append(_grown(contour, small.shape, mm))
        elif long * short > _LEFT_OVER * _CARD[0] * _CARD[1]:
            return ()
    return tuple(sorted(cards, key=lambda box: (box.top, box.left))) if 0 < len(cards) <= _MOST else ()


def _smoothed(pixels: Pixels, mm: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), _BLUR * mm), np.uint8)


def _is_full(small: Pixels, mm: float, glass: float) -> bool:
    """Whether half as fine a picture shows something longer than any card, as on most pages: then nothing more is asked.

    Ink is less of it there, and parts of it lie further from each other.
    """
    longest, largest = _CARD[0] + 2 * _OFF, 2 * _LEFT_OVER * _CARD[0] * _CARD[1]
    return any(long > longest and long * short > largest for _, long, short in _outlines(halve(small), mm / 2, glass))


def _outlines(pixels: Pixels, mm: float, glass: float) -> Iterator[tuple[cv2.typing.MatLike, float, float]]:
    """What stands out from the ``glass``, edges that lie near each other as one; with its longer and shorter side in mm."""
    bare = cv2.inRange(pixels, np.array(glass - _DEPTH), np.array(glass + _DEPTH))
    reach = max(3, round(_REACH * mm))
    solid = cv2.morphologyEx(cv2.bitwise_not(bare), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    contours, _ = cv2.findContours(solid.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        long, short = sorted((side / mm for side in cv2.minAreaRect(contour)[1]), reverse=True)
        yield contour, long, short


def _reduced(grey: Pixels, dpi: float) -> tuple[Pixels, float]:
    """The page in whole steps to near ``_DPI``, and its pixels in a millimetre."""
    step = max(1, int(dpi / _DPI / 0.9))
    small = shrink(grey, (max(1, grey.shape[1] // step), max(1, grey.shape[0] // step))) if step > 1 else grey
    return small, dpi / step / _MM


def _grown(contour: cv2.typing.MatLike, shape: tuple[int, ...], mm: float) -> Box:
    left, top, width, height = cv2.boundingRect(contour)
    edge, (high, wide) = _MARGIN * mm, shape[:2]
    return Box(
        max(0.0, (left - edge) / wide),
        max(0.0, (top - edge) / high),
        min(1.0, (left + width + edge) / wide),
        min(1.0, (top + height + edge) / high),
    )


def find_gutter(grey: Pixels, dpi: float) -> float | None:
    """Where, as a share of its width, a sheet of A3 lying across falls into two pages; None where it is one, or none of A3.

    A bare strip from top to bottom near the middle parts them: a table or map that runs across is left whole.
    """
    height, width = grey.shape
    across, down = width * _MM / dpi, height * _MM / dpi
    if abs(across - _A3[0]) > _A3_OFF or abs(down - _A3[1]) > _A3_OFF:
        return None
    small, mm = _reduced(grey, dpi)
    paper = float(levels_at(small, 70)[0])
    edge = round(6 * mm)
    inky = (small[edge:-edge] < paper - 60).mean(axis=0) > 0.004
    wanted, middle = round(_GUTTER * mm), small.shape[1] / 2
    best: float | None = None
    for left in range(int(middle - _OFF_MIDDLE * mm), int(middle + _OFF_MIDDLE * mm) - wanted):
        centre = left + wanted / 2
        if not inky[left : left + wanted].any() and (best is None or abs(centre - middle) < abs(best - middle)):
            best = centre
    return None if best is None else best / small.shape[1]
