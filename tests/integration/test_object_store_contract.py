"""What every object store must do, asked of the one in memory and of a real S3 server."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from pipeline.domain.errors import NotFoundError, UnavailableError
from pipeline.ports import ObjectStore
from storage.embedded import EmbeddedStack
from storage.memory import MemoryStore
from storage.objects import MinioStore

VIETNAMESE = "dossiers/Hồ sơ 12+a%20b/đơn đề nghị/r0001/document.pdf"


@pytest.fixture(params=["memory", "minio"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "memory":
        return MemoryStore()
    return request.getfixturevalue("minio_store")


def test_what_is_put_comes_back_with_its_digest(store: ObjectStore) -> None:
    info = store.put("working/a.json", b"{}", media_type="application/json")
    assert info.sha256 == hashlib.sha256(b"{}").hexdigest()
    assert store.get("working/a.json") == b"{}"
    assert store.stat("working/a.json") == info


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    store.put("working/empty", b"")
    assert store.get("working/empty") == b""
    assert store.stat("working/empty").bytes == 0


def test_putting_again_replaces(store: ObjectStore) -> None:
    store.put("working/a", b"old")
    store.put("working/a", b"new")
    assert store.get("working/a") == b"new"


def test_keys_with_vietnamese_letters_spaces_and_signs_work(store: ObjectStore) -> None:
    assert store.put_once(VIETNAMESE, b"pdf")
    assert store.get(VIETNAMESE) == b"pdf"
    assert [info.key for info in store.list("dossiers/Hồ sơ")] == [VIETNAMESE]


def test_what_was_put_once_stays(store: ObjectStore) -> None:
    assert store.put_once("originals/ab/abc", b"first")
    assert not store.put_once("originals/ab/abc", b"second")
    assert store.get("originals/ab/abc") == b"first"


def test_of_eight_racing_writers_exactly_one_wins(store: ObjectStore) -> None:
    start = Barrier(8)

    def write(number: int) -> bool:
        start.wait()
        return store.put_once("originals/race", f"writer {number}".encode())

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, range(8)))
    assert won.count(True) == 1
    assert store.get("originals/race") == f"writer {won.index(True)}".encode()


def test_a_big_file_is_streamed_both_ways(store: ObjectStore, tmp_path: Path) -> None:
    big, back = tmp_path / "big.pdf", tmp_path / "back.pdf"
    big.write_bytes(os.urandom(1 << 20) * 12)
    assert store.put_once("originals/big", big)
    assert not store.put_once("originals/big", big)
    store.fetch("originals/big", back)
    assert back.read_bytes() == big.read_bytes()


def test_a_big_object_is_read_in_pieces(store: ObjectStore) -> None:
    content = os.urandom(1 << 20) * 3 + b"tail"
    store.put("working/pieces", content)
    pieces = list(store.read("working/pieces"))
    assert len(pieces) > 2
    assert b"".join(pieces) == content
    with pytest.raises(NotFoundError):
        next(store.read("working/none"))


def test_a_listing_goes_on_past_what_a_server_tells_at_once(store: ObjectStore) -> None:
    keys = [f"many/{number:04d}" for number in range(5_200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put(key, b"x"), keys))
    assert [info.key for info in store.list("many/")] == keys


def test_a_fetch_that_fails_leaves_no_file_behind(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        store.fetch("originals/none", tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_an_absent_key_is_not_found(store: ObjectStore) -> None:
    with pytest.raises(NotFoundError):
        store.get("originals/none")
    assert store.stat("originals/none") is None
    store.remove("working/none")


def test_what_is_removed_is_gone(store: ObjectStore) -> None:
    store.put("working/a", b"x")
    store.remove("working/a")
    assert store.stat("working/a") is None
    assert list(store.list("working/")) == []


def test_many_are_removed_at_once_and_no_others(store: ObjectStore) -> None:
    keys = [f"working/{sign}/{number:04d}" for sign in ("đơn", "a&b<c>", "x") for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put(key, b"x"), keys))
    store.remove_all(iter([*keys[:-1], "working/none"]))
    assert [info.key for info in store.list("working/")] == keys[-1:]
    store.remove_all([])


def test_a_listing_is_in_key_order_whatever_the_folders(store: ObjectStore) -> None:
    keys = ["d/b-c/x", "d/b/d", "d/b.x", "d/b/e", "d/bc", "d/b0/x", "d/đ", "d/b/a-1/z", "d/b/a/y", "e/other"]
    for key in keys:
        store.put(key, b"x")
    assert [info.key for info in store.list("d/")] == sorted(keys[:-1], key=str.encode)
    assert [info.key for info in store.list("d/b/")] == ["d/b/a-1/z", "d/b/a/y", "d/b/d", "d/b/e"]
    assert [info.key for info in store.list("")] == sorted(keys, key=str.encode)


@pytest.mark.parametrize("key", ["", "a//b", "/a", "a/", "a/../b", "./a", "a\nb", "x" * 256, "x/" * 600 + "y"])
def test_keys_that_some_server_would_rewrite_are_refused(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="object key"):
        store.put(key, b"x")


@pytest.fixture
def closed_port() -> Iterator[int]:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_store_that_is_away_is_unavailable(closed_port: int) -> None:
    away = MinioStore(f"127.0.0.1:{closed_port}", "key", "secret", "bucket", retries=0, connect_timeout=1)
    with closing(away), pytest.raises(UnavailableError) as caught:
        away.get("originals/a")
    assert caught.value.__cause__ is not None
    switched_off = MemoryStore()
    switched_off.away = True
    with pytest.raises(UnavailableError):
        switched_off.get("originals/a")


def test_a_store_that_refuses_our_keys_is_unavailable(embedded_stack: EmbeddedStack) -> None:
    stranger = MinioStore(embedded_stack.s3_endpoint, "nobody", "wrong", "bucket", retries=0)
    with closing(stranger), pytest.raises(UnavailableError):
        stranger.put("working/a", b"x")


def _get_in_child(store: MinioStore) -> int:
    return len(store.get("working/a"))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_makes_connections_of_its_own(minio_store: MinioStore) -> None:
    minio_store.put("working/a", b"12345")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if _get_in_child(minio_store) == 5 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert minio_store.get("working/a") == b"12345"
