r"""The scanner ClamAV by the protocol of its daemon: ``INSTREAM`` over a socket, so that it need not see our files itself.

::

    zINSTREAM\0  (length, bytes)…  (0)   ──►   stream: OK\0  |  stream: Eicar-Test-Signature FOUND\0  |  … ERROR\0

Lengths are 32 bits, big-endian. https://docs.clamav.net/manual/Usage/Scanning.html#clamd
"""

from __future__ import annotations

import re
import socket
import struct
from pathlib import Path

from pipeline.domain.errors import StageError, UnavailableError

#: Bytes of a piece, of the longest answer that makes sense, and seconds without a sign after which the daemon is away.
PIECE, _LONGEST, SECONDS = 1 << 18, 4096, 120.0

_FOUND = re.compile(r"^[^:]*: (?P<what>.+) FOUND$")
_AWAY = "Chương trình quét virus không trả lời; tài liệu sẽ được thử lại. Quản trị viên hãy kiểm tra clamd (SOHOA_CLAMD)."
_UNSEEN = "Chương trình quét virus không quét được tệp. Quản trị viên hãy tăng StreamMaxLength, MaxFileSize của clamd."


class ClamdScanner:
    """A ``VirusScanner`` over the daemon at ``address``: ``host:port``, or ``unix:`` and the path of its socket."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._address = address
        self._seconds = seconds

    def find(self, path: Path) -> str:
        """The name of what was found in the file; empty: nothing."""
        try:
            with self._connect() as wire:
                answer = _ask(wire, path)
        except OSError as error:
            raise UnavailableError(f"clamd at {self._address}: {error}", code="virus_scanner_away", advice=_AWAY) from error
        if found := _FOUND.match(answer):
            return found["what"]
        if answer.endswith(": OK"):
            return ""
        raise StageError(f"clamd could not look at the file: {answer[:200]!r}", code="virus_scan_failed", advice=_UNSEEN)

    def _connect(self) -> socket.socket:
        if self._address.startswith("unix:"):
            wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            wire.settimeout(self._seconds)
            try:
                wire.connect(self._address.removeprefix("unix:"))
            except OSError:
                wire.close()
                raise
            return wire
        host, _, port = self._address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self._seconds)


def _ask(wire: socket.socket, path: Path) -> str:
    """What the daemon says of the file. It may answer, and hang up, before it has seen all: what it then said counts."""
    try:
        wire.sendall(b"zINSTREAM\0")
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                wire.sendall(struct.pack("!I", len(piece)) + piece)
        wire.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        answer = _listen(wire)
        if not answer:
            raise
        return answer
    return _listen(wire)


def _listen(wire: socket.socket) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST:
        piece = wire.recv(_LONGEST)
        if not piece:
            break
        heard += piece
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()
