"""Peak memory of the workers of ``sohoa digitise``: a child that reads pages, and the engine that it holds (Linux)."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from scripts.bench.costs import ONE_THREAD

#: Seconds between two looks at the processes.
INTERVAL = 0.02
#: What the command line of the process that a pool's children are forked from has in it, and theirs.
POOL_CHILD = "multiprocessing.forkserver"
MEGABYTE = 1_000_000


@dataclass(slots=True)
class Worker:
    """Bytes of one reading child and of the engines that it holds, most often one.

    ``peak`` is its own, ``engine`` the largest sum of the peaks of what ran beside each other below it, ``together`` the most
    that all were seen to take at one moment.
    """

    peak: int = 0
    engine: int = 0
    together: int = 0

    @property
    def bound(self) -> int:
        """What it and its engines may take at most: the sum of the peaks, whenever they fall."""
        return self.peak + self.engine


def watch_workers(command: Sequence[str], log: Path) -> list[Worker]:
    """Run ``command`` and return the workers of its pool as they were seen; raises ``CalledProcessError`` if it fails.

    Resident memory as the kernel counts it (VmHWM, VmRSS): libraries that processes share count in each.
    """
    workers: dict[int, Worker] = {}
    with log.open("ab") as out, subprocess.Popen(command, stdout=out, stderr=out, env=ONE_THREAD) as process:
        while process.poll() is None:
            look(process.pid, workers)
            time.sleep(INTERVAL)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return list(workers.values())


def look(pid: int, workers: dict[int, Worker]) -> None:
    """Bring ``workers``, by pid, up to date with what the pool of process ``pid`` takes; who ends meanwhile is passed over.

    Below a worker counts what runs a program of its own: a process just born still shows its parent's memory.
    """
    servers = [child for child in _children(pid) if _is_forked(child)]
    for child in (child for server in servers for child in _children(server.pid)):
        told = memory_of(child.pid) if _is_forked(child) else None
        if told is not None:
            worker = workers.setdefault(child.pid, Worker())
            below = [memory_of(engine.pid) for engine in _children(child.pid, recursive=True) if _runs_program(engine)]
            peaks, now = (sum(each) for each in zip(told, *(one for one in below if one is not None), strict=True))
            worker.peak = max(worker.peak, told[0])
            worker.engine = max(worker.engine, peaks - told[0])
            worker.together = max(worker.together, now)


def _is_forked(process: psutil.Process) -> bool:
    return POOL_CHILD in _command_line(process)


def _runs_program(process: psutil.Process) -> bool:
    line = _command_line(process)
    return bool(line) and not _is_forked(process)


def _children(pid: int, *, recursive: bool = False) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=recursive)
    except psutil.NoSuchProcess:
        return []


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return ""


def memory_of(pid: int) -> tuple[int, int] | None:
    """Peak and present resident memory of a process in bytes; None where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return None
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith(("VmHWM:", "VmRSS:"))}
    return (1024 * kilobytes["VmHWM"], 1024 * kilobytes["VmRSS"]) if len(kilobytes) == 2 else None


def largest_page(out: Path) -> tuple[int, float]:
    """How many pages the records in ``out`` tell of, and the megapixels of the largest."""
    sizes = [
        page["width"] * page["height"]
        for path in out.rglob("*.json")
        for page in json.loads(path.read_text(encoding="utf-8"))["pages"]
    ]
    return len(sizes), max(sizes, default=0) / 1e6


def format_memory(sets: Mapping[str, tuple[Path, Iterable[Worker]]]) -> str:
    """A Markdown table with the largest worker of each set, by the folder of its records: megabytes of 10^6 bytes."""
    rows = [
        "| pages | count | largest, megapixels | reading child, MB | its engine, MB | both peaks, MB | at one moment, MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, (out, workers) in sets.items():
        found = [worker for worker in workers if worker.peak] or [Worker()]
        peaks = [max(getattr(worker, kind) for worker in found) for kind in ("peak", "engine", "bound", "together")]
        count, size = largest_page(out)
        rows.append(f"| {name} | {count} | {size:.1f} | " + " | ".join(f"{peak / MEGABYTE:.0f}" for peak in peaks) + " |")
    return "\n".join(rows)
