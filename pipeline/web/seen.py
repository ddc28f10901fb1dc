"""What was noted a moment ago."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

#: For how long the very same is not noted again, and how many such are remembered at most.
MEMORY, MOST = timedelta(minutes=5), 10_000


class Seen:
    """Remembers what was noted; safe from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._noted: OrderedDict[tuple[str, ...], datetime] = OrderedDict()

    def is_new(self, what: tuple[str, ...], now: datetime) -> bool:
        """Whether ``what`` was not noted in the last minutes; from now on it was."""
        with self._lock:
            last = self._noted.get(what)
            if last is not None and now - last < MEMORY:
                return False
            self._noted[what] = now
            self._noted.move_to_end(what)
            while len(self._noted) > MOST:
                self._noted.popitem(last=False)
            return True
