"""Local copies of originals, on every machine that reads pages."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from pipeline import archive
from pipeline.ports import Clock, ObjectStore

#: How long a local copy is kept.
KEPT_HERE = timedelta(hours=6)


def fetch_original(sha256: str, store: ObjectStore, scratch: Path, clock: Clock) -> Path:
    """The original as a local file, fetched once per machine; whole or not there at all."""
    path = copy_of(sha256, scratch)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _forget_old(path.parent, clock.now() - KEPT_HERE)
        store.fetch(archive.original_key(sha256), path)
    return path


def copy_of(sha256: str, scratch: Path) -> Path:
    """Where the local copy of an original lies, if there is one; what is known of it on this machine lies beside it."""
    return copies_in(scratch) / sha256


def copies_in(scratch: Path) -> Path:
    """The folder of local copies; nothing is laid there but by this program."""
    return scratch / "originals"


def _forget_old(folder: Path, before: datetime) -> None:
    """Remove local copies fetched before that time; a page that still wants one fetches it again."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
