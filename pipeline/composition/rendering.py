"""A picture as a PDF reader shows it: decoded by pdfium from the very bytes that go into the document."""

from __future__ import annotations

import io
from contextlib import closing

import numpy as np
import pypdfium2

from pipeline.composition.container import Name, PdfFile
from pipeline.composition.drawing import draw_picture, write_picture
from pipeline.domain.pages import PagePicture, Pixels

#: Bitmaps in memory of Python's, which arrays may go on using.
_ours = pypdfium2.PdfBitmap.new_native


def show(picture: PagePicture) -> Pixels | None:
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
