"""A picture as a PDF reader shows it, decoded from the very bytes that go into the document.

Pictures are decoded and laid upon each other here; drawings are drawn by pdfium. Tests hold the one against the other.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from contextlib import closing

import cv2
import numpy as np
import pypdfium2

from pipeline.composition.canvas import Canvas
from pipeline.composition.container import Name, PdfFile
from pipeline.composition.drawing import draw_picture, write_picture
from pipeline.composition.fax import decode_fax
from pipeline.composition.sights import Sight, see
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PagePicture, PictureEncoding, PictureLayer, Pixels

#: Bitmaps in memory of Python's, which arrays may go on using.
_ours = pypdfium2.PdfBitmap.new_native


class Show:
    """Pictures of one page as a reader shows them, one pixel for each of the scan, and ``step`` times smaller.

    What a picture has in common with the one shown before is not laid out again.
    """

    def __init__(self, step: int) -> None:
        self._step = step
        self._layers: tuple[PictureLayer, ...] = ()
        self._canvas: Canvas | None = None

    def see(self, picture: PagePicture) -> Sight | None:
        """What ``picture`` looks like, until the next one is shown; None where it cannot be."""
        if picture.encoding is PictureEncoding.DRAWING:
            pixels = draw(picture)
            return None if pixels is None else see(pixels, self._step)
        layers, before = tuple(_layers(picture)), self._layers
        if self._canvas is None or layers[: len(before)] != before:
            self._canvas, before = Canvas(picture.width, picture.height, picture.components, self._step), ()
        self._layers = layers
        try:
            for layer in layers[len(before) :]:
                _lay(layer, self._canvas)
        except (OSError, ValueError, zlib.error, cv2.error):
            self._canvas = None
            return None
        return self._canvas.sight()


def _lay(layer: PictureLayer, canvas: Canvas) -> None:
    if layer.colour is None:
        canvas.lay(_decode(layer), layer.box)
    elif layer.data:
        canvas.paint(decode_fax(layer.data, layer.width, layer.height), layer.box, layer.colour)
    else:
        canvas.fill(layer.box, layer.colour)


def draw(picture: PagePicture) -> Pixels | None:
    """``picture`` as pdfium draws it, one pixel for each of the scan, RGB or grey; None where it cannot be shown."""
    grey = picture.components == 1
    try:
        with closing(pypdfium2.PdfDocument(_page_of(picture))) as document, closing(document[0]) as page:
            drawn = page.render(scale=1, rev_byteorder=True, grayscale=grey, may_draw_forms=False, bitmap_maker=_ours)
            pixels = np.ascontiguousarray(drawn.to_numpy(), np.uint8)
    except (pypdfium2.PdfiumError, ValueError):
        return None
    if pixels.shape[:2] != (picture.height, picture.width):
        return None
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        return pixels[:, :, 0]
    return pixels


def _layers(picture: PagePicture) -> Iterator[PictureLayer]:
    """The layers from the lowest up; a picture that is one image is one layer."""
    if picture.encoding is not PictureEncoding.LAYERS:
        box = Box(0, 0, picture.width, picture.height)
        parts = (picture.data, picture.encoding, box, picture.width, picture.height, picture.components, picture.bits)
        yield PictureLayer(*parts)
    yield from picture.layers


def _decode(layer: PictureLayer) -> Pixels:
    """The pixels of a layer that is an image, RGB or grey; raises ``ValueError``, ``OSError`` or ``zlib.error``."""
    shape = (layer.height, layer.width, 3) if layer.components == 3 else (layer.height, layer.width)
    if layer.encoding is PictureEncoding.JPEG:
        flags = cv2.IMREAD_COLOR_RGB if layer.components == 3 else cv2.IMREAD_GRAYSCALE
        decoded = cv2.imdecode(np.frombuffer(layer.data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
        pixels = np.zeros(0, np.uint8) if decoded is None else np.asarray(decoded, np.uint8)
    elif layer.encoding is PictureEncoding.FLATE and layer.bits == 8:
        pixels = np.frombuffer(zlib.decompress(layer.data), np.uint8).reshape(shape)
    elif layer.encoding is PictureEncoding.CCITT_G4:
        pixels = decode_fax(layer.data, layer.width, layer.height)
    else:
        raise ValueError(f"{layer.encoding} of {layer.bits} bits is not compared")
    if pixels.shape != shape:
        raise ValueError(f"{pixels.shape} pixels where {shape} are said to be")
    return pixels


def _page_of(picture: PagePicture) -> bytes:
    """A PDF of one page, a unit for each pixel."""
    target = io.BytesIO()
    pdf = PdfFile(target)
    tree = pdf.reserve()
    content = "\n".join(draw_picture(picture, 0, 1.0)).encode("ascii")
    page = pdf.add(
        {
            "Type": Name("Page"),
            "Parent": tree,
            "MediaBox": [0, 0, picture.width, picture.height],
            "Resources": {"XObject": write_picture(pdf, picture)},
            "Contents": pdf.add_stream({}, content),
        }
    )
    pdf.add({"Type": Name("Pages"), "Count": 1, "Kids": [page]}, tree)
    pdf.close(pdf.add({"Type": Name("Catalog"), "Pages": tree}), pdf.add({}))
    return target.getvalue()
