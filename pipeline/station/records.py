"""What pages ask of records again and again: read once, for a record never changes."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from pipeline import archive
from pipeline.domain.documents import Document
from pipeline.ports import ObjectStore

#: Records that are remembered, and what of each.
MOST, KEPT = 500, ("status", "problems", "pages", "ledger")


class PaperRecords:
    """The newest records of documents; safe from many threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._lock = Lock()
        self._known: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    def newest(self, document: Document) -> Mapping[str, Any] | None:
        """Status, problems, pages and ledger of the newest record; None where there is none."""
        if document.revision == 0:
            return None
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        with self._lock:
            found = self._known.get(key)
        if found is None:
            raw = json.loads(self._store.get(key))
            found = {name: raw.get(name) for name in KEPT}
        with self._lock:
            self._known[key] = found
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found
