"""The directory of a TIFF, read by hand: which frames are pages, how large they are, whether their bytes are all there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CODES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 258, 259, 262, 266
_SUBFILE, _STRIPS, _ORIENTATION, _SAMPLES, _STRIP_BYTES, _T6_OPTIONS = 254, 273, 274, 277, 279, 293
_TILES, _TILE_BYTES = 324, 325
_WANTED = frozenset(
    {_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _SUBFILE, _STRIPS, _ORIENTATION, _SAMPLES}
    | {_STRIP_BYTES, _T6_OPTIONS, _TILES, _TILE_BYTES}
)
#: More values than any honest frame has strips or tiles.
_MOST_VALUES = 1_000_000
_REDUCED, _MASK = 1, 4


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a TIFF. ``index`` counts all frames from 0; ``whole``: every strip lies inside the file.

    ``g4`` is (offset, bytes) of its one strip where that is plain CCITT G4; ``bits`` those of a pixel, all channels.
    """

    index: int
    width: int
    height: int
    bits: int
    whole: bool
    white_is_zero: bool = True
    g4: tuple[int, int] | None = None


def list_pages(path: Path, most: int) -> tuple[Frame, ...]:
    """The frames that are pages (no thumbnails, no masks), at most ``most + 1`` frames being looked at.

    A chain that breaks off or runs in circles ends there. Raises ``ValueError`` where not even the first frame can be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        return tuple(_frames(file, size, most))


def _frames(file: BinaryIO, size: int, most: int) -> Iterator[Frame]:
    order, big, offset = _header(file)
    seen: set[int] = set()
    index = 0
    while offset and offset not in seen and index <= most:
        seen.add(offset)
        try:
            tags, offset = _directory(file, size, order, big, offset)
            frame = _frame(tags, index, size)
        except (struct.error, ValueError, IndexError):
            if index == 0:
                raise ValueError("no readable TIFF directory") from None
            return
        if not _first(tags, _SUBFILE, 0) & (_REDUCED | _MASK):
            yield frame
        index += 1


def _header(file: BinaryIO) -> tuple[str, bool, int]:
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    try:
        (version,) = struct.unpack_from(order + "H", head, 2)
        big = version == 43
        (offset,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    except struct.error:
        raise ValueError("no readable TIFF header") from None
    return order, big, offset


def _directory(file: BinaryIO, size: int, order: str, big: bool, offset: int) -> tuple[dict[int, tuple[int, ...]], int]:
    count_code, entry, next_code = ("Q", 20, "Q") if big else ("H", 12, "I")
    file.seek(offset)
    (count,) = struct.unpack(order + count_code, file.read(struct.calcsize(count_code)))
    if count > 4096:
        raise ValueError("too many TIFF tags")
    body = file.read(count * entry + struct.calcsize(next_code))
    tags: dict[int, tuple[int, ...]] = {}
    for at in range(0, count * entry, entry):
        tag, kind = struct.unpack_from(order + "HH", body, at)
        if tag in _WANTED and kind in _CODES:
            tags[tag] = _values(file, size, order, big, body[at : at + entry])
    if len(body) < count * entry + struct.calcsize(next_code):
        return tags, 0
    return tags, struct.unpack_from(order + next_code, body, count * entry)[0]


def _values(file: BinaryIO, size: int, order: str, big: bool, entry: bytes) -> tuple[int, ...]:
    _, kind, count = struct.unpack_from(order + ("HHQ" if big else "HHI"), entry)
    length = count * _SIZES[kind]
    inline, word = (12, "Q") if big else (8, "I")
    if count > _MOST_VALUES:
        raise ValueError("too many values in a TIFF tag")
    if length <= struct.calcsize(word):
        data = entry[inline:]
    else:
        (offset,) = struct.unpack_from(order + word, entry, inline)
        if offset + length > size:
            raise ValueError("a TIFF tag points past the end")
        file.seek(offset)
        data = file.read(length)
    return struct.unpack_from(f"{order}{count}{_CODES[kind]}", data)


def _frame(tags: dict[int, tuple[int, ...]], index: int, size: int) -> Frame:
    offsets = tags.get(_STRIPS) or tags.get(_TILES) or ()
    lengths = tags.get(_STRIP_BYTES) or tags.get(_TILE_BYTES) or ()
    whole = bool(offsets) and (
        all(offset + length <= size for offset, length in zip(offsets, lengths, strict=False))
        if lengths
        else max(offsets) < size
    )
    samples = _first(tags, _SAMPLES, 1)
    photometric = _first(tags, _PHOTOMETRIC, 0)
    plain_g4 = (
        _first(tags, _COMPRESSION, 1) == 4
        and samples == 1
        and _first(tags, _FILL_ORDER, 1) == 1
        and _first(tags, _T6_OPTIONS, 0) == 0
        and _first(tags, _ORIENTATION, 1) == 1
        and photometric in (0, 1)
        and _STRIPS in tags
        and len(offsets) == len(lengths) == 1
    )
    return Frame(
        index,
        _first(tags, _WIDTH, 0),
        _first(tags, _HEIGHT, 0),
        _first(tags, _BITS, 1) * samples,
        whole,
        photometric == 0,
        (offsets[0], lengths[0]) if plain_g4 and whole else None,
    )


def _first(tags: dict[int, tuple[int, ...]], tag: int, default: int) -> int:
    found = tags.get(tag)
    return found[0] if found else default
