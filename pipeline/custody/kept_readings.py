"""What was read of settled documents, kept for a day: pages put right at a counter are not read again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from pipeline.domain.documents import SETTLED
from pipeline.domain.errors import NotFoundError
from pipeline.ports import Catalogue, Clock, ObjectInfo, ObjectStore

#: How long readings are kept, and how often somebody looks.
KEPT, TURN = timedelta(hours=24), timedelta(hours=1)

_PREFIX = "working/"


class KeptReadings:
    """Forgets readings of documents that nobody has touched for a day."""

    def __init__(self, store: ObjectStore, catalogue: Catalogue, clock: Clock) -> None:
        self._store = store
        self._catalogue = catalogue
        self._clock = clock
        self._looked: datetime | None = None

    def forget_old(self) -> int:
        """How many documents' readings were forgotten; nothing is looked at more often than once an hour."""
        now = self._clock.now()
        if self._looked is not None and now - self._looked < TURN:
            return 0
        self._looked = now
        count = 0
        for document, group in groupby(self._store.list(_PREFIX), key=lambda info: info.key.split("/")[1]):
            objects = tuple(group)
            if _is_old(objects, now - KEPT) and self._is_settled(document):
                count += 1
                self._store.remove_all(info.key for info in objects)
        return count

    def _is_settled(self, document: str) -> bool:
        try:
            return self._catalogue.document(document).status in SETTLED
        except NotFoundError:
            return False


def _is_old(objects: Iterable[ObjectInfo], before: datetime) -> bool:
    return all(info.modified is not None and info.modified < before for info in objects)
