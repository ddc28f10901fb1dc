"""An installation of its own for a bench: started and ended by the real commands, its processes counted (Linux)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline import stack
from pipeline.bootstrap import Services, build_services, embedded_pids
from pipeline.settings import Settings

#: Seconds for an installation to answer, on a machine that others use.
SOON = 900.0
COMMAND = (sys.executable, "-m", "pipeline")


@dataclass(frozen=True, slots=True)
class Installation:
    """What runs in a folder, and what reaches it."""

    environment: dict[str, str]
    settings: Settings
    services: Services

    def run(self, *arguments: str) -> bytes:
        """What a command prints; its exit status does not matter."""
        done = subprocess.run([*COMMAND, *arguments], env=self.environment, capture_output=True, check=False)
        return done.stdout

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command that was begun."""
        return subprocess.Popen(
            [*COMMAND, *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def heads(self) -> dict[str, psutil.Process]:
        """The process of each part: servers, workers, web, supervisor."""
        found = stack.state(self.settings)
        named = {part.name: part.pid for part in (found.supervisor, *found.parts)} if found else {}
        named |= embedded_pids(self.settings)
        processes = {}
        for name, pid in named.items():
            with suppress(psutil.NoSuchProcess):
                processes[name] = psutil.Process(pid)
        return processes

    def cpu_seconds(self) -> dict[str, float]:
        """User and system seconds of each part so far, with its children, dead ones too."""
        heads = self.heads()
        pids = {process.pid for process in heads.values()}
        return {name: sum(_seconds(one) for one in tree(head, but=pids - {head.pid})) for name, head in heads.items()}

    def kill_workers(self) -> None:
        """SIGKILL for the workers of this installation, and for nobody else."""
        for name, process in self.heads().items():
            if name in {"station", "batch"}:
                with suppress(psutil.NoSuchProcess):
                    process.kill()


def tree(head: psutil.Process, but: set[int]) -> list[psutil.Process]:
    """A process and all below it, but not those of ``but`` and below."""
    found = [head]
    with suppress(psutil.NoSuchProcess):
        for child in head.children():
            found += tree(child, but) if child.pid not in but else []
    return found


def _seconds(process: psutil.Process) -> float:
    try:
        spent = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return spent.user + spent.system + spent.children_user + spent.children_system


@contextmanager
def installation(home: Path, **more: str) -> Iterator[Installation]:
    """An installation in ``home``, whatever was left there by one that was killed; it ends with this block, its data stay."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    own = {"SOHOA_HOME": str(home.absolute()), "SOHOA_WEB_PORT": _free_port(), "OMP_THREAD_LIMIT": "1", **more}
    environment = {**os.environ, **own}
    settings = Settings.from_environment(environment)
    subprocess.run([*COMMAND, "down"], env=environment, check=False, capture_output=True)
    deadline = time.monotonic() + SOON
    while subprocess.run([*COMMAND, "up"], env=environment, check=False, capture_output=True).returncode:
        if time.monotonic() > deadline:
            raise SystemExit(f"the installation in {home} does not start; see {home}/logs")
        time.sleep(1)
    try:
        with closing(build_services(settings)) as services:
            yield Installation(environment, settings, services)
    finally:
        subprocess.run([*COMMAND, "down"], env=environment, check=False, capture_output=True)


def _free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


__all__: Sequence[str] = ("COMMAND", "Installation", "installation", "tree")
