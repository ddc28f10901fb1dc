"""Patch codes: four bars, two of them wide, that part papers in a stack (Kodak's; 0.08 and 0.20 inches, 0.80 in all)."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.pages import Pixels
from pipeline.levels import levels_at

#: Resolution at which bars are looked for.
DPI = 100.0
_MM = 25.4
#: Millimetres of narrow bars and of the spaces, of wide bars, and how far each may be off.
_NARROW, _WIDE, _OFF = 2.03, 5.08, 0.75
#: Millimetres, high and long, that are black all over within a wide bar which is tilted by ten degrees.
_SOLID = (1.8, 16.0)
#: So much longer than the code, in millimetres, are the bars at least; lines across them are looked at every so many.
_LEAST_LENGTH, _EVERY = 24.0, 3.0
#: Of so many lines in a row across the bars this share must say the same.
_AGREED = 0.8
#: How much lighter paper is than bars, in levels of 255, for a sheet to have any.
LEAST_CONTRAST = 36
#: Between two neighbouring lines bars of a tilted sheet begin so many millimetres apart at most.
_SLANT = 0.8


def holds_patch(grey: Pixels, dpi: float) -> bool:
    """Whether any of the six Patch codes is on the page, at any of four turns, tilted by at most ten degrees or so."""
    factor = min(1.0, DPI / dpi)
    small = grey
    if factor < 1:
        small = np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    black, paper = levels_at(small[::3, ::3], 0.5, 75)
    if paper - black < LEAST_CONTRAST:
        return False
    dark = small < (float(paper) + float(black)) / 2
    mm, half = min(dpi, DPI) / _MM, _halved(dark)
    turns = (dark, half), (dark.T, half.T)
    return any(_holds_bar(turned, halved, mm) and _found(turned, mm) for turned, halved in turns)


def _holds_bar(dark: NDArray[np.bool_], half: NDArray[np.bool_], mm: float) -> bool:
    """Whether anything is as solid as a wide bar, a little tilted: on most pages nothing is, and nothing more is asked.

    ``half`` as fine a picture tells that nothing is, at a fourth of the work: no bar is lost in it.
    """
    high, long = (max(1, round(side * mm)) for side in _SOLID)
    fewest = (high - 1) // 2, (long - 1) // 2
    return (min(fewest) < 1 or _holds_solid(half, *fewest)) and _holds_solid(dark, high, long)


def _halved(dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A pixel for every two by two, dark where all four are; what is left over at the rim does not count."""
    dark = dark[: dark.shape[0] // 2 * 2, : dark.shape[1] // 2 * 2]
    rows = dark[::2] & dark[1::2]
    return rows[:, ::2] & rows[:, 1::2]


def _holds_solid(dark: NDArray[np.bool_], high: int, long: int) -> bool:
    """Whether somewhere ``high`` × ``long`` pixels are dark."""
    return bool(cv2.erode(np.ascontiguousarray(dark, np.uint8), np.ones((high, long), np.uint8)).any())


def _found(dark: NDArray[np.bool_], mm: float) -> bool:
    """Whether columns across horizontal bars see the same code in one place, long enough."""
    step = max(1, round(_EVERY * mm))
    wanted = max(3, int(_LEAST_LENGTH / _EVERY))
    rows = [list(_codes_of(dark[:, x], mm)) for x in range(0, dark.shape[1], step)]
    for at in range(len(rows) - wanted + 1):
        for start, code in rows[at]:
            if _agreed(rows[at : at + wanted], start, code, mm) >= _AGREED * wanted:
                return True
    return False


def _agreed(rows: list[list[tuple[int, int]]], start: int, code: int, mm: float) -> int:
    """How many of ``rows`` see the code where the one before saw it."""
    count, missed = 0, 0
    for found in rows:
        reach = _SLANT * mm * (1 + missed) + 1
        here = [place for place, other in found if other == code and abs(place - start) <= reach]
        if here:
            start, count, missed = here[0], count + 1, 0
        else:
            missed += 1
    return count


def _codes_of(column: NDArray[np.bool_], mm: float) -> Iterator[tuple[int, int]]:
    """Where on a line across the page a code begins, and which: a bit for each bar, set where it is wide."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], column, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    bars, spaces = (ends - starts) / mm, (starts[1:] - ends[:-1]) / mm
    wide, narrow = np.abs(bars - _WIDE) <= _OFF, np.abs(bars - _NARROW) <= _OFF
    fits = wide | narrow
    narrow_space = np.abs(spaces - _NARROW) <= _OFF
    for at in range(len(bars) - 3):
        four = slice(at, at + 4)
        if fits[four].all() and narrow_space[at : at + 3].all() and int(wide[four].sum()) == 2:
            yield int(starts[at]), int(np.packbits(wide[four])[0])
