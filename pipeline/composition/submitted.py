"""Coded bytes that came with a scan: whether they may stand in the PDF as they are."""

from __future__ import annotations

import zlib

import cv2
import numpy as np

from pipeline.composition.fax import decode_fax
from pipeline.composition.jpeg import read_frame
from pipeline.composition.rasters import in_grey
from pipeline.domain.pages import PageImage, PagePicture, PictureEncoding, Pixels

#: Mean difference of two thumbnails, in grey levels, up to which they show the same page.
_SAME_PAGE = 24.0
_THUMBNAIL = 8


def is_usable(picture: PagePicture, image: PageImage) -> bool:
    """Whether every PDF reader can show ``picture``, and what it shows is ``image``."""
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
        case _:
            return None
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
    grey = in_grey(pixels)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
