"""What pages ask of records again and again: read once, for a record never changes."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from pipeline import archive
from pipeline.custody.dossier_sheets import DossierSheets
from pipeline.custody.page_ledgers import PageLedgers
from pipeline.custody.page_moves import last_deed
from pipeline.domain.documents import Document
from pipeline.domain.dossier_sheets import DossierSheet
from pipeline.domain.natures import Nature
from pipeline.ports import Clock, ObjectStore

#: Records that are remembered, and what of each.
MOST, KEPT = 500, ("status", "problems", "pages", "ledger")

#: For how long a declaration is taken for the newest.
RECENT = timedelta(seconds=3)

#: Signatures on a file that the agency has signed.
_SIGNED_BY_AGENCY = 2


class PaperRecords:
    """The newest records of documents; safe from many threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._lock = Lock()
        self._known: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._orders: OrderedDict[str, tuple[int, ...]] = OrderedDict()
        self._natures: OrderedDict[str, Nature] = OrderedDict()

    def nature(self, document: Document) -> Nature:
        """What the paper was declared to be where it was taken in; an original where nobody said."""
        with self._lock:
            found = self._natures.get(document.id)
        if found is None:
            receipt = archive.receipt_of(document, self._store)
            if receipt is None:
                return Nature.ORIGINAL
            found = receipt.nature or Nature.ORIGINAL
        with self._lock:
            self._natures[document.id] = found
            while len(self._natures) > MOST:
                self._natures.popitem(last=False)
        return found

    def order(self, document: Document) -> tuple[int, ...]:
        """Which sides of its file a document shows that was split off another one; none where it shows all."""
        with self._lock:
            found = self._orders.get(document.id)
        if found is None:
            ledger = PageLedgers(self._store).as_received(document)
            found = ledger.order if ledger else ()
        with self._lock:
            self._orders[document.id] = found
            while len(self._orders) > MOST:
                self._orders.popitem(last=False)
        return found

    def newest(self, document: Document) -> Mapping[str, Any] | None:
        """Status, problems, pages and ledger of the newest record; None where there is none.

        With them ``decided``: whether people reviewed it or the agency signed it, and ``undoable``: whether somebody changed
        pages, and it was not taken back.
        """
        if document.revision == 0:
            return None
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        with self._lock:
            found = self._known.get(key)
        if found is None:
            raw = json.loads(self._store.get(key))
            found = {name: raw.get(name) for name in KEPT} | _told(raw)
        with self._lock:
            self._known[key] = found
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found


class RecentSheets:
    """What was declared of dossiers, asked for again and again: looked up anew every few seconds; safe from many threads."""

    def __init__(self, sheets: DossierSheets, clock: Clock) -> None:
        self._sheets = sheets
        self._clock = clock
        self._lock = Lock()
        self._known: OrderedDict[str, tuple[datetime, DossierSheet]] = OrderedDict()

    def newest(self, dossier: str) -> DossierSheet:
        """What was declared last, as of some seconds ago at most."""
        now = self._clock.now()
        with self._lock:
            known = self._known.get(dossier)
        if known is not None and now - known[0] < RECENT:
            return known[1]
        return self.look(dossier)

    def look(self, dossier: str) -> DossierSheet:
        """What was declared last, as of now."""
        found = self._sheets.newest(dossier)
        with self._lock:
            self._known[dossier] = self._clock.now(), found
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found


def _told(raw: Mapping[str, Any]) -> dict[str, bool]:
    reviewed = any(one["name"] == archive.REVIEW_NAME for one in raw.get("objects", ()))
    ledger = archive.parse_ledger(json.dumps(raw["ledger"]).encode()) if raw.get("ledger") else None
    return {
        "decided": reviewed or len(raw.get("signatures", ())) >= _SIGNED_BY_AGENCY,
        "undoable": ledger is not None and last_deed(ledger) is not None,
    }
