"""Pages a minute of wall time, with every core and the number of jobs that a program takes by itself."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from scripts.bench.costs import ocrmypdf_command, sohoa_command

#: Each program sets the threads of its Tesseract itself.
PLAIN = {name: value for name, value in os.environ.items() if name != "OMP_THREAD_LIMIT"}

#: Does the work once, leaving what it makes in a folder that is new.
Work = Callable[[Path], object]


def time_rounds(works: Mapping[str, Work], rounds: int, folder: Path) -> dict[str, list[float]]:
    """Wall seconds of each of ``works``, by round; they take turns, so that a noisy minute does not fall on one alone."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds):
        for place, (name, work) in enumerate(works.items()):
            fresh = folder / f"round-{turn}-{place}"
            fresh.mkdir(parents=True)
            begun = time.perf_counter()
            work(fresh)
            spent[name].append(time.perf_counter() - begun)
    return spent


def digitise_all(files: Sequence[Path]) -> Work:
    """One ``sohoa digitise`` over all ``files``."""
    return lambda folder: _run(sohoa_command(files, folder / "out"), folder)


def ocrmypdf_each(files: Sequence[Path], program: str) -> Work:
    """OCRmyPDF over ``files``, one after the other: it takes one file, and shares its pages among the cores."""

    def work(folder: Path) -> None:
        for file in files:
            _run(ocrmypdf_command(file, folder, program), folder)

    return work


def _run(command: Sequence[str], folder: Path) -> None:
    log = folder / "log"
    with log.open("ab") as out:
        done = subprocess.run(command, check=False, stdout=out, stderr=out, env=PLAIN)
    if done.returncode:
        error = subprocess.CalledProcessError(done.returncode, list(command))
        error.add_note(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        raise error


def format_rates(spent: Mapping[str, Sequence[float]], pages: int) -> str:
    """A Markdown table: pages a minute of each round, their median, and how many times the last one's median that is."""
    rates = {name: [60 * pages / seconds for seconds in all_seconds] for name, all_seconds in spent.items()}
    least = median(list(rates.values())[-1])
    rows = ["| what | pages a minute, by round | median | ratio |", "|---|---|---|---|"]
    for name, found in rates.items():
        listed = ", ".join(f"{rate:.1f}" for rate in found)
        rows.append(f"| {name} | {listed} | {median(found):.1f} | {median(found) / least:.2f} |")
    return "\n".join(rows)
