"""The bench of size: bytes a page, in and out."""

from __future__ import annotations

from pathlib import Path

from scripts.bench import costs


def bench_size(folder: Path, pages: int) -> None:
    """Bytes a page on the shorter real scans, beside OCRmyPDF where it is installed."""
    files, images = costs.choose_scans(folder, pages)
    costs.sohoa(files, folder)
    sizes = {"as scanned": sum(file.stat().st_size for file in files), "Sohoa": _bytes_in(folder / "sohoa")}
    if program := costs.find_ocrmypdf():
        costs.ocrmypdf(files, folder, program)
        sizes["OCRmyPDF"] = _bytes_in(folder / "ocrmypdf")
    print(f"{len(files)} real documents, {len(images)} pages\n\n| what | KB a page |\n|---|---|")
    for name, size in sizes.items():
        print(f"| {name} | {size / len(images) / 1000:.0f} |")


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.pdf"))
