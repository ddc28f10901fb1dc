"""Places where a paper is signed: seals and strokes of pens on it, and what is printed there shown without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage, Pixels
from pipeline.pieces import find_pieces
from pipeline.recognition.colours import Colours
from pipeline.recognition.views import view_print

#: Print is crossed where so much of the place around it is coloured.
CROSSED = 0.004

#: Seals and signatures are so large, in inches; parts of one are at most so far apart; a page has at most so many.
LEAST_INK, MOST_INK, JOINED, MOST_PLACES = 0.5, 3.5, 0.15, 2

#: How far beside and below them the name stands, in inches.
BESIDE, BELOW = 1.3, 0.35

#: In grey: resolution at which they are looked for, share of the page above which nobody signs, how dark they are against the
#: paper, how much of their square they fill at least and at most.
GREY_DPI, HEAD, DARK, FILLED = 60.0, 0.12, 0.75, (0.02, 0.35)


@dataclass(frozen=True)
class SigningPlaces:
    """Where ``page`` is signed; told by ``colours`` on the ``scan`` where there are any, else by large strokes on the page."""

    page: PageImage
    colours: Colours | None = None
    scan: PageImage | None = None

    @cached_property
    def places(self) -> tuple[Box, ...]:
        """From the middle of each seal or signature to the name below it, in pixels of the page."""
        if self.colours is None:
            return tuple(_places(*_grey_ink(self.page)))
        ink = np.maximum(self.colours.red, self.colours.blue)
        return tuple(_places(ink, self.page.dpi, self.colours.factor))

    def cross(self, box: Box) -> bool:
        """Whether ink crosses ``box`` (pixels of the page), or, in grey, may."""
        if self.colours is None:
            return any(place.intersection(box).area > 0.5 * box.area for place in self.places)
        return max(self.colours.share(self.colours.red, box), self.colours.share(self.colours.blue, box)) >= CROSSED

    def show(self, area: Box, rows: int) -> PageImage:
        """The ``area`` (pixels of the page) in grey, as :func:`view_print` has it."""
        coloured = self.colours is not None and self.scan is not None
        return view_print(area, rows, self.page, self.scan if coloured else None)


def _grey_ink(page: PageImage) -> tuple[Pixels, float, float]:
    """255 where a page in grey has dark ink below its head, on a small picture; its dpi on the page, and its factor."""
    factor = min(1.0, GREY_DPI / page.dpi)
    size = max(1, round(page.width * factor)), max(1, round(page.height * factor))
    small = cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small[::4, ::4], 85))
    ink = ((small < DARK * paper) * np.uint8(255)).astype(np.uint8)
    ink[: round(HEAD * len(ink))] = 0
    return ink, page.dpi, factor


def _places(ink: Pixels, dpi: float, factor: float) -> Iterator[Box]:
    """The places of the largest pieces of ``ink``, a mask of a page of ``dpi`` made smaller by ``factor``."""
    small = dpi * factor
    grey = small <= GREY_DPI
    reach = 1 if grey else max(3, round(JOINED * small) | 1)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)) if reach > 1 else ink
    pieces = [
        piece for piece in find_pieces(np.asarray(joined, np.uint8)).boxes.tolist() if _is_signing(piece, small, grey=grey)
    ]
    for left, top, width, height, _ in sorted(pieces, key=lambda piece: -piece[2] * piece[3])[:MOST_PLACES]:
        edges = (left - BESIDE * small, top + height / 2, left + width + BESIDE * small, top + height + BELOW * small)
        yield Box(*(edge / factor for edge in edges))


def _is_signing(piece: list[int], dpi: float, *, grey: bool) -> bool:
    """Whether a connected ``piece`` (left, top, width, height, pixels) of ink may be a seal or a signature."""
    _, _, width, height, count = piece
    large = min(width, height) >= LEAST_INK * dpi and max(width, height) <= MOST_INK * dpi
    return large and (not grey or FILLED[0] <= count / (width * height) <= FILLED[1])
