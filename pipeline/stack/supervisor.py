"""Keeps the parts of a stack running: starts them in order, starts again what died, ends them in reverse."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psutil
import structlog

from pipeline import bootstrap
from pipeline.domain.errors import SohoaError, UnavailableError
from pipeline.settings import Settings
from pipeline.stack.processes import (
    MARK,
    PART,
    ProcessId,
    StackState,
    end,
    end_marked,
    lock_path,
    make_home,
    state_path,
    write_state,
)

#: Seconds between two looks at the parts.
LOOK = 0.5

#: Seconds to wait before a dead part is started again: doubled each time, up to the second value.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

#: A part that ran this many seconds had been started well: the next pause is the first one again.
STEADY = 30.0

#: Bytes at which a log file is set aside as ``.1``.
LOG_BYTES = 20_000_000

#: Seconds that a worker gets to finish the pages it has in hand.
PATIENCE = 25.0

#: The parts beside the servers, in the order in which they start, and the command that each runs.
PARTS = {
    "station": ("worker", "--queue", "station"),
    "batch": ("worker", "--queue", "batch"),
    "web": ("web",),
}

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Part:
    """A child process and its history; ``mark`` finds what it leaves behind, ``log`` None goes to our own output.

    ``due``: when, on the monotonic clock, it may be started (again).
    """

    name: str
    command: tuple[str, ...]
    mark: str
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE
    id: ProcessId = field(default_factory=lambda: ProcessId("", 0, 0.0))

    def start(self) -> None:
        """Start it, in a process group of its own so that Ctrl-C in a terminal reaches the supervisor alone."""
        command = ("env", f"{MARK}={self.mark}", f"{PART}={self.name}", sys.executable, "-m", "pipeline", *self.command)
        with self._output() as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, process_group=0
            )
        self.begun = time.monotonic()
        self.id = ProcessId.of(self.name, self.process.pid)
        log.info("part started", part=self.name, pid=self.process.pid)

    def look(self) -> bool:
        """Start it where it does not run and is due; True where its pid has changed."""
        if self.log:
            _trim(self.log)
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return False
            self._bury(code, now)
        if now < self.due:
            return False
        self.start()
        return True

    def _output(self) -> AbstractContextManager[BinaryIO | None]:
        if self.log is None:
            return nullcontext()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("ab")

    def _bury(self, code: int, now: float) -> None:
        """Clear away what a dead part left behind and decide when it starts again."""
        log.warning("part died", part=self.name, code=code, ran=round(now - self.begun, 1))
        end_marked(self.mark, self.name, patience=0)
        self.pause = FIRST_PAUSE if now - self.begun > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        self.due = now + self.pause
        self.process = None


def end_parts(parts: Iterable[Part], mark: str) -> None:
    """End the parts, giving workers time for the pages they have in hand, and then whatever they left behind."""
    running = [part.process.pid for part in parts if part.process and part.process.poll() is None]
    end([psutil.Process(pid) for pid in running if psutil.pid_exists(pid)], patience=PATIENCE)
    end_marked(mark, patience=0)


class Supervisor:
    """The parent of a stack."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = settings.home
        self._mark = str(settings.home)
        logs = settings.home / "logs"
        self._parts = [Part(name, command, self._mark, logs / f"{name}.log") for name, command in PARTS.items()]
        self._servers: tuple[ProcessId, ...] = ()
        self._servers_due, self._servers_pause = 0.0, FIRST_PAUSE
        self._stop = threading.Event()
        self._ready = False

    def run(self) -> None:
        """Run the stack until SIGTERM or SIGINT; raises ``UnavailableError`` where a server cannot be started."""
        stop_on_signals(self._stop)
        self._write()
        cleared = end_marked(self._mark)
        if cleared:
            log.warning("left-overs of an earlier run ended", processes=cleared)
        _require_free(self._settings)
        try:
            self._start_servers()
            while not self._stop.is_set():
                self._look()
                self._stop.wait(LOOK)
        finally:
            self._end()

    def _look(self) -> None:
        changed = self._look_after_servers()
        for part in self._parts:
            changed |= part.look()
        if not self._ready and _answers(self._settings):
            self._ready = changed = True
            log.info("stack ready", web=self._settings.web_address)
        if changed:
            self._write()

    def _start_servers(self) -> None:
        """Start the servers that do not run; where an address had to change, the parts must learn of it."""
        known = bootstrap.find_embedded(self._settings)
        reached = bootstrap.start_embedded(self._settings)
        self._servers = tuple(ProcessId.of(*running) for running in bootstrap.embedded_pids(self._settings).items())
        if (reached.redis_url, reached.s3.endpoint) != (known.redis_url, known.s3.endpoint):
            end_marked(self._mark, patience=PATIENCE)

    def _look_after_servers(self) -> bool:
        """Start servers again that died; True where anything changed."""
        now = time.monotonic()
        if all(server.find() for server in self._servers) or now < self._servers_due:
            return False
        dead = [server.name for server in self._servers if not server.find()]
        log.warning("server died", servers=dead)
        try:
            self._start_servers()
        except SohoaError as error:
            log.error("server does not start", servers=dead, error=error.message)
            self._servers_pause = min(self._servers_pause * 2, LONGEST_PAUSE)
        else:
            log.info("server started again", servers=dead)
            self._servers_pause = FIRST_PAUSE
        self._servers_due = time.monotonic() + self._servers_pause
        return True

    def _write(self) -> None:
        supervisor = ProcessId.of("supervisor", os.getpid())
        parts = (*self._servers, *(part.id for part in self._parts if part.process))
        write_state(self._home, StackState(supervisor, parts, self._settings.web_address, self._ready))

    def _end(self) -> None:
        """Web and workers first, then the servers they lean on; the state file last."""
        log.info("stack stopping")
        end_parts(self._parts, self._mark)
        bootstrap.stop_embedded(self._settings)
        state_path(self._home).unlink(missing_ok=True)
        log.info("stack stopped")


def supervise(settings: Settings) -> None:
    """Run the stack of the data folder in this process until it is told to stop.

    Raises ``UnavailableError`` where another supervisor has the folder.
    """
    make_home(settings.home)
    with _only_one(settings.home):
        Supervisor(settings).run()


def supervise_workers(settings: Settings, jobs: int) -> None:
    """Run a worker for each kind of work until told to stop; station work then never waits behind batch work."""
    stop, mark = threading.Event(), f"{settings.home}#{os.getpid()}"
    stop_on_signals(stop)
    parts = [Part(name, (*PARTS[name], "--jobs", str(jobs)), mark) for name in ("station", "batch")]
    try:
        while not stop.is_set():
            for part in parts:
                part.look()
            stop.wait(LOOK)
    finally:
        end_parts(parts, mark)


def stop_on_signals(stop: threading.Event) -> None:
    """Have SIGTERM and SIGINT set ``stop``."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the lock of the folder; the system lets it go when this process ends, however it ends."""
    with lock_path(home).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UnavailableError(f"A stack already runs in {home}; stop it with `sohoa down`.") from error
        yield


def _require_free(settings: Settings) -> None:
    """Raise ``UnavailableError`` where another program has the port of the state page."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.web_host, settings.web_port))
        except OSError as error:
            raise UnavailableError(
                f"Port {settings.web_port} of {settings.web_host} cannot be used ({error.strerror}); "
                f"choose another one: SOHOA_WEB_PORT={settings.web_port + 1} sohoa up"
            ) from error


def _answers(settings: Settings) -> bool:
    """Whether the web page says that all it needs is there."""
    certificate = settings.web.certificate
    address = f"{'https' if certificate else 'http'}://{settings.web_host}:{settings.web_port}/healthz"
    try:
        trust = _trusting(certificate) if certificate else None
        with urllib.request.urlopen(address, timeout=5, context=trust) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _trusting(certificate: Path) -> ssl.SSLContext:
    """What takes our own certificate for good, whatever name it is for: it is asked by its address on this machine."""
    trust = ssl.create_default_context(cafile=str(certificate))
    trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trust.check_hostname = False
    return trust


def _trim(path: Path) -> None:
    """Set a long log aside. Children append, so an emptied file goes on from its start."""
    if path.exists() and path.stat().st_size > LOG_BYTES:
        shutil.copyfile(path, path.with_suffix(".log.1"))
        os.truncate(path, 0)
