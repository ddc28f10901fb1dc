"""From boxes on the scan to words on the baselines of an upright page, still in pixels.

Each line gets one font size and one baseline, fitted to its words, because readers put words of one size and one
baseline together into lines. On a tilted page every word stands level and the line goes down (or up) word by word:
set along the slope, words of more than 1° come apart in poppler, and a search no longer finds them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median

from pipeline.composition.letterforms import word_reach
from pipeline.composition.metadata import printable
from pipeline.composition.typeface import CELL, CUTS, Cut, advance
from pipeline.domain.geometry import Affine, Box
from pipeline.domain.pages import Line, PageReading

#: A word that is less high than this part of the font size (a dash, a dot) says nothing about size and baseline.
_TELLING = 0.4
#: A line keeps the size of its block unless it is off by more than this factor.
_BLOCK_TOLERANCE = 1.2
#: A word that stands off the baseline of its line by more than this part of the size follows its box, but no farther:
#: beyond half of the size poppler takes it out of the line.
_STRAY = 0.35
#: Letters of a line differ in height by this part of the size or more, and boxes by less than this ratio: these boxes
#: were not drawn around ink.
_UNEVEN, _EVEN = 0.15, 0.94
#: The largest slope a line may have beyond the tilt of its page: paper curls, but not more.
_CURL = math.tan(math.radians(2.0))
#: The space between two words, in parts of the font size: less and poppler joins them, more and it is a column's gap.
_NARROWEST_SPACE, _WIDEST_SPACE = 0.16, 3.0
#: The space at the end of a line: without it pdf.js joins the words on both sides of a line end on tilted pages.
_LAST_SPACE = 0.25
#: Baselines that follow each other are farther apart than this many font sizes: pdf.js takes nearer ones for one line.
_LEADING = 1.05
#: Thousandths of the font size beyond which no letter is stretched: pdfium takes wide letters for some of the line above.
_WIDEST_LETTER = 1200
#: What is left of a word at least, in parts of the font size, when room is made for a space.
_SLIVER = 0.05
#: How many words of a line are compared with each other when its slope is fitted.
_FITTED_WORDS = 24
_SMALLEST = 1.0


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word to be set level, its baseline starting at (``x``, ``y``) of the upright page, in pixels, y down.

    ``width`` is how long the word is, ``gap`` the space behind it, ``size`` the font size, all
    in pixels.
    """

    text: str
    x: float
    y: float
    width: float
    gap: float
    size: float
    cut: Cut


@dataclass(frozen=True, slots=True)
class _Block:
    """A word with its box on the upright page, the height of its letters, and how far they should reach."""

    text: str
    box: Box
    height: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """The font size that makes the letters as high as they are."""
        return self.height / max(self.top - self.bottom, _TELLING)

    @property
    def telling(self) -> bool:
        """Whether the word is high enough to say something about size and baseline."""
        return self.top - self.bottom >= _TELLING

    def baseline(self, size: float) -> float:
        """Where the baseline runs under the middle of the box if the letters, set in ``size``, are centred in it."""
        return self.box.centre[1] + (self.top + self.bottom) / 2 * size


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


def letter_height(width: float, height: float, tilt: float) -> float:
    """The height of the rectangle that, tilted by ``tilt`` radians, has an upright hull of ``width`` × ``height``.

    A hull that no such rectangle can have (a box drawn upright all the same) gives its own height.
    """
    cos, sin = math.cos(tilt), abs(math.sin(tilt))
    spread = cos * cos - sin * sin
    down = (height * cos - width * sin) / spread if spread > 0 else 0.0
    return down if down > 0.25 * height else height


def place(reading: PageReading) -> Iterator[tuple[Line, tuple[PlacedWord, ...]]]:
    """The lines of ``reading`` with their words on the upright page, in reading order; those without letters are left out."""
    turn, tilt = upright(reading.width, reading.height, reading.rotation), math.radians(reading.skew)
    lines = [(line, _read_line(line, turn, tilt)) for line in reading.text.lines]
    told = [_are_cells(words) for _, words in lines]
    mostly = told.count(True) > told.count(False)
    rows = [
        (line, _fill_cells(words, mostly if cells is None else cells))
        for (line, words), cells in zip(lines, told, strict=True)
    ]
    rows = [(line, words) for line, words in rows if words]
    sizes = _line_sizes(rows)
    for at, (line, words) in enumerate(rows):
        size = sizes[at]
        if at + 1 < len(rows):
            drop = rows[at + 1][1][0].baseline(sizes[at + 1]) - words[-1].baseline(size)
            size = drop / _LEADING if size / 2 < drop < size * _LEADING else size
        for run in _runs(words):
            yield line, tuple(_set_line(_part(_draw_in(run, size), size), size, tilt))


def natural_width(text: str) -> int:
    """The advance of ``text`` before stretching, in thousandths of the font size."""
    return sum(advance(letter) for letter in text)


def _read_line(line: Line, turn: Affine, tilt: float) -> list[_Block]:
    words = []
    for word in line.words:
        text = "".join(printable(word.text).split())
        if not text or not _is_drawable(word.box):
            continue
        box = turn.map_box(word.box)
        box = Box(box.left, box.top, max(box.right, box.left + _SMALLEST), max(box.bottom, box.top + _SMALLEST))
        words.append(_Block(text, box, letter_height(box.width, box.height, tilt), *word_reach(text)))
    return words


def _is_drawable(box: Box) -> bool:
    return all(math.isfinite(edge) for edge in (box.left, box.top, box.right, box.bottom))


def _are_cells(words: Sequence[_Block]) -> bool | None:
    """Whether boxes are as high as the typeface, whatever the letters, as in text layers; None where it cannot be told."""
    reaches = [word.top - word.bottom for word in words]
    if not words or max(reaches) - min(reaches) < _UNEVEN:
        return None
    heights = [word.height for word in words]
    return min(heights) > _EVEN * max(heights)


def _fill_cells(words: Sequence[_Block], cells: bool) -> list[_Block]:
    top, bottom = CELL.ascent / 1000, CELL.descent / 1000
    return [replace(word, top=top, bottom=bottom) for word in words] if cells else list(words)


def _line_sizes(rows: Sequence[tuple[Line, Sequence[_Block]]]) -> list[float]:
    """The font size of each line: that of its block, unless its own words are clearly higher or less high."""
    own = [_own_size(words) for _, words in rows]
    usual = median([size for size in own if size] or [_SMALLEST])
    sizes = [size or min(usual, max(word.height for word in words)) for size, (_, words) in zip(own, rows, strict=True)]
    blocks: dict[int, list[float]] = defaultdict(list)
    for size, (line, _) in zip(sizes, rows, strict=True):
        blocks[line.block].append(size)
    typical = {block: median(found) for block, found in blocks.items()}
    commons = [typical[line.block] for line, _ in rows]
    return [
        common if common / _BLOCK_TOLERANCE <= size <= common * _BLOCK_TOLERANCE else size
        for size, common in zip(sizes, commons, strict=True)
    ]


def _own_size(words: Sequence[_Block]) -> float:
    """What the words say by their height; 0 where none of them tells."""
    sizes = [word.size for word in words if word.telling]
    return median(sizes) if sizes else 0.0


def _draw_in(words: Sequence[_Block], size: float) -> list[_Block]:
    """The words without those widths to which no letters are stretched; the first of several keeps its end."""
    drawn = []
    for place, word in enumerate(words):
        advances = [advance(letter) for letter in word.text]
        most = sum(advances) * max(1.0, _WIDEST_LETTER / max(1, *advances)) * size / 1000
        box, spare = word.box, word.box.width - most
        if spare > 0:
            starts = place == 0 and len(words) > 1
            box = replace(box, left=box.left + spare) if starts else replace(box, right=box.right - spare)
        drawn.append(replace(word, box=box))
    return drawn


def _part(words: Sequence[_Block], size: float) -> list[_Block]:
    """The words with room for a space between neighbours whose boxes touch, overlap or lie one in the other."""
    parted, space = list(words), _NARROWEST_SPACE * size
    for place, other in enumerate(words[1:]):
        one = parted[place]
        if other.box.left - one.box.right >= space:
            continue
        middle = (max(other.box.left, one.box.left) + min(other.box.right, one.box.right)) / 2
        right, left = middle - space / 2, middle + space / 2
        if other.box.right <= one.box.right or other.box.right - left < space:
            right, left = other.box.left - space, other.box.left
        right = max(right, one.box.left + _SLIVER * size)
        left = max(left, right + space)
        parted[place] = replace(one, box=replace(one.box, right=right))
        parted[place + 1] = replace(
            other, box=replace(other.box, left=left, right=max(other.box.right, left + _SLIVER * size))
        )
    return parted


def _runs(words: Sequence[_Block]) -> Iterator[list[_Block]]:
    """The words of a line in pieces, each of which goes on to the right, if only with its end."""
    run: list[_Block] = []
    for found in words:
        word = found
        if run and word.box.left < run[-1].box.left < run[-1].box.right < word.box.right:
            word = replace(word, box=replace(word.box, left=run[-1].box.left))
        if run and word.box.left < run[-1].box.left:
            yield run
            run = []
        run.append(word)
    yield run


def _fit_baseline(words: Sequence[_Block], size: float, tilt: float) -> tuple[float, float]:
    """Slope and intercept of the line's baseline (Theil-Sen: half of the words may be off)."""
    told = [word for word in words if word.telling] or list(words)
    points = [(word.box.centre[0], word.baseline(size)) for word in told]
    slope = lean = math.tan(tilt)
    if len(points) >= 4:
        thinned = points[:: max(1, len(points) // _FITTED_WORDS)]
        slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(thinned, 2) if abs(b[0] - a[0]) > size]
        slope = max(lean - _CURL, min(lean + _CURL, median(slopes))) if slopes else lean
    return slope, median(y - slope * x for x, y in points)


def _set_line(words: Sequence[_Block], size: float, tilt: float) -> Iterator[PlacedWord]:
    slope, start = _fit_baseline(words, size, tilt)
    for place, word in enumerate(words):
        expected = start + slope * word.box.centre[0]
        off = word.baseline(size) - expected if word.telling else 0.0
        baseline = expected + math.copysign(_STRAY * size, off) if abs(off) > _STRAY * size else expected
        gap = _LAST_SPACE * size
        if place + 1 < len(words):
            gap = min(max(words[place + 1].box.left - word.box.right, _NARROWEST_SPACE * size), _WIDEST_SPACE * size)
        cut = _fitting_cut(baseline - word.box.top, baseline - word.box.bottom, size)
        yield PlacedWord(word.text, word.box.left, baseline, word.box.width, gap, size, cut)


def _fitting_cut(above: float, below: float, size: float) -> Cut:
    def misfit(cut: Cut) -> float:
        return abs(cut.ascent * size / 1000 - above) + abs(cut.descent * size / 1000 - below)

    return min(CUTS, key=misfit)
