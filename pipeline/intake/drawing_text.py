"""Text objects retold as the outlines of their letters (ISO 32000-1, 9.3 and 9.4)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf

from pipeline.domain.drawings import DrawnGlyph
from pipeline.intake.drawing_fonts import DrawnFont
from pipeline.intake.drawing_rules import (
    IDENTITY,
    Matrix,
    UndrawableError,
    as_number,
    numbers_of,
    show_matrix,
    show_number,
    then,
)
from pipeline.intake.drawing_type3 import Type3Font

#: A font, or why nothing can be drawn in it.
AnyFont = DrawnFont | Type3Font | UndrawableError

_INVISIBLE = 3
#: How each mode of rendering paints an outline; clipping to letters is not retold.
_PAINT = {0: "f", 1: "S", 2: "B"}
#: A glyph is worth an object of its own where its calls times its signs (those beyond ``_LONG`` weigh no more) exceed this.
_OFTEN, _LONG = 2400, 600
#: Units of the font around an outline that lines along it may need.
_ROOM = 200
_SETTINGS = {"Tc": "spacing", "Tw": "word_spacing", "TL": "leading", "Ts": "rise"}


@dataclass(slots=True)
class Glyphs:
    """The letters of a page that are drawn again and again, by the operators that draw them."""

    known: dict[str, int] = field(default_factory=dict)
    calls: Counter[int] = field(default_factory=Counter)

    def call(self, operators: str) -> str:
        """What draws ``operators`` here: a call of the glyph they become, until :meth:`settle` knows better."""
        number = self.known.setdefault(operators, len(self.known))
        self.calls[number] += 1
        return f"/G{number} Do"

    def settle(self, told: str) -> tuple[str, tuple[DrawnGlyph, ...]]:
        """``told`` with glyphs of few calls spelt out, and the others in the order of their names."""
        texts = list(self.known)
        often = [number for number, text in enumerate(texts) if self.calls[number] * min(len(text), _LONG) > _OFTEN]
        names = {number: place for place, number in enumerate(often)}

        def spell(call: re.Match[str]) -> str:
            number = int(call[1])
            return f"/G{names[number]} Do" if number in names else texts[number]

        glyphs = tuple(DrawnGlyph(texts[number], _box_of(texts[number])) for number in often)
        return re.sub(r"/G(\d+) Do", spell, told), glyphs


def _box_of(operators: str) -> tuple[int, int, int, int]:
    """The box of all points of a path, with room for a line along it."""
    numbers = [int(part) for part in operators.split() if part.lstrip("-").isdigit()]
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs) - _ROOM, min(ys) - _ROOM, max(xs) + _ROOM, max(ys) + _ROOM


@dataclass(slots=True)
class TextState:
    """The state of text; ``scale`` is the horizontal one, 1 for 100 %."""

    font: AnyFont | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    matrix: Matrix = IDENTITY
    line: Matrix = IDENTITY

    def step(self, name: str, operands: Sequence[object], line_width: float, glyphs: Glyphs) -> str | None:
        """What an operator of text draws, empty where it only sets something; None where it is none of text."""
        if name in _SETTINGS:
            setattr(self, _SETTINGS[name], numbers_of(operands, 1)[0])
        elif name in ("BT", "ET"):
            self.matrix = self.line = IDENTITY
        elif name == "Tz":
            self.scale = numbers_of(operands, 1)[0] / 100
        elif name == "Tr":
            self.mode = int(numbers_of(operands, 1)[0])
        elif name in ("Td", "TD"):
            x, y = numbers_of(operands, 2)
            self.leading = -y if name == "TD" else self.leading
            self._move(x, y)
        elif name == "Tm":
            a, b, c, d, e, f = numbers_of(operands, 6)
            self.matrix = self.line = (a, b, c, d, e, f)
        elif name == "T*":
            self._move(0, -self.leading)
        else:
            return self._shown(name, list(operands), line_width, glyphs)
        return ""

    def _shown(self, name: str, operands: list[object], line_width: float, glyphs: Glyphs) -> str | None:
        if name == '"' and len(operands) == 3:
            self.word_spacing, self.spacing = as_number(operands[0]), as_number(operands[1])
            operands = operands[2:]
        if name in ("'", '"'):
            self._move(0, -self.leading)
        elif name not in ("Tj", "TJ"):
            return None
        if len(operands) != 1:
            raise UndrawableError("broken_content")
        pieces = list(operands[0]) if name == "TJ" and isinstance(operands[0], pikepdf.Array) else operands
        return self._draw(pieces, line_width, glyphs)

    def _move(self, x: float, y: float) -> None:
        self.matrix = self.line = then((1, 0, 0, 1, x, y), self.line)

    def _draw(self, pieces: Sequence[object], line_width: float, glyphs: Glyphs) -> str:
        font = self.font
        if font is None:
            raise UndrawableError("missing_resource")
        if self.mode == _INVISIBLE or self.size == 0 or self.scale == 0:
            return ""
        if self.mode not in _PAINT:
            raise UndrawableError("text_clip")
        if isinstance(font, UndrawableError):
            raise font
        unit = self.size / font.units
        place = then((unit * self.scale, 0, 0, unit, 0, self.rise), self.matrix)
        drawn, across = [], 0.0
        before = 0.0
        for path, advance in self._glyphs(pieces, font):
            if path:
                if across != before:
                    drawn.append(f"1 0 0 1 {show_number(across - before, 2)} 0 cm")
                drawn.append(glyphs.call(f"{path}\n{_PAINT[self.mode]}"))
                before = across
            across += advance
        self.matrix = then((1, 0, 0, 1, across * unit * self.scale, 0), self.matrix)
        if not drawn:
            return ""
        return "\n".join(["q", show_matrix(place), *self._stroke(place, line_width), *drawn, "Q"])

    def _stroke(self, place: Matrix, line_width: float) -> Iterator[str]:
        """The width of lines in units of the font, where outlines are drawn along."""
        if self.mode == 0:
            return
        grown = math.sqrt(abs(place[0] * place[3] - place[1] * place[2]))
        yield f"{show_number(line_width / max(grown, 1e-9))} w"

    def _glyphs(self, pieces: Sequence[object], font: DrawnFont | Type3Font) -> Iterator[tuple[str, float]]:
        """Outline and advance of each letter, in units of the font; gaps of a TJ have no outline."""
        for piece in pieces:
            if not isinstance(piece, pikepdf.String):
                yield "", -as_number(piece) * font.units / 1000
                continue
            for code, width, is_space in font.codes(bytes(piece)):
                more = self.spacing + (self.word_spacing if is_space else 0)
                yield font.outline(code), (width + more / self.size) * font.units
