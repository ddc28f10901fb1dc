"""What every check has at hand: the store, read in pieces; witnesses kept on disk, so that memory stays bounded."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from pipeline.domain.errors import NotFoundError
from pipeline.ports import Catalogue, ObjectInfo, ObjectStore
from pipeline.verification.damage import Finding

#: Files over which witnesses are spread; one of them at a time is held in memory.
PARTS = 64


@dataclass(slots=True)
class Report:
    """What was looked at: ``notes`` are neither good nor bad, only to be known."""

    objects: int = 0
    bytes: int = 0
    documents: int = 0
    revisions: int = 0
    erased: int = 0
    lines: int = 0
    anchor: str = ""
    findings: Counter[str] = field(default_factory=Counter)
    notes: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, count: int = 1) -> None:
        """Count something worth knowing."""
        self.notes[what] = self.notes.get(what, 0) + count


@dataclass(frozen=True, slots=True)
class Fixity:
    """Reads and hashes objects; ``seen`` is told of each, with its bytes."""

    store: ObjectStore
    report: Report
    seen: Callable[[str, int], None] = lambda _key, _size: None

    def digest(self, key: str) -> str:
        """The sha256 of what stands there, read in pieces; empty where nothing does."""
        total, sha256 = 0, hashlib.sha256()
        try:
            for piece in self.store.read(key):
                sha256.update(piece)
                total += len(piece)
        except NotFoundError:
            return ""
        self._count(key, total)
        return sha256.hexdigest()

    def get(self, key: str) -> bytes:
        """A small object; empty where nothing stands there."""
        try:
            data = self.store.get(key)
        except NotFoundError:
            return b""
        self._count(key, len(data))
        return data

    def _count(self, key: str, size: int) -> None:
        self.report.objects += 1
        self.report.bytes += size
        self.seen(key, size)


class Witnesses:
    """Statements by key, told by one side and found by the other, compared when all are in. Close it to drop the files."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        self._files: list[IO[str]] = []
        for number in range(PARTS):
            file = (folder / f"{number:02d}.jsonl").open("w+", encoding="utf-8")
            self._files.append(self._stack.enter_context(file))

    def tell(self, kind: str, side: str, key: str, value: str = "") -> None:
        """Note that ``side`` (``told`` or ``found``) says ``value`` of ``key``."""
        file = self._files[zlib.crc32(f"{kind}{key}".encode("utf-8", "surrogatepass")) % PARTS]
        file.write(json.dumps((kind, key, side, value)) + "\n")

    def differences(self) -> Iterator[tuple[str, str, set[str], set[str]]]:
        """``(kind, key, told, found)`` of every key of which the two sides do not say the same."""
        for file in self._files:
            sides: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
            file.flush()
            file.seek(0)
            for line in file:
                kind, key, side, value = json.loads(line)
                sides.setdefault((kind, key), (set(), set()))[side == "found"].add(value)
            for (kind, key), (told, found) in sorted(sides.items()):
                if told != found:
                    yield kind, key, told, found

    def close(self) -> None:
        """Close the files."""
        self._stack.close()


@dataclass(frozen=True, slots=True)
class Scene:
    """The archive under examination; objects written before ``since`` are not read again.

    ``faulty`` are the records (document and revision) that something has been said about.
    """

    fixity: Fixity
    catalogue: Catalogue
    witnesses: Witnesses
    since: datetime | None = None
    faulty: set[str] = field(default_factory=set)

    @property
    def store(self) -> ObjectStore:
        """The bucket."""
        return self.fixity.store

    @property
    def report(self) -> Report:
        """What was looked at."""
        return self.fixity.report

    def is_due(self, info: ObjectInfo) -> bool:
        """Whether the object is to be read; one whose age is unknown is."""
        return self.since is None or info.modified is None or info.modified >= self.since


#: Findings as they come.
Findings = Iterator[Finding]
