"""Drawings as they go into the PDF: one form of paths and areas, with the images and opacities that it names."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.composition.container import Name, PdfFile, PdfValue, Ref
from pipeline.composition.fax import encode_fax
from pipeline.composition.images import write_image
from pipeline.composition.jpeg import encode_jpeg
from pipeline.composition.png import encode_rows
from pipeline.domain.drawings import DrawnImage, PageDrawing
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, PictureLayer, Pixels

#: An image of fewer bytes is kept without loss; one of more becomes a JPEG of this quality where that is half as large.
_SMALL, _QUALITY, _SAMPLING_444 = 30_000, 90, 0x111111
_BLACK = (0, 0, 0)


def pack(drawing: PageDrawing, image: PageImage, *, lossless: bool) -> PagePicture:
    """``drawing`` as the picture of the page that ``image`` shows; ``lossless`` where its images may lose nothing.

    Its bytes are a length in a line of its own, so many bytes of JSON (size in points, opacities, glyphs with their boxes,
    and for each image the layer that holds it and that of its mask), then the operators, both deflated. Its layers are the
    images and masks.
    """
    layers: list[PictureLayer] = []
    images = [_pack_image(each, layers, lossless) for each in drawing.images]
    glyphs = [[glyph.operators, glyph.box] for glyph in drawing.glyphs]
    head = {"size": [drawing.width, drawing.height], "alphas": drawing.alphas, "images": images, "glyphs": glyphs}
    packed = zlib.compress(json.dumps(head).encode(), 9)
    data = b"%d\n" % len(packed) + packed + zlib.compress(drawing.operators, 9)
    components = 3 if image.pixels.ndim == 3 else 1
    return PagePicture(data, PictureEncoding.DRAWING, image.width, image.height, image.dpi, components, layers=tuple(layers))


def _pack_image(image: DrawnImage, layers: list[PictureLayer], lossless: bool) -> list[int | None]:
    """The places of the image and of its mask among ``layers``, to which they are added."""
    alpha = image.alpha
    if image.picture is not None:
        kept = image.picture
        box = Box(0, 0, kept.width, kept.height)
        layers.append(PictureLayer(kept.data, kept.encoding, box, kept.width, kept.height, kept.components, kept.bits))
        return [len(layers) - 1, None]
    if image.pixels is None:
        assert alpha is not None
        bits = np.where(alpha >= 128, 0, 255).astype(np.uint8)
        height, width = alpha.shape
        box, fax = Box(0, 0, width, height), PictureEncoding.CCITT_G4
        layers.append(PictureLayer(encode_fax(bits), fax, box, width, height, colour=_BLACK))
        return [len(layers) - 1, None]
    layers.append(_coded(image.pixels, lossless))
    if alpha is None:
        return [len(layers) - 1, None]
    layers.append(_coded(alpha, lossless=True))
    return [len(layers) - 2, len(layers) - 1]


def _coded(pixels: Pixels, lossless: bool) -> PictureLayer:
    height, width = pixels.shape[:2]
    box, components = Box(0, 0, width, height), 1 if pixels.ndim == 2 else 3
    rows = encode_rows(pixels)
    if not lossless and len(rows) > _SMALL:
        photo = encode_jpeg(pixels, _QUALITY, _SAMPLING_444)
        if 2 * len(photo) < len(rows):
            return PictureLayer(photo, PictureEncoding.JPEG, box, width, height, components, 8)
    return PictureLayer(rows, PictureEncoding.PNG_ROWS, box, width, height, components, 8)


def draw_form(picture: PagePicture) -> Iterator[str]:
    """The operators that draw the drawing in the unit square of its page."""
    width, height = _unpack(picture)[0]["size"]
    yield f"{1 / width:.10f} 0 0 {1 / height:.10f} 0 0 cm /Scan Do"


def write_form(pdf: PdfFile, picture: PagePicture) -> Ref:
    """Write the drawing as a form; returns it."""
    head, operators = _unpack(picture)
    objects: dict[str, PdfValue] = {}
    for place, (shown, mask) in enumerate(head["images"]):
        own = None if mask is None else write_image(pdf, picture.layers[mask])
        objects[f"I{place}"] = write_image(pdf, picture.layers[shown], mask=own)
    for place, (drawn, box) in enumerate(head["glyphs"]):
        objects[f"G{place}"] = pdf.add_shared({"Subtype": Name("Form"), "BBox": box}, drawn.encode("ascii"))
    states: dict[str, PdfValue] = {
        f"A{place}": {"ca": areas, "CA": lines} for place, (areas, lines) in enumerate(head["alphas"])
    }
    entries: dict[str, PdfValue] = {
        "Type": Name("XObject"),
        "Subtype": Name("Form"),
        "BBox": [0, 0, *head["size"]],
        "Resources": {"XObject": objects, "ExtGState": states},
        "Filter": Name("FlateDecode"),
    }
    return pdf.add_stream(entries, operators)


def _unpack(picture: PagePicture) -> tuple[dict[str, Any], bytes]:
    """What :func:`pack` wrote: the head, and the operators still deflated."""
    end = picture.data.index(b"\n") + 1
    start = end + int(picture.data[:end])
    head: dict[str, Any] = json.loads(zlib.decompress(picture.data[end:start]))
    return head, picture.data[start:]
