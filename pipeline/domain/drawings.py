"""Pages as drawings: lines, areas and letters as outlines, with the images among them."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.pages import PagePicture, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class DrawnImage:
    """An image in a drawing: coded bytes that came with it, or ``pixels`` (uint8, grey or RGB).

    ``alpha`` (uint8, height × width) says how far each pixel covers what lies below. An image of ``alpha`` alone is a stencil,
    laid in the colour in force.
    """

    picture: PagePicture | None = None
    pixels: Pixels | None = None
    alpha: Pixels | None = None


@dataclass(frozen=True, slots=True)
class DrawnGlyph:
    """A letter that is drawn more than once: its operators, and the box (left, low, right, high) they stay in."""

    operators: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class PageDrawing:
    """A page as drawn: ``operators`` of a PDF content stream that use nothing but paths, grey and RGB, and what is named here.

    Coordinates are points of the page as displayed, origin bottom left. ``images`` are called ``I0``, ``I1``, … there,
    ``alphas`` (constant opacity of areas and of lines, 0..1) ``A0``, ``A1``, …, ``glyphs`` ``G0``, ``G1``, …
    """

    width: float
    height: float
    operators: bytes
    images: tuple[DrawnImage, ...] = ()
    alphas: tuple[tuple[float, float], ...] = ()
    glyphs: tuple[DrawnGlyph, ...] = ()
    coloured: bool = False
