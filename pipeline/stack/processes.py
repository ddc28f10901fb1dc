"""Which processes are ours: what the state file records, and the mark every child carries in its environment."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

#: In the environment of every process of a stack: the mark (its data folder), and which part it belongs to.
MARK, PART = "SOHOA_STACK", "SOHOA_PART"

#: Seconds by which two readings of the start time of one process may differ, since clocks are set.
_CLOCK_SLACK = 2.0


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process that cannot be mistaken for a later one with the same pid. ``started`` in seconds since 1970."""

    name: str
    pid: int
    started: float

    @classmethod
    def of(cls, name: str, pid: int) -> ProcessId:
        """The running process ``pid``; one that is gone already gets a start time that matches nothing."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return cls(name, pid, 0.0)

    def find(self) -> psutil.Process | None:
        """The process, or None where it has ended (a zombie has)."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _CLOCK_SLACK
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True, slots=True)
class StackState:
    """What the supervisor has written down. ``ready``: everything has answered once since it started."""

    supervisor: ProcessId
    parts: tuple[ProcessId, ...]
    web: str
    ready: bool

    def part(self, name: str) -> ProcessId:
        """The part called ``name``; raises ``KeyError``."""
        return {part.name: part for part in self.parts}[name]


def state_path(home: Path) -> Path:
    """Where the state file of the stack of a data folder lives."""
    return home / "run" / "stack.json"


def lock_path(home: Path) -> Path:
    """The file that the supervisor of a data folder holds locked."""
    return home / "run" / "stack.lock"


def is_locked(home: Path) -> bool:
    """Whether a supervisor has the data folder, even if it has not written its state yet."""
    try:
        with lock_path(home).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def make_home(home: Path) -> None:
    """Make the data folder where there is none; its owner alone may look into it, for it holds people's papers."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "run").mkdir(exist_ok=True)
    (home / "logs").mkdir(exist_ok=True)


def write_state(home: Path, state: StackState) -> None:
    """Replace the state file, whole."""
    path = state_path(home)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(state), indent=1) + "\n")
    part.replace(path)


def read_state(home: Path) -> StackState | None:
    """The state as last written, whether or not its processes still run; None where there is none."""
    try:
        raw = json.loads(state_path(home).read_text())
        parts = tuple(ProcessId(**part) for part in raw["parts"])
        return StackState(ProcessId(**raw["supervisor"]), parts, raw["web"], raw["ready"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def marked(mark: str, part: str | None = None) -> Iterator[psutil.Process]:
    """Every other running process that carries the mark (of one part of the stack)."""
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            found = process.environ()
            ours = found.get(MARK) == mark and process.pid != os.getpid()
            if ours and part in {None, found.get(PART)} and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def end_marked(mark: str, part: str | None = None, *, patience: float = 25.0) -> int:
    """End every process with the mark; returns how many there were.

    Heads go first and may finish what they are at; only then their children, at once: a worker whose reader is taken
    away under it would put the page down as unreadable.
    """
    found = list(marked(mark, part))
    pids = {process.pid for process in found}
    heads = [process for process in found if _parent_of(process) not in pids]
    end(heads, patience=patience)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(found, timeout=5)
    return len(found)


def end(processes: Iterable[psutil.Process], *, patience: float) -> None:
    """Ask the processes to end, wait for ``patience`` seconds, then kill those that still run."""
    asked = list(processes)
    for process in asked:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    psutil.wait_procs(asked, timeout=patience)
    for process in asked:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(asked, timeout=5)


def _parent_of(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return 0
