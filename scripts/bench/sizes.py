"""The bench of size: bytes a page by profile, what the gate of fidelity refused, and whether the words are still there."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

import cv2
import pypdfium2

from scripts.bench import costs
from scripts.bench.text_measures import WordScore, score_words, total, words_of

PROFILES = ("nd30", "archive", "exact")
#: How many documents are read by Tesseract once more, as scanned and as kept.
READ_AGAIN = 3
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class _Kept:
    """What came of the documents: KB a page, weighed by pages, and the accounts of their pictures."""

    sizes: list[float] = field(default_factory=list)
    pictures: list[dict[str, Any]] = field(default_factory=list)
    seconds: Counter[str] = field(default_factory=Counter)

    def add(self, pdf: Path, pages: int) -> None:
        """Count a document of so many pages."""
        self.sizes += [pdf.stat().st_size / pages / 1000] * pages


def bench_size(folder: Path, pages: int) -> None:
    """Bytes a page on the shorter real scans, by profile, beside OCRmyPDF where it is installed."""
    files, images = costs.choose_scans(folder, pages)
    counts = {file: _count_pages(file) for file in files}
    rows = {"as scanned": _Kept()}
    for file, count in counts.items():
        rows["as scanned"].add(file, count)
    for profile in PROFILES:
        out = folder / profile
        costs.cpu_seconds([*costs.sohoa_command(files, out), "--profile", profile], folder / "sohoa.log")
        rows[f"Sohoa, {profile}"] = _gather(out, counts)
    if program := costs.find_ocrmypdf():
        costs.ocrmypdf(files, folder, program)
        rows["OCRmyPDF"] = _gather(folder / "ocrmypdf", counts)
    print(f"{len(files)} real documents, {len(images)} pages\n\n| what | KB a page, median | mean | most |\n|---|---|---|---|")
    for name, kept in rows.items():
        print(f"| {name} | {median(kept.sizes):.0f} | {mean(kept.sizes):.0f} | {max(kept.sizes):.0f} |")
    _print_gate({name: kept for name, kept in rows.items() if kept.pictures})
    _print_words(list(counts)[:READ_AGAIN], folder / PROFILES[0], folder)


def _count_pages(file: Path) -> int:
    with closing(pypdfium2.PdfDocument(file)) as document:
        return len(document)


def _gather(out: Path, counts: dict[Path, int]) -> _Kept:
    kept = _Kept()
    for file, count in counts.items():
        kept.add(out / f"{file.stem}.pdf", count)
        record = out / f"{file.stem}.json"
        if record.exists():
            raw = json.loads(record.read_text(encoding="utf-8"))
            kept.pictures += [page["picture"] for page in raw["pages"] if page["picture"]]
            kept.seconds.update(raw["timings"])
    return kept


def _print_gate(rows: dict[str, _Kept]) -> None:
    """How pages are kept, what was refused and why, and what that took beside recognition."""
    print("\n| profile | pages kept as | refused | SSIM, median (least) | words with digits | composition, of recognition |")
    print("|---|---|---|---|---|---|")
    for name, kept in rows.items():
        codings = Counter(picture["coding"] for picture in kept.pictures)
        refused = Counter(f"{one['coding']}: {', '.join(one['reasons'])}" for one in _refused(kept.pictures))
        ssim = [picture["ssim"] for picture in kept.pictures]
        digits = sum(picture["digits"] for picture in kept.pictures)
        share = kept.seconds["composition"] / kept.seconds["recognition"]
        figures = f"{median(ssim):.3f} ({min(ssim):.3f}) | {digits} | {share:.0%}"
        print(f"| {name} | {_counted(codings)} | {_counted(refused) or 'none'} | {figures} |")


def _refused(pictures: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for picture in pictures:
        yield from picture["refused"]


def _counted(counts: Counter[str]) -> str:
    return "; ".join(f"{count} {name}" for name, count in counts.most_common())


def _print_words(files: Sequence[Path], out: Path, folder: Path) -> None:
    """What Tesseract reads on the pages as kept of what it reads on the scans."""
    words, digits, back = [], [], []
    for file in files:
        for scanned, kept in zip(_read(file, folder), _read(out / f"{file.stem}.pdf", folder), strict=True):
            words.append(score_words(scanned, kept))
            back.append(score_words(kept, scanned))
            digits.append(score_words(_with_digits(scanned), _with_digits(kept)))
    print(f"\nTesseract reads {len(words)} of these pages once more, as scanned and as kept ({PROFILES[0]}):\n")
    print("| words of the scan found again | words on the kept page that the scan has | words with digits found again |")
    print(f"|---|---|---|\n| {_share(words)} | {_share(back)} | {_share(digits)} |")


def _share(scores: Sequence[WordScore]) -> str:
    score = total(scores)
    return f"{score.common} of {score.truth} ({score.recall:.1%})"


def _with_digits(text: str) -> str:
    return " ".join(word for word in words_of(text) if _DIGIT.search(word))


def _read(file: Path, folder: Path) -> Iterator[str]:
    """The text of each page by the program ``tesseract``, from the page as pdfium draws it."""
    with closing(pypdfium2.PdfDocument(file)) as document:
        for number in range(1, len(document) + 1):
            pixels, dpi = costs.draw_page(document, number)
            picture = folder / "again.pgm"
            cv2.imwrite(str(picture), pixels)
            command = ["tesseract", str(picture), "stdout", "-l", "vie", "--oem", "1", "--dpi", str(round(dpi))]
            yield subprocess.run(command, check=True, capture_output=True, env=costs.ONE_THREAD).stdout.decode()
