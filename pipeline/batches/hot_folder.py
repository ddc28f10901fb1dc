"""A folder that scanners and people drop files into: what is whole is taken, once, and laid into ``done`` or ``rejected``.

::

    in/a.pdf ──whole──► in/.sohoa/<batch>_<token>/a.pdf ──in bucket and catalogue──► in/done/a.pdf
                        (taken by renaming)                                     └──► in/rejected/a.pdf + a.pdf.ly-do.txt

Nothing is remembered that the folder does not show itself: after a kill, what was taken is handed in once more, and
recognised. Shares of the network tell nobody of changes, and their clocks differ: the folder is looked at again and again, and
a file counts as whole once it looked the same for a while by the clock of this machine, and ends as files of its kind do.
"""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.domain.batches import BatchFile, FileState
from pipeline.domain.errors import UnavailableError
from pipeline.intake import media
from pipeline.intake.broken_pictures import ends_well
from pipeline.intake.names import safe_dossier
from pipeline.intake.tiffs import list_pages
from pipeline.ports import Clock

DONE, REJECTED, WORK = "done", "rejected", ".sohoa"

#: What stands behind the name of a reject in the name of the file that says why.
REASON = ".ly-do.txt"

#: Names of files that somebody is still writing, as scanners, browsers and copying programs call them.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".lock", ".swp")
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
_TAIL = 2048

#: Hands in the file at a path for a batch (empty: the one of today) and a dossier (None: none was given); what became of it.
HandIn = Callable[[Path, str, str | None], Sequence[BatchFile]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a file must look the same before it is taken, and before it is taken though it breaks off."""

    settled: timedelta = timedelta(seconds=5)
    broken: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Handled:
    """A file that was laid aside, and what became of it."""

    name: str
    files: tuple[BatchFile, ...]

    @property
    def rejected(self) -> tuple[BatchFile, ...]:
        """What there is nothing of."""
        return tuple(file for file in self.files if file.state is FileState.REJECTED)


@dataclass(slots=True)
class HotFolder:
    """A watched folder. ``today`` names the batch that files are taken for; ``dossier`` is that of files in no subfolder."""

    root: Path
    hand_in: HandIn
    clock: Clock
    today: Callable[[], str]
    dossier: str | None = None
    patience: Patience = field(default_factory=Patience)
    _seen: dict[Path, tuple[tuple[int, int], datetime]] = field(default_factory=dict)

    def poll(self) -> Iterator[Handled]:
        """Take what is whole, each file as it is laid aside. What cannot be done now is left for the next time."""
        files = [*self._taken(), *self._dropped()]
        for gone in self._seen.keys() - set(files):
            del self._seen[gone]
        for file in files:
            if not self._is_whole(file):
                continue
            taken = file if self._is_taken(file) else self._take(file)
            if taken is not None and (handled := self._handle(taken)) is not None:
                yield handled

    def _dropped(self) -> list[Path]:
        """The files that wait, the oldest first."""
        found = []
        for file in self._walk(self.root, top=True):
            with suppress(OSError):
                found.append((file.stat().st_mtime_ns, str(file), file))
        return [file for _, _, file in sorted(found)]

    def _taken(self) -> list[Path]:
        """What was taken before, and not laid aside: whoever took it was killed, or the store was away."""
        return sorted(self._walk(self.root / WORK, top=False))

    def _walk(self, folder: Path, *, top: bool) -> Iterator[Path]:
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            return
        for entry in entries:
            name = entry.name.casefold()
            if entry.is_symlink() or name.startswith((".", "~")) or (top and entry.name in (DONE, REJECTED)):
                continue
            if entry.is_dir():
                yield from self._walk(entry, top=False)
            elif name not in _LITTER and not name.endswith((*_UNFINISHED, REASON)) and entry.is_file():
                yield entry

    def _is_taken(self, file: Path) -> bool:
        return file.is_relative_to(self.root / WORK)

    def _is_whole(self, file: Path) -> bool:
        """Whether a file has looked the same for long enough, is nobody's to write, and does not break off."""
        now = self.clock.now()
        try:
            found = file.stat()
        except OSError:
            return False
        looks = found.st_size, found.st_mtime_ns
        before, since = self._seen.get(file, (None, now))
        if before != looks:
            self._seen[file] = looks, now
            return False
        quiet = now - since
        if quiet < self.patience.settled or _is_locked(file):
            return False
        return quiet >= self.patience.broken or _ends_well(file)

    def _take(self, file: Path) -> Path | None:
        """The file under a name that nobody writes to again; None where somebody else has it, or it changed meanwhile.

        Raises ``UnavailableError`` where nobody can say which batch it is for; then it lies where it lay.
        """
        place = self.root / WORK / f"{self.today()}_{secrets.token_hex(4)}" / file.relative_to(self.root)
        looks = self._seen.pop(file)[0]
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            file.rename(place)
            found = place.stat()
        except OSError:
            return None
        if (found.st_size, found.st_mtime_ns) == looks:
            return place
        return None

    def _handle(self, taken: Path) -> Handled | None:
        """Hand in what was taken and lay it aside; None where store or share are away: then it waits, and is recognised."""
        room, *parts = taken.relative_to(self.root / WORK).parts
        relative = Path(*parts)
        folders = relative.parts[:-1]
        dossier = safe_dossier(folders) if folders else self.dossier
        try:
            handled = Handled(str(relative), tuple(self.hand_in(taken, room.rpartition("_")[0], dossier)))
            self._lay_aside(taken, relative, handled)
        except (UnavailableError, OSError):
            return None
        return handled

    def _lay_aside(self, taken: Path, relative: Path, handled: Handled) -> None:
        home = self.root / (REJECTED if handled.rejected else DONE)
        target = _free(home / relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        if handled.rejected:
            reason = target.with_name(target.name + REASON)
            reason.write_text(_reason(handled, self.clock.now()), encoding="utf-8")
        taken.rename(target)
        self._seen.pop(taken, None)
        for folder in taken.parents:
            if folder == self.root / WORK:
                break
            with suppress(OSError):
                folder.rmdir()


def _free(target: Path) -> Path:
    """The path, with a number where a file stands there already."""
    chosen, number = target, 1
    while chosen.exists():
        number += 1
        chosen = target.with_name(f"{target.stem} ({number}){target.suffix}")
    return chosen


def _reason(handled: Handled, now: datetime) -> str:
    lines = [f"Tệp: {handled.name}", f"Thời điểm: {now.astimezone():%H:%M %d/%m/%Y}", ""]
    for file in handled.rejected:
        is_it = len(handled.files) == 1 and file.name == Path(handled.name).name
        inside = "" if is_it else f"{file.dossier}/{file.name}: "
        lines += [f"Lý do: {inside}{file.message}", f"Mã lỗi: {file.code}"]
    if kept := len(handled.files) - len(handled.rejected):
        lines.append(f"Các tệp còn lại ({kept}) đã được nhận.")
    lines += ["", "Việc cần làm: sửa hoặc quét lại, rồi thả tệp mới vào thư mục nhận (có thể giữ nguyên tên)."]
    return "\n".join(lines) + "\n"


def _is_locked(file: Path) -> bool:
    """Whether another program holds the file for itself; one that cannot be opened counts as held."""
    try:
        with file.open("rb") as opened:
            for lock in (fcntl.flock, fcntl.lockf):
                try:
                    lock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except (BlockingIOError, PermissionError):
                    return True
                except OSError:
                    continue
    except OSError:
        return True
    return False


def _ends_well(file: Path) -> bool:
    """Whether the file ends as those of its kind do; of other kinds one cannot tell, and an empty one has not begun."""
    try:
        size = file.stat().st_size
        kind = media.recognise_media(file) if size else ""
        if not size:
            return False
        if kind in (media.PDF, media.ZIP):
            with file.open("rb") as opened:
                opened.seek(max(0, size - _TAIL))
                return (b"%%EOF" if kind == media.PDF else b"PK\x05\x06") in opened.read()
        if kind == media.TIFF:
            frames = list_pages(file, 2_000)
            return bool(frames) and all(frame.whole for frame in frames)
        return ends_well(file, kind) if kind else True
    except (OSError, ValueError):
        return False
