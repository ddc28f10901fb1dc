"""Parts of a page shown by themselves: upright, at a size of choice, with the colours of the scan; and lines moved along."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pipeline.domain.geometry import Affine, Box, Way
from pipeline.domain.pages import Line, PageImage, Pixels

#: Pixels beyond the edges of a picture are as those at its edges.
_FLAGS, _BEYOND = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE


def view(area: Box, dpi: float, page: PageImage, scan: PageImage | None = None) -> PageImage:
    """The ``area`` of ``page`` (in its pixels) at ``dpi``, with the pixels of the ``scan`` where it is given.

    ``to_scan`` of the picture leads to the pixels of ``page``, grey or RGB as its source is.
    """
    scale = page.dpi / dpi
    there = Affine(scale, 0.0, area.left, 0.0, scale, area.top)
    source, way = (page, there) if scan is None else (scan, there.then(page.to_scan))
    size = max(1, round(area.width / scale)), max(1, round(area.height / scale))
    rows = np.array(way.rows).reshape(3, 3)
    pixels = cv2.warpPerspective(source.pixels, rows, size, flags=_FLAGS, borderMode=_BEYOND)
    return PageImage(page.number, np.asarray(pixels, np.uint8), dpi, there)


def view_print(area: Box, rows: int, page: PageImage, scan: PageImage | None = None) -> PageImage:
    """The ``area`` of ``page`` (in its pixels) in grey, ``rows`` pixels high unless the source has fewer.

    In the strongest channel of a coloured ``scan`` print is dark, seals all but vanish and blue ink is light. ``to_scan``
    leads to the page.
    """
    seen = view(area, page.dpi * min(1.0, rows / area.height), page, scan)
    return replace(seen, pixels=_strongest(seen.pixels)) if seen.pixels.ndim == 3 else seen


def _strongest(pixels: Pixels) -> Pixels:
    """The strongest channel of RGB pixels, each held against the paper."""
    paper = np.maximum(1.0, np.percentile(pixels[::2, ::2].reshape(-1, 3), 85, axis=0))
    table = np.clip(np.arange(256)[:, None] * (255 / paper), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, table.reshape(1, 256, 3)).max(axis=2), np.uint8)


def map_lines(lines: tuple[Line, ...], way: Way) -> tuple[Line, ...]:
    """``lines`` with every box mapped by ``way``."""
    return tuple(replace(line, words=tuple(replace(word, box=way.map_box(word.box)) for word in line.words)) for line in lines)
