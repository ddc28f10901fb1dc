"""How hands write digits: pen paths of many styles, drawn with a pen of changing pressure."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Path = tuple[tuple[float, float], ...]
Ink = NDArray[np.float32]

#: Pen paths of each digit in a box 60 wide and 100 high, origin top left, y down: a line a style, strokes parted by ``|``.
_DRAWN = """
0: 32,2 8,25 5,65 26,98 52,70 52,28 30,2
0: 40,6 20,2 4,35 6,75 28,98 50,70 48,25 30,0
0: 20,8 5,40 10,85 32,97 55,60 50,15 30,3 16,14 40,20
0: 50,10 30,2 6,40 10,90 36,95 54,50 44,8 60,0
0: 30,10 5,40 20,90 50,75 52,30 28,12
1: 10,25 34,2 31,50 28,100
1: 32,0 30,50 28,100
1: 12,25 33,2 32,50 31,97 | 10,98 30,97 55,97
1: 2,55 20,30 42,2 38,50 33,100
1: 0,75 20,40 45,0 40,50 36,100
1: 15,20 30,3 30,97 | 14,97 46,97
1: -5,45 18,26 42,0 37,50 30,100
1: -5,98 20,50 42,2 40,50 40,100
1: 20,12 34,0 30,50 24,95 36,98
2: 6,25 26,3 50,20 38,55 4,97 | 4,97 30,91 58,95
2: 8,20 30,3 48,24 24,70 5,93 16,80 34,97 58,90
2: 5,12 30,2 50,15 35,50 5,95 30,95 60,95
2: 10,30 12,8 36,0 52,20 34,60 10,90 2,82 14,76 36,94 62,82
2: 4,6 48,6 25,50 4,95 | 4,95 56,96
2: 12,34 20,5 44,5 50,32 20,75 6,98 34,88 56,100
2: 20,30 6,22 14,4 38,0 52,22 34,60 10,88 4,98 30,92 60,96
2: 22,24 8,28 6,10 30,0 50,16 40,48 16,78 2,92 10,98 22,86 40,96 60,86
2: 16,20 10,10 24,0 48,10 44,42 20,74 6,84 2,94 14,96 22,84 34,94 58,94
2: 24,16 14,24 8,12 26,0 50,14 46,40 14,96 36,92 62,98
3: 8,12 30,2 46,20 22,45 50,66 34,97 3,88
3: 6,5 48,4 | 48,4 24,42 52,64 34,98 4,90
3: 10,10 34,0 50,16 34,40 18,46 30,42 54,66 36,96 2,94
3: 12,14 30,2 44,22 26,44 20,50 24,40 50,62 42,105 4,110
3: 4,20 26,0 50,18 20,50 52,70 22,100 0,74
4: 30,2 18,35 3,62 | 3,62 30,60 58,58 | 42,32 39,70 36,100
4: 8,5 6,30 10,48 48,44 | 50,2 45,50 40,100
4: 44,2 5,65 | 5,65 60,65 | 44,2 42,100
4: 12,10 4,50 30,56 70,50 | 46,10 42,50 36,105
4: 40,0 10,40 5,56 30,54 62,48 | 48,20 40,60 34,105
4: 36,5 6,45 28,55 50,8 42,50 36,100 | 28,56 66,50
4: 10,8 4,42 24,50 48,36 52,4 46,50 42,100
4: 12,0 5,45 14,62 46,50 | 50,20 46,60 42,102
4: 20,2 4,58 50,60 | 42,25 36,100
5: 16,6 12,42 36,40 50,66 34,96 4,90 | 16,6 34,5 54,3
5: 54,4 18,6 12,42 38,42 50,70 30,98 3,88
5: 20,12 14,46 40,48 46,80 20,102 0,90 | 20,8 40,6 72,-2
5: 50,0 20,10 12,40 44,58 40,90 6,98
5: 14,10 10,44 30,40 48,56 40,90 14,100 0,86 | 22,2 60,4
6: 42,2 14,38 7,78 28,98 48,76 30,54 10,74
6: 34,0 12,40 8,85 30,98 50,78 36,58 12,68
6: 50,8 30,3 8,40 10,85 30,97 50,72 28,55 10,70
6: 20,0 10,45 12,90 36,96 48,72 30,60 12,80 22,95
6: 46,-5 20,30 6,70 20,100 46,86 42,62 18,66 14,86
7: 5,10 28,5 54,5 | 54,5 34,45 22,100
7: 5,10 28,5 52,5 | 52,5 32,45 20,100 | 14,52 46,46
7: 6,24 10,6 30,10 56,2 36,45 26,100 | 12,54 56,48
7: 4,20 12,6 34,10 54,0 40,40 28,100
7: 10,22 20,4 34,10 50,4 36,50 28,102 | 10,50 62,50
7: 2,6 50,6 40,30 30,100 | 20,50 52,48
8: 46,14 26,2 10,20 30,46 50,74 28,98 6,76 30,46 48,18
8: 30,2 12,20 30,45 48,20 30,2 | 30,45 6,72 30,98 52,72 30,45
8: 54,8 30,0 12,18 34,46 46,76 22,100 6,78 26,50 58,6
8: 28,46 12,20 32,0 48,20 28,46 6,74 22,98 44,80 30,48
9: 48,24 28,3 8,24 24,48 46,28 44,66 30,100
9: 48,20 26,2 6,26 20,50 46,30 50,4 48,50 46,100
9: 44,12 20,4 6,30 24,48 46,20 48,60 34,98 6,90
9: 46,10 16,6 8,36 34,44 48,12 42,70 20,108 2,98
9: 50,18 30,0 10,22 30,44 50,16 36,60 24,100
"""


def _parse(drawn: str) -> dict[str, tuple[tuple[Path, ...], ...]]:
    styles: dict[str, tuple[tuple[Path, ...], ...]] = dict.fromkeys("0123456789", ())
    for line in drawn.strip().splitlines():
        digit, strokes = line.split(": ")
        paths = tuple(
            tuple((int(x) / 100, int(y) / 100) for x, y in (point.split(",") for point in stroke.split()))
            for stroke in strokes.split("|")
        )
        styles[digit] = (*styles[digit], paths)
    return styles


STYLES = _parse(_DRAWN)


@dataclass(frozen=True, slots=True)
class Writer:
    """One hand: which style it writes each digit in, how it leans, how thick and how shaky its pen is."""

    styles: tuple[int, ...]
    slant: float
    width: float
    pen: float
    shake: float
    pressure: float


def draw_writer(chance: np.random.Generator) -> Writer:
    """A writer at random."""
    styles = tuple(int(chance.integers(len(STYLES[digit]))) for digit in "0123456789")
    return Writer(
        styles,
        slant=float(chance.normal(0.14, 0.19)),
        width=float(chance.uniform(0.7, 1.25)),
        pen=float(chance.uniform(0.045, 0.14)),
        shake=float(chance.uniform(0.01, 0.05)),
        pressure=float(chance.uniform(0.0, 0.45)),
    )


def write_digit(
    chance: np.random.Generator, canvas: Ink, digit: str, place: tuple[float, float, float], writer: Writer
) -> float:
    """Write ``digit`` with its left at x on the baseline y, ``height`` pixels tall (``place``); its right edge."""
    x, y, height = place
    style = writer.styles[int(digit)] if chance.random() < 0.9 else int(chance.integers(len(STYLES[digit])))
    stretch = writer.width * chance.uniform(0.88, 1.12)
    tilt = writer.slant + chance.normal(0, 0.04)
    paths = [np.array(path) + chance.normal(0, writer.shake, (len(path), 2)) for path in STYLES[digit][style]]
    leftmost = min(float((path[:, 0] * stretch + (1 - path[:, 1]) * tilt).min()) for path in paths)
    right = x
    for path in paths:
        curve = _smooth(path)
        xs = x + (curve[:, 0] * stretch + (1 - curve[:, 1]) * tilt - leftmost) * height
        ys = y - (1 - curve[:, 1]) * height
        right = max(right, float(xs.max()))
        _stroke(chance, canvas, np.stack([xs, ys], axis=1), writer.pen * height, writer.pressure)
    return right


def _smooth(path: NDArray[np.float64], steps: int = 6) -> NDArray[np.float64]:
    if len(path) < 3:
        return path
    padded = np.vstack([path[:1], path, path[-1:]])
    t = (np.arange(steps) / steps)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        bend = 2 * a - 5 * b + 4 * c - d
        parts.append(0.5 * (2 * b + (c - a) * t + bend * t * t + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*parts, path[-1:]])


def _stroke(chance: np.random.Generator, canvas: Ink, curve: NDArray[np.float64], pen: float, pressure: float) -> None:
    fixed = np.round(curve * 16).astype(np.int32)
    if pressure < 0.1:
        cv2.polylines(canvas, [fixed], False, 1.0, max(1, round(pen)), cv2.LINE_AA, 4)
        return
    phase, rate = chance.uniform(0, 6.3), chance.uniform(0.2, 0.6)
    for at in range(len(fixed) - 1):
        width = pen * (1 + pressure * np.sin(phase + rate * at))
        cv2.line(canvas, fixed[at].tolist(), fixed[at + 1].tolist(), 1.0, max(1, round(width)), cv2.LINE_AA, 4)
