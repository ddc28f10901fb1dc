"""Stacks as a back office scans them: papers with separators between, backs, sheets of A3, cards, and what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp

from pipeline.batches.markers import Marker
from pipeline.batches.sheets import draw_sheet
from pipeline.workbench import typeface_file
from scripts.corpus.chance import Chance, Split
from scripts.corpus.defects import Level, Pixels, Scan, spoil
from scripts.corpus.make import TYPES, make_document
from scripts.corpus.specimen import write_scan

#: What happens to separators: how they are printed, copied, laid and scanned.
KINDS = (
    "plain", "double", "faint", "turned", "upside_down", "askew", "cropped", "photocopy", "fax", "patch", "bars",
    "hand_cut", "faint_turned", "double_askew", "copied_askew",
)  # fmt: skip
#: Sizes of pages in millimetres beside A4.
_SIZES = ((148, 210), (210, 330))


@dataclass(frozen=True, slots=True)
class StackSide:
    """A side of a stack: ``role`` as in page ledgers, ``kind`` of a separator, whether a paper begins there."""

    role: str
    kind: str = ""
    begins: bool = False
    type: str = ""


@dataclass(frozen=True, slots=True)
class MadeStack:
    """A stack: RGB pixels of its sides and the truth about each."""

    pages: tuple[Pixels, ...]
    sides: tuple[StackSide, ...]
    dpi: int

    @property
    def papers(self) -> int:
        """How many papers are in it."""
        return sum(side.begins for side in self.sides)

    def save(self, path: Path) -> Path:
        """Write it as a scanned PDF."""
        write_scan(self.pages, path, self.dpi)
        return path


def make_stack(
    papers: int, seed: int, *, split: Split = "tune", separators: bool = True, dpi: int = 200, types: Sequence[str] = TYPES
) -> MadeStack:
    """A stack of so many papers; a third of the stacks are scanned on both sides, backs of separators included."""
    chance = Chance(f"stack/{seed}/{split}", split)
    duplex = chance.odds(0.34)
    pages: list[Pixels] = []
    sides: list[StackSide] = []
    for place in range(papers):
        if separators:
            _add_separators(chance, place, duplex, dpi, pages, sides)
        kind = chance.pick(types)
        level: Level = chance.pick(("office", "office", "turned", "photocopy", "faded"))
        made = make_document(kind, seed * 1000 + place, level=level, split=split, dpi=dpi)
        sheets = [_resized(chance, page, dpi) for page in made.pages]
        pages += sheets
        sides += [StackSide("page", begins=number == 0, type=kind) for number in range(len(sheets))]
        if duplex and len(sheets) % 2:
            pages.append(_blank_like(sheets[-1]))
            sides.append(StackSide("blank"))
    return MadeStack(tuple(pages), tuple(sides), dpi)


def _add_separators(chance: Chance, place: int, duplex: bool, dpi: int, pages: list[Pixels], sides: list[StackSide]) -> None:
    kind = chance.pick(KINDS)
    marker = Marker(f"H49.01-24{place % 12 + 1:02d}01-{place + 1:04d}", chance.pick(TYPES) if chance.odds(0.5) else "")
    for _ in range(2 if kind.startswith("double") else 1):
        sheet = draw_separator(chance, kind, marker, dpi)
        pages.append(sheet)
        sides.append(StackSide("separator", kind))
        if duplex:
            pages.append(_blank_like(sheet))
            sides.append(StackSide("separator_back", kind))


def draw_separator(chance: Chance, kind: str, marker: Marker, dpi: int) -> Pixels:
    """A separator as it comes out of a scanner, RGB."""
    if kind == "patch":
        grey = _only_bars(np.asarray(draw_sheet(marker, {}, typeface_file())))
    elif kind == "bars":
        grey = _code_39(np.full((3508, 2480), 255, np.uint8))
    else:
        grey = np.asarray(draw_sheet(marker, {}, typeface_file()))
    if kind == "cropped":
        cut = chance.pick((0.3, 0.45, 0.55))
        grey = grey[int(cut * grey.shape[0]) :] if chance.odds(0.5) else grey[: int((1 - cut) * grey.shape[0])]
    if kind == "hand_cut":
        grey = _cut_by_hand(chance, grey)
    if kind.startswith("faint"):
        paper = chance.pick((232, 240, 246))
        grey = (paper - (255 - grey.astype(np.int16)) * chance.pick((50, 65, 90)) // 255).astype(np.uint8)
    if kind.endswith(("turned", "upside_down")):
        grey = np.rot90(grey, 2 if kind == "upside_down" else chance.pick((1, 3)))
    if kind.endswith("askew"):
        grey = _askew(grey, chance.pick((-8.0, -5.0, 4.0, 7.0)))
    small = cv2.resize(np.ascontiguousarray(grey), None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA)
    levels: dict[str, Level] = {"photocopy": "photocopy", "copied_askew": "photocopy", "fax": "fax"}
    level = levels.get(kind, "office")
    coloured = np.ascontiguousarray(np.repeat(np.asarray(small, np.uint8)[:, :, None], 3, axis=2))
    return spoil(chance, Scan(coloured, (), dpi), level).pixels


def _cut_by_hand(chance: Chance, sheet: Pixels) -> Pixels:
    """A part of the sheet cut out with scissors, laid on the white lid of a scanner: uneven edges, not quite straight."""
    height, width = sheet.shape
    cut = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    keeps = chance.pick(((0.0, 0.0, 1.0, 0.5), (0.0, 0.45, 1.0, 1.0), (0.12, 0.3, 0.9, 0.9)))
    corners = [
        [(keeps[2] if x else keeps[0]) * width + chance.pick((-70, -20, 30, 60)), (keeps[3] if y else keeps[1]) * height]
        for x, y in cut
    ]
    kept = np.zeros_like(sheet)
    cv2.fillPoly(kept, [np.array(corners, np.int32)], (255,))
    lid = np.where(kept > 0, np.minimum(sheet, 248), 232).astype(np.uint8)
    edge = cv2.morphologyEx(kept, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) > 0
    lid[edge] = 170
    return _askew(lid, chance.pick((-6.0, -2.0, 3.0, 5.0)))


def _only_bars(sheet: Pixels) -> Pixels:
    """The sheet without anything but the Patch code at its head."""
    bare = np.full_like(sheet, 255)
    bare[100:420, 800:1700] = sheet[100:420, 800:1700]
    return bare


def _code_39(sheet: Pixels) -> Pixels:
    made = zxingcpp.create_barcode("PATCHT", zxingcpp.BarcodeFormat.Code39)
    row = np.asarray(made.to_image(scale=6, add_quiet_zones=True), np.uint8)
    bars = np.repeat(row[row.shape[0] // 2][None], 220, axis=0)
    left = (sheet.shape[1] - bars.shape[1]) // 2
    for top in (300, 2900):
        sheet[top : top + 220, left : left + bars.shape[1]] = bars
    return sheet


def _askew(grey: Pixels, degrees: float) -> Pixels:
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.94)
    return np.asarray(cv2.warpAffine(np.ascontiguousarray(grey), turn, (width, height), borderValue=(255,)), np.uint8)


def _resized(chance: Chance, page: Pixels, dpi: int) -> Pixels:
    """Most pages as they are, some on paper of another size."""
    if not chance.odds(0.12):
        return page
    across, down = chance.pick(_SIZES)
    size = round(across * dpi / 25.4), round(down * dpi / 25.4)
    factor = min(size[0] / page.shape[1], size[1] / page.shape[0])
    if factor < 0.75:
        return page
    small = np.asarray(cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)
    sheet = np.full((size[1], size[0], 3), 250, np.uint8)
    sheet[: small.shape[0], : small.shape[1]] = small[: size[1], : size[0]]
    return sheet


def _blank_like(page: Pixels) -> Pixels:
    """The empty back of a sheet on which its ink shines through."""
    back = np.full_like(page, 247)
    back[:, ::-1] -= cv2.GaussianBlur((255 - page) // 40, (0, 0), 3)
    return back
