"""How straight and upright pages come out of the cleanup: generated ones laid in every direction, and files of known angle."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

import cv2
import numpy as np

from ocr_models import TesseractEngine
from pipeline.cleanup import clean
from pipeline.domain.pages import CleanPage, PageImage, Pixels
from pipeline.intake import Bounds, read_page
from pipeline.ports import OcrEngine
from scripts.bench.corpora import ROOT
from scripts.corpus.appendix import draw_appendix
from scripts.corpus.chance import Chance, Split
from scripts.corpus.defects import Level, Scan, spoil, tilt, turn
from scripts.corpus.make import TYPES, make_document
from scripts.corpus.raster import draw

#: Pages that a scanner skews; pages that a phone sees, whose own tilts and leanings do.
SCANNED: tuple[Level, ...] = ("clean", "office", "photocopy", "faded", "fax", "filed", "through")
PHOTOGRAPHED: tuple[Level, ...] = ("phone", "perspective", "desk")
#: The largest skew in degrees, and the smaller one that bounds every other page: most sheets are fed nearly straight.
WIDEST, SMALL = 15.0, 1.5
#: Where on a page its lines are followed, as shares of both sides.
PLACES = (0.15, 0.5, 0.85)
#: Half of a short stroke along a line, in pixels.
STROKE = np.array((20.0, 0.0))
#: Pictures are made at most this long, in pixels, for those who bear witness to an angle.
LONGEST = 1800
#: Largest residual skew in degrees of a straight page; largest error of a measured angle.
STRAIGHT, CLOSE = 0.2, 0.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one page came out: ``residual`` is its mean skew in degrees, ``worst`` that of its most slanting part."""

    name: str
    level: Level
    rotation: int
    turned_right: bool
    residual: float
    worst: float
    seconds: float


def bench_geometry(pages: int, split: Split = "tune") -> None:
    """Orientation and residual skew of about ``pages`` generated pages, then the files of known angle; prints tables."""
    engine = TesseractEngine()
    outcomes = [measure(*laid, engine) for laid in islice(lay_pages(split), pages)]
    groups = {"scanned": SCANNED, "photographed": PHOTOGRAPHED, **{level: (level,) for level in (*SCANNED, *PHOTOGRAPHED)}}
    print("| pages | count | upright | residual skew, median | 95 % | 99 % | <= 0.2° | worst part, 95 % | ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, levels in {"all": (*SCANNED, *PHOTOGRAPHED), **groups}.items():
        if chosen := [outcome for outcome in outcomes if outcome.level in levels]:
            print(_row(name, chosen))
    for outcome in outcomes:
        if not outcome.turned_right or outcome.residual > STRAIGHT:
            said = f"residual {outcome.residual:.2f}" if outcome.turned_right else "turned wrong"
            print(f"- {outcome.name} {outcome.level}, laid at {outcome.rotation}: {said}")
    _bench_known_angles(engine)


def lay_pages(split: Split) -> Iterator[tuple[str, Level, Scan]]:
    """Pages of all types in turn, every eighth an appendix, each with its name, its defect and how it lies."""
    for seed in count(1):
        for place, code in enumerate(TYPES):
            chance = Chance(f"geometry/{code}/{seed}/{split}", split)
            if place % 7 == 0:
                pixels, words = draw(draw_appendix(chance, landscape=chance.odds(0.7)), 200)
                yield (f"appendix-{place}-{seed}", *_lay(chance, Scan(pixels, tuple(words), 200)))
            dpi = chance.pick((200, 300))
            specimen = make_document(code, seed, split=split, dpi=dpi)
            for number, pixels in enumerate(specimen.pages, 1):
                yield (f"{code}-{seed}.{number}", *_lay(chance, Scan(pixels, (), dpi)))


def _lay(chance: Chance, scan: Scan) -> tuple[Level, Scan]:
    level = chance.pick(SCANNED if chance.odds(0.8) else PHOTOGRAPHED)
    if level in SCANNED:
        most = chance.pick((SMALL, WIDEST))
        skew = chance.between(-most, most)
        shade = 255 if chance.odds(0.8) else 12
        scan = tilt(scan, skew, (shade, shade, shade))
    seen = spoil(chance, scan, level)
    quarter = chance.pick((0, 90, 180, 270))
    return level, turn(seen, quarter) if quarter else seen


def measure(name: str, level: Level, scan: Scan, engine: OcrEngine) -> Outcome:
    """The outcome for one page, by where the cleanup puts short level strokes of the undisturbed page."""
    begun = time.process_time()
    page = clean(PageImage(1, scan.pixels, float(scan.dpi)), engine)
    seconds = time.process_time() - begun
    angles = lines_of(page, scan)
    middle = float(np.median(angles))
    upright = abs(middle) < 45
    return Outcome(name, level, scan.rotation, upright, abs(float(np.mean(angles))), float(np.abs(angles).max()), seconds)


def lines_of(page: CleanPage, scan: Scan) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The angles in degrees, on the cleaned page, of level strokes in nine places of the undisturbed page."""
    back = np.linalg.inv(scan.way)
    height, width = scan.pixels.shape[:2]
    corners = cv2.perspectiveTransform(np.array([[(0, 0), (width, 0), (width, height), (0, height)]], np.float64), back)[0]
    low, high = corners.min(axis=0), corners.max(axis=0)
    from_scan = page.image.to_scan.inverse()
    angles = []
    for x in PLACES:
        for y in PLACES:
            start = low + (high - low) * (x, y)
            stroke = np.stack((start - STROKE, start + STROKE))[None]
            ends = cv2.perspectiveTransform(stroke, scan.way)[0]
            (x0, y0), (x1, y1) = (from_scan.apply(*end) for end in ends.tolist())
            angles.append(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    return np.array(angles)


def _row(name: str, outcomes: list[Outcome]) -> str:
    right = [outcome for outcome in outcomes if outcome.turned_right]
    residuals = np.array([outcome.residual for outcome in right] or [90.0])
    worst = np.array([outcome.worst for outcome in right] or [90.0])
    middle, high, highest = np.percentile(residuals, (50, 95, 99))
    straight = sum(outcome.residual <= STRAIGHT for outcome in right) / len(outcomes)
    spent = 1000 * sum(outcome.seconds for outcome in outcomes) / len(outcomes)
    return (
        f"| {name} | {len(outcomes)} | {len(right) / len(outcomes):.4f} | {middle:.3f} | {high:.3f} | {highest:.3f} "
        f"| {straight:.4f} | {np.percentile(worst, 95):.2f} | {spent:.0f} |"
    )


def _bench_known_angles(engine: OcrEngine) -> None:
    """The files of sbrunner/deskew against the angles its tests expect, and against what rulings and rows of ink say.

    What is expected is as fine as that project's Hough transform by default: 180 angles for 180 degrees.
    """
    folder = ROOT.parent / "shared" / "robustness" / "sbrunner-deskew"
    if not folder.exists():
        return
    expected = json.loads((folder / "angles.json").read_text(encoding="utf-8"))
    print(
        "\n| file | expected | turn | found | rulings (Hough) | rows of ink (profile) | <= 0.3° off expected | off a witness |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, angle in expected.items():
        if name.endswith(".png"):
            scan = read_page(folder / name, "image/png", 1, Bounds()).image
            page = clean(scan, engine)
            witnesses = angle_of_rulings(scan), angle_of_rows(scan, angle)
            said = " | ".join("–" if told is None else f"{told:.2f}" for told in witnesses)
            close = abs(page.skew - angle) <= CLOSE
            agreed = any(told is not None and abs(page.skew - told) <= CLOSE for told in witnesses)
            print(f"| {name} | {angle} | {page.rotation} | {page.skew:.2f} | {said} | {close} | {agreed} |")


def angle_of_rulings(scan: PageImage) -> float | None:
    """The median angle in degrees, by length, of the scan's long straight edges, by a Hough transform; None without any."""
    grey = _small(scan)
    edges = cv2.Canny(grey, 50, 150)
    pieces = cv2.HoughLinesP(edges, 1, np.radians(0.05), 60, minLineLength=0.15 * min(grey.shape), maxLineGap=5)
    ends = np.asarray([] if pieces is None else pieces, np.float64).reshape(-1, 4)
    across, down = (ends[:, 2:] - ends[:, :2]).T
    angles = np.degrees(np.arctan2(down, across))
    level = np.abs(angles) <= WIDEST + 2
    if not level.any():
        return None
    order = np.argsort(angles[level])
    lengths = np.cumsum(np.hypot(across, down)[level][order])
    return float(angles[level][order][np.searchsorted(lengths, lengths[-1] / 2)])


def angle_of_rows(scan: PageImage, around: float) -> float:
    """The angle in degrees, at most one from ``around``, at which the rows of the scan's ink begin and end most sharply."""
    y, x = np.nonzero(_small(scan) < 128)
    angles = around + np.arange(-1.0, 1.001, 0.05)
    rows = (np.round(y - x * np.tan(np.radians(angle))).astype(int) for angle in angles)
    sharpness = [float((np.diff(np.bincount(row - row.min()).astype(float)) ** 2).sum()) for row in rows]
    return float(angles[int(np.argmax(sharpness))])


def _small(scan: PageImage) -> Pixels:
    """The scan in grey, at most as long as ``LONGEST``."""
    grey = scan.pixels if scan.pixels.ndim == 2 else cv2.cvtColor(scan.pixels, cv2.COLOR_RGB2GRAY)
    factor = min(1.0, LONGEST / max(grey.shape))
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
