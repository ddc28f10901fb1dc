"""A paper out of a stack as a file of its own: the very pages, streams and pictures of what was scanned, none coded anew.

The same pages always give the same bytes, so that a repeated cut is recognised as the file that it was.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf

from pipeline import intake
from pipeline.batches.cutting import View
from pipeline.domain.documents import Source
from pipeline.domain.errors import DamagedFileError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PictureEncoding, ScannedPage
from pipeline.intake import media
from pipeline.intake.pdf_files import QPDF_ERRORS

_POINTS = 72.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A file that pages are taken from."""

    path: Path
    source: Source


def write_slice(stacks: Sequence[Stack], views: Sequence[View], target: Path, bounds: intake.Bounds) -> None:
    """Write the pages ``views`` of ``stacks`` (counted from 1) into the PDF ``target``; runs in a killable process.

    Raises ``RejectedInputError`` where a page cannot be taken over.
    """
    opened: dict[int, pikepdf.Pdf] = {}
    try:
        with pikepdf.new() as made:
            for view in views:
                stack = stacks[view.source - 1]
                if stack.source.media_type == media.PDF:
                    pdf = opened.get(view.source) or opened.setdefault(view.source, pikepdf.open(stack.path))
                    was = pdf.pages[view.page - 1]
                    made.pages.append(was)
                else:
                    _add_picture(made, stack, view.page, bounds)
                    was = made.pages[-1]
                if view.part is not None:
                    _cut(made.pages[-1], view.part, was)
            made.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except QPDF_ERRORS as error:
        raise DamagedFileError(
            f"{stacks[0].source.name}: its pages cannot be taken apart ({type(error).__name__}); scan or export it again",
            advice="Không tách được tệp này thành từng giấy tờ. Hãy quét lại hoặc xuất lại tệp PDF rồi gửi lại.",
        ) from error
    finally:
        for pdf in opened.values():
            pdf.close()


def _cut(page: pikepdf.Page, part: Box, was: pikepdf.Page) -> None:
    """Show only the ``part`` of a page, as shares of what was seen of it, turned as it is turned."""
    left, bottom, right, top = (float(value) for value in was.cropbox)
    wide, high = right - left, top - bottom
    turn = int(was.obj.get("/Rotate", 0)) % 360
    seen = _unturned(part, turn)
    box = [
        left + seen.left * wide,
        top - seen.bottom * high,
        left + seen.right * wide,
        top - seen.top * high,
    ]
    for key in ("/MediaBox", "/CropBox"):
        page.obj[key] = pikepdf.Array([round(value, 3) for value in box])
    for key in ("/TrimBox", "/ArtBox", "/BleedBox"):
        if key in page.obj:
            del page.obj[key]


def _unturned(part: Box, turn: int) -> Box:
    """Where the part lies on the page before a viewer turns it clockwise by ``turn`` degrees."""
    if turn == 90:
        return Box(part.top, 1 - part.right, part.bottom, 1 - part.left)
    if turn == 180:
        return Box(1 - part.right, 1 - part.bottom, 1 - part.left, 1 - part.top)
    if turn == 270:
        return Box(1 - part.bottom, part.left, 1 - part.top, part.right)
    return part


def _add_picture(made: pikepdf.Pdf, stack: Stack, number: int, bounds: intake.Bounds) -> None:
    """A page that shows a picture file's page: its own coded bytes where they may be kept, else its pixels, packed."""
    scan = intake.read_page(stack.path, stack.source.media_type, number, bounds)
    width, height = scan.image.width, scan.image.height
    image = _image(made, scan)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height = width, height
    across, down = (round(side * _POINTS / scan.image.dpi, 3) for side in (width, height))
    page = made.add_blank_page(page_size=(across, down))
    page.obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=made.make_indirect(image)))
    page.obj["/Contents"] = made.make_stream(f"q {across} 0 0 {down} 0 0 cm /Im Do Q".encode("ascii"))


def _image(made: pikepdf.Pdf, scan: ScannedPage) -> pikepdf.Stream:
    picture = scan.picture
    if picture is not None and picture.encoding is PictureEncoding.JPEG and picture.components in (1, 3):
        image = pikepdf.Stream(made, picture.data)
        image.Filter, image.BitsPerComponent, colours = pikepdf.Name.DCTDecode, 8, picture.components
    elif picture is not None and picture.encoding is PictureEncoding.CCITT_G4:
        image = pikepdf.Stream(made, picture.data)
        image.Filter, image.BitsPerComponent, colours = pikepdf.Name.CCITTFaxDecode, 1, 1
        image.DecodeParms = pikepdf.Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=picture.black_is_1)
    else:
        pixels = np.ascontiguousarray(scan.image.pixels)
        image = pikepdf.Stream(made, zlib.compress(pixels.tobytes(), 6))
        image.Filter, image.BitsPerComponent, colours = pikepdf.Name.FlateDecode, 8, 1 if pixels.ndim == 2 else 3
    image.ColorSpace = pikepdf.Name.DeviceGray if colours == 1 else pikepdf.Name.DeviceRGB
    return image
