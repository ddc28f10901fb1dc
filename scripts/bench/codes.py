"""Codes found on made pages, codes made up on real ones, and what looking for them costs. Prints Markdown tables.

    python -m scripts.bench.codes [--pages N] [--seed S] [--split tune|held_out]

Each made page carries up to four codes of normal print size, at any of four turns, some a few degrees askew, some under a
red seal, spoilt together with the page.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

from ocr_models import ZxingReader
from pipeline import intake
from pipeline.domain.geometry import Box
from pipeline.domain.pages import PageImage
from pipeline.recognition import find_codes
from scripts.bench import corpora
from scripts.corpus.chance import Chance, Split
from scripts.corpus.defects import Level, Scan, spoil
from scripts.corpus.make import make_document

Pixels = NDArray[np.uint8]
FORMATS = ("QRCode", "QRCode", "QRCode", "DataMatrix", "Aztec", "PDF417", "Code128", "Code39", "EAN13", "ITF")
BARS = ("Code128", "Code39", "EAN13", "ITF")
LEVELS: tuple[Level, ...] = ("office", "turned", "faded", "phone", "photocopy", "fax")
TYPES = ("quyet_dinh", "giay_khai_sinh", "thong_bao", "don_de_nghi", "giay_xac_nhan_hon_nhan")
MODULES_MM = (0.25, 0.3, 0.4, 0.5, 0.8)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A code on a page: its format, text, module in millimetres, whether a seal lies over it."""

    format: str
    text: str
    module: float
    sealed: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 0."""
    parser = argparse.ArgumentParser(
        prog="bench.codes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60, help="made pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", choices=("tune", "held_out"), default="tune")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    measure_made(options.pages, options.seed, options.split)
    measure_real()
    return 0


def measure_made(count: int, seed: int, split: Split) -> None:
    """Recall by defect and resolution, format and module; and everything that was found and is not there."""
    there: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong, spent = [], 0.0
    for number in range(count):
        chance = random.Random(f"{seed}/{number}/{split}")
        level = LEVELS[number % len(LEVELS)]
        image, pasted = make_page(chance, number + 1000 * seed, level, split)
        begun = time.process_time()
        found = [code.text for code in find_codes(image, ZxingReader())]
        spent += time.process_time() - begun
        for code in pasted:
            for key in _keys(code, level, image.dpi):
                there[key] += 1
                right[key] += code.text in found
        wrong += [text for text in found if text not in {code.text for code in pasted}]
    print(f"{count} made pages, {1000 * spent / count:.1f} ms CPU a page; not on the page: {wrong or 'none'}\n")
    print("| codes | made | found | share |\n|---|---|---|---|")
    for key in sorted(there):
        print(f"| {key} | {there[key]} | {right[key]} | {right[key] / there[key]:.3f} |")


def _keys(code: Pasted, level: str, dpi: float) -> Iterator[str]:
    yield f"level {level} {dpi:.0f} dpi"
    if level in ("office", "turned"):
        yield f"office and turned: {code.format}"
        yield f"office and turned: modules of {code.module} mm"
        if code.sealed:
            yield "office and turned: under a seal"


def measure_real() -> None:
    """Codes found on the real scans, where there is none, and the CPU time of looking for them."""
    times: list[float] = []
    found = 0
    for path in sorted((corpora.SHARED / "real" / "documents").glob("*.pdf")):
        bounds = intake.Bounds()
        source = intake.inspect(path, path.name, bounds)
        for number in range(1, source.pages + 1):
            image = intake.read_page(path, source.media_type, number, bounds).image
            begun = time.process_time()
            found += len(find_codes(image, ZxingReader()))
            times.append(1000 * (time.process_time() - begun))
    if times:
        spent = f"{np.mean(times):.1f} ms CPU a page (median {np.median(times):.1f}, most {max(times):.1f})"
        print(f"\n{len(times)} real pages without codes: {found} found, {spent}")


def make_page(chance: random.Random, seed: int, level: Level, split: Split) -> tuple[PageImage, list[Pasted]]:
    """A page with codes after ``level``, and what they say."""
    specimen = make_document(chance.choice(TYPES), seed, level="clean", split=split, dpi=chance.choice((200, 300)))
    page = specimen.pages[0].copy()
    pasted: list[Pasted] = []
    taken: list[Box] = []
    for _ in range(4):
        kind = chance.choice(FORMATS)
        module = chance.choice(MODULES_MM[:3] if kind in BARS else MODULES_MM)
        text = _text(chance, kind)
        picture = _set(chance, _modules(chance, kind, text, module), module * specimen.dpi / 25.4)
        box = _place(chance, picture, page, taken)
        if box is None:
            continue
        taken.append(box)
        page[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = picture[:, :, None]
        sealed = chance.random() < 0.15
        if sealed:
            _press_seal(chance, page, box, specimen.dpi)
        pasted.append(Pasted(kind, text, module, sealed))
    scan = spoil(Chance(f"{seed}/{level}", split), Scan(page, (), specimen.dpi), level)
    return PageImage(1, scan.pixels, scan.dpi), pasted


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _text(chance: random.Random, kind: str) -> str:
    if kind in ("EAN13", "ITF"):
        digits = _digits(chance, 12 if kind == "EAN13" else 13)
        odd = 1 if kind == "EAN13" else 3
        return digits + str(-sum(int(digit) * (4 - odd if at % 2 else odd) for at, digit in enumerate(digits)) % 10)
    if kind == "Code39":
        return "HS" + _digits(chance, 8)
    file = f"000.00.16.H05-{_digits(chance, 6)}-{_digits(chance, 4)}"
    if kind != "QRCode":
        return file
    person = (
        f"{_digits(chance, 12)}|{_digits(chance, 9)}|Nguyễn Thị Ánh Hồng|{_digits(chance, 8)}|Nữ|Thôn Đông, Gia Lai|05062021"
    )
    return chance.choice((file, f"https://dichvucong.gov.vn/t/{_digits(chance, 12)}", person))


def _modules(chance: random.Random, kind: str, text: str, module: float) -> Pixels:
    """The code at one pixel a module, quiet zone included."""
    if kind == "QRCode":
        rows = segno.make(text, micro=False, error=chance.choice("lmq"), boost_error=False).matrix_iter(border=4)
        return ((1 - np.array([list(row) for row in rows], np.uint8)) * 255).astype(np.uint8)
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    picture: Pixels = np.asarray(made.to_image(scale=1, add_quiet_zones=True), np.uint8)
    if kind in BARS:
        picture = np.repeat(picture[picture.shape[0] // 2][None], round(chance.uniform(6, 12) / module), axis=0)
    return picture


def _set(chance: random.Random, modules: Pixels, size: float) -> Pixels:
    """The code as printed, ``size`` pixels a module, at one of four turns, half of the time askew."""
    fine = 8
    large = cv2.resize(modules, None, fx=fine, fy=fine, interpolation=cv2.INTER_NEAREST)
    large = cv2.GaussianBlur(large, (0, 0), 0.35 * fine / size)
    height, width = large.shape
    turn = cv2.getRotationMatrix2D(
        (width / 2, height / 2), chance.choice((0, 90, 180, 270)) + chance.choice((0, chance.uniform(-6, 6))), size / fine
    )
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    across, down = int(height * sin + width * cos) + 2, int(height * cos + width * sin) + 2
    turn[:, 2] += (across - width) / 2, (down - height) / 2
    return np.asarray(cv2.warpAffine(large, turn, (across, down), borderValue=255), np.uint8)


def _place(chance: random.Random, picture: Pixels, page: Pixels, taken: Sequence[Box]) -> Box | None:
    height, width = picture.shape
    for _ in range(20):
        room = page.shape[1] - width - 40, page.shape[0] - height - 40
        if min(room) < 40:
            return None
        left, top = chance.randint(40, room[0]), chance.randint(40, room[1])
        box = Box(left, top, left + width, top + height)
        if all(box.grown(20).intersection(other).area == 0 for other in taken):
            return box
    return None


def _press_seal(chance: random.Random, page: Pixels, box: Box, dpi: int) -> None:
    """A red ring of 34 mm with a star over a corner of the code; ink darkens, never lightens."""
    ink = np.full_like(page, 255)
    centre = round(chance.choice((box.left, box.right))), round(chance.choice((box.top, box.bottom)))
    for radius in (17, 15.8, 11):
        cv2.circle(ink, centre, round(radius * dpi / 25.4), (215, 40, 50), max(1, round(0.35 * dpi / 25.4)))
    np.minimum(page, ink, out=page)


if __name__ == "__main__":
    raise SystemExit(main())
