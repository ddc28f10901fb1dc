"""S3 servers as administrators may set them up, and a wire to them that can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from minio.deleteobjects import DeleteObject

from pipeline.domain.errors import UnavailableError
from storage.loopback_certificates import make_certificates
from storage.objects import MinioStore
from storage.seaweed_server import SeaweedServer

BUCKET = "sohoa"


class TrialServer(SeaweedServer):
    """A SeaweedFS with more ``options``, and more who may do something: name to what, their secret is :data:`SECRET`.

    With ``tls`` it speaks TLS alone; ``authority`` is then the certificate that vouches for it.
    """

    SECRET = "a secret of the trial"

    def __init__(
        self, folder: Path, options: Sequence[str] = (), others: dict[str, Sequence[str]] | None = None, *, tls: bool = False
    ) -> None:
        super().__init__(folder)
        self.options = tuple(options)
        self.others = others or {}
        self.authority: Path | None = None
        if tls:
            (folder / "tls").mkdir(parents=True)
            self.authority, certificate, key = make_certificates(folder / "tls")
            self.options += (f"-s3.cert.file={certificate}", f"-s3.key.file={key}")

    def store(self, name: str = "", secret: str = "", **settings: Any) -> MinioStore:
        """A store of the administrator, or of the one called ``name``."""
        keys = (name, secret or self.SECRET) if name else (self.access_key, self.secret_key)
        if self.authority:
            settings = {"secure": True, "ca_file": self.authority} | settings
        return MinioStore(self.endpoint, *keys, BUCKET, **{"retries": 0} | settings)

    @contextmanager
    def running(self) -> Iterator[TrialServer]:
        """The server, as soon as objects can be kept; it is gone afterwards."""
        try:
            self.start()
            with closing(self.store()) as store:
                self.process.wait_ready(lambda: _keeps(store), 60)
            yield self
        finally:
            self.stop(3)

    def _command(self, ports: tuple[int, ...]) -> tuple[str, ...]:
        return (*super()._command(ports), *self.options)

    def _identities(self) -> list[dict[str, object]]:
        others = [
            {"name": name, "credentials": [{"accessKey": name, "secretKey": self.SECRET}], "actions": list(actions)}
            for name, actions in self.others.items()
        ]
        return super()._identities() + others


def empty(store: MinioStore) -> None:
    """Nothing; the bucket holds nothing any more. A server has room for a few buckets only, so tests share one."""
    client, bucket = store._client(), store._bucket
    assert not list(client.remove_objects(bucket, [DeleteObject(info.key) for info in store.list("")]))


def _keeps(store: MinioStore) -> bool:
    try:
        store.put("working/ready", b"x")
        store.remove("working/ready")
    except UnavailableError:
        return False
    return True


class Wire:
    """A TCP proxy on loopback in front of ``server``, with faults for what is sent next, first come first hit.

    ``cut_requests``: bytes after which what goes to the server is cut off; ``cut_answers``: the same for what comes back,
    where 0 loses the answer to a request that has arrived. ``on_cut`` is done whenever something is cut off.
    """

    def __init__(self, server: str) -> None:
        host, _, port = server.partition(":")
        self._server = host, int(port)
        self.cut_requests: list[int] = []
        self.cut_answers: list[int] = []
        self.cuts = 0
        self.on_cut: Callable[[], None] = lambda: None
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self._door.getsockname()[1]}"

    def close(self) -> None:
        """Cut everything."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for one in (self._door, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                self._open.append(near)
                try:
                    far = socket.create_connection(self._server)
                except OSError:
                    near.close()
                    continue
                self._open.append(far)
                for source, target, faults in ((near, far, self.cut_requests), (far, near, self.cut_answers)):
                    threading.Thread(target=self._carry, args=(source, target, faults), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, faults: list[int]) -> None:
        """Pass on what comes until the end; a fault counts from its being set."""
        carried, fault = 0, None
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if fault is None and faults:
                    fault, carried = faults.pop(0), 0
                if fault is not None and carried + len(data) > fault:
                    target.sendall(data[: fault - carried])
                    self.cuts += 1
                    self.on_cut()
                    break
                target.sendall(data)
                carried += len(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
