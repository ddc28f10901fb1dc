"""The images of a drawing: coded bytes that may stay as they are, else what pdfium paints of each, pixel by pixel."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.domain.drawings import DrawnImage
from pipeline.domain.pages import Pixels
from pipeline.intake.drawing_rules import UndrawableError
from pipeline.intake.pdf_streams import keep_plain

#: Pixels of one image, and of all images of a drawing: beyond, the page is a picture.
_MOST_PIXELS, MOST_PIXELS = 12_000_000, 20_000_000
_LONGEST_SIDE = 10_000
_OPAQUE = 255


def draw_image(raw: pikepdf.Pdf, stream: pikepdf.Object) -> tuple[DrawnImage, int]:
    """The image in ``stream`` with its count of pixels; raises ``UndrawableError`` where it is none, or too large."""
    width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE and width * height <= _MOST_PIXELS):
        raise UndrawableError("image_size")
    if "/OC" in stream or "/Alternates" in stream or str(stream.get("/Subtype")) != "/Image":
        raise UndrawableError("odd_image")
    kept = keep_plain(stream) if isinstance(stream, pikepdf.Stream) else None
    if kept is not None and not kept.black_is_1:
        return DrawnImage(picture=kept), width * height
    stencil = bool(stream.get("/ImageMask", False))
    pixels = _painted(raw, stream, width, height)
    alpha = np.ascontiguousarray(pixels[:, :, 3])
    if stencil:
        return DrawnImage(alpha=alpha), width * height
    shown = np.ascontiguousarray(pixels[:, :, :3])
    return DrawnImage(pixels=shown, alpha=None if alpha.min() == _OPAQUE else alpha), width * height


def _painted(raw: pikepdf.Pdf, stream: pikepdf.Object, width: int, height: int) -> Pixels:
    """RGBA as pdfium paints the image, a pixel for each of its own."""
    with pikepdf.new() as sheet:
        page = sheet.add_blank_page(page_size=(width, height))
        own = sheet.copy_foreign(stream if stream.is_indirect else raw.make_indirect(stream))
        page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=own))
        page.obj["/Contents"] = sheet.make_stream(f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode("ascii"))
        target = io.BytesIO()
        sheet.save(target)
    document = pdfium.PdfDocument(target.getvalue())
    try:
        bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGRA)
        bitmap.fill_rect((0, 0, 0, 0), 0, 0, width, height)
        flags = pdfium_c.FPDF_REVERSE_BYTE_ORDER
        pdfium_c.FPDF_RenderPageBitmap(bitmap, document[0], 0, 0, width, height, 0, flags)
        return np.array(bitmap.to_numpy(), np.uint8)
    finally:
        document.close()
