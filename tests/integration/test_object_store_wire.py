"""Connections to the object store that break: nothing half-done is ever seen, and what is tried again arrives once."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from pipeline.domain.errors import UnavailableError
from storage.embedded import EmbeddedStack
from storage.objects import MinioStore
from tests.s3_servers import BUCKET, TrialServer, Wire, empty

CONTENT = os.urandom(1 << 20) * 12


class Line:
    """The embedded store, reached directly and by a wire; ``reach`` makes more stores on the same bucket."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self.stack = stack
        self.bucket = "tests"
        self.wire = Wire(stack.s3_endpoint)
        self.direct = self.reach(stack.s3_endpoint)
        self.made = [self.direct]

    def reach(self, endpoint: str, retries: int = 3) -> MinioStore:
        return MinioStore(endpoint, self.stack.s3_access_key, self.stack.s3_secret_key, self.bucket, retries=retries)

    def far(self, retries: int) -> MinioStore:
        """A store at the end of the wire, connected."""
        store = self.reach(self.wire.endpoint, retries)
        self.made.append(store)
        store.check()
        return store

    def parts(self) -> list[object]:
        """Uploads in parts that were begun and never ended."""
        client = self.direct._client()
        return list(client._list_multipart_uploads(self.bucket).uploads)

    def close(self) -> None:
        empty(self.direct)
        for store in self.made:
            store.close()
        self.wire.close()


@pytest.fixture
def line(embedded_stack: EmbeddedStack) -> Iterator[Line]:
    with closing(Line(embedded_stack)) as line:
        yield line


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("whole", [True, False])
def test_an_upload_that_is_cut_off_leaves_nothing_and_the_next_succeeds(
    line: Line, tmp_path: Path, once: bool, whole: bool
) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(CONTENT)
    data = CONTENT if whole else path
    store = line.far(retries=0)
    line.wire.cut_requests.append(7 << 20)
    with pytest.raises(UnavailableError) as caught:
        (store.put_once if once else store.put)("originals/scan", data)
    assert caught.value.code == "store_unavailable"
    assert caught.value.advice
    assert line.wire.cuts == 1
    assert line.direct.stat("originals/scan") is None
    assert list(line.direct.list("")) == []
    assert line.parts() == []
    assert store.put_once("originals/scan", data)
    assert line.direct.get("originals/scan") == CONTENT


def test_what_stood_there_outlives_an_upload_that_is_cut_off(line: Line) -> None:
    line.direct.put("working/page", b"before")
    store = line.far(retries=0)
    line.wire.cut_requests.append(5 << 20)
    with pytest.raises(UnavailableError):
        store.put("working/page", CONTENT)
    assert line.direct.get("working/page") == b"before"


def test_an_upload_is_tried_again_until_it_arrives(line: Line, tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(CONTENT)
    store = line.far(retries=3)
    line.wire.cut_requests += [1 << 20, 9 << 20]
    assert store.put_once("originals/scan", path)
    assert line.wire.cuts == 2
    assert line.direct.get("originals/scan") == CONTENT
    assert [info.bytes for info in line.direct.list("")] == [len(CONTENT)]


def test_whoever_never_got_the_answer_still_learns_that_it_was_the_first(line: Line) -> None:
    store = line.far(retries=3)
    line.wire.cut_answers.append(0)
    assert store.put_once("originals/scan", b"mine")
    assert line.wire.cuts == 1
    assert not store.put_once("originals/scan", b"mine")


def test_whoever_never_got_the_answer_does_not_take_what_another_wrote_for_its_own(line: Line) -> None:
    store = line.far(retries=3)
    line.direct.put_once("originals/scan", b"another's")
    line.wire.cut_answers.append(0)
    assert not store.put_once("originals/scan", b"mine")
    assert line.wire.cuts == 1
    assert line.direct.get("originals/scan") == b"another's"


def test_half_an_object_is_never_taken_for_the_whole(line: Line, tmp_path: Path) -> None:
    line.direct.put("originals/scan", CONTENT)
    store = line.far(retries=3)
    line.wire.cut_answers.append(3 << 20)
    with pytest.raises(UnavailableError):
        store.get("originals/scan")
    line.wire.cut_answers.append(5 << 20)
    with pytest.raises(UnavailableError):
        store.fetch("originals/scan", tmp_path / "scan.pdf")
    assert list(tmp_path.iterdir()) == []
    line.wire.cut_answers.append(5 << 20)
    seen = 0
    with pytest.raises(UnavailableError):
        for piece in store.read("originals/scan"):
            seen += len(piece)
    assert 0 < seen < len(CONTENT)
    assert line.wire.cuts == 3
    store.fetch("originals/scan", tmp_path / "scan.pdf")
    assert (tmp_path / "scan.pdf").read_bytes() == CONTENT


def test_a_listing_that_is_cut_off_is_not_taken_for_a_short_one(line: Line) -> None:
    for number in range(40):
        line.direct.put(f"many/{number:03d}", b"x")
    store = line.far(retries=0)
    line.wire.cut_answers.append(3000)
    with pytest.raises(UnavailableError):
        list(store.list("many/"))
    assert len(list(store.list("many/"))) == 40


def test_a_server_that_takes_calls_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        endpoint = f"127.0.0.1:{mute.getsockname()[1]}"
        store = MinioStore(endpoint, "key", "secret", "bucket", retries=0, read_timeout=0.2)
        with closing(store), pytest.raises(UnavailableError) as caught:
            store.put("working/a", b"x")
    assert caught.value.code == "store_unavailable"


def test_a_server_killed_in_the_middle_of_an_upload_has_nothing_half_done_when_it_is_back(tmp_path: Path) -> None:
    server = TrialServer(tmp_path / "server")
    with server.running():
        wire = Wire(server.endpoint)
        keys = server.access_key, server.secret_key
        with closing(wire), closing(MinioStore(wire.endpoint, *keys, BUCKET, encryption="SSE-S3", retries=0)) as store:
            store.put("originals/before", CONTENT)
            wire.cut_requests.append(6 << 20)
            wire.on_cut = lambda: _kill(server.pid or 0)
            with pytest.raises(UnavailableError):
                store.put_once("originals/after", CONTENT)
            assert (wire.cuts, server.pid) == (1, None)
            with pytest.raises(UnavailableError):
                store.get("originals/before")
            with server.running(), closing(server.store(retries=3)) as direct:
                assert [info.key for info in direct.list("")] == ["originals/before"]
                assert direct.get("originals/before") == CONTENT
                assert store.put_once("originals/after", CONTENT)
                assert direct.get("originals/after") == CONTENT


def _kill(pid: int) -> None:
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    process.wait(10)
