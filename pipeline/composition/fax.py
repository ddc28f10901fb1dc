"""CCITT Group 4 (ITU-T T.6), the coding of bilevel scans, by way of libtiff."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image, TiffImagePlugin

from pipeline.domain.errors import CompositionError
from pipeline.domain.pages import Pixels

_PHOTOMETRIC, _FILL_ORDER, _STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_BYTES = 262, 266, 273, 278, 279
_SHORT, _LONG = 3, 4


def encode_fax(pixels: Pixels) -> bytes:
    """The Group 4 bytes of ``pixels`` (height, width; 0 is black, anything else white), black coded as black.

    That is /BlackIs1 false in a PDF. Group 4 calls a set bit black whatever the TIFF around it says; asking Pillow for
    a WhiteIsZero TIFF would give the same bytes a hundred times slower.
    """
    target = io.BytesIO()
    image = Image.fromarray(pixels == 0)
    image.save(target, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: image.height})
    target.seek(0)
    with TiffImagePlugin.TiffImageFile(target) as coded:
        offsets, lengths = coded.tag_v2[_STRIP_OFFSETS], coded.tag_v2[_STRIP_BYTES]
        sound = coded.tag_v2[_PHOTOMETRIC] == 1 and coded.tag_v2.get(_FILL_ORDER, 1) == 1 and len(offsets) == 1
    if not sound:
        raise CompositionError("libtiff did not code the page as one strip with the high bit first")
    return target.getvalue()[offsets[0] : offsets[0] + lengths[0]]


def decode_fax(data: bytes, width: int, height: int, *, black_is_1: bool = False) -> Pixels:
    """The grey pixels, 0 or 255, of Group 4 bytes as a PDF reader shows them; raises ``OSError`` where they are damaged."""
    head = struct.pack("<2sHI", b"II", 42, 8)
    tags = (
        (256, _LONG, width),
        (257, _LONG, height),
        (258, _SHORT, 1),
        (259, _SHORT, 4),
        (_PHOTOMETRIC, _SHORT, int(black_is_1)),
        (_STRIP_OFFSETS, _LONG, 8 + 2 + 12 * 8 + 4),
        (_ROWS_PER_STRIP, _LONG, height),
        (_STRIP_BYTES, _LONG, len(data)),
    )
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    directory = struct.pack("<H", len(tags)) + rows + struct.pack("<I", 0)
    with TiffImagePlugin.TiffImageFile(io.BytesIO(head + directory + data)) as image:
        return np.asarray(image.convert("L"), dtype=np.uint8)
