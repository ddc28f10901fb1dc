"""The pages of a reading between being read and being put together: in the bucket, and the last of them at hand as well."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline import archive
from pipeline.domain.documents import Document
from pipeline.domain.pages import PagePicture, PageReading
from pipeline.ports import ObjectStore
from pipeline.reading import ReadPage

#: Bytes of pages that a process has at hand; whoever puts a document together mostly read its pages, moments ago.
AT_HAND = 64 << 20

#: A reading in memory takes so many times its length as JSON.
_UNFOLDED = 8

#: Of so many documents a process knows which pages had been read before it began with them.
_KNOWN = 12


class _Page(NamedTuple):
    document: str
    reading: int
    engine: str
    number: int


def _page(document: Document, number: int) -> _Page:
    return _Page(document.id, document.reading, document.engine, number)


class PagesAtHand:
    """What one process read last, and what it knows of earlier readings; safe from many threads."""

    def __init__(self, most: int = AT_HAND) -> None:
        self._most, self._held = most, 0
        self._pages: OrderedDict[_Page, tuple[ReadPage, int]] = OrderedDict()
        self._before: OrderedDict[tuple[str, int], frozenset[str]] = OrderedDict()
        self._lock = threading.Lock()

    def lay(self, page: _Page, read: ReadPage, size: int) -> None:
        """Have a page at hand that takes ``size`` bytes; the oldest make room for it."""
        with self._lock:
            self._drop(page)
            self._pages[page] = read, size
            self._held += size
            while self._held > self._most:
                self._drop(next(iter(self._pages)))

    def find(self, page: _Page) -> ReadPage | None:
        """The page, where it is at hand."""
        with self._lock:
            found = self._pages.get(page)
        return None if found is None else found[0]

    def let_go(self, document: str) -> None:
        """Forget the pages of a document."""
        with self._lock:
            for page in [page for page in self._pages if page.document == document]:
                self._drop(page)

    def before(self, document: Document, look: Callable[[], frozenset[str]]) -> frozenset[str]:
        """What ``look`` saw of a reading when this process was first asked for a page of it."""
        key = document.id, document.reading
        with self._lock:
            if key in self._before:
                return self._before[key]
        seen = look()
        with self._lock:
            self._before[key] = seen
            while len(self._before) > _KNOWN:
                self._before.popitem(last=False)
        return seen

    def _drop(self, page: _Page) -> None:
        _, size = self._pages.pop(page, (None, 0))
        self._held -= size


@dataclass(frozen=True, slots=True)
class WorkingPages:
    """The pages of readings that are not put together yet."""

    store: ObjectStore
    at_hand: PagesAtHand = field(default_factory=PagesAtHand)

    def is_read(self, document: Document, number: int) -> bool:
        """Whether the page stands in the bucket, so that it need not be read.

        The bucket is asked once for all pages of a reading, and again for those that may stand there. A page that another
        process put there meanwhile, for a message that was delivered twice, is read twice: it reads the same.
        """
        key = archive.page_key(document.id, document.reading, number)
        maybe = self.at_hand.find(_page(document, number)) or key in self.at_hand.before(
            document, lambda: self._keys(document)
        )
        return bool(maybe) and self.store.stat(key) is not None

    def keep(self, document: Document, number: int, read: ReadPage) -> None:
        """Keep a page that was read."""
        page = archive.encode_page(read.reading, read.picture)
        self.store.put(archive.page_key(document.id, document.reading, number), page)
        pictures = len(read.picture.data) + sum(len(layer.data) for layer in read.picture.layers)
        self.at_hand.lay(_page(document, number), read, pictures + _UNFOLDED * (len(page) - pictures))

    def reading(self, document: Document, number: int) -> PageReading:
        """What was read on a page; raises ``NotFoundError``."""
        if (found := self.at_hand.find(_page(document, number))) is not None:
            return found.reading
        return archive.reading_of(self._stored(document, number))

    def picture(self, document: Document, number: int) -> PagePicture:
        """The picture of a page; raises ``NotFoundError``."""
        if (found := self.at_hand.find(_page(document, number))) is not None:
            return found.picture
        return archive.decode_page(self._stored(document, number))[1]

    def _stored(self, document: Document, number: int) -> bytes:
        return self.store.get(archive.page_key(document.id, document.reading, number))

    def _keys(self, document: Document) -> frozenset[str]:
        return frozenset(entry.key for entry in self.store.list(archive.reading_prefix(document.id, document.reading)))
