"""JPEG (ITU-T T.81): what a file says of itself, read from its markers (annex B), and pictures coded as one."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from pipeline.domain.errors import CompositionError
from pipeline.domain.pages import Pixels

#: Baseline, extended sequential and progressive, all with Huffman coding: what every PDF reader decodes.
_READABLE = frozenset({0xC0, 0xC1, 0xC2})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_ADOBE, _END = 0xEE, b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """Size, components and bits of a JPEG; ``plain`` where every PDF reader shows it in the same colours."""

    width: int
    height: int
    components: int
    bits: int
    plain: bool


def read_frame(data: bytes) -> JpegFrame | None:
    """The frame of the JPEG ``data``, None where it is no JPEG or stops before its end marker."""
    if data[:2] != b"\xff\xd8" or data.rfind(_END) < 0:
        return None
    place, transform = 2, -1
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF or marker in _BARE:
            place += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        segment = data[place + 4 : place + 2 + length]
        if marker == _ADOBE and segment[:5] == b"Adobe" and len(segment) >= 12:
            transform = segment[11]
        if marker in _FRAMES:
            return _frame(marker, segment, transform)
        place += 2 + length
    return None


def _frame(marker: int, segment: bytes, transform: int) -> JpegFrame | None:
    if len(segment) < 6 or len(segment) < 6 + 3 * segment[5]:
        return None
    names = bytes(segment[6 : 6 + 3 * segment[5] : 3])
    named_rgb = names == b"RGB" and transform < 0
    return JpegFrame(
        width=int.from_bytes(segment[3:5], "big"),
        height=int.from_bytes(segment[1:3], "big"),
        components=segment[5],
        bits=segment[0],
        plain=marker in _READABLE and not named_rgb,
    )


def encode_jpeg(pixels: Pixels, quality: int, sampling: int) -> bytes:
    """``pixels`` (grey or RGB) as a progressive JPEG, which codes even parts in next to nothing.

    ``quality`` is 0..100, ``sampling`` one of OpenCV's; raises ``CompositionError``.
    """
    ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    settings += [cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
    try:
        done, data = cv2.imencode(".jpg", ordered, settings)
    except cv2.error as error:
        raise CompositionError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} pixels cannot be coded: {error}") from error
    if not done:
        raise CompositionError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} pixels cannot be coded as JPEG")
    return bytes(data)
