"""CPU time of whole commands, with everything they start, and what peers spend on the same pages."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import cv2
import pypdfium2

from pipeline.domain.pages import Pixels
from scripts.bench.corpora import SHARED

PR_SET_CHILD_SUBREAPER = 36
#: Pages of the longest document that costs are measured on, so that many documents take part.
LONGEST = 5
ONE_THREAD = {**os.environ, "OMP_THREAD_LIMIT": "1"}


def cpu_seconds(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> float:
    """User and system seconds of a command and all its descendants, orphans included; one thread each, by default.

    Raises ``CalledProcessError`` for an exit status other than 0.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = _children()
    with log.open("ab") as out:
        subprocess.run(command, check=True, stdout=out, stderr=out, env=environment or ONE_THREAD)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def page_images(files: Iterable[Path], folder: Path) -> list[Path]:
    """The pages of ``files`` as grey PGM at the resolution of their largest image; this is not part of any cost."""
    pages = []
    for file in files:
        with closing(pypdfium2.PdfDocument(file)) as document:
            for number in range(1, len(document) + 1):
                path = folder / f"{file.stem}-{number:04d}.pgm"
                cv2.imwrite(str(path), draw_page(document, number)[0])
                pages.append(path)
    return pages


def draw_page(document: pypdfium2.PdfDocument, number: int) -> tuple[Pixels, float]:
    """Page ``number`` in grey, and its resolution.

    That of its largest image, 400 dpi at most; 300 where there is none.
    """
    page = document[number - 1]
    images = [o for o in page.get_objects(max_depth=1) if o.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    dpi = min(400.0, max((o.get_px_size()[0] / _width(o) * 72 for o in images), default=300.0))
    return page.render(scale=dpi / 72, grayscale=True).to_numpy(), dpi


def _width(image: pypdfium2.PdfImage) -> float:
    left, _, right, _ = image.get_bounds()
    return max(1.0, float(right - left))


def tesseract(pages: Sequence[Path], folder: Path) -> float:
    """CPU seconds of bare Tesseract, one run a page, text out."""
    commands = "\n".join(f"tesseract '{p}' '{folder / p.stem}' -l vie --oem 1 --dpi 300" for p in pages)
    script = folder / "bare.sh"
    script.write_text(f"set -e\n{commands}\n", encoding="utf-8")
    return cpu_seconds(["sh", str(script)], folder / "tesseract.log")


def sohoa(files: Sequence[Path], folder: Path) -> float:
    """CPU seconds of the whole flow, from the files to searchable PDF/A and fields."""
    return cpu_seconds(sohoa_command(files, folder / "sohoa"), folder / "sohoa.log")


def sohoa_command(files: Sequence[Path], out: Path) -> list[str]:
    """What digitises ``files`` into ``out`` with as many jobs as it takes by itself."""
    return [sys.executable, "-m", "pipeline", "digitise", *map(str, files), "--out", str(out), "--json"]


def ocrmypdf(files: Sequence[Path], folder: Path, program: str) -> float:
    """CPU seconds of OCRmyPDF with deskew, rotation and PDF/A."""
    out = folder / "ocrmypdf"
    out.mkdir(exist_ok=True)
    log = folder / "ocrmypdf.log"
    return sum(cpu_seconds([*ocrmypdf_command(file, out, program), "--jobs", "1"], log) for file in files)


def ocrmypdf_command(file: Path, out: Path, program: str) -> list[str]:
    """What makes a searchable PDF/A of ``file`` in ``out``, upright and straight, with as many jobs as it takes by itself."""
    command = [program, "-l", "vie", "--deskew", "--rotate-pages", "--output-type", "pdfa", "--force-ocr"]
    return [*command, "--invalidate-digital-signatures", str(file), str(out / f"{file.stem}.pdf")]


def choose_scans(folder: Path, pages: int) -> tuple[list[Path], list[Path]]:
    """The shorter real scans, ``pages`` of them at most in all, and the pictures of their pages, made in ``folder``."""
    files: list[Path] = []
    images: list[Path] = []
    for file in sorted((SHARED / "real" / "documents").glob("*.pdf")):
        found = page_images([file], folder)
        if len(found) <= LONGEST and len(images) + len(found) <= pages:
            files.append(file)
            images += found
    return files, images


def find_ocrmypdf() -> str | None:
    """The program, where somebody installed it; it is no dependency of the project."""
    return os.environ.get("OCRMYPDF") or shutil.which("ocrmypdf")
