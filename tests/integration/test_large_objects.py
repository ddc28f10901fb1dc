"""Objects of gigabytes pass through in pieces; one that S3 does not take in one request is refused before it is sent."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from pipeline.domain.errors import TooLargeError
from storage.objects import MAX_OBJECT_BYTES, MinioStore
from tests.s3_servers import BUCKET, TrialServer

#: Past the two gigabytes that a signed number of 32 bits can count.
SIZE = 2_200 << 20
#: Bytes by which a process may grow while such an object passes through it.
GROWTH = 64 << 20
#: Bytes of memory that the server may hold afterwards.
SERVER = 1 << 30

_PASS_THROUGH = """
import hashlib, json, resource, sys
from pathlib import Path
from storage.objects import MinioStore

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

endpoint, access, secret, bucket, path = sys.argv[1:]
store = MinioStore(endpoint, access, secret, bucket, encryption="SSE-S3", read_timeout=300)
store.put("working/small", b"x" * 100_000)
before = peak()
first = store.put_once("originals/large", Path(path))
digest, size = hashlib.sha256(), 0
for piece in store.read("originals/large"):
    digest.update(piece)
    size += len(piece)
info = store.stat("originals/large")
print(json.dumps({"first": first, "size": size, "bytes": info.bytes, "sha256": info.sha256,
                  "read": digest.hexdigest(), "growth": peak() - before}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that is gone afterwards: gigabytes are not to be kept for looking at."""
    if shutil.disk_usage(tmp_path).free < 4 * SIZE:
        pytest.skip(f"fewer than {4 * SIZE >> 30} GiB are free in {tmp_path}")
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_an_object_of_gigabytes_passes_through_a_small_process(folder: Path, root: Path) -> None:
    scan = folder / "scan.pdf"
    with scan.open("wb") as file:
        for place in range(0, SIZE, 64 << 20):
            file.seek(place)
            file.write(os.urandom(1 << 16))
        file.truncate(SIZE)
    server = TrialServer(folder / "server")
    with server.running():
        arguments = (server.endpoint, server.access_key, server.secret_key, BUCKET, str(scan))
        command = (sys.executable, "-c", _PASS_THROUGH, *arguments)
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert psutil.Process(server.pid).memory_info().rss < SERVER
        with closing(server.store()) as store:
            assert [(info.key, info.bytes) for info in store.list("originals/")] == [("originals/large", SIZE)]
    found = json.loads(done.stdout)
    assert found["first"]
    assert found["size"] == found["bytes"] == SIZE
    assert found["read"] == found["sha256"]
    assert found["growth"] < GROWTH


def test_an_object_that_s3_does_not_take_in_one_request_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    with scan.open("wb") as file:
        file.truncate(MAX_OBJECT_BYTES + 1)
    with closing(MinioStore("127.0.0.1:1", "a", "b", BUCKET, retries=0)) as store, pytest.raises(TooLargeError) as caught:
        store.put_once("originals/large", scan)
    assert caught.value.advice
