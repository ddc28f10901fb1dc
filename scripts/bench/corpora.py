"""The sets that benches measure on: files with known truth, found beside the checkout or made by the generator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.domain.geometry import Box

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared" / "samples"


@dataclass(frozen=True, slots=True)
class PageTruth:
    """The text of one page of a file.

    ``own`` and ``beside`` are the boxes, in scan pixels, of the words of ``text`` and of those that lie over it, where known.
    """

    file: Path
    page: int
    text: str
    own: tuple[Box, ...] = ()
    beside: tuple[Box, ...] = ()

    @property
    def name(self) -> str:
        """The file's stem and the number of the page: ``real-28.p0002``."""
        return f"{self.file.stem}.p{self.page:04d}"


@dataclass(frozen=True, slots=True)
class FieldTruth:
    """The type and the fields of a file, in the product's keys; of a bound one ``components``: type and first page of each."""

    file: Path
    type: str
    fields: dict[str, Any]
    components: tuple[tuple[str, int], ...] = ()


def made_pages(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Files of ``folder`` with a truth of the same stem beside them."""
    for truth in sorted(folder.glob("*.json")):
        for suffix in (".jpg", ".png", ".tif", ".pdf"):
            if (file := truth.with_suffix(suffix)).exists():
                yield file, json.loads(truth.read_text(encoding="utf-8"))


def real_texts() -> list[PageTruth]:
    """Single pages of the real scans with their full text."""
    pages = []
    for path in sorted((SHARED / "real" / "fulltext").glob("*.txt")):
        name = re.fullmatch(r"(.+)\.p(\d+)", path.stem)
        if name:
            file = SHARED / "real" / "documents" / f"{name[1]}.pdf"
            pages.append(PageTruth(file, int(name[2]), path.read_text(encoding="utf-8")))
    return pages


def made_texts(folder: Path) -> list[PageTruth]:
    """Made pages of ``folder`` with their full text; a truth that knows no pages is that of a file of one page."""
    return [
        PageTruth(file, page["number"], page["text"], _boxes(page, "words"), _boxes(page, "beside"))
        for file, truth in made_pages(folder)
        for page in truth.get("pages", [{"number": 1, "text": truth["text"]}])
    ]


def _boxes(page: dict[str, Any], key: str) -> tuple[Box, ...]:
    return tuple(Box(*word["box"]) for word in page.get(key, ()))


def made_fields(folder: Path) -> list[FieldTruth]:
    """Made files of ``folder`` with their fields."""
    return [
        FieldTruth(
            file,
            truth["type"],
            truth["fields"],
            tuple((part["type"], part["pages"][0]) for part in truth.get("components", ())),
        )
        for file, truth in made_pages(folder)
    ]


def real_fields() -> list[FieldTruth]:
    """The real scans with the fields transcribed from them, in the product's keys."""
    listed = json.loads((SHARED / "real" / "fields.json").read_text(encoding="utf-8"))
    keys = {"co_quan_ban_hanh": "co_quan_ban_hanh", "chuc_vu_ky": "chuc_vu_nguoi_ky"}
    found = []
    for row in listed:
        fields = {
            keys.get(key, key): row[key]
            for key in ("so_ky_hieu", "co_quan_ban_hanh", "dia_danh", "ngay_ban_hanh", "trich_yeu", "nguoi_ky", "chuc_vu_ky")
            if row.get(key)
        }
        found.append(FieldTruth(SHARED / "real" / "documents" / row["file"], row["loai_van_ban"], fields))
    return found


def known_fields() -> dict[str, list[FieldTruth]]:
    """Every set with known fields that is on this machine, by name."""
    sets = {
        "real": real_fields() if SHARED.exists() else [],
        "synthetic/office": made_fields(SHARED / "synthetic" / "office"),
        "synthetic/poor": made_fields(SHARED / "synthetic" / "poor"),
    }
    return {name: truths for name, truths in sets.items() if truths}


def text_sets(made: Path | None) -> dict[str, list[PageTruth]]:
    """Every set with full text that is on this machine, by name."""
    sets = {
        "real": real_texts(),
        "synthetic/office": made_texts(SHARED / "synthetic" / "office"),
        "synthetic/poor": made_texts(SHARED / "synthetic" / "poor"),
    }
    if made is not None:
        sets[f"made/{made.name}"] = made_texts(made)
    return {name: pages for name, pages in sets.items() if pages}
