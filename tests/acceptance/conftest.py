"""What the tests in a real browser share; each module says which ``house`` its pages are those of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsing import Complaints, chromium, served
from tests.web_house import WebHouse


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; tests without it are skipped."""
    with chromium() as made:
        yield made


@pytest.fixture
def address(house: WebHouse) -> Iterator[str]:
    """Where the pages of ``house`` are served."""
    with served(house) as at:
        yield at


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What consoles complain of, which must be nothing by the end of a test."""
    made = Complaints()
    yield made
    assert made == []
