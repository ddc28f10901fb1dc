"""Files digitised by every step but the reading: pages opened, kept and composed as always, words invented where ink is.

Whether a PDF is archivable does not hang on what its words say, so that all samples can be composed in the time that reading
a few takes. The words are harder than those of papers: beside Vietnamese ones there are signs that few typefaces know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from pipeline import composition, intake, reading
from pipeline.domain.documents import Source
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageOrigin, PageReading, PageText, ScannedPage, Word

AT = datetime(2026, 3, 1, 5, tzinfo=UTC)
_PAPER = """
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc QUYẾT ĐỊNH Số: 717/QĐ-UBND ngày 06 tháng 01 năm 2026
Căn cứ Luật Tổ chức chính quyền địa phương; Điều 1. Phê duyệt 1.500.000đ (Một triệu năm trăm nghìn đồng) ./.
"""
_ODD = "ﬁ … – “ngoặc” ½ m² ☑ ☐ ➔ Ω 漢字 𠀋 عربي 🏠 e\u0302\u0301 \ue000 \ufffe a\u00adb"
VOCABULARY = (*_PAPER.split(), *_ODD.split())
#: Turns and tilts of pages in turn: where they come from is not looked at, that they can be placed is.
_TURNS, _TILTS = (0, 0, 0, 0, 90, 180, 270), (0.0, -0.4, 1.2, 0.0, 2.5)
_MOST_WORDS = 400


def digitise(path: Path, pdf: Path, *, profile: str = "nd30", most: int = 0) -> int:
    """How many pages of ``path`` are in ``pdf``, as they are archived; raises ``RejectedInputError`` where it is rejected.

    Of a file of more than ``most`` pages so many are taken, evenly from its first to its last; 0: all.
    """
    bounds = intake.Bounds()
    source = intake.inspect(path, path.name, bounds)
    taken = min(source.pages, most or source.pages)
    numbers = [1 + place * (source.pages - 1) // max(1, taken - 1) for place in range(taken)]
    found = (_read(path, source, number, bounds, profile) for number in numbers)
    pages = [replace(page, reading=replace(page.reading, number=number)) for number, page in enumerate(found, 1)]
    readings = [page.reading for page in pages]
    assessed = reading.assess(source, readings, received_at=AT)
    reading.compose(source, readings, (page.picture for page in pages), assessed.findings, received_at=AT, pdf=pdf)
    return taken


def _read(path: Path, source: Source, number: int, bounds: intake.Bounds, profile: str) -> reading.ReadPage:
    try:
        scan = intake.read_page(path, source.media_type, number, bounds)
    except RejectedInputError as error:
        return reading.unread_page(number, error.code, error.advice)
    words = tuple(_layer(scan) if scan.layer else _invent(scan, number))
    digits = [word.box for word in words if any(sign.isdigit() for sign in word.text)]
    kept = composition.compress(scan, profile, digits)
    image = scan.image
    read = PageReading(
        number=number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        content=PageText(number, tuple(_lines(words)), "quick"),
        origin=PageOrigin.TEXT_LAYER if scan.layer else PageOrigin.OCR,
        blank=not words,
        picture=kept.account,
    )
    if scan.layer is None:
        read = replace(read, rotation=_TURNS[number % len(_TURNS)], skew=_TILTS[number % len(_TILTS)])
    return reading.ReadPage(read, kept.picture)


def _layer(scan: ScannedPage) -> Iterator[Word]:
    assert scan.layer is not None
    yield from scan.layer.words


def _invent(scan: ScannedPage, number: int) -> Iterator[Word]:
    """A word on every run of ink, in rows from the top."""
    pixels = scan.image.pixels
    grey = pixels if pixels.ndim == 2 else pixels[:, :, 1]
    step = max(1, round(scan.image.dpi / 60))
    small = cv2.resize(np.ascontiguousarray(grey), None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    ink = (small < 0.75 * np.median(small)).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink, np.ones((1, 3), np.uint8)))
    boxes = sorted(
        (top // 12, left, top, width, height) for left, top, width, height, _ in found[1 : _MOST_WORDS + 1].tolist()
    )
    for place, (_, left, top, width, height) in enumerate(boxes):
        text = VOCABULARY[(place + 7 * number) % len(VOCABULARY)]
        yield Word(text, Box(left * step, top * step, (left + width) * step, (top + height) * step), 0.9)


def _lines(words: tuple[Word, ...]) -> Iterator[Line]:
    for start in range(0, len(words), 8):
        yield Line(words[start : start + 8], start // 40)
