"""What hands wrote into the gaps of printed lines, read by a reader of digits; what it can't read is marked, not guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from pipeline.pieces import find_pieces
from pipeline.ports import DigitReader, DigitReading
from pipeline.recognition.gaps import Gap, fill_gap, find_gaps
from pipeline.recognition.views import view

Mask = NDArray[np.bool_]

#: What stands for handwriting that could not be read.
UNREADABLE = "…"

#: At least this sure, or the ink counts as unreadable.
READABLE = 0.6

#: Print that the engine is this sure of is left alone.
SURE_PRINT = 0.85

#: Print that the engine is less sure of than this was guessed.
GUESSED = 0.2

#: Rows of a crop above and below the baseline, in heights of capitals; see ``ports.DigitReader``.
ABOVE, BELOW = 27 / 14.4, 13 / 14.4

#: How far a crop reaches over an edge of its gap, in heights of capitals: where the edge is sure, where it is not.
REACH, FAR_REACH = 0.45, 1.0

#: Each gap is looked at this much wider and closer too: what changes with the frame is not sure.
ZOOMS = (0.87, 1.15)

#: A reading less sure than this is looked at from more frames: their sides so much farther out, in heights of capitals.
SETTLED, SHIFTS = 0.8, (-0.3, 0.3)

#: A slash stands no farther before the end of its gap than this, in heights of capitals.
SLASH = 0.8

#: How far ink reaches around the middle of a digit, in heights of capitals.
HALF_DIGIT = 0.35

#: Rows of a crop in pixels: as fine as most scans, so that nothing is lost.
ROWS = 100

#: The row of the baseline and the height of capitals in such a crop.
BASELINE, CAPITALS = 0.675 * ROWS, 0.36 * ROWS

#: No page has more gaps than this worth looking at.
MOST = 24

#: How much blue stands above red in blue ink, in grey levels; black ink and print have next to none.
BLUE = 28.0

_SHAPES = {
    "number": re.compile(r"\??(\d{1,6})/(?:.*)|\??(\d{1,6})\??"),
    "day": re.compile(r"\??(\d{1,2})\??"),
    "month": re.compile(r"\??(\d{1,2})\??"),
}
_PRINTED = {"number": re.compile(r"\d{1,6}[a-zđ]?"), "day": re.compile(r"\d{1,2}"), "month": re.compile(r"\d{1,2}")}
#: Months and days in words: tháng ba, ngày mười.
_SPELT = frozenset(["một", "giêng", "hai", "ba", "tư", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "chạp"])
_SLIPPED = re.compile(r"[\dOoIl|\]]{1,2}")
_LIMITS = {"number": 999_999, "day": 31, "month": 12}


@dataclass(frozen=True, slots=True)
class Ink:
    """What ink is read with: a reader of digits and, where there is one, the scan with its colours and all its pixels."""

    digits: DigitReader
    scan: PageImage | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What stands in a gap: ``text`` empty where it is no number; ``box`` in the pixels of the lines."""

    text: str
    confidence: float
    box: Box
    looks_printed: bool


def read_ink(lines: tuple[Line, ...], clean: PageImage, ink: Ink) -> tuple[Line, ...]:
    """``lines`` (in pixels of ``clean``) with the gaps read anew that the engine did not read as sound print."""
    left = MOST
    result = []
    for line in lines:
        for gap in reversed(find_gaps(line)):
            if left and not _is_sound_print(line, gap):
                line = _refill(line, gap, _look(gap, clean, ink))  # noqa: PLW2901
                left -= 1
        result.append(line)
    return tuple(result)


def _is_sound_print(line: Line, gap: Gap) -> bool:
    """Whether the engine read a printed number there: sure, of the right shape, no higher or lower than its neighbours."""
    if gap.confidence < SURE_PRINT:
        return False
    if not _PRINTED[gap.kind].fullmatch(gap.text):
        return "/" in gap.text or gap.text.strip(" .,").lower() in _SPELT
    own = [word for word in line.words if gap.left <= word.box.centre[0] <= gap.right]
    if not own:
        return all(not sure for sure in gap.sure) or gap.kind == "number"
    box = own[0].box
    return abs(box.height / gap.capitals - 1) < 0.22 and abs(box.bottom - gap.baseline) < 0.2 * gap.capitals


def _refill(line: Line, gap: Gap, seen: Writing | None) -> Line:
    if seen is None:
        return line
    if _is_the_engines(gap, seen):
        return line
    if not seen.text or seen.confidence < READABLE:
        if seen.looks_printed and gap.confidence >= GUESSED and ("/" in gap.text or _SLIPPED.fullmatch(gap.text)):
            return line
        return fill_gap(line, gap, Word(UNREADABLE, seen.box, 0.0, gap.text, written=True))
    filling = Word(seen.text, seen.box, round(seen.confidence, 3), gap.text if gap.text != seen.text else "", written=True)
    return fill_gap(line, gap, filling)


def _is_the_engines(gap: Gap, seen: Writing) -> bool:
    """Whether what the engine read stays: print, also where it is joined to the print behind it."""
    if not _PRINTED[gap.kind].fullmatch(gap.text):
        return False
    if seen.looks_printed and gap.confidence >= 0.5:
        return True
    return seen.text == gap.text and gap.kind == "number" and not gap.sure[1]


def _look(gap: Gap, clean: PageImage, ink: Ink) -> Writing | None:
    """What is written in the gap; None where it is empty."""
    area = _frame(gap, 1.0)
    crop = cut_out(area, clean, ink.scan)
    scale = area.height / ROWS
    strokes = _strokes_between(crop.pixels, (gap.left - area.left) / scale, (gap.right - area.left) / scale)
    if not strokes.any():
        return None
    number, confidence, places = _read_in_frames(gap, area, crop, clean, ink)
    if not number:
        rows = _extent(strokes)
        box = Box(gap.left, area.top + rows[0] * scale, gap.right, area.top + rows[1] * scale)
        return Writing("", 0.0, box, _looks_printed(box, gap, crop.pixels))
    half = HALF_DIGIT * gap.capitals
    left = max(gap.left if gap.sure[0] and gap.left < places[0] else area.left, places[0] - half)
    right = min(gap.right if gap.sure[1] and gap.right > places[-1] else area.right, places[-1] + half)
    inked = slice(int((left - area.left) / scale), int((right - area.left) / scale) + 1)
    rows = _extent(_strokes_between(crop.pixels, inked.start, inked.stop))
    box = Box(left, area.top + rows[0] * scale, right, area.top + rows[1] * scale)
    return Writing(number, confidence, box, _looks_printed(box, gap, crop.pixels[:, inked]))


def _read_in_frames(gap: Gap, area: Box, crop: PageImage, clean: PageImage, ink: Ink) -> tuple[str, float, tuple[float, ...]]:
    """What :func:`_choose` makes of ``crop``, the ``area`` of the gap, and of other frames around it."""
    found = [(area, ink.digits.read(crop))]
    found += [_read_frame(_frame(gap, zoom), clean, ink) for zoom in ZOOMS]
    number, confidence, places = _choose(found, gap)
    if not number or confidence >= SETTLED:
        return number, confidence, places
    for shift in SHIFTS:
        aside = shift * gap.capitals
        frames = [_frame(gap, zoom) for zoom in (1.0, *ZOOMS)]
        found += [_read_frame(replace(one, left=one.left - aside, right=one.right + aside), clean, ink) for one in frames]
    return _choose(found, gap)


def _read_frame(frame: Box, clean: PageImage, ink: Ink) -> tuple[Box, tuple[DigitReading, ...]]:
    return frame, ink.digits.read(cut_out(frame, clean, ink.scan))


def _looks_printed(box: Box, gap: Gap, pixels: Pixels) -> bool:
    """Whether what stands in ``box`` is as high as print, stands on the line as print does and is not blue."""
    high = abs(box.height / gap.capitals - 1) < 0.2
    return high and abs(box.bottom - gap.baseline) < 0.18 * gap.capitals and not is_blue(pixels)


def _frame(gap: Gap, zoom: float) -> Box:
    """The part of the page to look at, as high as ``ports.DigitReader`` wants it, or ``zoom`` times as high."""
    reach = [REACH if sure else FAR_REACH for sure in gap.sure]
    if gap.kind == "number":
        reach = [FAR_REACH, FAR_REACH]
    size = gap.capitals
    return Box(
        gap.left - reach[0] * size,
        gap.baseline - zoom * ABOVE * size,
        gap.right + reach[1] * size,
        gap.baseline + zoom * BELOW * size,
    )


def _choose(found: Sequence[tuple[Box, tuple[DigitReading, ...]]], gap: Gap) -> tuple[str, float, tuple[float, ...]]:
    """The likeliest number of the right shape, the mean share of the readings that agree on it, where its digits stand.

    Empty where no reading has the right shape. A number that no calendar has is passed over, its share goes to no other.
    """
    shares: defaultdict[str, float] = defaultdict(float)
    places: dict[str, tuple[float, ...]] = {}
    for frame, readings in found:
        for reading in readings:
            match = _SHAPES[gap.kind].fullmatch(reading.text)
            if match is None or _breaks_off(reading, match, frame, gap):
                continue
            group = 1 if match[1] is not None else 2
            number = match[group]
            if 1 <= int(number) <= _LIMITS[gap.kind]:
                shares[number] += reading.confidence / len(found)
                inside = reading.places[match.start(group) : match.end(group)]
                places.setdefault(number, tuple(frame.left + at * frame.height / ROWS for at in inside))
    if not shares:
        return "", 0.0, ()
    best = max(shares, key=lambda number: shares[number])
    return best, min(1.0, shares[best]), places[best]


def _breaks_off(reading: DigitReading, match: re.Match[str], frame: Box, gap: Gap) -> bool:
    """Whether the number ends at a slash that is a digit misread: far before the end of a gap that holds one."""
    if "/" not in gap.text or match[1] is None or not reading.text.startswith("/", match.end(1)):
        return False
    return frame.left + reading.places[match.end(1)] * frame.height / ROWS < gap.right - SLASH * gap.capitals


def cut_out(area: Box, clean: PageImage, scan: PageImage | None) -> PageImage:
    """The ``area`` of ``clean``, ``ROWS`` pixels high, with the pixels of the ``scan`` where it is given."""
    return view(area, clean.dpi * ROWS / area.height, clean, scan)


def is_blue(pixels: Pixels) -> bool:
    """Whether the ink in ``pixels`` is blue: its blue stands above its red."""
    if pixels.ndim == 2 or not pixels.size:
        return False
    ink = _dark(pixels)
    if not ink.any():
        return False
    inked = pixels[ink].astype(np.float32)
    return float(np.median(inked[:, 2] - inked[:, 0])) > BLUE


def _dark(pixels: Pixels) -> Mask:
    grey = pixels[..., 0] if pixels.ndim == 3 else pixels
    paper = float(np.percentile(grey, 85)) if grey.size else 255.0
    dark = grey < paper - max(50.0, 0.45 * (paper - float(grey.min(initial=255))))
    return np.asarray(dark)


def _strokes_between(pixels: Pixels, left: float, right: float) -> Mask:
    """The strokes between ``left`` and ``right`` that stand on the line: no dots of a leader, no parts of other lines."""
    dark = _dark(pixels)[:, max(0, int(left)) : max(1, int(right))].astype(np.uint8)
    pieces = find_pieces(dark)
    stats, middles = pieces.stats, pieces.centres
    on_line = (BASELINE - 1.3 * CAPITALS, BASELINE + 0.35 * CAPITALS)
    strokes = [
        at
        for at in range(1, len(stats))
        if stats[at, cv2.CC_STAT_HEIGHT] > 0.55 * CAPITALS and on_line[0] < middles[at, 1] < on_line[1]
    ]
    return np.isin(pieces.labels, strokes)


def _extent(ink: Mask) -> tuple[float, float]:
    """The first row of ``ink`` and the one behind its last."""
    where = np.flatnonzero(np.asarray(ink.any(axis=1)))
    return (float(where[0]), float(where[-1] + 1)) if len(where) else (0.0, float(ROWS))
