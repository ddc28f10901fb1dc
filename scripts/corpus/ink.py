"""What a hand adds to a page: digits and signatures in strokes, round seals, stamps."""

from __future__ import annotations

import math

from scripts.corpus.canvas import BLUE, RED, Colour, Panel, Point, Seal, Sheet, Strokes, Style
from scripts.corpus.chance import Chance

#: Pen paths of each digit in a box 0.6 wide and 1 high, origin top left; several ways of writing where hands differ.
DIGITS: dict[str, tuple[tuple[tuple[Point, ...], ...], ...]] = {
    "0": ((((0.32, 0.02), (0.08, 0.28), (0.06, 0.68), (0.26, 0.98), (0.5, 0.72), (0.5, 0.28), (0.3, 0.03)),),),
    "1": ((((0.12, 0.24), (0.34, 0.02), (0.31, 0.5), (0.28, 1.0)),), (((0.32, 0.0), (0.3, 0.5), (0.27, 1.0)),)),
    "2": (
        (((0.06, 0.25), (0.26, 0.03), (0.5, 0.2), (0.38, 0.55), (0.04, 0.97)), ((0.04, 0.97), (0.3, 0.91), (0.58, 0.95))),
        (((0.08, 0.2), (0.3, 0.03), (0.48, 0.24), (0.24, 0.7), (0.05, 0.93), (0.16, 0.8), (0.34, 0.97), (0.58, 0.9)),),
    ),
    "3": (
        (((0.08, 0.12), (0.3, 0.02), (0.46, 0.2), (0.22, 0.45), (0.5, 0.66), (0.34, 0.97), (0.03, 0.88)),),
        (((0.06, 0.05), (0.48, 0.04)), ((0.48, 0.04), (0.24, 0.42), (0.52, 0.64), (0.34, 0.98), (0.04, 0.9))),
    ),
    "4": (
        (
            ((0.3, 0.02), (0.18, 0.35), (0.03, 0.62)),
            ((0.03, 0.62), (0.3, 0.6), (0.58, 0.58)),
            ((0.42, 0.32), (0.39, 0.7), (0.36, 1.0)),
        ),
        (((0.08, 0.05), (0.06, 0.3), (0.1, 0.48), (0.48, 0.44)), ((0.5, 0.02), (0.45, 0.5), (0.4, 1.0))),
    ),
    "5": (
        (
            ((0.16, 0.06), (0.12, 0.42), (0.36, 0.4), (0.5, 0.66), (0.34, 0.96), (0.04, 0.9)),
            ((0.16, 0.06), (0.34, 0.05), (0.54, 0.03)),
        ),
    ),
    "6": ((((0.42, 0.02), (0.14, 0.38), (0.07, 0.78), (0.28, 0.98), (0.48, 0.76), (0.3, 0.54), (0.1, 0.74)),),),
    "7": (
        (((0.05, 0.1), (0.28, 0.05), (0.54, 0.05)), ((0.54, 0.05), (0.34, 0.45), (0.22, 1.0))),
        (((0.05, 0.1), (0.28, 0.05), (0.52, 0.05)), ((0.52, 0.05), (0.32, 0.45), (0.2, 1.0)), ((0.14, 0.52), (0.46, 0.46))),
    ),
    "8": (
        (
            (
                (0.46, 0.14),
                (0.26, 0.02),
                (0.1, 0.2),
                (0.3, 0.46),
                (0.5, 0.74),
                (0.28, 0.98),
                (0.06, 0.76),
                (0.3, 0.46),
                (0.48, 0.18),
            ),
        ),
    ),
    "9": ((((0.48, 0.24), (0.28, 0.03), (0.08, 0.24), (0.24, 0.48), (0.46, 0.28), (0.44, 0.66), (0.3, 1.0)),),),
    "/": ((((0.5, 0.0), (0.3, 0.5), (0.1, 1.0)),),),
}
INK_COLOURS: tuple[Colour, ...] = ((22, 38, 128), (30, 30, 36), (18, 24, 60), (44, 66, 168))


def _smoothed(points: tuple[Point, ...], steps: int = 7) -> list[Point]:
    """The points and ``steps`` more on a Catmull-Rom curve between each two."""
    if len(points) < 3:
        return list(points)
    padded = (points[0], *points, points[-1])
    path: list[Point] = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            path.append(
                (
                    _spline(before[0], start[0], end[0], after[0], t),
                    _spline(before[1], start[1], end[1], after[1], t),
                )
            )
    return [*path, points[-1]]


def _spline(before: float, start: float, end: float, after: float, t: float) -> float:
    bend = 2 * before - 5 * start + 4 * end - after
    return 0.5 * (2 * start + (end - before) * t + bend * t * t + (3 * start - before - 3 * end + after) * t**3)


def ink_width(text: str, height: float) -> float:
    """Width in points that ``write_digits`` takes for ``text``."""
    return len(text) * height * 0.58


def write_digits(chance: Chance, text: str, at: Point, height: float, line: int, colour: Colour | None = None) -> Strokes:
    """``text`` (digits and slashes) written by a pen from the point ``at`` on the baseline, ``height`` points tall."""
    slant, squeeze = chance.between(-0.02, 0.2), chance.between(0.78, 0.98)
    paths: list[tuple[Point, ...]] = []
    for index, letter in enumerate(text):
        left = at[0] + index * height * 0.58 + chance.between(-0.02, 0.03) * height
        drop, scale = chance.between(-0.05, 0.08) * height, height * chance.between(0.9, 1.08)
        for stroke in chance.pick(DIGITS[letter]):
            shaken = tuple((x + chance.between(-0.025, 0.025), y + chance.between(-0.025, 0.025)) for x, y in stroke)
            paths.append(
                tuple(
                    (left + (x * squeeze + (1 - y) * slant) * scale, at[1] + drop - (1 - y) * scale)
                    for x, y in _smoothed(shaken)
                )
            )
    pen = height * chance.between(0.055, 0.085)
    return Strokes(tuple(paths), pen, colour or chance.pick(INK_COLOURS), line, text)


def sign(chance: Chance, centre: Point, width: float) -> Strokes:
    """A signature about ``width`` points wide around ``centre``, in blue or, seldom, black ink."""
    height, lean = width * chance.between(0.28, 0.5), chance.between(0.05, 0.3)
    initial = [(-0.5, 0.3), (-0.4, -0.75), (-0.28, -0.9), (-0.36, 0.15), (-0.44, 0.6), (-0.3, 0.35)]
    initial.append((-0.2, chance.between(-0.5, 0.2)))
    waves = chance.whole(2, 6)
    points = [(x + chance.between(-0.05, 0.05), y + chance.between(-0.2, 0.2)) for x, y in initial]
    for index in range(waves):
        fade, middle = 1 - 0.75 * index / waves, -0.16 + 0.62 * index / waves
        points.append((middle + chance.between(0.0, 0.05), -chance.between(0.05, 0.55) * fade))
        if chance.odds(0.25):
            points.append((middle + 0.11, -chance.between(0.5, 1.0) * fade))
            points.append((middle + 0.02, -chance.between(0.1, 0.3)))
        points.append((middle + chance.between(0.04, 0.12), chance.between(-0.05, 0.3) * fade))
    points.append((chance.between(0.5, 0.8), chance.between(-0.6, 0.15)))
    drop = chance.between(0.35, 0.7)
    swash = [(chance.between(0.2, 0.6), drop - 0.1), (-0.1, drop), (-0.45, drop + 0.1), (0.0, drop - 0.15)]
    swash.append((0.65, drop - chance.between(0.2, 0.6)))
    strokes = [points, swash] if chance.odds(0.6) else [points]
    paths = [tuple((centre[0] + (x - lean * y) * width, centre[1] + y * height) for x, y in stroke) for stroke in strokes]
    colour = BLUE if chance.odds(0.85) else (28, 28, 34)
    return Strokes(tuple(tuple(_smoothed(path)) for path in paths), chance.between(0.8, 1.4), colour)


def stamp_seal(chance: Chance, centre: Point, ring: str, family: str, middle: tuple[str, ...] = ()) -> Seal:
    """A red seal 34-37 mm wide, slightly turned."""
    shade = chance.whole(-14, 14)
    colour = (RED[0] + shade, RED[1] + chance.whole(-8, 16), RED[2] + chance.whole(-8, 16))
    return Seal(
        centre, chance.between(48, 52), ring, middle, family, colour, chance.between(-0.25, 0.25), chance.whole(1, 10**6)
    )


def stamp_arrival(chance: Chance, sheet: Sheet, at: Point, family: str, date_text: str) -> None:
    """An incoming stamp (dấu đến): a box with ĐẾN, number and day in ink, its top left corner at ``at``."""
    left, top = at
    colour = chance.pick(((188, 40, 52), (52, 62, 150)))
    style = Style(family, 9.0, bold=True, colour=colour)
    width, height = 132.0, 52.0
    sheet.put(Panel(left, top, left + width, top + height, outline=colour, width=1.0))
    sheet.print_words("CÔNG VĂN ĐẾN", (left + 30, top + 13), style, "stamp")
    number = sheet.next_line()
    end = sheet.print_words("Số:", (left + 6, top + 30), style.but(bold=False), "stamp", number)
    digits = str(chance.whole(11, 4980))
    strokes = write_digits(chance, digits, (end + 5, top + 30), 11, -1)
    sheet.put(Strokes(strokes.paths, strokes.width, strokes.colour))
    end = sheet.print_words("Ngày:", (left + 6, top + 46), style.but(bold=False), "stamp", sheet.next_line())
    strokes = write_digits(chance, date_text, (end + 4, top + 46), 9.5, -1)
    sheet.put(Strokes(strokes.paths, strokes.width, strokes.colour))


def bend(centre: Point, radius: float, angle: float) -> Point:
    """The point at ``angle`` (radians, clockwise from the top) on a circle."""
    return centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle)
