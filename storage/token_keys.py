"""The keys that access tokens are signed with: files that their owner alone reads, in a folder that all who serve share."""

from __future__ import annotations

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pipeline.domain.clients import TokenKey
from pipeline.domain.errors import UnavailableError

_NAME = re.compile(r"(\d{20})-([\w-]{1,64})\.pem")
#: Nanoseconds within which a folder may change twice and seem to have changed once.
_COARSE = 2_000_000_000
_ADVICE = "Không đọc được thư mục khóa ký của giao diện hệ thống. Hãy kiểm tra quyền của thư mục (SOHOA_API_KEYS)."


class FolderTokenKeys:
    """``TokenKeys`` in ``folder``, one file each, named by when it was made and its id. A file never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, TokenKey] = {}
        self._listed: tuple[int, tuple[TokenKey, ...]] = (0, ())

    def all(self) -> tuple[TokenKey, ...]:
        """All of them, the oldest first; looked for again where the folder has changed. Raises ``UnavailableError``."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise UnavailableError(f"{self._folder}: {error}", advice=_ADVICE) from error
        known = self._listed
        if known[0] != changed:
            known = changed, self._look()
            if time.time_ns() - changed > _COARSE:
                self._listed = known
        return known[1]

    def _look(self) -> tuple[TokenKey, ...]:
        try:
            names = sorted(path.name for path in self._folder.glob("*.pem") if _NAME.fullmatch(path.name))
            return tuple(self._key(name) for name in names)
        except OSError as error:
            raise UnavailableError(f"{self._folder}: {error}", advice=_ADVICE) from error

    def enter(self, key: TokenKey) -> None:
        """Hold a new key. Raises ``UnavailableError``."""
        name = f"{int(key.made_at.timestamp() * 1e6):020d}-{key.id}.pem"
        part = self._folder / f".{uuid4().hex}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(part, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(key.pem)
            part.replace(self._folder / name)
        except OSError as error:
            raise UnavailableError(f"{self._folder}: {error}", advice=_ADVICE) from error

    def forget(self, key_id: str) -> None:
        """Forget a key; an unknown one is fine."""
        for path in self._folder.glob(f"*-{key_id}.pem"):
            path.unlink(missing_ok=True)

    def _key(self, name: str) -> TokenKey:
        known = self._known.get(name)
        if known is None:
            found = _NAME.fullmatch(name)
            assert found, name
            made_at = datetime.fromtimestamp(int(found[1]) / 1e6, UTC)
            known = self._known[name] = TokenKey(found[2], (self._folder / name).read_text(), made_at)
        return known
