"""The picture of a page as it goes into the PDF: the scanner's own bytes where they will do, else coded afresh."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.composition.fax import decode_fax, encode_fax
from pipeline.composition.jpeg import read_frame
from pipeline.domain.errors import CompositionError
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, Pixels, ScannedPage


@dataclass(frozen=True, slots=True)
class _Coding:
    """JPEG settings of a profile: quality 0..100 and how the colours are thinned out."""

    quality: int
    sampling: int


#: ``nd30``: colour scans for daily work (Nghị định 30/2020/NĐ-CP). ``archive``: for keeping (Thông tư 02/2019/TT-BNV).
_PROFILES = {
    "nd30": _Coding(75, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420),
    "archive": _Coding(90, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
}
#: Channels that differ by no more than this everywhere are grey in all but name.
_TINT = 8
#: Mean difference of two thumbnails, in grey levels, up to which they show the same page.
_SAME_PAGE = 24.0
_THUMBNAIL = 8
_BAND, _BANDS_APART = 16, 8
_FLATE_LEVEL = 4


def picture_of(scan: ScannedPage, profile: str) -> PagePicture:
    """The picture of ``scan`` for the PDF, never larger than the scan.

    The coded bytes that came with the scan are kept where every reader can show them and they show this very scan.
    Else bilevel pages become CCITT G4, flat drawings Flate where that is smaller, everything else JPEG, grey where
    there is no colour. ``profile`` is ``nd30`` or ``archive``; raises ``ValueError`` for another,
    ``CompositionError`` where the pixels cannot be coded.
    """
    coding = _PROFILES.get(profile)
    if coding is None:
        raise ValueError(f"there is no profile {profile!r}; known are {', '.join(_PROFILES)}")
    if scan.picture is not None and _is_usable(scan.picture, scan.image):
        return scan.picture
    return _encode(scan.image, coding)


def _is_usable(picture: PagePicture, image: PageImage) -> bool:
    if (picture.width, picture.height) != (image.width, image.height):
        return False
    try:
        shown = _thumbnail_of(picture)
    except (OSError, ValueError, cv2.error, zlib.error):
        return False
    if shown is None:
        return False
    wanted = _shrink(image.pixels, shown.shape[1], shown.shape[0])
    return float(np.mean(cv2.absdiff(shown, wanted))) <= _SAME_PAGE


def _thumbnail_of(picture: PagePicture) -> Pixels | None:
    """An eighth of the picture in grey as a PDF reader would show it; None where readers would stumble."""
    match picture.encoding:
        case PictureEncoding.JPEG:
            return _jpeg_thumbnail(picture)
        case PictureEncoding.CCITT_G4:
            if (picture.components, picture.bits) != (1, 1):
                return None
            pixels = decode_fax(picture.data, picture.width, picture.height, black_is_1=picture.black_is_1)
        case PictureEncoding.FLATE:
            raw = _inflate(picture)
            if raw is None:
                return None
            pixels = raw
    return _shrink(pixels, -(-picture.width // _THUMBNAIL), -(-picture.height // _THUMBNAIL))


def _jpeg_thumbnail(picture: PagePicture) -> Pixels | None:
    frame = read_frame(picture.data)
    promised = (picture.width, picture.height, picture.components, picture.bits)
    if frame is None or not frame.plain or (frame.width, frame.height, frame.components, frame.bits) != promised:
        return None
    if frame.components not in (1, 3):
        return None
    flags = cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION
    return _checked(cv2.imdecode(np.frombuffer(picture.data, np.uint8), flags))


def _checked(pixels: object) -> Pixels | None:
    return pixels.astype(np.uint8, copy=False) if isinstance(pixels, np.ndarray) else None


def _inflate(picture: PagePicture) -> Pixels | None:
    if (picture.components, picture.bits) not in {(1, 1), (1, 8), (3, 8)}:
        return None
    row = -(-picture.width * picture.components * picture.bits // 8)
    inflater = zlib.decompressobj()
    raw = inflater.decompress(picture.data, row * picture.height + 1)
    if len(raw) != row * picture.height or not inflater.eof:
        return None
    rows = np.frombuffer(raw, np.uint8).reshape(picture.height, row)
    if picture.bits == 1:
        return np.unpackbits(rows, axis=1)[:, : picture.width] * np.uint8(255)
    return rows.reshape(picture.height, picture.width, 3) if picture.components == 3 else rows


def _shrink(pixels: Pixels, width: int, height: int) -> Pixels:
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if small.ndim == 3 else small
    return grey.astype(np.uint8, copy=False)


def _encode(image: PageImage, coding: _Coding) -> PagePicture:
    pixels = _grey_if_colourless(np.ascontiguousarray(image.pixels))
    if pixels.ndim == 2 and _is_bilevel(pixels):
        return _picture(image, encode_fax(pixels), PictureEncoding.CCITT_G4, 1, 1)
    components = 1 if pixels.ndim == 2 else 3
    if _is_smaller_flat(pixels, coding):
        return _picture(image, zlib.compress(pixels.tobytes(), _FLATE_LEVEL), PictureEncoding.FLATE, components)
    return _picture(image, _encode_jpeg(pixels, coding), PictureEncoding.JPEG, components)


def _picture(image: PageImage, data: bytes, encoding: PictureEncoding, components: int, bits: int = 8) -> PagePicture:
    return PagePicture(data, encoding, image.width, image.height, image.dpi, components, bits)


def _grey_if_colourless(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    if _is_tinted(pixels[::_THUMBNAIL, ::_THUMBNAIL]) or _is_tinted(pixels):
        return pixels
    return np.ascontiguousarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)).astype(np.uint8, copy=False)


def _is_tinted(pixels: Pixels) -> bool:
    red, green, blue = cv2.split(np.ascontiguousarray(pixels))
    return bool(max(cv2.absdiff(red, green).max(), cv2.absdiff(green, blue).max()) > _TINT)


def _is_bilevel(pixels: Pixels) -> bool:
    between = cv2.calcHist([pixels], [0], None, [256], [0, 256]).ravel()[1:255]
    return not between.any()


def _is_smaller_flat(pixels: Pixels, coding: _Coding) -> bool:
    """Whether Flate, which loses nothing, also makes fewer bytes than JPEG, judged by an eighth of the rows."""
    starts = range(0, pixels.shape[0], _BAND * _BANDS_APART)
    sample = np.concatenate([pixels[start : start + _BAND] for start in starts])
    return len(zlib.compress(sample.tobytes(), 1)) < len(_encode_jpeg(sample, coding))


def _encode_jpeg(pixels: Pixels, coding: _Coding) -> bytes:
    ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    settings = [cv2.IMWRITE_JPEG_QUALITY, coding.quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, coding.sampling]
    settings += [cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    try:
        done, data = cv2.imencode(".jpg", ordered, settings)
    except cv2.error as error:
        raise CompositionError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} pixels cannot be coded: {error}") from error
    if not done:
        raise CompositionError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} pixels cannot be coded as JPEG")
    return bytes(data)
