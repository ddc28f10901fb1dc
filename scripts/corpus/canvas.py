"""A sheet of paper as a list of marks in points; what stands on it, apart from how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scripts.corpus import fonts

Colour = tuple[int, int, int]
Point = tuple[float, float]
#: print: typed text, part of the truth · ink: written by hand, part of the truth · over: typed, absent from a text layer ·
#: stamp, overlay: beside the document's own text, kept apart in the truth.
Kind = Literal["print", "ink", "over", "stamp", "overlay"]

A4 = (595.28, 841.89)
BLACK: Colour = (24, 23, 26)
RED: Colour = (206, 32, 41)
BLUE: Colour = (32, 52, 150)


@dataclass(frozen=True, slots=True)
class Style:
    """A face at a size in points, with its colour."""

    family: str
    size: float
    bold: bool = False
    italic: bool = False
    colour: Colour = BLACK

    def width(self, text: str) -> float:
        """Width of ``text`` in points."""
        return self.size * fonts.width_of(text, self.family, self.bold, self.italic)

    def but(self, *, size: float | None = None, bold: bool | None = None, italic: bool | None = None) -> Style:
        """The same style with the named traits changed."""
        return replace(
            self,
            size=self.size if size is None else size,
            bold=self.bold if bold is None else bold,
            italic=self.italic if italic is None else italic,
        )

    def coloured(self, colour: Colour) -> Style:
        """The same style in another colour."""
        return replace(self, colour=colour)


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word standing on its baseline."""

    text: str
    x: float
    baseline: float
    style: Style
    line: int
    kind: Kind = "print"


@dataclass(frozen=True, slots=True)
class Strokes:
    """Pen strokes; ``text`` names what they write, empty for a signature."""

    paths: tuple[tuple[Point, ...], ...]
    width: float
    colour: Colour
    line: int = -1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line; ``dash`` is the length of dashes and gaps in points, 0 for an unbroken one."""

    start: Point
    end: Point
    width: float = 0.6
    colour: Colour = BLACK
    dash: float = 0.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle, filled, outlined or both, its corners rounded by ``radius`` points."""

    left: float
    top: float
    right: float
    bottom: float
    fill: Colour | None = None
    outline: Colour | None = None
    width: float = 0.8
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Seal:
    """A round seal: words around the ring, words in the middle."""

    centre: Point
    radius: float
    ring: str
    middle: tuple[str, ...]
    family: str
    colour: Colour = RED
    angle: float = 0.0
    grain: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """An image put on the sheet; pixels are RGB."""

    left: float
    top: float
    right: float
    bottom: float
    pixels: NDArray[np.uint8]


Mark = Word | Strokes | Rule | Panel | Seal | Picture


@dataclass(slots=True)
class Sheet:
    """One page: its size in points, its marks in drawing order and its text, line by line in reading order."""

    width: float = A4[0]
    height: float = A4[1]
    marks: list[Mark] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    drawn_lines: int = 0

    def next_line(self) -> int:
        """The number of a fresh visual line."""
        self.drawn_lines += 1
        return self.drawn_lines - 1

    def put(self, mark: Mark) -> None:
        """Puts ``mark`` on top of the others."""
        self.marks.append(mark)

    def print_words(self, text: str, at: Point, style: Style, kind: Kind = "print", line: int | None = None) -> float:
        """Sets the words of ``text`` from the point ``at`` on a baseline; where they end, in points."""
        x, baseline = at
        number = self.next_line() if line is None else line
        for index, word in enumerate(text.split()):
            x += style.width(" ") if index else 0.0
            self.put(Word(word, x, baseline, style, number, kind))
            x += style.width(word)
        return x
