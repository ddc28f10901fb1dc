"""The picture of a page as it goes into the PDF: as small as fidelity allows, else as it was scanned."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from pipeline.composition.fax import encode_fax
from pipeline.composition.fidelity import Fidelity, Yardstick, measure_by
from pipeline.composition.jpeg import encode_jpeg
from pipeline.composition.layers import LayerCoding, believed_dpi, mend, separate
from pipeline.composition.png import encode_rows
from pipeline.composition.rendering import Show
from pipeline.composition.strokes import study
from pipeline.composition.submitted import is_usable
from pipeline.composition.vectors import pack
from pipeline.domain.geometry import Box
from pipeline.domain.pages import (
    PageImage,
    PagePicture,
    PictureAccount,
    PictureEncoding,
    Pixels,
    RefusedCoding,
    ScannedPage,
)


@dataclass(frozen=True, slots=True)
class _Profile:
    """How pages are coded: in ``layers``, else as one JPEG of ``quality`` 0..100 with colours thinned out by ``sampling``.

    Without loss where it does not say how to lay layers.
    """

    layers: LayerCoding | None = None
    quality: int = 0
    sampling: int = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444


#: ``nd30``: colour scans for daily work (Nghị định 30/2020/NĐ-CP). ``archive``: for keeping (Thông tư 02/2019/TT-BNV).
#: ``exact``: the bytes as scanned, or coded without loss.
_PROFILES = {
    "nd30": _Profile(LayerCoding(100.0, 50, 200.0, 60, 9.0), 75, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420),
    "archive": _Profile(LayerCoding(150.0, 70, 300.0, 80, 7.0), 90),
    "exact": _Profile(),
}
#: Layers are worth their loss where they are smaller than this share of the bytes as scanned.
_WORTH = 0.85
#: Pictures with a side of fewer pixels than this are not taken apart.
_LEAST_SIDE = 64
#: Places found wanting are laid over with the scan where they cover no more than this share of the page, so often.
_MENDABLE, _MENDINGS = 0.25, 2
_MENDING_QUALITY = 85
#: Channels that differ by no more than this everywhere are grey in all but name.
_TINT = 8
#: Every so many pixels are looked at for colour first.
_STRIDE = 8
_BAND, _BANDS_APART = 16, 8
_FLATE_LEVEL = 4
#: How records call a page that stays a drawing; one of more bytes than this is a picture in disguise.
VECTORS, _LARGEST_DRAWING = "vectors", 1_500_000


@dataclass(frozen=True, slots=True)
class Compressed:
    """The picture of a page, and how it came to be."""

    picture: PagePicture
    account: PictureAccount


def compress(scan: ScannedPage, profile: str, digits: Iterable[Box] = ()) -> Compressed:
    """The picture of ``scan`` for the PDF, never larger than the scan.

    A page that was drawn stays a drawing where that shows what the page shows. Whatever loses something is decoded again
    and held against the scan; what fails is mended where it fails, or gives way to the next best: one JPEG, then the coded
    bytes that came with the scan where every reader can show them and they show this very scan, else a coding without
    loss. Bilevel pages become CCITT G4. ``digits`` are the boxes of words in which every sign is compared. ``profile`` is
    ``nd30``, ``archive`` or ``exact``; raises ``ValueError`` for another,
    ``CompositionError`` where the pixels cannot be coded.
    """
    chosen = _PROFILES.get(profile)
    if chosen is None:
        raise ValueError(f"there is no profile {profile!r}; known are {', '.join(_PROFILES)}")
    places = tuple(digits)
    refused: list[RefusedCoding] = []
    if scan.drawing is not None:
        drawing = pack(scan.drawing, scan.image, lossless=chosen.layers is None)
        fidelity = _judge_drawing(drawing, scan.image, places)
        if fidelity.passed:
            return _settle(drawing, VECTORS, fidelity)
        refused.append(RefusedCoding(VECTORS, fidelity.failures))
    elif scan.undrawn:
        refused.append(RefusedCoding(VECTORS, (scan.undrawn,)))
    return _compress_scan(scan, chosen, places, refused)


def _judge_drawing(drawing: PagePicture, image: PageImage, digits: tuple[Box, ...]) -> Fidelity:
    if drawing.size > _LARGEST_DRAWING:
        return Fidelity(0.0, failures=("size",))
    pixels = np.ascontiguousarray(image.pixels)
    yardstick = measure_by(study(pixels, believed_dpi(image)), digits)
    return _judge(drawing, yardstick, Show(yardstick.page.sight.step))


def _compress_scan(scan: ScannedPage, chosen: _Profile, digits: tuple[Box, ...], refused: list[RefusedCoding]) -> Compressed:
    own = _Own(scan)
    if own.is_final(chosen) and own.picture is not None:
        return _settle(own.picture, "as_scanned", refused=refused)
    pixels = _grey_if_colourless(np.ascontiguousarray(scan.image.pixels))
    if pixels.ndim == 2 and _is_bilevel(pixels):
        fax = _picture(scan.image, encode_fax(pixels), PictureEncoding.CCITT_G4, 1, 1)
        return _settle(fax, "bilevel", refused=refused)
    image = replace(scan.image, pixels=pixels)
    if chosen.layers is not None:
        for coding, picture, fidelity in _tries(image, own, chosen, digits):
            if fidelity.passed:
                return _settle(picture, coding, fidelity, refused)
            refused.append(RefusedCoding(coding, fidelity.failures))
    if own.picture is not None:
        return _settle(own.picture, "as_scanned", refused=refused)
    rows = encode_rows(pixels)
    return _settle(_picture(image, rows, PictureEncoding.PNG_ROWS, _components(pixels)), "lossless", refused=refused)


class _Own:
    """The coded bytes that came with a scan. They are decoded, to see whether they may be used, only where that matters."""

    def __init__(self, scan: ScannedPage) -> None:
        self._scan = scan

    @cached_property
    def picture(self) -> PagePicture | None:
        """The bytes as scanned, None where there are none that may be used."""
        submitted = self._scan.picture
        return submitted if submitted is not None and is_usable(submitted, self._scan.image) else None

    def is_final(self, profile: _Profile) -> bool:
        """Whether nothing smaller is looked for where they may be used."""
        return self._scan.picture is not None and (profile.layers is None or self._scan.picture.bits == 1)

    def beats(self, layers: PagePicture) -> bool:
        """Whether ``layers`` are not worth their loss."""
        submitted = self._scan.picture
        return submitted is not None and layers.size > _WORTH * submitted.size and self.picture is not None


def _settle(
    picture: PagePicture, coding: str, fidelity: Fidelity | None = None, refused: Iterable[RefusedCoding] = ()
) -> Compressed:
    ssim, digits = (round(fidelity.ssim, 4), fidelity.digits) if fidelity else (1.0, 0)
    return Compressed(picture, PictureAccount(coding, picture.size, ssim, digits, tuple(refused)))


def _tries(
    image: PageImage, own: _Own, profile: _Profile, digits: tuple[Box, ...]
) -> Iterator[tuple[str, PagePicture, Fidelity]]:
    """Codings that lose something, the smallest first, each with how faithful it turned out to be."""
    page = study(image.pixels, believed_dpi(image))
    yardstick, show = measure_by(page, digits), Show(page.sight.step)
    if profile.layers is not None and min(image.width, image.height) >= _LEAST_SIDE:
        layered = separate(image, page, profile.layers)
        coding = "layers"
        for left in range(_MENDINGS, -1, -1):
            if own.beats(layered):
                break
            fidelity = _judge(layered, yardstick, show)
            yield coding, layered, fidelity
            if not left or sum(place.area for place in fidelity.places) > _MENDABLE * image.width * image.height:
                break
            layered, coding = mend(layered, image.pixels, fidelity.places, _MENDING_QUALITY), "mended_layers"
    if own.picture is None:
        whole = _encode_whole(image, profile)
        lossless = whole.encoding is PictureEncoding.FLATE
        yield "whole", whole, Fidelity(1.0) if lossless else _judge(whole, yardstick, show)


def _judge(picture: PagePicture, yardstick: Yardstick, show: Show) -> Fidelity:
    shown = show.see(picture)
    return Fidelity(0.0, failures=("undecodable",)) if shown is None else yardstick.compare(shown)


def _encode_whole(image: PageImage, profile: _Profile) -> PagePicture:
    pixels = image.pixels
    if _is_smaller_flat(pixels, profile):
        return _picture(image, zlib.compress(pixels.tobytes(), _FLATE_LEVEL), PictureEncoding.FLATE, _components(pixels))
    data = encode_jpeg(pixels, profile.quality, profile.sampling)
    return _picture(image, data, PictureEncoding.JPEG, _components(pixels))


def _components(pixels: Pixels) -> int:
    return 1 if pixels.ndim == 2 else 3


def _picture(image: PageImage, data: bytes, encoding: PictureEncoding, components: int, bits: int = 8) -> PagePicture:
    return PagePicture(data, encoding, image.width, image.height, image.dpi, components, bits)


def _grey_if_colourless(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    if _is_tinted(pixels[::_STRIDE, ::_STRIDE]) or _is_tinted(pixels):
        return pixels
    return np.ascontiguousarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)).astype(np.uint8, copy=False)


def _is_tinted(pixels: Pixels) -> bool:
    red, green, blue = cv2.split(np.ascontiguousarray(pixels))
    return bool(max(cv2.absdiff(red, green).max(), cv2.absdiff(green, blue).max()) > _TINT)


def _is_bilevel(pixels: Pixels) -> bool:
    between = cv2.calcHist([pixels], [0], None, [256], [0, 256]).ravel()[1:255]
    return not between.any()


def _is_smaller_flat(pixels: Pixels, profile: _Profile) -> bool:
    """Whether Flate, which loses nothing, also makes fewer bytes than JPEG, judged by an eighth of the rows."""
    starts = range(0, pixels.shape[0], _BAND * _BANDS_APART)
    sample = np.concatenate([pixels[start : start + _BAND] for start in starts])
    return len(zlib.compress(sample.tobytes(), 1)) < len(encode_jpeg(sample, profile.quality, profile.sampling))
