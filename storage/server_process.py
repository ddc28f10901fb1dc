"""One server process of our own: started detached, found again by its state file, stopped by pid.

A server outlives whoever started it, so that the death of the parent costs no data and the next start finds it again.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from random import SystemRandom

import psutil

from pipeline.domain.errors import UnavailableError
from storage.private_files import write_private

#: Below the ports the system hands out for outgoing connections; the second of a pair lies ``PAIR`` above the first.
PORTS = range(10_240, 22_000)
PAIR = 10_000

_POLL = 0.05
_LOG_BYTES = 4 * 1024 * 1024
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class ServerState:
    """What is remembered of a server: ``started`` as the kernel tells it, so that a reused pid is no false friend."""

    pid: int
    started: float
    ports: tuple[int, ...]


class ServerProcess:
    """The process of a server that keeps everything in ``folder``, which its command line must name."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder.absolute()
        self._state_file = self.folder / "state.json"

    @property
    def state(self) -> ServerState | None:
        """What was remembered at the last start, None where there was none or the file is spoilt."""
        try:
            kept = json.loads(self._state_file.read_text(encoding="utf-8"))
            return ServerState(int(kept["pid"]), float(kept["started"]), tuple(int(port) for port in kept["ports"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def pid(self) -> int | None:
        """The pid of the live process, verified to be ours; None where there is none."""
        state = self.state
        process = None if state is None else self._verify(state)
        return None if process is None else process.pid

    @property
    def log(self) -> Path:
        """What the process writes to its standard outputs."""
        return self.folder / f"{self.name}.log"

    def spawn(self, command: Sequence[str], environment: Mapping[str, str], ports: tuple[int, ...]) -> int:
        """The pid of a new process in a session of its own, remembered together with its ``ports``."""
        _trim(self.log)
        output = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            pid = os.posix_spawn(
                command[0],
                list(command),
                dict(environment),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, output, 1),
                    (os.POSIX_SPAWN_DUP2, output, 2),
                ],
                setsid=True,
                setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGHUP],
                setsigmask=[],
            )
        finally:
            os.close(output)
        write_private(self._state_file, json.dumps(asdict(ServerState(pid, psutil.Process(pid).create_time(), ports))))
        return pid

    def wait_ready(self, healthy: Callable[[], bool], timeout: float) -> None:
        """Nothing, as soon as ``healthy``; ``UnavailableError`` where the process ends or ``timeout`` seconds pass."""
        deadline = time.monotonic() + timeout
        while not healthy():
            if self.pid is None:
                raise UnavailableError(f"{self.name} ended while starting; the end of its log: {self.log_tail()}")
            if time.monotonic() > deadline:
                raise UnavailableError(f"{self.name} is not ready after {timeout:.0f} s; see {self.log}")
            time.sleep(_POLL)

    def stop(self, timeout: float) -> None:
        """Nothing, once the process is gone: TERM, up to ``timeout`` seconds of patience, KILL."""
        state = self.state
        process = None if state is None else self._verify(state)
        if process is None:
            return
        with suppress(psutil.NoSuchProcess):
            process.terminate()
            try:
                process.wait(timeout)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(timeout)

    def log_tail(self, size: int = 600) -> str:
        """The last ``size`` bytes of the log as text."""
        try:
            return self.log.read_bytes()[-size:].decode(errors="replace")
        except OSError:
            return ""

    def _verify(self, state: ServerState) -> psutil.Process | None:
        with suppress(ChildProcessError):
            os.waitpid(state.pid, os.WNOHANG)
        try:
            process = psutil.Process(state.pid)
            ours = (
                process.status() != psutil.STATUS_ZOMBIE
                and abs(process.create_time() - state.started) < 1.0
                and any(str(self.folder) in argument for argument in process.cmdline())
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return None
        return process if ours else None


def choose_ports(count: int, remembered: tuple[int, ...] = (), *, paired: bool = False) -> tuple[int, ...]:
    """``count`` ports free on 127.0.0.1: the remembered ones, unless a stranger took one of them.

    ``paired``: the port ``PAIR`` above each is free as well.
    """
    if len(remembered) == count and all(_is_free(port, paired=paired) for port in remembered):
        return remembered
    chosen: list[int] = []
    for port in _random.sample(PORTS, len(PORTS)):
        if _is_free(port, paired=paired):
            chosen.append(port)
        if len(chosen) == count:
            return tuple(chosen)
    raise UnavailableError("no free ports are left on 127.0.0.1")


def _is_free(port: int, *, paired: bool) -> bool:
    for candidate in (port, port + PAIR) if paired else (port,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                return False
    return True


def _trim(log: Path) -> None:
    """Nothing; a log grown past its bound becomes the one old log that is kept."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
