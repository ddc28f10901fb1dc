"""Whether the object store takes what it is given: a store that is full answers all the same."""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.beside import Beside
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
        self._found = Beside(self._try, None, believed=BELIEVED, clock=clock)

    def look(self) -> SohoaError | None:
        """Why the store keeps nothing right now; None where it does."""
        return self._found.look()

    def trouble(self) -> SohoaError | None:
        """What was found last; never waits for the store: what is old is looked at beside."""
        return self._found.last()

    def _try(self) -> SohoaError | None:
        try:
            try_store(self._store)
        except SohoaError as error:
            return error
        return None
