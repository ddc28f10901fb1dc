"""Clients that never pause, many in one light process: what they wait for is the server, not each other.

One thread, sockets that stay open, one buffer for all that comes: a fetch of 1 MB costs the client little beyond the kernel's
copying, and the same whoever serves it.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

_BUFFER = 1 << 20
#: Bytes of a body that are kept: JSON is, papers are counted.
_SHORT = 65_536


@dataclass(frozen=True, slots=True)
class Step:
    """One request: of ``method`` to ``url``, with ``headers``; ``follow``: then the address that it answers with.

    ``follow`` is ``url`` (a member of the JSON) or ``location`` (the header); empty: nothing more. ``bytes`` must come in the
    end.
    """

    url: str
    bytes: int
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    follow: str = ""


@dataclass(slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    bytes: int
    body: bytes


_Waiting = Generator[socket.socket, None, Any]


@dataclass(slots=True)
class _Client:
    """One client: its sockets by host, and what it has yet to fetch."""

    steps: list[Step]
    buffer: memoryview
    sockets: dict[str, socket.socket] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)

    def run(self) -> _Waiting:
        """Fetch everything, one after the other."""
        for step in self.steps:
            begun = time.perf_counter()
            yield from self._fetch(step)
            self.took.append(1000 * (time.perf_counter() - begun))

    def _fetch(self, step: Step) -> _Waiting:
        answer = yield from self._ask(step.url, step.method, step.headers)
        if step.follow:
            told = json.loads(answer.body) if step.follow == "url" else answer.headers
            if answer.status not in {200, 307}:
                raise AssertionError(f"{step.url}: {answer.status} {answer.body[:500]!r}")
            answer = yield from self._ask(str(told[step.follow]), "GET", ())
        if (answer.status, answer.bytes) != (200, step.bytes):
            raise AssertionError(f"{step.url}: {answer.status}, {answer.bytes} bytes, {answer.body[:500]!r}")

    def _ask(self, url: str, method: str, headers: Sequence[tuple[str, str]]) -> _Waiting:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        told = "".join(f"{name}: {value}\r\n" for name, value in headers)
        length = "Content-Length: 0\r\n" if method == "POST" else ""
        connected = self._socket(parts.netloc)
        connected.sendall(f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{told}{length}\r\n".encode())
        return (yield from self._read(connected))

    def _socket(self, place: str) -> socket.socket:
        if place not in self.sockets:
            host, _, port = place.partition(":")
            made = socket.create_connection((host, int(port)))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.setblocking(False)
            self.sockets[place] = made
        return self.sockets[place]

    def _read(self, connected: socket.socket) -> _Waiting:
        head = b""
        while b"\r\n\r\n" not in head:
            yield connected
            head += self.buffer[: self._receive(connected)]
        lines, _, body = head.partition(b"\r\n\r\n")
        first, *rest = lines.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        length, come = int(headers["content-length"]), len(body)
        while come < length:
            yield connected
            count = self._receive(connected)
            if length <= _SHORT:
                body += self.buffer[:count]
            come += count
        return _Answer(int(first.split()[1]), headers, come, body if length <= _SHORT else b"")

    def _receive(self, connected: socket.socket) -> int:
        count = connected.recv_into(self.buffer)
        if not count:
            raise AssertionError("the server hung up")
        return count


def run_clients(plans: Sequence[list[Step]]) -> list[float]:
    """Milliseconds of each fetch, of clients that begin together and never pause."""
    buffer = memoryview(bytearray(_BUFFER))
    clients = [_Client(steps, buffer) for steps in plans]
    watched, waiting = selectors.DefaultSelector(), {}
    running = [(client, client.run()) for client in clients]
    for _, turn in running:
        _go_on(turn, watched, waiting)
    while waiting:
        for key, _ in watched.select():
            if (found := waiting.pop(key.fd, None)) is not None:
                _go_on(found, watched, waiting)
    watched.close()
    for client in clients:
        for one in client.sockets.values():
            one.close()
    return [one for client in clients for one in client.took]


def _go_on(turn: _Waiting, watched: selectors.BaseSelector, waiting: dict[int, _Waiting]) -> None:
    connected = next(turn, None)
    if connected is None:
        return
    if connected.fileno() not in watched.get_map():
        watched.register(connected, selectors.EVENT_READ)
    waiting[connected.fileno()] = turn


def serve_clients(orders: Connection) -> None:
    """Run what is ordered, in a process of its own, and tell how long each took; until None is ordered."""
    while (plans := orders.recv()) is not None:
        orders.send(run_clients(plans))
