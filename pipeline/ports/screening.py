"""What looks for malicious content in files of strangers."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class VirusScanner(Protocol):
    """Looks into files before anything opens them."""

    def find(self, path: Path) -> str:
        """The name of what was found in the file; empty: nothing.

        Raises ``UnavailableError`` where the scanner is away, ``StageError`` where it could not look at the whole file.
        """
