"""Several processes that serve one address: forked from one that serves nothing itself, and made anew where one dies."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

#: Seconds that a process should live at least; where one after the other does not, each is made anew later than the one
#: before: after the first pause, then twice as long each time, until the longest.
_SHORTEST, _FIRST, _LONGEST = 5.0, 0.5, 30.0

#: Seconds within which processes are to end what they have begun.
_PATIENCE = 30.0

_FORK = multiprocessing.get_context("fork")


def listen(host: str, port: int) -> socket.socket:
    """A socket that all of them accept at; raises ``OSError`` where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    made.listen(2048)
    made.set_inheritable(True)
    return made


def serve_from(count: int, serve: Callable[[], None]) -> None:
    """Run ``serve`` in ``count`` processes until SIGTERM or SIGINT; one that dies is made anew.

    The caller has begun no thread and opened no connection: its children would find them broken.
    """
    keeper = _Keeper(count, serve)
    former = {one: signal.signal(one, keeper.stop) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        keeper.keep()
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)


class Restarts:
    """When a process that died is made anew: at once, and later and later where they keep dying young."""

    def __init__(self) -> None:
        self._young = 0
        self._next = 0.0

    def note_death(self, lived: float, now: float) -> None:
        """One died ``now`` that ``lived`` so many seconds."""
        self._young = self._young + 1 if lived < _SHORTEST else 0
        doublings = 1 << min(max(self._young - 2, 0), 20)
        self._next = now + (min(_FIRST * doublings, _LONGEST) if self._young > 1 else 0.0)

    def wait_at(self, now: float) -> float:
        """Seconds until one may be started."""
        return max(0.0, self._next - now)


class _Keeper:
    """Keeps processes alive until it is stopped."""

    def __init__(self, count: int, serve: Callable[[], None]) -> None:
        self._count = count
        self._serve = serve
        self._begun: dict[BaseProcess, float] = {}
        self._restarts = Restarts()
        self._over = False

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """End all of them."""
        self._over = True
        for one in self._begun:
            with suppress(ProcessLookupError, ValueError):
                one.terminate()

    def keep(self) -> None:
        """Return once all have ended."""
        while not self._over:
            while len(self._begun) < self._count and not self._over and not self._pause():
                self._start()
            wait([one.sentinel for one in self._begun], timeout=min(1.0, self._pause() or 1.0))
            self._bury()
        self._end()

    def _pause(self) -> float:
        return self._restarts.wait_at(time.monotonic())

    def _start(self) -> None:
        made = _FORK.Process(target=_child, args=(self._serve,), daemon=True)
        made.start()
        self._begun[made] = time.monotonic()
        if self._over:
            made.terminate()

    def _bury(self) -> None:
        for one in [one for one in self._begun if not one.is_alive()]:
            now = time.monotonic()
            self._restarts.note_death(now - self._begun.pop(one), now)
            if not self._over:
                log.error("a process that served has died", pid=one.pid, exit_code=one.exitcode, again_in=self._pause())

    def _end(self) -> None:
        until = time.monotonic() + _PATIENCE
        for one in self._begun:
            one.join(max(0.1, until - time.monotonic()))
            if one.is_alive():
                one.kill()
                one.join()


def _child(serve: Callable[[], None]) -> None:
    """What a process does, with the signals as they are usually."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_DFL)
    serve()
