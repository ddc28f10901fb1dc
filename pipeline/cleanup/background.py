"""The paper behind the text: how light it is from place to place, and the page with that divided out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.cleanup.thumbnail import Thumbnail
from pipeline.domain.pages import PageImage, Pixels

#: The paper is looked at this many times smaller than the thumbnail.
COARSER = 4

#: Side in pixels (about a third of an inch) of the square within which some bare paper is expected.
REACH = 13

#: Paper whose lightness spreads further than this over the page is uneven: shadow, fold, gradient, dark frame.
UNEVEN = 40

#: Ink that stands out from the paper by less than this is faint: faded print, carbon copy, shine-through.
FAINT = 95

#: Places darker than this hold no paper: the scanner's lid, the desk under a photographed page.
NO_PAPER = 45


@dataclass(frozen=True, slots=True, eq=False)
class Paper:
    """A coarse picture of the bare paper, how uneven it is, and how far the ink stands out from it."""

    lightness: Pixels
    spread: float
    contrast: float

    @property
    def uneven(self) -> bool:
        """Whether shadows or a dark frame lie on the page."""
        return self.spread > UNEVEN

    @property
    def faint(self) -> bool:
        """Whether the ink is so light that shine-through or stains come near it."""
        return self.contrast < FAINT


def measure_paper(thumbnail: Thumbnail) -> Paper:
    """The paper of the page, from its thumbnail."""
    grey = thumbnail.grey
    size = max(1, grey.shape[1] // COARSER), max(1, grey.shape[0] // COARSER)
    coarse = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    square = np.ones((REACH, REACH), np.uint8)
    lightness = cv2.medianBlur(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, square), REACH).astype(np.uint8)
    low, high = np.percentile(lightness, (4, 96))
    ink = thumbnail.ink > 0
    around = cv2.resize(lightness, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    contrast = float(np.median(around[ink].astype(np.int16) - grey[ink])) if ink.any() else 0.0
    return Paper(lightness, float(high - low), contrast)


def even_out(image: PageImage, paper: Paper) -> PageImage:
    """The grey page with its paper brought to white everywhere; where no paper is, white."""
    around = cv2.resize(paper.lightness, (image.width, image.height), interpolation=cv2.INTER_LINEAR)
    pixels = cv2.divide(image.pixels, around, scale=255.0)
    pixels[around < NO_PAPER] = 255
    return PageImage(image.number, pixels.astype(np.uint8), image.dpi, image.to_scan)


def stretch(image: PageImage, black: float, white: float) -> PageImage:
    """The grey page with ``black`` and darker at 0, ``white`` and lighter at 255, straight in between."""
    levels = np.clip((np.arange(256) - black) * (255.0 / max(1.0, white - black)), 0, 255)
    return PageImage(image.number, cv2.LUT(image.pixels, levels.astype(np.uint8)).astype(np.uint8), image.dpi, image.to_scan)
