"""Boxes in scan pixels and the maps that lead back to the scan: affine ones, and those of a camera held askew."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import overload


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels of the scan as submitted; origin top left, right and bottom exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in pixels, never negative."""
        return max(0.0, self.right - self.left)

    @property
    def height(self) -> float:
        """Height in pixels, never negative."""
        return max(0.0, self.bottom - self.top)

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        """The middle as (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def intersection(self, other: Box) -> Box:
        """The part both share; a box without area where they are apart."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0..1."""
        shared = self.intersection(other).area
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0

    def grown(self, by: float) -> Box:
        """The same box with every side moved outwards by ``by`` pixels."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all ``boxes``; raises ``ValueError`` where there are none."""
    found = list(boxes)
    return Box(
        min([box.left for box in found]),
        min([box.top for box in found]),
        max([box.right for box in found]),
        max([box.bottom for box in found]),
    )


@dataclass(frozen=True, slots=True)
class Affine:
    """The map ``x' = a·x + b·y + c``, ``y' = d·x + e·y + f`` between two pixel grids."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    @classmethod
    def scale(cls, x: float, y: float | None = None) -> Affine:
        """A map that stretches x by ``x`` and y by ``y`` (by ``x`` too where ``y`` is left out)."""
        return cls(a=x, e=x if y is None else y)

    @classmethod
    def shift(cls, x: float, y: float) -> Affine:
        """A map that moves every point by (x, y)."""
        return cls(c=x, f=y)

    @classmethod
    def rotation(cls, degrees: float, x: float = 0.0, y: float = 0.0) -> Affine:
        """A clockwise turn, as the eye sees it on a grid whose y runs down, around (x, y)."""
        turn = math.radians(degrees)
        cos, sin = math.cos(turn), math.sin(turn)
        return cls(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Where the point (x, y) lands."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    @overload
    def then(self, after: Affine) -> Affine: ...

    @overload
    def then(self, after: Homography) -> Homography: ...

    def then(self, after: Affine | Homography) -> Affine | Homography:
        """One map that does this one first and ``after`` second."""
        if isinstance(after, Homography):
            return Homography(self.rows).then(after)
        return Affine(
            after.a * self.a + after.b * self.d,
            after.a * self.b + after.b * self.e,
            after.a * self.c + after.b * self.f + after.c,
            after.d * self.a + after.e * self.d,
            after.d * self.b + after.e * self.e,
            after.d * self.c + after.e * self.f + after.f,
        )

    @property
    def rows(self) -> tuple[float, ...]:
        """Its 3 × 3 matrix, row by row."""
        return self.a, self.b, self.c, self.d, self.e, self.f, 0.0, 0.0, 1.0

    def near(self, x: float, y: float) -> Affine:
        """The affine map that does the same around (x, y): this one."""
        return self

    def inverse(self) -> Affine:
        """The way back; raises ``ZeroDivisionError`` for a map that flattens the plane."""
        det = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def map_box(self, box: Box) -> Box:
        """The smallest upright box around where ``box`` lands."""
        across, down = (self.a * box.left, self.a * box.right), (self.b * box.top, self.b * box.bottom)
        aside, below = (self.d * box.left, self.d * box.right), (self.e * box.top, self.e * box.bottom)
        return Box(
            min(across) + min(down) + self.c,
            min(aside) + min(below) + self.f,
            max(across) + max(down) + self.c,
            max(aside) + max(below) + self.f,
        )


@dataclass(frozen=True, slots=True)
class Homography:
    """A map of the plane as a camera makes it, straight lines staying straight; ``rows`` of its 3 × 3 matrix, row by row."""

    rows: tuple[float, ...]

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Where the point (x, y) lands; raises ``ZeroDivisionError`` on the horizon."""
        a, b, c, d, e, f, g, h, i = self.rows
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def then(self, after: Affine | Homography) -> Homography:
        """One map that does this one first and ``after`` second."""
        second = after.rows
        return Homography(
            tuple(
                sum(second[3 * row + k] * self.rows[3 * k + column] for k in range(3))
                for row in range(3)
                for column in range(3)
            )
        )

    def inverse(self) -> Homography:
        """The way back; raises ``ZeroDivisionError`` for a map that flattens the plane."""
        a, b, c, d, e, f, g, h, i = self.rows
        det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
        adjugate = (
            e * i - f * h, c * h - b * i, b * f - c * e,
            f * g - d * i, a * i - c * g, c * d - a * f,
            d * h - e * g, b * g - a * h, a * e - b * d,
        )  # fmt: skip
        return Homography(tuple(cofactor / det for cofactor in adjugate))

    def near(self, x: float, y: float) -> Affine:
        """The affine map that does the same around (x, y)."""
        a, b, _, d, e, _, g, h, i = self.rows
        depth = g * x + h * y + i
        u, v = self.apply(x, y)
        p, q, r, s = (a - g * u) / depth, (b - h * u) / depth, (d - g * v) / depth, (e - h * v) / depth
        return Affine(p, q, u - p * x - q * y, r, s, v - r * x - s * y)

    def map_box(self, box: Box) -> Box:
        """The smallest upright box around where ``box`` lands."""
        return _hull_of([self.apply(x, y) for x, y in _corners(box)])


#: A way from one pixel grid to another.
Way = Affine | Homography


def _corners(box: Box) -> tuple[tuple[float, float], ...]:
    return (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)


def _hull_of(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
