"""Rows of print in a part of a page that strokes and seals cross."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage
from pipeline.recognition.typography import SMALL, Setting

#: Pixels to a size of type here; how dark print is against the paper.
SIZE, DARK = 16.0, 0.62

#: So many rows are worth looking at, at least so far apart, in sizes of type.
MOST, APART = 4, 0.8

#: The least fall of edges from above a baseline to below it.
LEAST = 4.0

#: Print is wider than this and parted by gaps wider than that, in sizes of type.
WIDE, GAP = 2.5, 1.6

#: Room beside print, in sizes of type.
ROOM = 0.6


def find_rows(seen: PageImage, size: float) -> Iterator[tuple[Setting, float, float]]:
    """How rows of print in the grey picture ``seen`` are set, likeliest first, and where they begin and end.

    ``size`` is that of the type in pixels of the page, to which ``to_scan`` of ``seen`` leads; so is all the rest.
    """
    scale = size / SIZE
    paper = float(np.percentile(seen.pixels, 85))
    ink = (seen.pixels < DARK * paper).astype(np.uint8)
    origin = seen.to_scan.map_box(Box(0.0, 0.0, 1.0, 1.0))
    for row in _baselines(np.count_nonzero(ink[:, 1:] != ink[:, :-1], axis=1).astype(np.float64)):
        band = ink[max(0, row - round(SMALL * SIZE)) : row]
        for first, last in _stretches(band.max(axis=0)):
            left, right = origin.left + (first - ROOM * SIZE) * scale, origin.left + (last + ROOM * SIZE) * scale
            yield Setting(size, origin.top + row * scale), left, right


def _baselines(edges: NDArray[np.float64]) -> Iterator[int]:
    """Rows above which there are many ``edges`` of ink, as letters have them, and below which there are few."""
    tall, free = round(SMALL * SIZE), round(0.2 * SIZE)
    if len(edges) < tall + free:
        return
    sums = np.concatenate([[0.0], np.cumsum(edges)])
    rows = np.arange(tall, len(edges) - free)
    drop = (sums[rows] - sums[rows - tall]) / tall - (sums[rows + free] - sums[rows]) / free
    for _ in range(MOST):
        best = int(drop.argmax())
        if drop[best] < LEAST:
            return
        yield int(rows[best])
        drop[max(0, best - round(APART * SIZE)) : best + round(APART * SIZE)] = -np.inf


def _stretches(inked: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """From where to where columns are ``inked`` without wide gaps, the wide ones."""
    columns = np.flatnonzero(inked)
    if not len(columns):
        return
    for part in np.split(columns, np.flatnonzero(np.diff(columns) > GAP * SIZE) + 1):
        if part[-1] - part[0] >= WIDE * SIZE:
            yield int(part[0]), int(part[-1]) + 1
