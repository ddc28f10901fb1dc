"""What bare Tesseract reads on the pages of a set: its program on the picture of each page, kept so that it runs once."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from pipeline.domain.pages import Pixels
from scripts.bench.corpora import PageTruth
from scripts.bench.costs import ONE_THREAD, draw_page
from scripts.bench.readings import place

SETTINGS = ("-l", "vie", "--oem", "1", "--psm", "3")


def read_bare(pages: Sequence[PageTruth], out: Path) -> list[str]:
    """The text of each of ``pages`` by the program ``tesseract``, as many at once as there are cores.

    The texts stay under ``out/bare``. Raises ``CalledProcessError`` where Tesseract fails.
    """
    with tempfile.TemporaryDirectory(prefix="bare-") as scratch, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        return list(threads.map(partial(_read_page, out=out, scratch=Path(scratch)), pages))


def _read_page(page: PageTruth, out: Path, scratch: Path) -> str:
    kept = place(out / "bare", page.file.parent) / f"{page.name}.txt"
    if not kept.exists():
        pixels, dpi = picture_of(page.file, page.page)
        picture = scratch / f"{page.file.parent.name}-{page.name}.pgm"
        cv2.imwrite(str(picture), pixels)
        command = ["tesseract", str(picture), "stdout", *SETTINGS, "--dpi", str(round(dpi))]
        text = subprocess.run(command, check=True, capture_output=True, env=ONE_THREAD).stdout
        picture.unlink()
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(text)
    return kept.read_text(encoding="utf-8")


def picture_of(file: Path, number: int) -> tuple[Pixels, float]:
    """Page ``number`` of a PDF or picture in grey, at the scan's own resolution; 300 dpi where a picture tells none."""
    if file.suffix.lower() == ".pdf":
        with closing(pypdfium2.PdfDocument(file)) as document:
            return draw_page(document, number)
    with Image.open(file) as image:
        image.seek(number - 1)
        dpi = float(image.info.get("dpi", (300, 300))[0])
        return np.asarray(image.convert("L")), dpi if dpi >= 70 else 300.0
