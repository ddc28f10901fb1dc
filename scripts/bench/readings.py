"""What the product makes of the files of a set, kept in a folder so that nothing is read twice."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline.archive.working import decode_reading, encode_reading
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.pages import PageReading
from pipeline.intake import Bounds, inspect
from pipeline.isolation import PagePool
from pipeline.settings import Settings
from pipeline.workbench import build_pool
from scripts.bench.corpora import PageTruth


def digitise(files: Sequence[Path], out: Path) -> None:
    """Digitise files into ``out``, one folder for each folder they come from."""
    by_folder: dict[Path, list[str]] = {}
    for file in sorted(set(files)):
        by_folder.setdefault(file.parent, []).append(str(file))
    for folder, names in by_folder.items():
        target = place(out, folder)
        command = [sys.executable, "-m", "pipeline", "digitise", *names, "--out", str(target), "--json"]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def place(out: Path, folder: Path) -> Path:
    """Where the results of files of ``folder`` go."""
    return out / f"{folder.parent.name}-{folder.name}"


def read_pages(pages: Sequence[PageTruth], out: Path) -> list[PageReading]:
    """The readings of ``pages``, in their order, by the children and settings that ``sohoa digitise`` has.

    Only these pages are read, not their whole documents; the readings stay under ``out/readings``.
    """
    kept = [place(out / "readings", page.file.parent) / f"{page.name}.json" for page in pages]
    missing = [(page, path) for page, path in zip(pages, kept, strict=True) if not path.exists()]
    if missing:
        with build_pool(Settings.from_environment()) as pool:
            _read_missing(pool, missing)
    return [decode_reading(path.read_bytes()) for path in kept]


def read_documents(files: Sequence[Path], out: Path) -> dict[Path, tuple[PageReading, ...]]:
    """All pages of ``files``, read as :func:`read_pages` does; a file that is refused has none."""
    counts = {file: _count_pages(file, out) for file in dict.fromkeys(files)}
    pages = [PageTruth(file, number, "") for file, count in counts.items() for number in range(1, count + 1)]
    found: dict[Path, list[PageReading]] = {file: [] for file in counts}
    for page, reading in zip(pages, read_pages(pages, out), strict=True):
        found[page.file].append(reading)
    return {file: tuple(readings) for file, readings in found.items()}


def _count_pages(file: Path, out: Path) -> int:
    kept = place(out / "readings", file.parent) / f"{file.name}.pages"
    if not kept.exists():
        try:
            count = inspect(file, file.name, Bounds()).pages
        except RejectedInputError:
            count = 0
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(str(count), encoding="utf-8")
    return int(kept.read_text(encoding="utf-8"))


def _read_missing(pool: PagePool, missing: Sequence[tuple[PageTruth, Path]]) -> None:
    kinds = {file: pool.inspect(file, file.name).media_type for file in {page.file for page, _ in missing}}
    coming = [(pool.start_reading(page.file, kinds[page.file], page.page), path) for page, path in missing]
    for future, path in coming:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode_reading(future.result().reading))
