"""The folder into which a scanner lays its files: those that are whole are taken, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

#: A file that was not written to for this long is whole.
WHOLE_AFTER = timedelta(seconds=2)

#: Where taken files are moved to, within the folder.
TAKEN = "da-nhan"

_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp", ".heic"})


@dataclass(frozen=True, slots=True)
class ScannerFolder:
    """A watched folder."""

    path: Path

    def whole(self, now: datetime) -> tuple[Path, ...]:
        """The files that wait to be taken, the oldest first; what is still being written is not among them."""
        latest = (now - WHOLE_AFTER).timestamp()
        found = [(written, file) for file, written in self._files() if written <= latest]
        return tuple(file for _, file in sorted(found))

    def put_aside(self, file: Path) -> None:
        """Move a file that was taken out of the way; its name stays, with a number where it stands there already."""
        home = self.path / TAKEN
        home.mkdir(exist_ok=True)
        target, number = home / file.name, 1
        while target.exists():
            number += 1
            target = home / f"{file.stem} ({number}){file.suffix}"
        file.rename(target)

    def _files(self) -> Iterator[tuple[Path, float]]:
        for file in self.path.iterdir():
            with suppress(FileNotFoundError):
                wanted = file.suffix.lower() in _SUFFIXES and not file.name.startswith(".")
                if wanted and file.is_file() and not file.is_symlink() and file.stat().st_size:
                    yield file, file.stat().st_mtime
