"""First looks at pages as they come in: a thumbnail and a verdict on each, before anything is read."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import structlog

from pipeline.domain.documents import Document, Source
from pipeline.domain.errors import SohoaError
from pipeline.domain.pages import Quality
from pipeline.originals import fetch_original
from pipeline.ports import Clock, ObjectStore
from pipeline.scan_views import WIDTHS, Glance, ScanViewer, Sight

log = structlog.get_logger(__name__)

#: Documents of which the first looks are remembered, and pages of one that are looked at.
MOST_DOCUMENTS, MOST_PAGES = 500, 200

#: What stands for a page that cannot be shown.
UNSHOWN = Quality("rescan", ("unshown",))


@dataclass(slots=True)
class Looks:
    """What was seen of a document so far: the file (None: not yet), and each page by number."""

    source: Source | None = None
    pages: dict[int, Glance] = field(default_factory=dict)


class Tray:
    """Looks at the pages of documents in threads of its own; remembers what was seen. Close it with :meth:`stop`."""

    def __init__(self, viewer: ScanViewer, store: ObjectStore, scratch: Path, clock: Clock) -> None:
        self._viewer = viewer
        self._store = store
        self._scratch = scratch
        self._clock = clock
        self._lock = Lock()
        self._looks: OrderedDict[str, Looks] = OrderedDict()
        self._threads = ThreadPoolExecutor(2, "tray")

    def looks(self, document: Document) -> Looks:
        """What was seen of the document so far; where nothing was, somebody begins to look."""
        with self._lock:
            found = self._looks.get(document.id)
            if found is None:
                found = self._looks[document.id] = Looks()
                self._threads.submit(self._look, document, found)
                while len(self._looks) > MOST_DOCUMENTS:
                    self._looks.popitem(last=False)
            return found

    def sight(self, document: Document, page: int, width: int) -> Sight | None:
        """How to show a page as it was handed in; None where the file is not known yet, or has no such page."""
        source = self.looks(document).source
        if source is None or not 1 <= page <= source.pages:
            return None
        path = fetch_original(source.sha256, self._store, self._scratch, self._clock)
        return Sight(path, source.sha256, source.media_type, page, 0, width)

    def stop(self) -> None:
        """Look at nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _look(self, document: Document, looks: Looks) -> None:
        try:
            path = fetch_original(document.source.sha256, self._store, self._scratch, self._clock)
            source = self._viewer.inspect(path, document.source.name)
            looks.source = source
            for page in range(1, min(source.pages, MOST_PAGES) + 1):
                self._threads.submit(self._look_at, Sight(path, source.sha256, source.media_type, page, 0, WIDTHS[0]), looks)
        except SohoaError as error:
            log.warning("not looked at", document=document.id, error=error.message)

    def _look_at(self, sight: Sight, looks: Looks) -> None:
        try:
            looks.pages[sight.number] = self._viewer.glance(sight)
        except SohoaError as error:
            log.warning("page not looked at", page=sight.number, error=error.message)
            looks.pages[sight.number] = Glance(UNSHOWN)
