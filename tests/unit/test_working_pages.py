"""Pages between being read and being put together: in the bucket, and the last of them at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline import archive
from pipeline.custody.working_pages import PagesAtHand, WorkingPages
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import NotFoundError
from pipeline.reading import ReadPage, unread_page
from storage.memory import MemoryStore

AT = datetime(2026, 3, 1, tzinfo=UTC)
DOCUMENT = Document(
    "20260301-aa", "H05", Source("a.pdf", "a" * 64, 1, "application/pdf", 3), Status.READING, QueueName.BATCH, AT, engine="one"
)


class CountingStore(MemoryStore):
    """Counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def get(self, key: str) -> bytes:
        self.asked.append("get")
        return super().get(key)

    def stat(self, key: str):  # type: ignore[no-untyped-def]
        self.asked.append("stat")
        return super().stat(key)

    def list(self, prefix: str):  # type: ignore[no-untyped-def]
        self.asked.append("list")
        return super().list(prefix)


def page(number: int) -> ReadPage:
    return unread_page(number, "page_timeout", "Đọc trang này quá lâu.")


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


def test_what_this_process_read_is_not_fetched_again(store: CountingStore) -> None:
    pages = WorkingPages(store)
    pages.keep(DOCUMENT, 1, page(1))
    assert pages.reading(DOCUMENT, 1) == page(1).reading
    assert pages.picture(DOCUMENT, 1) == page(1).picture
    assert store.asked == []


def test_what_another_process_read_is_fetched(store: CountingStore) -> None:
    WorkingPages(store).keep(DOCUMENT, 1, page(1))
    other = WorkingPages(store)
    assert other.reading(DOCUMENT, 1) == page(1).reading
    assert other.picture(DOCUMENT, 1) == page(1).picture
    assert store.asked == ["get", "get"]


def test_a_page_that_nobody_read_is_not_there(store: CountingStore) -> None:
    with pytest.raises(NotFoundError):
        WorkingPages(store).reading(DOCUMENT, 1)
    with pytest.raises(NotFoundError):
        WorkingPages(store).picture(DOCUMENT, 1)


def test_the_bucket_is_asked_once_for_the_pages_of_a_reading(store: CountingStore) -> None:
    WorkingPages(store).keep(DOCUMENT, 2, page(2))
    pages = WorkingPages(store)
    assert [pages.is_read(DOCUMENT, number) for number in (1, 2, 3)] == [False, True, False]
    assert store.asked == ["list", "stat"]


def test_a_page_read_here_counts_as_long_as_it_stands_in_the_bucket(store: CountingStore) -> None:
    pages = WorkingPages(store)
    assert not pages.is_read(DOCUMENT, 1)
    pages.keep(DOCUMENT, 1, page(1))
    assert pages.is_read(DOCUMENT, 1)
    store.remove(archive.page_key(DOCUMENT.id, DOCUMENT.reading, 1))
    assert not pages.is_read(DOCUMENT, 1)


def test_another_reading_or_engine_is_another_page(store: CountingStore) -> None:
    pages = WorkingPages(store)
    pages.keep(DOCUMENT, 1, page(1))
    for other in (replace(DOCUMENT, engine="two"), replace(DOCUMENT, id="20260301-bb"), replace(DOCUMENT, reading=2)):
        assert pages.at_hand.find((other.id, other.reading, other.engine, 1)) is None  # type: ignore[arg-type]


def test_the_oldest_pages_make_room_and_are_fetched(store: CountingStore) -> None:
    sized = WorkingPages(store)
    sized.keep(DOCUMENT, 1, page(1))
    size = sized.at_hand._held
    pages = WorkingPages(store, PagesAtHand(most=2 * size + size // 2))
    for number in (1, 2, 3):
        pages.keep(DOCUMENT, number, page(number))
    assert pages.at_hand._held <= 2 * size + size // 2
    assert [pages.reading(DOCUMENT, number).number for number in (1, 2, 3)] == [1, 2, 3]
    assert store.asked == ["get"]


def test_a_page_larger_than_all_room_is_fetched(store: CountingStore) -> None:
    pages = WorkingPages(store, PagesAtHand(most=1))
    pages.keep(DOCUMENT, 1, page(1))
    assert pages.at_hand._held == 0
    assert pages.picture(DOCUMENT, 1) == page(1).picture


def test_a_document_that_was_put_together_is_let_go(store: CountingStore) -> None:
    pages = WorkingPages(store)
    pages.keep(DOCUMENT, 1, page(1))
    pages.keep(replace(DOCUMENT, id="20260301-bb"), 1, page(1))
    pages.at_hand.let_go(DOCUMENT.id)
    assert pages.at_hand.find((DOCUMENT.id, DOCUMENT.reading, "one", 1)) is None  # type: ignore[arg-type]
    pages.keep(DOCUMENT, 1, page(1))
    pages.keep(DOCUMENT, 1, page(1))
    pages.at_hand.let_go(DOCUMENT.id)
    pages.at_hand.let_go("20260301-bb")
    assert pages.at_hand._held == 0


def test_readings_of_few_documents_are_remembered(store: CountingStore) -> None:
    pages = WorkingPages(store)
    for number in range(20):
        pages.is_read(replace(DOCUMENT, id=f"20260301-{number:02d}"), 1)
    assert len(pages.at_hand._before) == 12
