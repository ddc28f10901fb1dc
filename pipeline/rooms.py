"""Folders for a while, locked by whoever works in them: what killed processes left of papers is known, and removed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: What their names begin with; the purpose follows.
MARK = "sohoa-room-"

#: Seconds after which a folder that nobody has locked was left behind: it takes moments from its making to its lock.
LEFT = 600.0

_cleared: dict[Path, float] = {}
_lock = threading.Lock()


@contextmanager
def room_in(parent: Path | None, purpose: str) -> Iterator[Path]:
    """A folder of one's own in ``parent`` (None: that of the system), gone afterwards.

    The first of a process, and from then on one in ten minutes, removes what killed ones left there.
    """
    home = Path(tempfile.gettempdir()) if parent is None else parent
    if _is_due(home):
        clear_left(home)
    with tempfile.TemporaryDirectory(prefix=f"{MARK}{purpose}-", dir=home) as name:
        handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with suppress(OSError):  # a file system without locks; nothing is removed there
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Path(name)
        finally:
            os.close(handle)


def clear_left(home: Path, *, older: float = LEFT) -> int:
    """Remove the folders in ``home`` that nobody works in any more and that are ``older`` (seconds); returns how many."""
    count = 0
    with suppress(OSError), os.scandir(home) as entries:
        for entry in entries:
            if entry.name.startswith(MARK) and entry.is_dir(follow_symlinks=False):
                count += _remove_left(Path(entry.path), older)
    return count


def _is_due(home: Path) -> bool:
    now = time.monotonic()
    with _lock:
        if now - _cleared.get(home, -LEFT) < LEFT:
            return False
        _cleared[home] = now
        return True


def _remove_left(folder: Path, older: float) -> bool:
    """Whether the folder was nobody's, and is gone; locks end with the process that holds them, however that ends."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        found = os.fstat(handle)
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < older:
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return False
    finally:
        os.close(handle)
    return not folder.exists()
