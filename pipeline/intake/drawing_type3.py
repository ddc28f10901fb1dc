"""Letters of Type 3 fonts, where each is one filled outline, as browsers write them (ISO 32000-1, 9.6.5)."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf

from pipeline.intake.drawing_rules import (
    MOST_BYTES,
    Matrix,
    UndrawableError,
    as_number,
    bytes_of,
    matrix_of,
    numbers_of,
    show_number,
)

#: Units of the em square that outlines are given in.
UNITS = 1000.0
_MOST_STEPS = 5000
_COUNTS = {"m": 1, "l": 1, "c": 3}
_FILLS = frozenset({"f", "F"})


class Type3Font:
    """A font whose letters are content streams; only those that fill one outline can be drawn as others are."""

    composite = False
    units = UNITS

    def __init__(self, font: pikepdf.Object) -> None:
        self._matrix = matrix_of(font.get("/FontMatrix"))
        self._procs = {code: font.CharProcs.get("/" + name) for code, name in _named(font.get("/Encoding"))}
        first = int(font.get("/FirstChar", 0))
        self._widths = {first + place: as_number(width) for place, width in enumerate(font.get("/Widths", []))}
        self._paths: dict[int, str] = {}

    def codes(self, data: bytes) -> Iterator[tuple[int, float, bool]]:
        """Codes of a string, each with its width in parts of the font size, and whether word spacing follows it."""
        for code in data:
            yield code, self._widths.get(code, 0.0) * self._matrix[0], code == 0x20

    def outline(self, code: int) -> str:
        """The path that shows ``code``, in ``UNITS``; raises ``UndrawableError`` where it is more than a filled path."""
        if code not in self._paths:
            self._paths[code] = _outline(self._procs.get(code), self._matrix)
        return self._paths[code]


def _named(encoding: pikepdf.Object | None) -> Iterator[tuple[int, str]]:
    code = 0
    for item in encoding.get("/Differences", []) if isinstance(encoding, pikepdf.Dictionary) else []:
        if isinstance(item, pikepdf.Name):
            yield code, str(item)[1:]
            code += 1
        else:
            code = int(item)


def _outline(proc: pikepdf.Object | None, matrix: Matrix) -> str:
    if proc is None:
        return ""
    bytes_of(proc, MOST_BYTES)
    parts: list[str] = []
    filled = False
    for place, instruction in enumerate(pikepdf.parse_content_stream(proc)):
        name = str(instruction.operator)
        if place > _MOST_STEPS or isinstance(instruction, pikepdf.ContentStreamInlineImage):
            raise UndrawableError("font_type3")
        if name in ("d0", "d1", "q", "Q", "n"):
            continue
        if filled or name not in (*_COUNTS, *_FILLS, "h", "re"):
            raise UndrawableError("font_type3")
        filled = name in _FILLS
        if not filled:
            parts.append(_path_step(name, list(instruction.operands), matrix))
    return "\n".join(parts) if filled else ""


def _path_step(name: str, operands: list[object], matrix: Matrix) -> str:
    if name == "h":
        return "h"
    if name == "re":
        x, y, width, height = numbers_of(operands, 4)
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        first, *others = (_shown(corner, matrix) for corner in corners)
        return "\n".join([f"{first} m", *(f"{corner} l" for corner in others), "h"])
    numbers = numbers_of(operands, 2 * _COUNTS[name])
    return " ".join([*(_shown(point, matrix) for point in zip(numbers[::2], numbers[1::2], strict=True)), name])


def _shown(point: tuple[float, float], matrix: Matrix) -> str:
    a, b, c, d, e, f = matrix
    x, y = point
    return f"{show_number(UNITS * (a * x + c * y + e), 0)} {show_number(UNITS * (b * x + d * y + f), 0)}"
