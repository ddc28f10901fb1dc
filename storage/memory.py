"""Objects and messages kept in memory, for tests and trials."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Lock
from urllib.parse import quote

from pipeline.domain.documents import QueueName
from pipeline.domain.errors import NotFoundError, UnavailableError
from pipeline.ports import ObjectInfo
from storage.keys import check_key

#: Bytes of a piece that is read.
_PIECE = 1 << 20


class MemoryStore:
    """An object store in a dict, safe from many threads.

    While ``away`` is true every call raises ``UnavailableError``, as a store does that has been switched off; while ``full``
    is, storing does, as where the disk of a store is full.
    """

    def __init__(self) -> None:
        self.away = False
        self.full = False
        self._objects: dict[str, bytes] = {}
        self._lock = Lock()

    def put(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> ObjectInfo:
        """Store, replacing what stands there."""
        content = self._read(data)
        with self._lock:
            self._objects[check_key(key)] = content
        return _describe(key, content)

    def put_once(self, key: str, data: bytes | Path, *, media_type: str = "application/octet-stream") -> bool:
        """Store unless the key exists; False where it already did."""
        content = self._read(data)
        with self._lock:
            return self._objects.setdefault(check_key(key), content) is content

    def get(self, key: str) -> bytes:
        """The bytes; raises ``NotFoundError``."""
        self._answer()
        try:
            return self._objects[key]
        except KeyError as error:
            raise NotFoundError(f"no object {key!r}") from error

    def read_span(self, key: str, first: int, length: int) -> Iterator[bytes]:
        """Some of the bytes; raises ``NotFoundError``."""
        yield self.get(key)[first : first + length]

    def read(self, key: str) -> Iterator[bytes]:
        """The bytes in pieces; raises ``NotFoundError``."""
        content = self.get(key)
        for start in range(0, len(content), _PIECE):
            yield content[start : start + _PIECE]

    def fetch(self, key: str, path: Path) -> None:
        """The bytes into the file ``path``, whole or not at all."""
        content = self.get(key)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        part.replace(path)

    def stat(self, key: str) -> ObjectInfo | None:
        """What is known of the object, None where there is none."""
        self._answer()
        content = self._objects.get(key)
        return None if content is None else _describe(key, content)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects under ``prefix``, in key order."""
        self._answer()
        with self._lock:
            found = [(key, content) for key, content in self._objects.items() if key.startswith(prefix)]
        for key, content in sorted(found, key=lambda pair: pair[0].encode()):
            yield ObjectInfo(key, len(content))

    def link(self, key: str, life: timedelta, name: str) -> str:
        """An address that says what it leads to."""
        self._answer()
        return f"memory:///{quote(key)}?seconds={life.total_seconds():.0f}&name={quote(name)}"

    def remove(self, key: str) -> None:
        """Forget an object; an absent key is fine."""
        self._answer()
        with self._lock:
            self._objects.pop(key, None)

    def remove_all(self, keys: Iterable[str]) -> None:
        """Forget objects; absent keys are fine."""
        for key in keys:
            self.remove(key)

    def _read(self, data: bytes | Path) -> bytes:
        self._answer()
        if self.full:
            raise UnavailableError("the object store is full", code="store_full")
        return data.read_bytes() if isinstance(data, Path) else bytes(bytearray(data))

    def _answer(self) -> None:
        if self.away:
            raise UnavailableError("the object store does not answer")


def _describe(key: str, content: bytes) -> ObjectInfo:
    return ObjectInfo(key, len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Message:
    """One message sent: ``step`` is ``split``, ``read`` (with ``page``) or ``finish``."""

    step: str
    document: str
    page: int
    queue: QueueName


class ScriptedDispatcher:
    """A dispatcher that records what is sent and, when asked, hands it on in the same process.

    ``sent`` holds everything since the start. While ``away`` is true sending raises ``UnavailableError``.
    """

    def __init__(self) -> None:
        self.away = False
        self.sent: list[Message] = []
        self._waiting: deque[Message] = deque()

    def split_document(self, document_id: str, queue: QueueName) -> None:
        """Ask for the document to be taken apart."""
        self._send(Message("split", document_id, 0, queue))

    def read_page(self, document_id: str, page: int, queue: QueueName) -> None:
        """Ask for one page to be read."""
        self._send(Message("read", document_id, page, queue))

    def finish_document(self, document_id: str, queue: QueueName) -> None:
        """Ask for the document to be put together."""
        self._send(Message("finish", document_id, 0, queue))

    def drain(self, handle: Callable[[Message], None]) -> int:
        """How many messages were handed to ``handle``, station work first, those included that it sent itself."""
        count = 0
        while self._waiting:
            station = next((message for message in self._waiting if message.queue is QueueName.STATION), None)
            message = station or self._waiting[0]
            self._waiting.remove(message)
            handle(message)
            count += 1
        return count

    def lose(self) -> None:
        """Forget what waits, as a broker does that lost its data."""
        self._waiting.clear()

    def _send(self, message: Message) -> None:
        if self.away:
            raise UnavailableError("the broker does not answer")
        self.sent.append(message)
        self._waiting.append(message)
