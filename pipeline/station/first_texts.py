"""What was read of pages so far, while their document is still being read: the first words of each."""

from __future__ import annotations

import re
from collections import OrderedDict
from contextlib import suppress
from threading import Lock

from pipeline import archive
from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.pages import UnreadPage
from pipeline.ports import ObjectStore

#: Documents that are remembered, pages looked at in one go, and letters shown of each.
MOST, AT_ONCE, LONGEST = 200, 8, 60

_PAGE = re.compile(r"/p(\d{4,})\.page$")


class FirstTexts:
    """First words of pages; safe from many threads."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, int], dict[int, str]] = OrderedDict()

    def of(self, document: Document) -> dict[int, str]:
        """The first words of each side that is read already, by its number; empty ones of sides without words."""
        key = document.id, document.reading
        with self._lock:
            known = self._known.setdefault(key, {})
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        if document.status is Status.READING:
            self._look(document, known)
        return dict(known)

    def _look(self, document: Document, known: dict[int, str]) -> None:
        looked = 0
        for entry in self._store.list(archive.reading_prefix(document.id, document.reading)):
            found = _PAGE.search(entry.key)
            if found and int(found[1]) not in known and looked < AT_ONCE:
                looked += 1
                with suppress(NotFoundError):
                    known[int(found[1])] = self._first_words(entry.key)

    def _first_words(self, key: str) -> str:
        content = archive.reading_of(self._store.get(key)).content
        if isinstance(content, UnreadPage):
            return ""
        words = " ".join(word.text for word in content.words)
        return words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]} …"
