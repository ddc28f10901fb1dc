"""A virus scanner that speaks the protocol of ClamAV's daemon and knows one thing: the test file of EICAR."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: https://www.eicar.org/download-anti-malware-testfile/, put together here so that no scanner takes this file for it.
EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))


class _Daemon(socketserver.StreamRequestHandler):
    """Takes in a stream in pieces, each behind its length, up to the server's limit, and says what is in it."""

    def handle(self) -> None:
        command = self.rfile.read(10)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        taken = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            taken += self.rfile.read(size)
            if len(taken) > self.server.limit:  # type: ignore[attr-defined]
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(len(taken))  # type: ignore[attr-defined]
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in taken else b"stream: OK\0")


class _OnLoopback(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _OnSocket(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(socket: Path | None = None, *, limit: int = 25_000_000) -> Iterator[tuple[str, list[int]]]:
    """The address of such a daemon, and the sizes of the streams that it has seen whole."""
    server = _OnSocket(str(socket), _Daemon) if socket else _OnLoopback(("127.0.0.1", 0), _Daemon)
    server.limit, server.seen = limit, []  # type: ignore[attr-defined, union-attr]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"unix:{socket}" if socket else f"127.0.0.1:{server.server_address[1]}", server.seen  # type: ignore[union-attr]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)
