"""Pictures of pages as PDF objects and the operators that draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.composition.container import PdfFile, PdfValue, render_number
from pipeline.composition.images import write_image
from pipeline.composition.placement import upright
from pipeline.composition.vectors import draw_form, write_form
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PagePicture, PictureEncoding


def draw_picture(picture: PagePicture, rotation: int, scale: float) -> Iterator[str]:
    """The operators that draw ``picture`` on a page turned clockwise by ``rotation``; ``scale`` is units per pixel."""
    whole = Box(0, 0, picture.width, picture.height)
    if picture.encoding is PictureEncoding.DRAWING:
        yield from (f"q {_place(whole, picture, rotation, scale)} cm", *draw_form(picture), "Q")
        return
    if picture.encoding is not PictureEncoding.LAYERS:
        yield f"q {_place(whole, picture, rotation, scale)} cm /Scan Do Q"
    for number, layer in enumerate(picture.layers):
        paint = "" if layer.colour is None else f"{_numbers(*(part / 255 for part in layer.colour))} rg "
        shape = f"/{_label(number)} Do" if layer.data else "0 0 1 1 re f"
        yield f"q {paint}{_place(layer.box, picture, rotation, scale)} cm {shape} Q"


def _place(box: Box, picture: PagePicture, rotation: int, scale: float) -> str:
    """The matrix that leads from the unit square to ``box`` of the picture, on the turned page."""
    turn = upright(picture.width, picture.height, rotation)
    height = (picture.width if rotation % 180 else picture.height) * scale
    x0, y0 = turn.apply(box.left, box.bottom)
    x1, y1 = turn.apply(box.right, box.bottom)
    x2, y2 = turn.apply(box.left, box.top)
    sides = [(x1 - x0) * scale, (y0 - y1) * scale, (x2 - x0) * scale, (y0 - y2) * scale]
    return _numbers(*sides, x0 * scale, height - y0 * scale)


def write_picture(pdf: PdfFile, picture: PagePicture) -> Mapping[str, PdfValue]:
    """Write the image objects of ``picture``; returns them by the names that :func:`draw_picture` calls them."""
    if picture.encoding is PictureEncoding.DRAWING:
        return {"Scan": write_form(pdf, picture)}
    if picture.encoding is not PictureEncoding.LAYERS:
        return {"Scan": write_image(pdf, picture, black_is_1=picture.black_is_1)}
    coded = ((number, layer) for number, layer in enumerate(picture.layers) if layer.data)
    return {_label(number): write_image(pdf, layer) for number, layer in coded}


def _label(number: int) -> str:
    return f"L{number}"


def _numbers(*values: float) -> str:
    return " ".join(render_number(value) for value in values)
