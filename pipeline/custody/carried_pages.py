"""Pages that were read before and are read no second time: what a reading takes over from an earlier one.

Only what decides how a page reads counts: the very same page of the same file, turned alike, by the same reader. Where what
was read is no longer kept, the page is read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline import archive
from pipeline.custody.page_ledgers import as_side
from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFoundError
from pipeline.domain.ledger import PageLedger
from pipeline.domain.pages import UnreadPage
from pipeline.ports import ObjectStore
from pipeline.reading import ReadPage


@dataclass(frozen=True, slots=True)
class Origin:
    """A document as it was read last, with the ledger that it was read by."""

    document: Document
    ledger: PageLedger


@dataclass(frozen=True, slots=True)
class CarriedPages:
    """What readings take over from one another."""

    store: ObjectStore

    def note(self, document_id: str, reading: int, ledger: PageLedger, origins: Iterable[Origin]) -> None:
        """Let a reading to come, by ``ledger``, take over what was read of ``origins``."""
        known = {
            (side.file, side.page, side.upright): [
                origin.document.id,
                origin.document.reading,
                side.number,
                origin.document.made_with,
            ]
            for origin in origins
            if origin.document.made_with
            for side in origin.ledger.sides
        }
        asked = {side.number: (side.file, side.page, side.upright) for side in ledger.sides}
        found = {str(number): known[key] for number, key in asked.items() if key in known}
        self.store.put(archive.carried_key(document_id, reading), json.dumps(found).encode())

    def find(self, document: Document, side: int, made_with: Callable[[], str]) -> ReadPage | None:
        """What was read of a side before, by what reads like ``made_with``; None where nothing was, or is no longer kept."""
        try:
            noted = json.loads(self.store.get(archive.carried_key(document.id, document.reading))).get(str(side))
            if noted is None or noted[3] != made_with():
                return None
            reading, picture = archive.decode_page(self.store.get(archive.page_key(*noted[:3])))
        except NotFoundError:
            return None
        return None if isinstance(reading.content, UnreadPage) else ReadPage(as_side(reading, side), picture)
