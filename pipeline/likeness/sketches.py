"""Bands: numbers that pages share which are likely the same sheet, so that an index finds these among millions.

From the words of a page (in pairs), from those that tell it from others of its form (numbers and names), and, where it bears
hardly any words, from its picture: the smallest hashes of each set (MinHash, Broder 1997), two to a band.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Set

import numpy as np

from pipeline.likeness.words import LEAST_WORDS, pairs_of, telling_of, words_of

_WORD_BANDS, _TELLING_BANDS, _PICTURE_BANDS = 6, 5, 8
_ROWS = 2
_PRIME = (1 << 31) - 1
_SALTS = np.array(
    [
        [int.from_bytes(hashlib.sha256(f"{row} {part}".encode()).digest()[:4], "big") % _PRIME | 1 for part in range(2)]
        for row in range(_ROWS * max(_WORD_BANDS, _TELLING_BANDS))
    ],
    dtype=np.uint64,
)


def bands_of(text: str, picture: str) -> tuple[int, ...]:
    """The bands of a page, 63 bits each, by its ``text`` as read and the hash of its ``picture``; none of a blank page."""
    words = words_of(text)
    if len(words) < LEAST_WORDS:
        return tuple(_of_picture(picture)) if picture else ()
    told = telling_of(words)
    return (*_of_set("w", pairs_of(words), _WORD_BANDS), *(_of_set("t", told, _TELLING_BANDS) if len(told) > 2 else ()))


def _of_set(kind: str, members: Set[str], count: int) -> Iterator[int]:
    hashes = np.array([zlib.crc32(member.encode()) for member in members], dtype=np.uint64)
    salts = _SALTS[: count * _ROWS]
    smallest = ((hashes[:, None] * salts[:, 0] + salts[:, 1]) % _PRIME).min(axis=0)
    for band in range(count):
        yield _number(f"{kind}{band}:{smallest[band * _ROWS : (band + 1) * _ROWS].tolist()}")


def _of_picture(picture: str) -> Iterator[int]:
    """Runs of the coarsest frequencies, which change least."""
    bits = bin(int(picture, 16) | 1 << 256)[3:]
    coarse = [16 * row + column - 1 for row in range(12) for column in range(12) if row + column][: _PICTURE_BANDS * 14]
    coarse.sort(key=lambda at: (at + 1) // 16 + (at + 1) % 16)
    for band in range(_PICTURE_BANDS):
        yield _number(f"p{band}:{''.join(bits[at] for at in coarse[band::_PICTURE_BANDS])}")


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
