"""From boxes on the scan to words on the baselines of an upright page, still in pixels.

A word's box is the upright hull of the slanted rectangle the word fills. With the page's tilt known the rectangle
follows from the hull. In the frame of the tilted text, each line gets one font size and one baseline fitted to its
words, because readers put words of one size and one baseline together into lines.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from pipeline.composition.letterforms import word_reach
from pipeline.composition.metadata import printable
from pipeline.composition.typeface import CUTS, Cut, advance
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Line, PageReading

#: A word that is less high than this part of the font size (a dash, a dot) says nothing about size and baseline.
_TELLING = 0.4
#: A line keeps the size of its block unless it is off by more than this factor.
_BLOCK_TOLERANCE = 1.2
#: A word keeps baseline and size of its line unless it is off by more than these parts of the size.
_STRAY_BASELINE, _STRAY_SIZE = 0.35, 1.6
#: The largest slope a line may have beyond the tilt of its page: paper curls, but not more.
_CURL = math.tan(math.radians(2.0))
_SMALLEST = 1.0


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word to be set: start of its baseline on the upright page in pixels (y down), tilt in radians (clockwise).

    ``width`` is how long the word is along its baseline, ``gap`` the distance to the next word of the line (0 at its
    end), ``size`` the font size, all in pixels.
    """

    text: str
    x: float
    y: float
    tilt: float
    width: float
    gap: float
    size: float
    cut: Cut


@dataclass(frozen=True, slots=True)
class _Block:
    """A word in the frame of the tilted text: ``left``, ``middle`` (of its height, y down), ``width``, ``height``."""

    text: str
    left: float
    middle: float
    width: float
    height: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """The font size that makes the letters as high as the box."""
        return self.height / max(self.top - self.bottom, _TELLING)

    @property
    def telling(self) -> bool:
        """Whether the word is high enough to say something about size and baseline."""
        return self.top - self.bottom >= _TELLING

    def baseline(self, size: float) -> float:
        """Where the baseline runs if the letters, set in ``size``, lie in the middle of the box."""
        return self.middle + (self.top + self.bottom) / 2 * size


def upright(width: float, height: float, rotation: int) -> Affine:
    """The map from a scan of ``width`` × ``height`` to the page turned clockwise by ``rotation`` degrees."""
    match rotation % 360:
        case 90:
            return Affine(0, -1, height, 1, 0, 0)
        case 180:
            return Affine(-1, 0, width, 0, -1, height)
        case 270:
            return Affine(0, 1, 0, -1, 0, width)
        case _:
            return Affine()


def unslant(width: float, height: float, tilt: float) -> tuple[float, float]:
    """Width and height of the rectangle that, tilted by ``tilt`` radians, has a hull of ``width`` × ``height``.

    A hull that no such rectangle can have (a box drawn upright all the same) comes back as it is.
    """
    cos, sin = math.cos(tilt), abs(math.sin(tilt))
    spread = cos * cos - sin * sin
    if spread <= 0:
        return width, height
    across, down = (width * cos - height * sin) / spread, (height * cos - width * sin) / spread
    return (across, down) if across > 0 and down > 0.25 * height else (width, height)


def place(reading: PageReading) -> Iterator[tuple[PlacedWord, ...]]:
    """The words of ``reading`` line by line, in reading order, on the upright page; lines without letters are left out."""
    turn, tilt = upright(reading.width, reading.height, reading.rotation), math.radians(reading.skew)
    lines = [(line.block, _read_line(line, turn, tilt)) for line in reading.text.lines]
    sized = [(block, words, _line_size(words)) for block, words in lines if words]
    blocks: dict[int, list[float]] = defaultdict(list)
    for block, _, size in sized:
        blocks[block].append(size)
    typical = {block: median(sizes) for block, sizes in blocks.items()}
    for block, words, own in sized:
        common = typical[block]
        size = common if common / _BLOCK_TOLERANCE <= own <= common * _BLOCK_TOLERANCE else own
        yield tuple(_set_line(words, size, tilt))


def _read_line(line: Line, turn: Affine, tilt: float) -> list[_Block]:
    frame = turn.then(Affine.rotation(-math.degrees(tilt)))
    words = []
    for word in line.words:
        text = "".join(printable(word.text).split())
        if not text or not _is_drawable(word.box):
            continue
        hull = turn.map_box(word.box)
        width, height = unslant(max(hull.width, _SMALLEST), max(hull.height, _SMALLEST), tilt)
        x, y = frame.apply(*word.box.centre)
        words.append(_Block(text, x - width / 2, y, width, height, *word_reach(text)))
    return words


def _is_drawable(box: Box) -> bool:
    return all(math.isfinite(edge) for edge in (box.left, box.top, box.right, box.bottom))


def _line_size(words: Sequence[_Block]) -> float:
    sizes = [word.size for word in words if word.telling]
    return median(sizes) if sizes else max(word.height for word in words)


def _fit_baseline(words: Sequence[_Block], size: float) -> tuple[float, float]:
    """Slope and intercept of the line's baseline (Theil-Sen: half of the words may be off)."""
    told = [word for word in words if word.telling] or list(words)
    points = [(word.left + word.width / 2, word.baseline(size)) for word in told]
    slope = 0.0
    if len(points) >= 4:
        apart = [(a, b) for a, b in combinations(points[:: max(1, len(points) // 24)], 2) if abs(b[0] - a[0]) > size]
        slope = median((b[1] - a[1]) / (b[0] - a[0]) for a, b in apart) if apart else 0.0
        slope = max(-_CURL, min(_CURL, slope))
    return slope, median(y - slope * x for x, y in points)


def _set_line(words: Sequence[_Block], size: float, tilt: float) -> Iterator[PlacedWord]:
    slope, start = _fit_baseline(words, size)
    cos, sin = math.cos(tilt), math.sin(tilt)
    for place, word in enumerate(words):
        own_size, baseline = size, start + slope * word.left
        stray = word.telling and not size / _STRAY_SIZE <= word.size <= size * _STRAY_SIZE
        if stray:
            own_size = word.size
        own = word.baseline(own_size) - slope * word.width / 2
        if stray or abs(own - baseline) > _STRAY_BASELINE * size:
            baseline = own
        gap = 0.0
        if place + 1 < len(words):
            gap = min(max(words[place + 1].left - word.left - word.width, 0.05 * size), 3 * size)
        x, y = cos * word.left - sin * baseline, sin * word.left + cos * baseline
        middle = baseline + slope * word.width / 2
        cut = _fitting_cut(middle - word.middle + word.height / 2, middle - word.middle - word.height / 2, own_size)
        yield PlacedWord(word.text, x, y, tilt + math.atan(slope), word.width, gap, own_size, cut)


def _fitting_cut(above: float, below: float, size: float) -> Cut:
    def misfit(cut: Cut) -> float:
        return abs(cut.ascent * size / 1000 - above) + abs(cut.descent * size / 1000 - below)

    return min(CUTS, key=misfit)


def natural_width(text: str) -> int:
    """The advance of ``text`` before stretching, in thousandths of the font size."""
    return sum(advance(letter) for letter in text)
