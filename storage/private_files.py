"""Files and folders that their owner alone may look into: keys, passwords, settings of servers."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def make_private(*folders: Path) -> None:
    """Nothing; the folders exist and only their owner may look into them."""
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


def write_private(path: Path, text: str) -> None:
    """Nothing; ``text`` stands in ``path`` whole or not at all, readable by its owner only."""
    _write_beside(path, text).replace(path)


def write_private_once(path: Path, text: str) -> None:
    """The same where nothing stands there yet; of two who write at a time one counts. Folders are made for it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = _write_beside(path, text)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _write_beside(path: Path, text: str) -> Path:
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    with open(part, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return part
