"""A SANE scanner, by its program ``scanimage``: pages into one TIFF, which is what was handed in."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from pipeline.domain.errors import StageError, UnavailableError

#: Dots per inch that may be chosen, and how pages are taken.
RESOLUTIONS, MODES = (200, 300, 400), ("Gray", "Color")

#: Seconds that a whole batch may take.
PATIENCE = 900

#: Pages of one batch at most.
MOST_PAGES = 200

_DEVICE = re.compile(r"[\w.:@%+\-/ ]{1,200}")
_PROGRAM = "scanimage"


@dataclass(frozen=True, slots=True)
class ScanWish:
    """How to scan: dots per inch, mode, from the feeder (all that lies in it) or the glass (one page)."""

    resolution: int = 300
    mode: str = "Gray"
    feeder: bool = False


class Scanner(Protocol):
    """Scans papers."""

    def scan(self, wish: ScanWish, folder: Path) -> Path:
        """One file in ``folder`` with every page scanned; raises ``UnavailableError``, ``StageError``, ``ValueError``."""


class SaneScanner:
    """The scanner of a station; ``device`` as ``scanimage -L`` names it, like ``net:desk1:fujitsu:fi-7160``, or ``test``."""

    def __init__(self, device: str) -> None:
        """Raises ``ValueError`` for what names no device."""
        if not _DEVICE.fullmatch(device) or device.startswith("-"):
            raise ValueError(f"{device!r} names no scanner")
        self.device = device

    def scan(self, wish: ScanWish, folder: Path) -> Path:
        """One TIFF in ``folder`` with every page scanned.

        Raises ``UnavailableError`` where the scanner or its program is away, ``StageError`` where no page came of it, and
        ``ValueError`` for a wish that cannot be.
        """
        if wish.resolution not in RESOLUTIONS or wish.mode not in MODES:
            raise ValueError(f"cannot scan at {wish.resolution} dpi, {wish.mode}")
        said = self._run(wish, folder)
        pages = sorted(folder.glob("page-*.tif"))
        if not pages:
            raise _away(said) if _is_away(said) else _nothing(said)
        return _bound(pages, folder / "scan.tif", wish.resolution)

    def _run(self, wish: ScanWish, folder: Path) -> str:
        program = shutil.which(_PROGRAM)
        if program is None:
            raise UnavailableError(
                f"{_PROGRAM} is not on this machine",
                code="no_scanner_program",
                advice="Máy chủ chưa cài chương trình quét (gói sane-utils). Báo quản trị viên.",
            )
        command = [
            program,
            f"--device-name={self.device}",
            "--format=tiff",
            f"--resolution={wish.resolution}",
            f"--mode={wish.mode}",
            f"--batch={folder}/page-%04d.tif",
            f"--batch-count={MOST_PAGES if wish.feeder else 1}",
            *(["--source=Automatic Document Feeder"] if wish.feeder else []),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired as error:
            raise _away(f"no page for {PATIENCE} seconds") from error
        return done.stderr.decode("utf-8", "replace").strip()[-500:]


def _bound(pages: list[Path], path: Path, resolution: int) -> Path:
    """The pages as one TIFF, without loss."""
    first, *others = (Image.open(page) for page in pages)
    first.save(
        path,
        save_all=True,
        append_images=others,
        compression="tiff_adobe_deflate",
        dpi=(resolution, resolution),
    )
    for image in (first, *others):
        image.close()
    return path


def _is_away(said: str) -> bool:
    return any(sign in said for sign in ("open of device", "Invalid argument", "I/O", "Device busy", "Access"))


def _away(said: str) -> UnavailableError:
    return UnavailableError(
        f"the scanner does not answer: {said}",
        code="scanner_away",
        advice="Máy quét không trả lời. Kiểm tra nguồn, dây nối và giấy kẹt rồi thử lại.",
    )


def _nothing(said: str) -> StageError:
    return StageError(
        f"nothing was scanned: {said}", code="nothing_scanned", advice="Máy quét không có giấy. Đặt giấy vào rồi quét lại."
    )
