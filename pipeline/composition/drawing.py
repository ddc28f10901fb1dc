"""Pictures of pages as PDF objects and the operators that draw them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.composition.container import Name, PdfFile, PdfValue, Ref, render_number
from pipeline.composition.placement import upright
from pipeline.domain.pages import PagePicture, PictureEncoding, PictureLayer


def draw_picture(picture: PagePicture, rotation: int, scale: float) -> Iterator[str]:
    """The operators that draw ``picture`` on a page turned clockwise by ``rotation``; ``scale`` is units per pixel."""
    turn = upright(picture.width, picture.height, rotation)
    height = (picture.width if rotation % 180 else picture.height) * scale
    x0, y0 = turn.apply(0, picture.height)
    x1, y1 = turn.apply(picture.width, picture.height)
    x2, y2 = turn.apply(0, 0)
    sides = [(x1 - x0) * scale, (y0 - y1) * scale, (x2 - x0) * scale, (y0 - y2) * scale]
    place = f"{_numbers(*sides, x0 * scale, height - y0 * scale)} cm"
    if picture.encoding is not PictureEncoding.LAYERS:
        yield f"q {place} /Scan Do Q"
        return
    yield f"q {place}"
    for number, layer in enumerate(picture.layers):
        yield from _draw_layer(layer, picture, number)
    yield "Q"


def _draw_layer(layer: PictureLayer, picture: PagePicture, number: int) -> Iterator[str]:
    """The operators that draw a layer in the unit square of its page."""
    box = layer.box
    left, low = box.left / picture.width, 1 - box.bottom / picture.height
    across, down = box.width / picture.width, box.height / picture.height
    if layer.colour is not None:
        yield f"{_numbers(*(part / 255 for part in layer.colour))} rg"
    if layer.data:
        yield f"q {' '.join(render_number(part, 8) for part in (across, 0.0, 0.0, down, left, low))} cm /{_label(number)} Do Q"
    else:
        yield f"{' '.join(render_number(part, 8) for part in (left, low, across, down))} re f"


def write_picture(pdf: PdfFile, picture: PagePicture) -> Mapping[str, PdfValue]:
    """Write the image objects of ``picture``; returns them by the names that :func:`draw_picture` calls them."""
    if picture.encoding is not PictureEncoding.LAYERS:
        return {"Scan": _write_image(pdf, picture, picture.black_is_1)}
    coded = ((number, layer) for number, layer in enumerate(picture.layers) if layer.data)
    return {_label(number): _write_image(pdf, layer, black_is_1=False) for number, layer in coded}


def _write_image(pdf: PdfFile, image: PagePicture | PictureLayer, black_is_1: bool) -> Ref:
    entries: dict[str, PdfValue] = {
        "Type": Name("XObject"),
        "Subtype": Name("Image"),
        "Width": image.width,
        "Height": image.height,
        "BitsPerComponent": image.bits,
    }
    if isinstance(image, PictureLayer) and image.colour is not None:
        entries["ImageMask"] = True
    else:
        entries["ColorSpace"] = Name("DeviceRGB" if image.components == 3 else "DeviceGray")
    match image.encoding:
        case PictureEncoding.JPEG:
            entries["Filter"] = Name("DCTDecode")
        case PictureEncoding.CCITT_G4:
            entries["Filter"] = Name("CCITTFaxDecode")
            entries["DecodeParms"] = {"K": -1, "Columns": image.width, "Rows": image.height, "BlackIs1": black_is_1}
        case PictureEncoding.PNG_ROWS:
            entries["Filter"] = Name("FlateDecode")
            entries["DecodeParms"] = {"Predictor": 15, "Colors": image.components, "Columns": image.width}
        case _:
            entries["Filter"] = Name("FlateDecode")
    return pdf.add_stream(entries, image.data)


def _label(number: int) -> str:
    return f"L{number}"


def _numbers(*values: float) -> str:
    return " ".join(render_number(value) for value in values)
