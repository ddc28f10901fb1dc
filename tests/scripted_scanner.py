"""A scanner that follows a script: how many sheets come through, and why it stops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.domain.errors import UnavailableError
from pipeline.station.scanner import Ending, ScanWish


class ScriptedRun:
    """Pages that lie there from the start; over at once, or when it is stopped where the ending is None."""

    def __init__(self, folder: Path, ending: Ending | None) -> None:
        self.folder = folder
        self.over = ending

    def pages(self) -> tuple[Path, ...]:
        """The pages that have come."""
        return tuple(sorted(self.folder.glob("page-*.tif")))

    def ending(self) -> Ending | None:
        """What the script says."""
        return self.over

    def stop(self) -> None:
        """End, and say that somebody wanted it so."""
        self.over = Ending.STOPPED


class ScriptedScanner:
    """Gives what ``runs`` lists, one after the other: sheets, and why it ends (None: it goes on until it is stopped)."""

    def __init__(self, *runs: tuple[int, Ending | None]) -> None:
        self.runs = list(runs) or [(1, Ending.DONE)]
        self.wishes: list[ScanWish] = []
        self.error: UnavailableError | None = None
        self.ended: list[Path] = []

    def end_left(self, folder: Path) -> None:
        """Remember that what scans into the folder was to be ended."""
        self.ended.append(folder)

    def start(self, wish: ScanWish, folder: Path, first: int) -> ScriptedRun:
        """The next run."""
        self.wishes.append(wish)
        if self.error is not None:
            raise self.error
        sheets, ending = self.runs.pop(0) if len(self.runs) > 1 else self.runs[0]
        for number in range(first, first + sheets):
            pixels = np.full((120, 80), 200 + number, np.uint8)
            Image.fromarray(pixels).save(folder / f"page-{number:04d}.tif", dpi=(wish.resolution, wish.resolution))
        return ScriptedRun(folder, ending)
