"""Papers that come in twice: two scans of one sheet are told from two sheets of one form."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pipeline import cleanup, recognition
from pipeline.domain.pages import PageImage, UnreadPage
from pipeline.likeness import Page, bands_of, is_same_sheet, picture_distance, picture_hash
from pipeline.workbench import build_engine
from scripts.corpus.make import TYPES, make_document

#: Machines that one sheet goes through; every pair of them is two scans of the same sheet.
MACHINES = ("clean", "office", "photocopy", "faded")
_NAMES = ("Trần Thị Bưởi", "Lê Quang Hưởng", "Phạm Đức Thịnh", "Hoàng Ngọc Yến", "Vũ Xuân Khánh")
_NUMBER = re.compile(r"\b\d{3,}\b")
_NAME = re.compile(r"\b(?:[A-ZĐÂĂÊÔƠƯ][a-zà-ỹ]+ ){2}[A-ZĐÂĂÊÔƠƯ][a-zà-ỹ]+\b")


@dataclass(frozen=True)
class _Scan:
    """The first page of a made document as one machine hands it over, and what was read on it."""

    sheet: tuple[str, int]
    page: Page
    bands: frozenset[int]
    seconds: float


def bench_duplicates(pages: int) -> None:
    """Print what is found among about so many scans of sheets that the generator's held-out layouts make."""
    scans = tuple(_scans(max(1, pages // len(MACHINES))))
    same = [(a, b) for a, b in combinations(scans, 2) if a.sheet == b.sheet]
    others = [(a, b) for a, b in combinations(scans, 2) if a.sheet != b.sheet]
    siblings = tuple(_siblings(same))
    found = sum(bool(a.bands & b.bands) and is_same_sheet(a.page, b.page) for a, b in same)
    rows = (
        ("two scans of one sheet: found", f"{found} of {len(same)}"),
        ("… by the index alone", f"{sum(bool(a.bands & b.bands) for a, b in same)} of {len(same)}"),
        ("two sheets: taken for one", f"{sum(is_same_sheet(a.page, b.page) for a, b in others)} of {len(others)}"),
        ("… looked at because of the index", f"{sum(bool(a.bands & b.bands) for a, b in others)} of {len(others)}"),
        ("one form for two people: taken for one", f"{sum(is_same_sheet(a, b) for a, b in siblings)} of {len(siblings)}"),
        ("pictures: bits apart, one sheet (median)", f"{_median(same):.0%}"),
        ("pictures: bits apart, two sheets (median)", f"{_median(others):.0%}"),
        ("hash of a page", f"{1000 * sum(scan.seconds for scan in scans) / len(scans):.0f} ms"),
    )
    print("| measure | value |\n|---|---|")
    print(*(f"| {name} | {value} |" for name, value in rows), sep="\n")


def _scans(sheets: int) -> Iterator[_Scan]:
    engine = build_engine("tesserocr", "vie", 60.0)
    for number in range(sheets):
        sheet = TYPES[number % len(TYPES)], 500 + number // len(TYPES)
        for machine in MACHINES:
            made = make_document(sheet[0], sheet[1], level=machine, split="held_out", dpi=200)
            clean = cleanup.clean(PageImage(1, np.ascontiguousarray(made.pages[0]), 200.0), engine)
            content = recognition.recognise(clean, engine)
            begun = time.process_time()
            likeness = "" if clean.blank else picture_hash(clean.image.pixels)
            spent = time.process_time() - begun
            text = "" if isinstance(content, UnreadPage) else content.text
            yield _Scan(sheet, Page(1, text, likeness), frozenset(bands_of(text, likeness)), spent)


def _siblings(same: Sequence[tuple[_Scan, _Scan]]) -> Iterator[tuple[Page, Page]]:
    """Each scan beside another of the sheet on which two numbers and a name are others."""
    chance = random.Random(5)
    for one, other in same:
        text = other.page.text
        places = [(m.span(), _other_number(m.group(), chance)) for m in _some(_NUMBER, text, 2, chance)]
        places += [(m.span(), chance.choice(_NAMES)) for m in _some(_NAME, text, 1, chance)]
        if len(places) > 2:
            for (start, end), word in sorted(places, reverse=True):
                text = text[:start] + word + text[end:]
            yield one.page, Page(1, text, other.page.picture)


def _some(pattern: re.Pattern[str], text: str, count: int, chance: random.Random) -> list[re.Match[str]]:
    found = list(pattern.finditer(text))
    return chance.sample(found, min(count, len(found)))


def _other_number(number: str, chance: random.Random) -> str:
    return str(chance.randrange(10 ** (len(number) - 1), 10 ** len(number)))


def _median(pairs: Sequence[tuple[_Scan, _Scan]]) -> float:
    return float(np.median([picture_distance(a.page.picture, b.page.picture) for a, b in pairs]))
