"""Whether the object store takes what it is given: a store that is full answers all the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock, Thread

from pipeline.domain.errors import SohoaError
from pipeline.ports import ObjectStore

#: What is written, and removed again.
KEY = "working/health"

#: Seconds for which what was found is believed.
BELIEVED = 15.0


def try_store(store: ObjectStore) -> None:
    """Nothing, where an object can be kept; else raises what the store raises, ``UnavailableError`` mostly."""
    store.put(KEY, b"sohoa")
    store.remove(KEY)


class StoreHealth:
    """What is wrong with the store, looked at every few seconds however often it is asked; safe from many threads."""

    def __init__(self, store: ObjectStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._looking = Lock()
        self._until = float("-inf")
        self._trouble: SohoaError | None = None

    def look(self) -> SohoaError | None:
        """Why the store keeps nothing right now; None where it does."""
        try:
            try_store(self._store)
        except SohoaError as error:
            self._trouble = error
        else:
            self._trouble = None
        self._until = self._clock() + BELIEVED
        return self._trouble

    def trouble(self) -> SohoaError | None:
        """What was found last; never waits for the store: what is old is looked at beside."""
        if self._clock() >= self._until and self._looking.acquire(blocking=False):
            Thread(target=self._look_beside, name="store-health", daemon=True).start()
        return self._trouble

    def _look_beside(self) -> None:
        try:
            self.look()
        finally:
            self._looking.release()
