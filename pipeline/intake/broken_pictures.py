"""Picture files that break off: how to tell without decoding, and what can still be had of them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.intake import media
from pipeline.intake.jpegs import is_progressive

#: What decoders raise on bytes that make no sense.
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,
    struct.error,
    zlib.error,
)
_TAIL = 1 << 16
#: Of a page that lacks no more than this at its foot, nothing is lost but margin.
_MOST_LOST = 0.04


def ends_well(path: Path, media_type: str) -> bool:
    """Whether the end of the file looks like the end of a picture, so that it need not be decoded to be believed."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    if media_type == media.JPEG:
        return tail.rstrip(b"\0\r\n ").endswith(b"\xff\xd9")
    if media_type == media.PNG:
        return b"IEND" in tail
    if media_type == media.HEIC:
        return _boxes_fit(path, size)
    return media_type == media.WEBP and int.from_bytes(head[4:8], "little") + 8 <= size


def save_truncated(data: bytes) -> Image.Image | None:
    """A JPEG that lacks only a sliver at its foot, that sliver white; None where more is lost or one cannot tell."""
    if is_progressive(data):
        return None
    try:
        with Image.open(io.BytesIO(data + b"\xff\xd9"), formats=("JPEG", "MPO")) as picture:
            picture.load()
            saved = picture.convert("RGB")
            saved.info.update(exif=picture.info.get("exif", b""))
    except BROKEN:
        return None
    pixels = np.asarray(saved)
    lost = _lost_rows(pixels)
    if lost > _MOST_LOST * len(pixels):
        return None
    saved.paste("white", (0, saved.height - lost, saved.width, saved.height))
    return saved


def _lost_rows(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> int:
    """How many rows at the foot are filled with the one colour that decoders put where nothing came."""
    rows = pixels.reshape(len(pixels), -1, pixels.shape[-1])
    flat = (rows == rows[:, -1:, :]).all(axis=(1, 2)) & (rows[:, -1, :] == rows[-1, -1, :]).all(axis=1)
    told = np.flatnonzero(~flat)
    return len(rows) - 1 - int(told[-1]) + 16 if told.size else len(rows)


def _boxes_fit(path: Path, size: int) -> bool:
    at = 0
    with path.open("rb") as file:
        while at + 8 <= size:
            file.seek(at)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length == 0:
                return True
            if length < 8:
                return False
            at += length
    return at == size
