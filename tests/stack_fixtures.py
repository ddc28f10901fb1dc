"""Real servers for the tests that need them, started once a session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from storage.embedded import EmbeddedStack, start_all, stop_all
from storage.objects import MinioStore
from tests.postgresql_fixtures import postgresql_server, postgresql_url
from tests.s3_servers import empty

__all__ = ("embedded_stack", "minio_store", "postgresql_server", "postgresql_url")


@pytest.fixture(scope="session")
def embedded_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStack]:
    """Valkey and SeaweedFS on loopback; not to be killed: tests that kill start their own."""
    folder = tmp_path_factory.mktemp("stack")
    try:
        yield start_all(folder)
    finally:
        stop_all(folder)


@pytest.fixture
def minio_store(embedded_stack: EmbeddedStack) -> Iterator[MinioStore]:
    """A store with an empty bucket, which encrypts as the embedded one does."""
    store = MinioStore(
        embedded_stack.s3_endpoint,
        embedded_stack.s3_access_key,
        embedded_stack.s3_secret_key,
        "tests",
        encryption="SSE-S3",
    )
    with closing(store):
        yield store
        empty(store)
