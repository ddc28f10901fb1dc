"""The keys of what is kept of people: a file that its owner alone reads, one key a line, the newest first."""

from __future__ import annotations

import secrets
from pathlib import Path
from threading import Lock

from pipeline.domain.errors import StageError
from pipeline.domain.secret import Secret
from storage.private_files import write_private, write_private_once

#: Letters of a key.
_SHORTEST = 32
_ADVICE = "Không dùng được tệp khóa của tài khoản. Quản trị viên hãy kiểm tra tệp (SOHOA_PEOPLE_KEYS) và quyền 600 của tệp."


class PeopleKeys:
    """The keys in the file ``path``, read again when it changed. ``made``: the file is made where there is none."""

    def __init__(self, path: Path, *, made: bool = False) -> None:
        self._path = path
        self._made = made
        self._lock = Lock()
        self._known: tuple[tuple[int, int, int], tuple[Secret, ...]] | None = None

    def __call__(self) -> tuple[Secret, ...]:
        """The keys, the newest first. Raises ``StageError`` where the file is away, faulty, or open to others."""
        with self._lock:
            try:
                if self._made and not self._path.exists():
                    write_private_once(self._path, f"{secrets.token_urlsafe(32)}\n")
                stat = self._path.stat()
                version = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
                if self._known is None or self._known[0] != version:
                    self._known = version, self._read(stat.st_mode)
            except (OSError, UnicodeDecodeError) as error:
                told = f"{self._path}: the keys of people cannot be read ({type(error).__name__})"
                raise StageError(told, code="key_missing", advice=_ADVICE) from None
            return self._known[1]

    def add(self) -> None:
        """A new key before all others, which stay: what they hold is opened until it is held by the new one."""
        keys = tuple(key.reveal() for key in self())
        write_private(self._path, "".join(f"{key}\n" for key in (secrets.token_urlsafe(32), *keys)))

    def _read(self, mode: int) -> tuple[Secret, ...]:
        if mode & 0o077:
            told = f"{self._path}: others may read the keys; chmod 600 {self._path}"
            raise StageError(told, code="unsafe_key_file", advice=_ADVICE)
        keys = tuple(line.strip() for line in self._path.read_text(encoding="utf-8").splitlines() if line.strip())
        if not keys or any(len(key) < _SHORTEST for key in keys):
            raise StageError(f"{self._path}: a key has {_SHORTEST} letters at least", code="key_unfit", advice=_ADVICE)
        return tuple(Secret(key) for key in keys)
