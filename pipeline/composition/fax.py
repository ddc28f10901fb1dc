"""CCITT Group 4 (ITU-T T.6), the coding of bilevel scans, by way of libtiff."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image, TiffImagePlugin, _imaging

from pipeline.composition.rasters import above
from pipeline.domain.errors import CompositionError
from pipeline.domain.pages import Pixels

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _GROUP_4, _PART = 256, 257, 258, 259, 4, 1 << 16
_PHOTOMETRIC, _FILL_ORDER, _STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_BYTES = 262, 266, 273, 278, 279
_SHORT, _LONG = 3, 4


def encode_fax(pixels: Pixels) -> bytes:
    """The Group 4 bytes of ``pixels`` (height, width; 0 is black, anything else white), black coded as black.

    That is /BlackIs1 false in a PDF. Group 4 calls a set bit black whatever the TIFF around it says; asking Pillow for
    a WhiteIsZero TIFF would give the same bytes a hundred times slower.
    """
    target = io.BytesIO(_write_tiff(pixels))
    with TiffImagePlugin.TiffImageFile(target) as coded:
        offsets, lengths = coded.tag_v2[_STRIP_OFFSETS], coded.tag_v2[_STRIP_BYTES]
        sound = coded.tag_v2[_PHOTOMETRIC] == 1 and coded.tag_v2.get(_FILL_ORDER, 1) == 1 and len(offsets) == 1
    if not sound:
        raise CompositionError("libtiff did not code the page as one strip with the high bit first")
    return target.getvalue()[offsets[0] : offsets[0] + lengths[0]]


def _write_tiff(pixels: Pixels) -> bytes:
    """A TIFF of one strip, from libtiff itself.

    Saved as an image, each pixel would first become a byte and be packed one by one, for half of the time that coding takes;
    here eight of them are one pixel of a grey image as wide as the packed rows.
    """
    height, width = pixels.shape
    packed = Image.fromarray(np.packbits(pixels == 0, axis=1))
    tags = [
        (_WIDTH, width),
        (_HEIGHT, height),
        (_BITS, 1),
        (_COMPRESSION, _GROUP_4),
        (_PHOTOMETRIC, 1),
        (_ROWS_PER_STRIP, height),
    ]
    encoder = _imaging.libtiff_encoder("L", "L", 0, "", tags, {})
    encoder.setimage(packed.im, (0, 0, *packed.size))
    parts, status = [], 0
    while not status:
        _, status, part = encoder.encode(_PART)
        parts.append(part)
    if status < 0:
        raise CompositionError(f"libtiff could not code a page of {width} × {height} pixels")
    return b"".join(parts)


def decode_fax(data: bytes, width: int, height: int, *, black_is_1: bool = False) -> Pixels:
    """The grey pixels, 0 or 255, of Group 4 bytes as a PDF reader shows them; raises ``OSError`` where they are damaged."""
    head = struct.pack("<2sHI", b"II", 42, 8)
    tags = (
        (_WIDTH, _LONG, width),
        (_HEIGHT, _LONG, height),
        (_BITS, _SHORT, 1),
        (_COMPRESSION, _SHORT, _GROUP_4),
        (_PHOTOMETRIC, _SHORT, int(black_is_1)),
        (_STRIP_OFFSETS, _LONG, 8 + 2 + 12 * 8 + 4),
        (_ROWS_PER_STRIP, _LONG, height),
        (_STRIP_BYTES, _LONG, len(data)),
    )
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    directory = struct.pack("<H", len(tags)) + rows + struct.pack("<I", 0)
    with TiffImagePlugin.TiffImageFile(io.BytesIO(head + directory + data)) as image:
        return above(np.asarray(image).view(np.uint8), 0)
