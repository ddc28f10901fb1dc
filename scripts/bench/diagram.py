"""Reliability diagrams as SVG: mean confidence across, share right upwards; on the diagonal a confidence keeps its word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from scripts.bench.reliability import Bin, Judged

WIDTH, HEIGHT, SIDE, TOP = 860, 480, 340, 50
#: Where confidences are read closely: nearly all words are there.
CLOSE = 0.8
#: A bin of fewer words has no point: its share says nothing.
FEWEST = 10
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
INK, FAINT = "#333333", "#cccccc"


@dataclass(frozen=True, slots=True)
class Panel:
    """A square with its left edge at ``left``, whose both axes run from ``low`` to 1."""

    left: float
    low: float
    step: float

    def x(self, value: float) -> float:
        """The place of a confidence."""
        return self.left + SIDE * (value - self.low) / (1 - self.low)

    def y(self, value: float) -> float:
        """The place of a share; one below the axis stands on it."""
        return TOP + SIDE * (1 - max(value, self.low)) / (1 - self.low)

    @property
    def ticks(self) -> list[float]:
        """The values that are named at the axes."""
        count = round((1 - self.low) / self.step)
        return [self.low + place * self.step for place in range(count + 1)]


def draw_reliability(judged: Mapping[str, Judged]) -> str:
    """An SVG of two panels: ten bins of equal width, and closely from 0.8 on; the last of ``judged`` holds all words.

    The left panel has bars for all words with their numbers, both panels have a line for each set, through the bins of
    ten words or more.
    """
    whole, close = Panel(70, 0.0, 0.2), Panel(70 + SIDE + 90, CLOSE, 0.05)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        "<title>Reliability of word confidence</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_frame(whole, "all confidences, ten bins"),
        *_frame(close, f"from {CLOSE:g} on; a point below the panel stands on its edge"),
    ]
    if judged:
        parts += _bars(whole, list(judged.values())[-1].equal_bins(10))
    for place, (name, one) in enumerate(judged.items()):
        colour = INK if place == len(judged) - 1 else COLOURS[place % len(COLOURS)]
        parts += _line(whole, one.equal_bins(10), colour)
        parts += _line(close, [part for part in one.bins() if part.mean >= CLOSE], colour)
        parts += _key(place, f"{name} ({len(one)} words)", colour)
    return "\n".join([*parts, "</svg>\n"])


def _frame(panel: Panel, title: str) -> Iterator[str]:
    left, right, bottom = panel.left, panel.left + SIDE, TOP + SIDE
    yield f'<text x="{left}" y="{TOP - 30}" font-weight="bold" fill="{INK}">{escape(title)}</text>'
    for value in panel.ticks:
        x, y = panel.x(value), panel.y(value)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}M{left} {y:.1f}H{right}" stroke="{FAINT}" stroke-width="0.5"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" fill="{INK}">{value:.2g}</text>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{INK}">{value:.2g}</text>'
    yield f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{INK}"/>'
    yield f'<path d="M{left} {bottom}L{right} {TOP}" stroke="{INK}" stroke-dasharray="4 4"/>'
    yield f'<text x="{left + SIDE / 2}" y="{bottom + 34}" text-anchor="middle" fill="{INK}">confidence</text>'
    middle = TOP + SIDE / 2
    yield f'<text transform="translate({left - 40} {middle}) rotate(-90)" text-anchor="middle" fill="{INK}">share right</text>'


def _bars(panel: Panel, bins: Sequence[Bin]) -> Iterator[str]:
    for one in bins:
        left, right, top = panel.x(one.low), panel.x(one.high), panel.y(one.right)
        height = TOP + SIDE - top
        yield (
            f'<rect x="{left + 1:.1f}" y="{top:.1f}" width="{right - left - 2:.1f}" height="{height:.1f}" '
            f'fill="{FAINT}" fill-opacity="0.6"/>'
        )
        at = f'x="{(left + right) / 2:.1f}" y="{TOP - 6}"'
        yield f'<text {at} text-anchor="middle" font-size="10" fill="{INK}">{one.count}</text>'


def _line(panel: Panel, bins: Sequence[Bin], colour: str) -> Iterator[str]:
    places = [(panel.x(one.mean), panel.y(one.right)) for one in bins if one.count >= FEWEST]
    along = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{along}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def _key(place: int, text: str, colour: str) -> Iterator[str]:
    x, y = 70 + 195 * (place % 4), HEIGHT - 26 + 20 * (place // 4)
    yield f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{colour}"/>'
    yield f'<text x="{x + 10}" y="{y}" fill="{INK}">{escape(text)}</text>'
