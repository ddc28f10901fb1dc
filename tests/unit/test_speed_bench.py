"""The bench of speed: programs take turns, and the memory of workers is that of reading children with their engines."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench.memory import MEGABYTE, Worker, format_memory, look, memory_of, watch_workers
from scripts.bench.throughput import format_rates, ocrmypdf_each, time_rounds

#: A process that looks like what a pool's children are forked from; its child takes 50 MB, starts a helper and waits.
FORKED_READER = """
import os, subprocess, sys
if os.fork() == 0:
    block = b"x" * 50_000_000
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as helper:
        print(os.getpid(), helper.pid, flush=True)
        sys.stdin.read()
    os._exit(0)
os.wait()
"""


def test_programs_take_turns_each_in_a_new_folder(tmp_path: Path):
    done: list[tuple[str, Path]] = []
    works = {name: lambda folder, name=name: done.append((name, folder)) for name in ("ours", "theirs")}
    spent = time_rounds(works, 3, tmp_path)
    assert [name for name, _ in done] == ["ours", "theirs"] * 3
    assert len({folder for _, folder in done}) == 6
    assert all(folder.is_dir() for _, folder in done)
    assert [len(spent[name]) for name in ("ours", "theirs")] == [3, 3]


def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\necho no such page; exit 5\n")
    program.chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError) as caught:
        ocrmypdf_each([tmp_path / "a.pdf"], str(program))(tmp_path)
    assert (caught.value.returncode, caught.value.__notes__) == (5, ["no such page\n"])


def test_rates_are_compared_by_their_medians():
    rows = format_rates({"ours": [10.0, 20.0, 12.0], "theirs": [60.0, 50.0, 100.0]}, pages=10).splitlines()
    assert rows[2:] == ["| ours | 60.0, 30.0, 50.0 | 50.0 | 5.00 |", "| theirs | 10.0, 12.0, 6.0 | 10.0 | 1.00 |"]


def test_a_worker_is_a_child_of_a_pool_with_what_it_started():
    command = [sys.executable, "-c", FORKED_READER, "multiprocessing.forkserver"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        child, helper = map(int, server.stdout.readline().split())
        workers: dict[int, Worker] = {}
        look(os.getpid(), workers)
        found = workers[child]
        helped = memory_of(helper)
        server.communicate()
    assert list(workers) == [child]
    assert found.peak > 50 * MEGABYTE
    assert helped is not None
    assert 0 < found.engine <= helped[0] < found.peak < found.together <= found.bound
    assert memory_of(child) is None


def test_a_command_without_a_pool_has_no_workers_and_a_failing_one_is_told(tmp_path: Path):
    assert watch_workers([sys.executable, "-c", "pass"], tmp_path / "log") == []
    with pytest.raises(subprocess.CalledProcessError):
        watch_workers([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log")


def test_the_largest_worker_speaks_for_its_set(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps({"pages": [{"width": 2480, "height": 3508}, {"width": 10, "height": 10}]}))
    workers = [Worker(300 * MEGABYTE, 100 * MEGABYTE, 380 * MEGABYTE), Worker(310 * MEGABYTE)]
    assert format_memory({"made": (tmp_path, workers)}).splitlines()[2] == "| made | 2 | 8.7 | 310 | 100 | 400 | 380 |"
