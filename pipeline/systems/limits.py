"""How fast a system may ask: a bucket that fills evenly, kept in the memory of each process that serves."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Protocol

#: Over how long calls are counted.
WINDOW = timedelta(minutes=1)

#: Names that are remembered.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left: ``quota`` calls a window, ``left`` of them now, all of them again in ``full`` seconds.

    ``wait`` is how many seconds to wait before the next one where none is left, else 0.
    """

    quota: int
    left: int
    full: int
    wait: int = 0

    @property
    def allowed(self) -> bool:
        """Whether the call may be made."""
        return self.wait == 0


class Limits(Protocol):
    """Counts calls by name."""

    def take(self, name: str, quota: int, now: datetime) -> Allowance:
        """Take one call of ``name`` out of its bucket, where there is one."""


class Limiter:
    """``Limits`` of one process; safe from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def take(self, name: str, quota: int, now: datetime) -> Allowance:
        """Take one call of ``name`` out of its bucket, where there is one."""
        with self._lock:
            level, at = self._buckets.get(name, (float(quota), now))
            left, allowance = draw(level, (now - at).total_seconds(), quota)
            self._buckets[name] = (left, max(at, now))
            self._buckets.move_to_end(name)
            while len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
        return allowance


def draw(level: float, passed: float, quota: int) -> tuple[float, Allowance]:
    """What is left in a bucket that had ``level`` some seconds ago when one call is taken, and what its system is told."""
    window = WINDOW.total_seconds()
    level = min(float(quota), level + max(0.0, passed) * quota / window)
    allowed = level >= 1
    level -= allowed
    full = -int(-(quota - level) * window // quota)
    wait = 0 if allowed else max(1, -int(-(1 - level) * window // quota))
    return level, Allowance(quota, int(level), full, wait)
