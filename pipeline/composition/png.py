"""Pixels without loss as PDF readers inflate them with /Predictor 15: the rows of a PNG (ISO 15948, 9)."""

from __future__ import annotations

import cv2

from pipeline.domain.errors import CompositionError
from pipeline.domain.pages import Pixels

_SIGNATURE = 8


def encode_rows(pixels: Pixels) -> bytes:
    """The deflated, filtered rows of ``pixels`` (grey or RGB, 8 bits); raises ``CompositionError``."""
    ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    try:
        done, data = cv2.imencode(".png", ordered, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    except cv2.error as error:
        raise CompositionError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} pixels cannot be coded: {error}") from error
    if not done:
        raise CompositionError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} pixels cannot be coded as PNG")
    return b"".join(body for kind, body in _chunks(bytes(data)) if kind == b"IDAT")


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    chunks, place = [], _SIGNATURE
    while place + 8 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        chunks.append((data[place + 4 : place + 8], data[place + 8 : place + 8 + length]))
        place += length + 12
    return chunks
