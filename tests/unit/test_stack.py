"""The processes of a stack: found, restarted, ended, and never mistaken for others."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.settings import Settings
from pipeline.stack import supervisor
from pipeline.stack.processes import (
    ProcessId,
    StackState,
    end_marked,
    is_locked,
    make_home,
    marked,
    read_state,
    state_path,
    write_state,
)
from pipeline.stack.supervisor import FIRST_PAUSE, Part, supervise

SLEEPER = "import time; time.sleep(600)"


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a Python program with a mark; all are gone after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def run(code: str, mark: str, part: str = "station") -> subprocess.Popen[bytes]:
        environment = os.environ | {"SOHOA_STACK": mark, "SOHOA_PART": part}
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_state_is_read_as_it_was_written_and_spoilt_state_is_none(tmp_path: Path) -> None:
    make_home(tmp_path)
    assert read_state(tmp_path) is None
    state = StackState(ProcessId("supervisor", 3, 1.5), (ProcessId("web", 4, 2.5),), "http://127.0.0.1:1/", ready=True)
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert state.part("web").pid == 4
    state_path(tmp_path).write_text('{"supervisor": 1}')
    assert read_state(tmp_path) is None


def test_a_later_process_with_the_same_pid_is_not_taken_for_ours(start: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = start(SLEEPER, "x")
    ours = ProcessId.of("web", process.pid)
    assert ours.find() is not None
    assert ProcessId("web", process.pid, ours.started - 60).find() is None
    process.kill()
    until(lambda: ours.find() is None)
    process.wait()
    assert ProcessId.of("web", process.pid).find() is None


def test_only_processes_with_the_mark_are_ended(tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]) -> None:
    mark = str(tmp_path)
    station, batch = start(SLEEPER, mark), start(SLEEPER, mark, "batch")
    stranger = start(SLEEPER, f"{mark}-other")
    until(lambda: {process.pid for process in marked(mark)} == {station.pid, batch.pid})
    assert end_marked(mark, "batch", patience=10) == 1
    assert not psutil.pid_exists(batch.pid)
    assert station.poll() is None
    assert end_marked(mark, patience=10) == 1
    assert stranger.poll() is None


def test_a_worker_ends_by_itself_before_its_readers_are_taken_away(
    tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    head = f"""
import signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
def leave(*_):
    print("reader", "alive" if child.poll() is None else "gone", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
signal.pause()
"""
    process = start(head, str(tmp_path))
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    until(lambda: len(list(marked(str(tmp_path)))) == 2)
    assert end_marked(str(tmp_path), patience=20) == 2
    assert process.stdout.read() == b"reader alive\n"
    assert list(marked(str(tmp_path))) == []


def test_a_part_that_dies_is_started_again_after_a_growing_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    part = Part("web", ("no such command",), str(tmp_path), tmp_path / "logs" / "web.log", pause=FIRST_PAUSE)
    pids = set()
    pauses = []
    for _ in range(2):
        until(part.look)
        pids.add(part.id.pid)
        assert part.process
        part.process.wait()
        part.due = 0.0
        part.look()
        pauses.append(part.pause)
    if part.process:
        part.process.wait()
    assert len(pids) == 2
    assert pauses[1] > pauses[0]
    assert "no such command" in (tmp_path / "logs" / "web.log").read_text()


def test_a_long_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES", 10)
    path = tmp_path / "web.log"
    path.write_text("more than ten bytes")
    supervisor._trim(path)
    assert (path.read_text(), (tmp_path / "web.log.1").read_text()) == ("", "more than ten bytes")


def test_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_home(tmp_path / "new" / "home")
    assert (tmp_path / "new" / "home").stat().st_mode & 0o777 == 0o700


def test_two_supervisors_never_share_a_folder(tmp_path: Path) -> None:
    make_home(tmp_path)
    assert not is_locked(tmp_path)
    with supervisor._only_one(tmp_path):
        assert is_locked(tmp_path)
        with pytest.raises(supervisor.UnavailableError, match="already runs"):
            supervise(Settings(home=tmp_path))
    assert not is_locked(tmp_path)


def test_no_process_of_these_tests_is_left() -> None:
    assert not [child for child in psutil.Process().children() if SLEEPER in _command(child)]


def _command(process: psutil.Process) -> str:
    """What ``process`` runs; nothing for one that has ended, whether or not its end has been noted."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(process.cmdline())
    return ""
