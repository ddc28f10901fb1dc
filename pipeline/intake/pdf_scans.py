"""PDF pages that are nothing but one scanned picture: where it lies, and its pixels at native size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Pixels
from pipeline.intake.pdf_objects import IMAGE, PageFrame, Piece, image_size, is_clipped, pixel_map

#: White margins around a picture that stands alone are no loss; its own pixels are worth more than they.
_LEAST_COVER = 0.6
_MOST_OVERHANG = 0.03


@dataclass(frozen=True, slots=True)
class Placement:
    """An image that covers the page: ``width`` × ``height`` as displayed, after the turn.

    ``transpose``, ``mirror_x`` and ``mirror_y`` say what must be done to its pixels, in that order.
    ``alone``: nothing else shows.
    """

    piece: Piece
    width: int
    height: int
    transpose: bool
    mirror_x: bool
    mirror_y: bool
    alone: bool

    @property
    def upright(self) -> bool:
        """Whether the pixels are displayed as they are stored."""
        return not (self.transpose or self.mirror_x or self.mirror_y)

    @property
    def stored(self) -> tuple[int, int]:
        """Width and height as stored, before the turn."""
        return (self.height, self.width) if self.transpose else (self.width, self.height)

    @property
    def dpi(self) -> tuple[float, float]:
        """Dots per inch across and down, as displayed."""
        return self.width * 72 / self.piece.bounds.width, self.height * 72 / self.piece.bounds.height


def find_scan(pieces: tuple[Piece, ...], frame: PageFrame) -> Placement | None:
    """The image that covers the page, where there is one whose sides run along the page's."""
    covering = [piece for piece in pieces if piece.kind == IMAGE and _covers(piece, frame)]
    if not covering:
        return None
    piece = covering[-1]
    width, height = image_size(piece)
    grid = pixel_map(piece, width, height)
    turn = _turn(grid, width, height)
    if turn is None or piece.bounds.area <= 0:
        return None
    others = [other for other in pieces if other is not piece and not (other.order < piece.order and piece.opaque)]
    alone = not others and piece.opaque and not is_clipped(piece)
    shown = (height, width) if turn[0] else (width, height)
    return Placement(piece, *shown, *turn, alone=alone)


def decode_scan(placement: Placement, document: pdfium.PdfDocument, page: pdfium.PdfPage) -> Pixels | None:
    """The image's pixels as displayed, grey or RGB; None where pdfium cannot give them as they are painted."""
    image = pdfium.PdfImage(placement.piece.handle, page=page, pdf=document)
    try:
        bitmap = image.get_bitmap(render=False)
    except pdfium.PdfiumError:
        return None
    stored = _as_pixels(bitmap)
    return None if stored is None else np.ascontiguousarray(turn_pixels(stored, placement))


def turn_pixels(stored: Pixels, placement: Placement) -> Pixels:
    """Stored pixels as they are displayed."""
    shown = stored.swapaxes(0, 1) if placement.transpose else stored
    if placement.mirror_x:
        shown = shown[:, ::-1]
    return shown[::-1] if placement.mirror_y else shown


def _covers(piece: Piece, frame: PageFrame) -> bool:
    whole = Box(0, 0, frame.width, frame.height)
    shared = piece.bounds.intersection(whole).area
    return shared >= _LEAST_COVER * whole.area and shared >= (1 - _MOST_OVERHANG) * piece.bounds.area


def _turn(grid: Affine, width: int, height: int) -> tuple[bool, bool, bool] | None:
    """How stored pixels must be turned: (transpose, mirror_x, mirror_y); None for a picture that lies askew."""
    along = max(abs(grid.a) * width, abs(grid.b) * height, 1e-9)
    straight = (abs(grid.b) * height + abs(grid.d) * width) / along
    turned = (abs(grid.a) * width + abs(grid.e) * height) / along
    if straight < 1.5 / max(width, height, 1):
        return False, grid.a < 0, grid.e < 0
    if turned < 1.5 / max(width, height, 1):
        return True, grid.b < 0, grid.d < 0
    return None


def _as_pixels(bitmap: pdfium.PdfBitmap) -> Pixels | None:
    """A copy of the pixels, grey or RGB; None for other formats."""
    pixels = bitmap.to_numpy()
    if bitmap.format == pdfium_c.FPDFBitmap_Gray:
        return np.array(pixels.reshape(bitmap.height, bitmap.width), dtype=np.uint8)
    if bitmap.format == pdfium_c.FPDFBitmap_BGR:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    if bitmap.format == pdfium_c.FPDFBitmap_BGRx:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGB), dtype=np.uint8)
    return None
