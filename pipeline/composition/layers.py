"""Mixed raster content: ink as sharp stencils of one colour each, over what lies under it, small and finer where needed.

After ITU-T T.44 in spirit; drawn with nothing but images, stencil masks and filled rectangles, which every PDF reader
knows: no transparency.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.composition.backdrop import calm, find_bare, find_details, take_out, widen
from pipeline.composition.fax import encode_fax
from pipeline.composition.inks import Ink, cover, part_inks
from pipeline.composition.jpeg import encode_jpeg
from pipeline.composition.places import Place
from pipeline.composition.rasters import above, halve, mean, strongest, turned_over, weakest, without
from pipeline.composition.strokes import Study, find_strokes
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, PictureLayer, Pixels

#: A backdrop that is nowhere further than this from its usual colour is that colour.
EVEN = 6
#: Every so many pixels are looked at for that first.
SAMPLE = 61

#: Pictures of no more pixels than this are tried without loss too.
SMALL = 64 * 64

#: Where finer parts would cover more than this share of a page, all of it is finer.
MOST_DETAIL = 0.35

#: Colours are coded as finely as light where more than this share of the pixels stand out by so much from those within reach.
MOTLEY, COLOUR_STEP, COLOUR_REACH = 0.0005, 14, 7

#: Resolutions that are believed; a picture without a resolution of its own is taken for a page of this height in inches.
BELIEVED, PAGE_HEIGHT = (100.0, 700.0), 11.7


@dataclass(frozen=True, slots=True)
class LayerCoding:
    """How layers are coded: dpi and JPEG quality of the backdrop and of finer parts.

    Parts are finer where the backdrop is off by ``detail`` grey levels.
    """

    backdrop_dpi: float
    backdrop_quality: int
    detail_dpi: float
    detail_quality: int
    detail: float


def separate(image: PageImage, page: Study, coding: LayerCoding) -> PagePicture:
    """The picture of ``image`` in layers, of the size and resolution of the scan; raises ``CompositionError``.

    ``page`` is the study of the same image.
    """
    pixels, grey, dpi = page.pixels, page.grey, page.dpi
    strokes = find_strokes(page)
    inks = part_inks(page, strokes)
    bare = find_bare(cover(inks, strokes), dpi)
    step = 2 ** max(0, round(math.log2(dpi / coding.backdrop_dpi)))
    backdrop = calm(_take_out_all(page, bare, step))
    details = list(find_details(grey, bare, backdrop, dpi, coding.detail))
    finer = max(1, int(dpi / coding.detail_dpi))
    if sum(place.area for place in details) > MOST_DETAIL * grey.size:
        step, details = finer, []
        backdrop = _take_out_all(page, bare, step)
    lowest = _lay_backdrop(backdrop, step, coding.backdrop_quality)
    patches = (
        lay_pixels(take_out(place.cut(pixels), place.cut(bare), finer), place, finer, coding.detail_quality)
        for place in details
    )
    layers = (lowest, *patches, *_stencils(inks))
    components = 3 if pixels.ndim == 3 else 1
    return PagePicture(b"", PictureEncoding.LAYERS, image.width, image.height, image.dpi, components, layers=layers)


def _take_out_all(page: Study, bare: Pixels, step: int) -> Pixels:
    """The whole page without its ink; even steps begin at the half page, of which only what is bare throughout counts."""
    if step % 2:
        return take_out(page.pixels, bare, step)
    small = take_out(page.half, above(halve(bare), 254), step // 2)
    height, width = bare.shape
    return widen(small, -(-height // step) - small.shape[0], -(-width // step) - small.shape[1])


def mend(picture: PagePicture, pixels: Pixels, places: Iterable[Place], quality: int) -> PagePicture:
    """``picture`` with the scan itself, ink and all, laid over ``places``."""
    patches = (lay_pixels(place.cut(pixels), place, 1, quality) for place in places)
    return replace(picture, layers=(*picture.layers, *patches))


def believed_dpi(image: PageImage) -> float:
    """The resolution of a scan as far as it can be believed."""
    low, high = BELIEVED
    return image.dpi if low <= image.dpi <= high else min(high, max(image.height, image.width) / PAGE_HEIGHT)


def _lay_backdrop(backdrop: Pixels, step: int, quality: int) -> PictureLayer:
    rows, columns = backdrop.shape[:2]
    if (flat := _even_colour(backdrop)) is not None:
        colour = flat.astype(int).tolist()
        box = Box(0, 0, columns * step, rows * step)
        return PictureLayer(b"", PictureEncoding.FLATE, box, 1, 1, colour=(colour[0], colour[len(colour) // 2], colour[-1]))
    return lay_pixels(backdrop, Place(0, 0, columns * step, rows * step), step, quality)


def _even_colour(backdrop: Pixels) -> NDArray[np.float64] | None:
    """The usual colour of a backdrop that is nowhere far from it."""
    colours = backdrop.reshape(backdrop.shape[0] * backdrop.shape[1], -1)
    if int(np.ptp(colours[::SAMPLE], axis=0).max()) > 2 * EVEN:
        return None
    flat = np.asarray(np.median(colours, axis=0), np.float64)
    return flat if np.abs(colours - flat).max() <= EVEN else None


def lay_pixels(pixels: Pixels, place: Place, step: int, quality: int) -> PictureLayer:
    """A layer of ``pixels``, ``step`` times smaller than the scan, its upper left corner that of ``place``."""
    rows, columns = pixels.shape[:2]
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444 if _is_motley(pixels) else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    data, encoding = encode_jpeg(pixels, quality, sampling), PictureEncoding.JPEG
    if rows * columns <= SMALL and len(raw := zlib.compress(pixels.tobytes(), 9)) <= len(data):
        data, encoding = raw, PictureEncoding.FLATE
    box = Box(place.left, place.top, place.left + columns * step, place.top + rows * step)
    return PictureLayer(data, encoding, box, columns, rows, 3 if pixels.ndim == 3 else 1, 8)


def _is_motley(pixels: Pixels) -> bool:
    """Whether colours change within short distances."""
    if pixels.ndim == 2:
        return False
    chroma = without(strongest(pixels), weakest(pixels))
    off = np.asarray(cv2.absdiff(chroma, mean(chroma, COLOUR_REACH)), np.uint8)
    return int(cv2.countNonZero(above(off, COLOUR_STEP))) > MOTLEY * off.size


def _stencils(inks: Iterable[Ink]) -> Iterator[PictureLayer]:
    for ink in inks:
        height, width = ink.mask.shape
        data = encode_fax(turned_over(ink.mask))
        yield PictureLayer(data, PictureEncoding.CCITT_G4, ink.place.box, width, height, colour=ink.colour)
