"""A page as it is looked at when two are compared: every pixel in grey, and its colours on a smaller picture."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.composition.rasters import in_grey, shrink
from pipeline.domain.pages import Pixels

#: The smaller picture has this resolution at least, and less than twice as much.
SMALL_DPI = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """``grey`` is a page pixel by pixel, ``small`` the same ``step`` times smaller, RGB or grey as the page is."""

    grey: Pixels
    small: Pixels
    step: int

    def is_like(self, other: Sight) -> bool:
        """Whether the two have the same size and kind of colours."""
        return self.grey.shape == other.grey.shape and self.small.shape == other.small.shape


def see(pixels: Pixels, step: int) -> Sight:
    """The sight of a page (RGB or grey)."""
    height, width = pixels.shape[:2]
    return Sight(in_grey(pixels), shrink(pixels, small_size(width, height, step)), step)


def small_size(width: int, height: int, step: int) -> tuple[int, int]:
    """Width and height of the smaller picture."""
    return max(1, width // step), max(1, height // step)


def choose_step(dpi: float) -> int:
    """How many times smaller colours are looked at: a power of two."""
    step = 1
    while dpi / (2 * step) >= SMALL_DPI:
        step *= 2
    return step
