"""A SANE scanner, by its program ``scanimage``: pages as they come, until the feeder is empty or somebody stops."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from pipeline.domain.errors import UnavailableError

#: Dots per inch that may be chosen, and how pages are taken.
RESOLUTIONS, MODES = (200, 300, 400), ("Gray", "Color")

#: Pages of one run at most.
MOST_PAGES = 200

#: Seconds that ``scanimage`` gets to end once it is asked to, and to tell what the scanner can do.
_GRACE, _ASKING = 10, 60
#: Seconds between two looks at whether it has ended, and where its number stands beside the pages.
_LOOK, _PID = 0.1, "scanner.pid"

_DEVICE = re.compile(r"[\w.:@%+\-/ ]{1,200}")
_OPTION = re.compile(r"--[a-z][a-z0-9-]*(=[^\x00-\x1f]{0,100})?")
_SOURCES = re.compile(r"^\s+--source (\S.*?)(?: \[.*)?$", re.MULTILINE)
_FEEDER = "Automatic Document Feeder"
_PROGRAM = "scanimage"


class Ending(StrEnum):
    """Why a run came to its end; all but ``done`` want somebody to do something. The names are those of words."""

    DONE = "done"
    STOPPED = "stopped"
    EMPTY = "empty"
    JAMMED = "jammed"
    COVER_OPEN = "cover_open"
    BUSY = "busy"
    DENIED = "denied"
    AWAY = "away"
    INTERRUPTED = "interrupted"


#: What ``scanimage`` says (in English, whatever the language of the machine), and what it means.
_SAID = (
    ("Document feeder jammed", Ending.JAMMED),
    ("Scanner cover is open", Ending.COVER_OPEN),
    ("Device busy", Ending.BUSY),
    ("Access to resource has been denied", Ending.DENIED),
    ("out of documents", Ending.EMPTY),
)


@dataclass(frozen=True, slots=True)
class ScanWish:
    """How to scan: dots per inch, mode, from the feeder (all that lies in it) or the glass (one page)."""

    resolution: int = 300
    mode: str = "Gray"
    feeder: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether a scanner is ever asked for it."""
        return self.resolution in RESOLUTIONS and self.mode in MODES


class Run(Protocol):
    """A scanner at work."""

    def pages(self) -> tuple[Path, ...]:
        """The pages that are whole by now, in order."""

    def ending(self) -> Ending | None:
        """Why it is over; None while it is at work."""

    def stop(self) -> None:
        """Have it end soon; the page it is at may be lost."""


class Scanner(Protocol):
    """Scans papers."""

    def start(self, wish: ScanWish, folder: Path, first: int) -> Run:
        """Begin to scan into ``folder``, the first page as number ``first``.

        Raises ``UnavailableError`` where there is no way to scan, ``ValueError`` for a wish that cannot be.
        """

    def end_left(self, folder: Path) -> None:
        """End whatever an earlier process left scanning into ``folder``."""


@dataclass(slots=True)
class SaneRun:
    """``scanimage`` at work."""

    process: subprocess.Popen[bytes]
    folder: Path
    first: int
    said: Path
    stopped: bool = False

    def pages(self) -> tuple[Path, ...]:
        """The pages that are whole by now, in order; one still being written has another name."""
        return pages_in(self.folder)

    def ending(self) -> Ending | None:
        """Why it is over; None while it is at work."""
        if self.process.poll() is None:
            return None
        text = self.said.read_text("utf-8", "replace")[-4000:]
        came = any(int(page.stem.rpartition("-")[2]) >= self.first for page in self.pages())
        return _ending(text, stopped=self.stopped, came=came)

    def stop(self) -> None:
        """Have it end soon; the page it is at may be lost."""
        self.stopped = True
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _ending(said: str, *, stopped: bool, came: bool) -> Ending:
    if stopped:
        return Ending.STOPPED
    found = next((ending for sign, ending in _SAID if sign in said), None)
    if found is Ending.EMPTY or found is None:
        return Ending.DONE if came else (found or Ending.AWAY)
    return found


@dataclass(slots=True)
class SaneScanner:
    """The scanner of a station; ``device`` as ``scanimage -L`` names it, like ``net:desk1:fujitsu:fi-7160``, or ``test``.

    ``options`` are given to ``scanimage`` as they are (``--source=ADF Duplex``). Raises ``ValueError`` for what names no
    device, or is no option.
    """

    device: str
    options: tuple[str, ...] = ()
    _feeder: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if not _DEVICE.fullmatch(self.device) or self.device.startswith("-"):
            raise ValueError(f"{self.device!r} names no scanner")
        for option in self.options:
            if not _OPTION.fullmatch(option):
                raise ValueError(f"{option!r} is no option of {_PROGRAM} (--name=value)")

    def start(self, wish: ScanWish, folder: Path, first: int) -> SaneRun:
        """Begin to scan into ``folder``, the first page as number ``first``.

        Raises ``UnavailableError`` where the program is away, ``ValueError`` for a wish that cannot be.
        """
        if not wish.is_possible:
            raise ValueError(f"cannot scan at {wish.resolution} dpi, {wish.mode}")
        command = [
            *_program(),
            f"--device-name={self.device}",
            "--format=tiff",
            f"--resolution={wish.resolution}",
            f"--mode={wish.mode}",
            f"--batch={folder}/page-%04d.tif",
            f"--batch-start={first}",
            f"--batch-count={MOST_PAGES if wish.feeder else 1}",
            *([f"--source={self._feeder_name()}"] if wish.feeder and not self._names_source else []),
            *self.options,
        ]
        said = folder / f"said-{first:04d}.txt"
        with said.open("wb") as out:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        (folder / _PID).write_text(str(process.pid), encoding="ascii")
        return SaneRun(process, folder, first, said)

    def end_left(self, folder: Path) -> None:
        """End the program that an earlier process left scanning into ``folder``: the scanner is free again."""
        with suppress(FileNotFoundError, ValueError):
            pid = int((folder / _PID).read_text(encoding="ascii"))
            for asked in (signal.SIGINT, signal.SIGKILL):
                until = time.monotonic() + _GRACE
                while scans_into(pid, folder) and time.monotonic() < until:
                    with suppress(ProcessLookupError):
                        os.kill(pid, asked)
                    time.sleep(_LOOK)

    @property
    def _names_source(self) -> bool:
        return any(option.startswith("--source=") for option in self.options)

    def _feeder_name(self) -> str:
        """What this scanner calls its feeder; asked once."""
        if not self._feeder:
            command = [*_program(), f"--device-name={self.device}", "--all-options"]
            with suppress(subprocess.TimeoutExpired):
                done = subprocess.run(command, capture_output=True, timeout=_ASKING, check=False)
                found = _SOURCES.search(done.stdout.decode("utf-8", "replace"))
                names = found[1].split("|") if found else []
                self._feeder = next((name for name in names if re.search(r"ADF|feeder", name, re.IGNORECASE)), "")
        return self._feeder or _FEEDER


def pages_in(folder: Path) -> tuple[Path, ...]:
    """The pages that a scanner has put into ``folder``, in their order."""
    return tuple(sorted(folder.glob("page-*.tif")))


def scans_into(pid: int, folder: Path) -> bool:
    """Whether ``pid`` still is the program that was started for ``folder``."""
    with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        return f"--batch={folder}/".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _program() -> tuple[str, ...]:
    """What starts it, speaking English whatever the language of the machine is."""
    program = shutil.which(_PROGRAM)
    if program is None:
        raise UnavailableError(
            f"{_PROGRAM} is not on this machine",
            code="no_scanner_program",
            advice="Máy chủ chưa cài chương trình quét (gói sane-utils). Báo quản trị viên.",
        )
    return "/usr/bin/env", "LC_ALL=C", program
