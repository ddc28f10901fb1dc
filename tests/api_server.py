"""The interface at a port of its own, for clients that speak HTTP; it can lose connections and answers on demand."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What is done with a call: nothing, an answer in its place, or the connection cut before or behind the work.
Mischief = Callable[[Scope], str]


class Unreliable:
    """An application that loses what ``mischief`` says: ``before`` the work, its answer ``after`` it, or ``busy`` (503)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.mischief: Mischief = lambda _scope: ""
        self.calls: list[tuple[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        self.calls.append((scope["method"], scope["path"]))
        what = self.mischief(scope)
        if what == "busy":
            headers = [(b"retry-after", b"3"), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        if not what:
            await self.app(scope, receive, send)
            return
        if what == "after":
            await self.app(scope, receive, _swallow)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
        raise ConnectionError("cut before the answer was whole")


async def _swallow(_message: Message) -> None:
    return None


@contextmanager
def held_port() -> Iterator[int]:
    """A port of loopback that nobody listens at yet, and that nobody gets but who asks for it (``SO_REUSEPORT``)."""
    with socket.socket(proto=socket.IPPROTO_TCP) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextmanager
def serving(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The origin of ``app`` on a free port of loopback, or at a :func:`held_port`."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        if port:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()
        config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
