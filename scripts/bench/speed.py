"""The bench of speed: CPU seconds a page, pages a minute, and memory, beside bare Tesseract and OCRmyPDF in the same run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from scripts.bench import costs
from scripts.bench.memory import Worker, format_memory, watch_workers
from scripts.bench.throughput import Work, digitise_all, format_rates, ocrmypdf_each, time_rounds
from scripts.corpus.defects import Level
from scripts.corpus.make import TYPES, make_document

#: Pages of A4 at 300 dpi that memory is measured on, of each kind.
A4_PAGES = 12
#: Defects that leave a page its size and resolution.
SPOILT: tuple[Level, ...] = ("turned", "filed", "through")
SOHOA, OCRMYPDF = "Sohoa (PDF/A, text, fields, record)", "OCRmyPDF (deskew, rotate, PDF/A)"


def bench_speed(folder: Path, pages: int, rounds: int) -> None:
    """Costs on the shorter real scans, the same files for all; memory also on made pages of A4 at 300 dpi."""
    files, images = costs.choose_scans(folder, pages)
    cores = len(os.sched_getaffinity(0))
    print(f"{len(files)} real documents, {len(images)} pages, {cores} cores\n")
    program = costs.find_ocrmypdf()
    _print_cpu_seconds(files, images, folder, program)
    works: dict[str, Work] = {SOHOA: digitise_all(files)}
    if program is not None:
        works[OCRMYPDF] = ocrmypdf_each(files, program)
    print(f"\n{format_rates(time_rounds(works, rounds, folder / 'rounds'), len(images))}")
    print(f"\n{format_memory(_measure_memory(files, folder / 'memory'))}")


def _print_cpu_seconds(files: Sequence[Path], images: Sequence[Path], folder: Path, program: str | None) -> None:
    bare = costs.tesseract(images, folder)
    rows = [("bare Tesseract (text only)", bare), (SOHOA, costs.sohoa(files, folder))]
    if program is not None:
        rows.append((OCRMYPDF, costs.ocrmypdf(files, folder, program)))
    print("| what | CPU seconds a page | ratio to bare Tesseract |\n|---|---|---|")
    for name, spent in rows:
        print(f"| {name} | {spent / len(images):.2f} | {spent / bare:.2f} |")


def _measure_memory(files: Sequence[Path], folder: Path) -> dict[str, tuple[Path, list[Worker]]]:
    """The workers that read each set, and where its records are."""
    sets = {
        "real": list(files),
        "made, office, A4 at 300 dpi": make_a4(("office",), A4_PAGES, folder / "office"),
        "made, spoilt, A4 at 300 dpi": make_a4(SPOILT, A4_PAGES, folder / "spoilt"),
    }
    measured = {}
    for place, (name, chosen) in enumerate(sets.items()):
        out = folder / f"out-{place}"
        measured[name] = (out, watch_workers(costs.sohoa_command(chosen, out), folder / "log"))
    return measured


def make_a4(levels: Sequence[Level], pages: int, folder: Path) -> list[Path]:
    """At least ``pages`` pages of many types, ``levels`` in turn, as PDFs of colour pictures at 300 dpi in ``folder``."""
    made: list[Path] = []
    count = 0
    for seed, code in enumerate(TYPES, 1):
        if count >= pages:
            break
        specimen = make_document(code, seed, level=levels[seed % len(levels)], dpi=300)
        made += specimen.save(folder, f"{code}-{seed}", "pdf")
        count += len(specimen.pages)
    return made
