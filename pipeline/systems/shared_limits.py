"""How fast a system may ask, counted by several processes at once: those that were forked from the one that made this."""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
from datetime import datetime
from threading import Lock

from pipeline.systems.limits import Allowance, draw

#: What is kept of a name: 16 bytes of its sha256, what is left in its bucket, and when that was.
_SLOT = struct.Struct("16sdd")

#: Names that are kept, and places that are looked at for one.
_SLOTS, _NEAR = 1 << 14, 8


class SharedLimits:
    """``Limits`` in memory that processes share. A process that is killed while it counts holds up nobody.

    Where too many names come at a time, the bucket that was drawn from longest ago is forgotten: it is full again.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SLOTS * _SLOT.size)
        self._file = os.memfd_create("limits")
        self._lock = Lock()

    def __del__(self) -> None:
        os.close(self._file)

    def take(self, name: str, quota: int, now: datetime) -> Allowance:
        """Take one call of ``name`` out of its bucket, where there is one."""
        digest, at = hashlib.sha256(name.encode()).digest()[:16], now.timestamp()
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                place, level, last = self._find(digest, quota, at)
                left, allowance = draw(level, at - last, quota)
                _SLOT.pack_into(self._memory, place, digest, left, max(at, last))
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        return allowance

    def _find(self, digest: bytes, quota: int, at: float) -> tuple[int, float, float]:
        """Where a name is kept, or may be: the place, what is left, and when that was."""
        first = int.from_bytes(digest[:8], "big") % _SLOTS
        places = [(first + step) % _SLOTS * _SLOT.size for step in range(_NEAR)]
        found = [(place, *_SLOT.unpack_from(self._memory, place)) for place in places]
        for place, kept, level, last in found:
            if kept == digest:
                return place, level, last
        oldest = min(found, key=lambda one: one[3])
        return oldest[0], float(quota), at
