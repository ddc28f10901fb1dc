"""The interface from several processes: rates counted once, processes that die made anew, all of them ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3

from pipeline.cli import main
from pipeline.systems.limits import Limiter
from pipeline.systems.shared_limits import SharedLimits
from pipeline.web.processes import Restarts

NOW = datetime(2026, 1, 5, tzinfo=UTC)

WORDS = ["web", "--interface", "--processes", "4", "--port", "8322"]

COUNTING = """
import os, sys
from datetime import UTC, datetime
from pipeline.systems.shared_limits import SharedLimits
limits, now = SharedLimits(), datetime(2026, 1, 5, tzinfo=UTC)
def count():
    return sum(limits.take("desk", 100, now).allowed for _ in range(80))
children = []
for _ in range(4):
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, str(count()).encode())
        os._exit(0)
    children.append(read)
for _ in children:
    os.wait()
print(sum(int(os.read(one, 10)) for one in children))
"""

SERVING = """
import os, sys
import uvicorn
from pipeline.web.processes import listen, serve_from
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": str(os.getpid()).encode()})
with listen("127.0.0.1", 0) as listening:
    print(listening.getsockname()[1], flush=True)
    config = lambda: uvicorn.Config(app, log_level="critical", lifespan="off")
    serve_from(2, lambda: uvicorn.Server(config()).run([listening]))
print("over", flush=True)
"""


def test_calls_of_several_processes_come_out_of_one_bucket(root: Path) -> None:
    done = subprocess.run([sys.executable, "-c", COUNTING], cwd=root, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "100"


def test_shared_buckets_fill_and_tell_as_those_of_one_process_do() -> None:
    alone, shared = Limiter(), SharedLimits()
    for seconds, name in [(0, "a"), (0, "a"), (0, "b"), (1, "a"), (1, "a"), (40, "a"), (30, "a"), (200, "b"), (200, "a")]:
        now = NOW + timedelta(seconds=seconds)
        assert shared.take(name, 3, now) == alone.take(name, 3, now)


def test_more_names_than_there_is_room_for_are_forgotten_and_never_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.systems.shared_limits._SLOTS", 16)
    limits = SharedLimits()
    for number in range(200):
        now = NOW + timedelta(milliseconds=number)
        assert [limits.take(f"system {number}", 2, now).left for _ in range(2)] == [1, 0]


def test_the_interface_is_served_by_as_many_as_are_asked_for_and_the_pages_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path))
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr("pipeline.web.interface.serve_interface", lambda settings, *told: asked.append(told))
    assert main(WORDS) == 0
    assert asked == [("127.0.0.1", 8322, 4)]
    assert main(["web", "--processes", "2"]) == 2
    assert "--interface" in capsys.readouterr().err


def test_a_process_that_dies_is_made_anew_at_once_and_later_and_later_where_they_keep_dying() -> None:
    restarts, waits = Restarts(), []
    assert restarts.wait_at(0.0) == 0.0
    for lived in (100.0, 0.1, 0.1, 0.1, 0.1, 100.0, 0.1, *[0.1] * 40):
        restarts.note_death(lived, 1000.0)
        waits.append(restarts.wait_at(1000.0))
    assert waits[:8] == [0.0, 0.0, 0.5, 1.0, 2.0, 0.0, 0.0, 0.5]
    assert max(waits) == waits[-1] == 30.0
    assert (restarts.wait_at(1010.0), restarts.wait_at(1030.0), restarts.wait_at(2000.0)) == (20.0, 0.0, 0.0)


@pytest.fixture
def serving(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    running = subprocess.Popen([sys.executable, "-c", SERVING], cwd=root, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    yield running, f"http://127.0.0.1:{running.stdout.readline().strip()}/"
    running.kill()
    running.wait()
    running.stdout.close()


def asked(url: str) -> int:
    patience = urllib3.Retry(20, backoff_factor=0.1, backoff_max=1)
    with urllib3.PoolManager(retries=patience, timeout=60) as http:
        return int(http.request("GET", url).data)


def test_a_process_that_dies_is_made_anew_and_all_end_together(serving: tuple[subprocess.Popen[str], str]) -> None:
    running, url = serving
    first = asked(url)
    assert first != running.pid
    os.kill(first, signal.SIGKILL)
    found = {asked(url) for _ in range(5)}
    assert first not in found
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=300) == 0
    assert running.stdout is not None
    assert running.stdout.read().splitlines()[-1] == "over"
    for pid in found:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
