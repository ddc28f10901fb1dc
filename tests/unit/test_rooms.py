"""Folders for a while: gone afterwards, whatever becomes of whoever worked in them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import rooms
from pipeline.rooms import MARK, clear_left, room_in

WORKING = """
import sys, time
from pathlib import Path
from pipeline.rooms import room_in
with room_in(Path(sys.argv[1]), "test") as room:
    (room / "scan.pdf").write_bytes(b"a citizen's paper")
    print(room, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def nothing_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "_cleared", {})


@pytest.fixture
def working(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Another process at work in a room of its own, and that room."""
    process = subprocess.Popen([sys.executable, "-c", WORKING, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.wait()
    process.stdout.close()


def age(folder: Path) -> None:
    os.utime(folder, (1_000_000_000, 1_000_000_000))


def test_a_room_is_gone_afterwards(tmp_path: Path) -> None:
    with room_in(tmp_path, "test") as room:
        (room / "a").write_bytes(b"x")
        assert room.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed(tmp_path: Path, working) -> None:  # type: ignore[no-untyped-def]
    process, left = working
    age(left)
    assert clear_left(tmp_path) == 0
    assert (left / "scan.pdf").exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    with room_in(tmp_path, "test") as room:
        assert [one.name for one in tmp_path.iterdir()] == [room.name]


def test_a_room_that_was_made_just_now_may_not_be_locked_yet(tmp_path: Path) -> None:
    (tmp_path / f"{MARK}test-1").mkdir()
    assert clear_left(tmp_path) == 0
    assert clear_left(tmp_path, older=-5) == 1


def test_nothing_else_is_removed(tmp_path: Path) -> None:
    other, file, aim = tmp_path / "originals", tmp_path / f"{MARK}file", tmp_path / "aim"
    other.mkdir()
    aim.mkdir()
    file.write_bytes(b"")
    (tmp_path / f"{MARK}link").symlink_to(aim)
    for one in (other, file, aim):
        age(one)
    assert clear_left(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 4
    assert clear_left(tmp_path / "nowhere") == 0


def test_rooms_are_cleared_once_in_a_while(tmp_path: Path) -> None:
    with room_in(tmp_path, "test"):
        pass
    left = tmp_path / f"{MARK}test-1"
    left.mkdir()
    age(left)
    with room_in(tmp_path, "test"):
        assert left.exists()


def test_the_folder_of_the_system_serves_where_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    with room_in(None, "test") as room:
        assert room.parent == tmp_path
