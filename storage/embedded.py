"""The embedded stack: broker and object store of one machine, everything they keep in one folder.

::

    <folder>/lock                 held while starting or stopping
    <folder>/valkey/              password, valkey.conf, state.json, valkey.log, appendonlydir/
    <folder>/seaweed/             secrets.json, s3.json, state.json, seaweed.log, logs/, data/
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline.domain.errors import UnavailableError
from storage.seaweed_server import SeaweedServer
from storage.valkey_server import ValkeyServer


class EmbeddedServer(Protocol):
    """A server that runs beside us and outlives us."""

    @property
    def pid(self) -> int | None:
        """The pid of the live server, None where there is none."""

    def start(self) -> None:
        """Nothing; the server runs: the one still alive, or a new one on the same data."""

    def stop(self) -> None:
        """Nothing, once the server is gone; its data stays."""

    def healthy(self) -> bool:
        """Whether it answers to us."""

    def wait_ready(self, timeout: float) -> None:
        """Nothing, as soon as ``healthy``; else ``UnavailableError``."""


@dataclass(frozen=True, slots=True)
class EmbeddedStack:
    """How to reach the servers that run."""

    redis_url: str = field(repr=False)
    s3_endpoint: str
    s3_access_key: str
    s3_secret_key: str = field(repr=False)
    valkey_pid: int
    seaweed_pid: int


def start_all(folder: Path, *, timeout: float = 60.0) -> EmbeddedStack:
    """The running stack of ``folder``; what still runs is kept, what does not is started on its old data and ports.

    Raises ``UnavailableError`` where a server does not come up within ``timeout`` seconds.
    """
    with _locked(folder):
        valkey, seaweed = ValkeyServer(folder / "valkey"), SeaweedServer(folder / "seaweed")
        servers: tuple[EmbeddedServer, ...] = (valkey, seaweed)
        for server in servers:
            server.start()
        for server in servers:
            _bring_up(server, timeout)
        return EmbeddedStack(
            redis_url=valkey.url,
            s3_endpoint=seaweed.endpoint,
            s3_access_key=seaweed.access_key,
            s3_secret_key=seaweed.secret_key,
            valkey_pid=valkey.pid or 0,
            seaweed_pid=seaweed.pid or 0,
        )


def stop_all(folder: Path) -> None:
    """Nothing, once no server of ``folder`` runs any more; all data stays."""
    with _locked(folder):
        servers: tuple[EmbeddedServer, ...] = (ValkeyServer(folder / "valkey"), SeaweedServer(folder / "seaweed"))
        for server in servers:
            server.stop()


def _bring_up(server: EmbeddedServer, timeout: float) -> None:
    """Nothing, once ``server`` is ready; one found in its last breath, or robbed of a port, is started anew."""
    for last in (False, False, True):
        server.start()
        try:
            server.wait_ready(timeout)
        except UnavailableError:
            if last or server.pid is not None:
                raise
        else:
            return


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
