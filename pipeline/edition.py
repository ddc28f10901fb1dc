"""Which edition of the software reads: everything in it that decides what comes out of a page, as one short digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

#: The parts of the package that decide what is read; what composes, keeps and shows it does not.
READING_PARTS = ("domain", "intake", "cleanup", "recognition", "understanding", "review", "reading.py")


@cache
def edition_of(*folders: Path) -> str:
    """Sixteen hex digits that change with any program, recipe or model among the reading parts and in ``folders``."""
    home = Path(__file__).parent
    digest = hashlib.sha256()
    for root in (*(home / part for part in READING_PARTS), *folders):
        for path in _files(root):
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(root: Path) -> Iterable[Path]:
    if root.is_file():
        return (root,)
    return sorted(path for path in root.rglob("*") if path.suffix != ".pyc" and path.is_file())
