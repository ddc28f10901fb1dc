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

#: Seconds that a process should live at least: one that does not is made anew no sooner.
_SHORTEST = 5.0

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


class _Keeper:
    """Keeps processes alive until it is stopped."""

    def __init__(self, count: int, serve: Callable[[], None]) -> None:
        self._count = count
        self._serve = serve
        self._begun: dict[BaseProcess, float] = {}
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
            while len(self._begun) < self._count and not self._over:
                self._start()
            wait([one.sentinel for one in self._begun], timeout=1.0)
            self._bury()
        self._end()

    def _start(self) -> None:
        made = _FORK.Process(target=_child, args=(self._serve,), daemon=True)
        made.start()
        self._begun[made] = time.monotonic()
        if self._over:
            made.terminate()

    def _bury(self) -> None:
        for one in [one for one in self._begun if not one.is_alive()]:
            lived = time.monotonic() - self._begun.pop(one)
            if not self._over:
                log.error("a process that served has died", pid=one.pid, exit_code=one.exitcode)
                time.sleep(max(0.0, _SHORTEST - lived))

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
