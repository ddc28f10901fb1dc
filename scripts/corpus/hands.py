"""Values of forms written by hand: one digit in each box of a row, or over a dotted line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scripts.corpus.canvas import Panel, Rule, Strokes
from scripts.corpus.chance import Chance
from scripts.corpus.flow import Writer
from scripts.corpus.ink import INK_COLOURS, ink_width, write_digits

#: What a pen can write: digits in groups parted by slashes.
WRITABLE = re.compile(r"\d+(?:/\d+)*")


def write_by_hand(writer: Writer, label: str, value: str, span: tuple[float, float], *, boxed: bool, gap: float) -> None:
    """Sets ``label`` in print and ``value`` in ink, in boxes or over dots, within ``span``; ``gap`` points stay under it."""
    height = 17.0 if boxed else writer.style.size
    writer.need(height * 2)
    baseline = writer.y + height * 0.78
    line = writer.sheet.next_line()
    x = writer.sheet.print_words(f"{label}:", (span[0], baseline), writer.style, "print", line) + 8
    if boxed:
        _fill_boxes(writer, value.split("/"), (x, writer.y), line)
    else:
        writer.rule((x, span[1]), baseline + 2.2, 0.55, 0.6)
        tall = writer.style.size * writer.chance.between(0.95, 1.25)
        start = x + writer.chance.between(4, max(5.0, span[1] - x - ink_width(value, tall) - 4))
        writer.sheet.put(write_digits(writer.chance, value, (start, baseline), tall, line))
    writer.say(f"{label}: {value}")
    writer.y += height + gap


def _fill_boxes(writer: Writer, groups: Sequence[str], at: tuple[float, float], line: int) -> None:
    """A row of boxes for each of ``groups`` with a digit in each box; all ink is one word."""
    chance: Chance = writer.chance
    side = chance.between(13.5, 17.0)
    apart = 0.0 if chance.odds(0.7) else chance.between(2.0, 4.0)
    colour = chance.pick(INK_COLOURS)
    x, top = at
    paths: list[tuple[tuple[float, float], ...]] = []
    width = 1.0
    for order, group in enumerate(groups):
        if order:
            writer.sheet.put(Rule((x + 4, top + side * 0.85), (x + 8, top + side * 0.15)))
            x += 12
        for digit in group:
            writer.sheet.put(Panel(x, top, x + side, top + side, outline=(40, 40, 44), width=0.7))
            tall = side * chance.between(0.55, 0.8)
            start = x + (side - ink_width(digit, tall)) / 2 + side * chance.between(-0.08, 0.1)
            strokes = write_digits(chance, digit, (start, top + side * chance.between(0.8, 0.92)), tall, line, colour)
            paths += strokes.paths
            width = strokes.width
            x += side + apart
    writer.sheet.put(Strokes(tuple(paths), width, colour, line, "/".join(groups)))
