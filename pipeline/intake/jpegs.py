"""JPEG bytes, looked at without decoding: what the frame header says, and where the picture ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A marker inside entropy-coded data: neither a stuffed byte, nor a restart, nor padding.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """Size, channels and sample depth; ``process`` is the SOF marker; ``end`` is where the picture ends, 0 if it does not."""

    width: int
    height: int
    components: int
    bits: int
    process: int
    end: int

    @property
    def plain(self) -> bool:
        """Whether PDF readers and PDF/A take the bytes as they are: 8 bits, grey or three channels, Huffman-coded."""
        return self.bits == 8 and self.components in (1, 3) and self.process in (_BASELINE, _EXTENDED, _PROGRESSIVE)


def read_header(data: bytes) -> JpegHeader | None:
    """What the first frame header says, None where the bytes are no JPEG or break off before it."""
    frame: tuple[int, int, int, int, int] | None = None
    at = 2
    if data[:2] != b"\xff\xd8":
        return None
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES and frame is None and at + 10 <= len(data):
            height, width = int.from_bytes(data[at + 5 : at + 7], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
            frame = width, height, data[at + 9], data[at + 4], marker
        if marker in (_SOS, _EOI):
            return JpegHeader(*frame, end=_find_end(data, at)) if frame else None
        at += 2 + length
    return JpegHeader(*frame, end=0) if frame else None


def is_progressive(data: bytes) -> bool:
    """Whether the picture is sent in several scans, so that one that breaks off is nowhere sharp."""
    header = read_header(data)
    return header is None or header.process not in (_BASELINE, _EXTENDED)


def _find_end(data: bytes, at: int) -> int:
    """The offset just after the end marker; markers between the scans of a progressive picture are stepped over."""
    while found := _MARKER.search(data, at):
        marker = data[found.start() + 1]
        if marker == _EOI:
            return found.end()
        if marker in (_SOI, 0x01):
            return 0
        at = found.end() + max(2, int.from_bytes(data[found.end() : found.end() + 2], "big"))
    return 0
