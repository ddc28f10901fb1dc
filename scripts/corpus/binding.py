"""Several documents bound into one file, as a desk scans a dossier in one go: what goes along with a paper stays with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scripts.corpus import fonts
from scripts.corpus.attachments import ATTACHMENTS, Host
from scripts.corpus.chance import Chance, Split
from scripts.corpus.defects import Level, Pixels
from scripts.corpus.draft import Draft
from scripts.corpus.layouts_nd30 import PAPERS
from scripts.corpus.make import TYPES, make_document, photograph
from scripts.corpus.specimen import write_scan
from scripts.corpus.truth import TruePage, Truth

#: Types of which most dossiers hold some, beside all the others.
COMMON = (
    "don_de_nghi", "can_cuoc_cong_dan", "giay_khai_sinh", "giay_chung_nhan_quyen_su_dung_dat", "quyet_dinh", "cong_van",
    "giay_tiep_nhan_ho_so", "to_trinh", "bien_ban", "khac", "thong_tu",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a bundle: what it is and the numbers of its pages in the file, blank backs and attachments included."""

    truth: Truth
    pages: tuple[int, ...]
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pages as RGB pixels with their truth, and the documents they belong to."""

    pages: tuple[Pixels, ...]
    truths: tuple[TruePage, ...]
    parts: tuple[Part, ...]
    dpi: int

    def save(self, folder: Path, stem: str) -> tuple[Path, ...]:
        """Writes ``<stem>.pdf`` and its truth; type and fields are those of the first document."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{stem}.pdf"
        write_scan(self.pages, path, self.dpi)
        first = self.parts[0].truth
        truth = {
            **first.as_json(),
            "files": [path.name],
            "text": "\n".join(page.text for page in self.truths),
            "pages": [page.as_json() for page in self.truths],
            "components": [
                {
                    "type": part.truth.type,
                    "pages": list(part.pages),
                    "attached": list(part.attached),
                    "fields": part.truth.as_json()["fields"],
                }
                for part in self.parts
            ],
        }
        (folder / f"{stem}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
        return (path,)


def bind(count: int, seed: int, *, level: Level = "office", split: Split = "tune", dpi: int = 200) -> Bundle:
    """``count`` documents of one seed in one file; a third of the bundles are scanned on both sides, blank backs included."""
    chance = Chance(f"bundle/{seed}/{split}", split)
    duplex = chance.odds(0.33)
    pages: list[Pixels] = []
    truths: list[TruePage] = []
    parts: list[Part] = []
    for place in range(count):
        code = chance.pick(COMMON if chance.odds(0.6) else TYPES)
        sheets, found, truth, attached = _draw_part(chance, code, seed * 100 + place, level, dpi)
        if duplex and len(sheets) % 2 and place < count - 1:
            sheets, found = _with_blank_back(sheets, found)
        first = len(pages) + 1
        pages += sheets
        truths += [_numbered(page, first + index) for index, page in enumerate(found)]
        parts.append(Part(truth, tuple(range(first, len(pages) + 1)), attached))
    return Bundle(tuple(pages), tuple(truths), tuple(parts), dpi)


def _draw_part(
    chance: Chance, code: str, seed: int, level: Level, dpi: int
) -> tuple[list[Pixels], list[TruePage], Truth, tuple[str, ...]]:
    specimen = make_document(code, seed, level=level, split=chance.split, dpi=dpi)
    sheets, found = list(specimen.pages), list(specimen.truth.pages)
    attached: list[str] = []
    for attachment in chance.some(ATTACHMENTS.get(code, ()), chance.pick((0, 1, 1, 2))):
        draft = Draft(chance, chance.pick(fonts.families_of(chance.split)), attachment.__name__)
        attachment(draft, Host.of(specimen.truth, PAPERS[code].title.capitalize() or "Công văn"))
        made = photograph(draft, code, seed, level=level, dpi=dpi)
        sheets += made.pages
        found += made.truth.pages
        attached += [attachment.__name__.removeprefix("draw_")] * len(made.pages)
    return sheets, found, specimen.truth, tuple(attached)


def _with_blank_back(sheets: Sequence[Pixels], found: Sequence[TruePage]) -> tuple[list[Pixels], list[TruePage]]:
    """The pages and the empty back of the last one, on which its ink shines through."""
    last = sheets[-1]
    back = np.full_like(last, 247)
    back[:, ::-1] -= cv2.GaussianBlur((255 - last) // 40, (0, 0), 3)
    height, width = last.shape[:2]
    return [*sheets, back], [*found, TruePage(0, width, height, 0, "", ())]


def _numbered(page: TruePage, number: int) -> TruePage:
    return TruePage(number, page.width, page.height, page.rotation, page.text, page.words, page.beside)
