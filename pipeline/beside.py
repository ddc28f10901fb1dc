"""What takes a while to find out: told as it was last, and looked at again beside whoever asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import Generic, TypeVar

from pipeline.domain.errors import SohoaError

T = TypeVar("T")


class Beside(Generic[T]):
    """What ``look`` finds, looked at every ``believed`` seconds however often it is asked for; safe from many threads.

    Until something was found it is ``first``; where looking fails, it stays what it was.
    """

    def __init__(
        self, look: Callable[[], T], first: T, *, believed: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._look = look
        self._found = first
        self._believed = believed
        self._clock = clock
        self._looking = Lock()
        self._until = float("-inf")

    def look(self) -> T:
        """What is found right now; raises what ``look`` raises."""
        try:
            self._found = self._look()
        finally:
            self._until = self._clock() + self._believed
        return self._found

    def last(self) -> T:
        """What was found last; never waits: what is old is looked at beside."""
        if self._clock() >= self._until and self._looking.acquire(blocking=False):
            Thread(target=self._look_beside, name="look-beside", daemon=True).start()
        return self._found

    def _look_beside(self) -> None:
        try:
            with suppress(SohoaError):
                self.look()
        finally:
            self._looking.release()
