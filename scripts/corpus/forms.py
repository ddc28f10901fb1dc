"""Labelled values as forms set them: in lines, over dotted leaders, in columns, in a table, under their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scripts.corpus.canvas import Style
from scripts.corpus.flow import Writer, broken, tokens_of
from scripts.corpus.hands import WRITABLE, write_by_hand

FormManner = Literal["inline", "leaders", "columns", "table", "stacked"]
Hand = Literal["", "boxes", "dots"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A label with its value as printed; ``half`` ones share a line with the next where the form is set in lines.

    ``hand`` says that a pen wrote the value, if it can: into boxes or over dots.
    """

    label: str
    value: str
    half: bool = False
    hand: Hand = ""


def write_entries(
    writer: Writer, entries: Sequence[Entry], manner: FormManner, *, bold: bool = False, gap: float = 5.0
) -> None:
    """Sets ``entries`` one after the other; ``bold`` values stand out from their labels."""
    if manner == "table":
        writer.table(
            [(entry.label, entry.value) for entry in entries],
            (0.38, 0.62),
            style=writer.style.but(size=writer.style.size - 1),
            head=False,
        )
        return
    waiting: list[Entry] = []
    for entry in entries:
        if manner in ("inline", "leaders") and entry.half and len(waiting) < 2:
            waiting.append(entry)
            if len(waiting) == 2:
                _write_pair(writer, waiting, manner, bold, gap)
                waiting = []
            continue
        for late in waiting:
            _write_entry(writer, late, manner, bold, gap)
        waiting = []
        _write_entry(writer, entry, manner, bold, gap)
    for late in waiting:
        _write_entry(writer, late, manner, bold, gap)


def _write_pair(writer: Writer, pair: Sequence[Entry], manner: FormManner, bold: bool, gap: float) -> None:
    middle = writer.left + (writer.right - writer.left) * 0.52
    spans = ((writer.left, middle - 12), (middle, writer.right))
    writer.need(writer.style.size * 3)
    top, ends = writer.y, []
    for entry, span in zip(pair, spans, strict=True):
        writer.y = top
        _write_line(writer, entry, span, manner == "leaders", bold)
        ends.append(writer.y)
    writer.y = max(ends) + gap


def _write_entry(writer: Writer, entry: Entry, manner: FormManner, bold: bool, gap: float) -> None:
    writer.need(writer.style.size * 3)
    if entry.hand and WRITABLE.fullmatch(entry.value):
        span = (writer.left, writer.right)
        write_by_hand(writer, entry.label, entry.value, span, boxed=entry.hand == "boxes", gap=gap)
        return
    if manner == "columns":
        split = writer.left + (writer.right - writer.left) * 0.4
        top = writer.y
        writer.paragraph(f"{entry.label}:", align="left", span=(writer.left, split - 8), gap=0)
        end, writer.y = writer.y, top
        writer.paragraph(entry.value, align="left", style=writer.style.but(bold=bold), span=(split, writer.right), gap=0)
        writer.y = max(end, writer.y) + gap
    elif manner == "stacked":
        writer.paragraph(
            f"{entry.label}:", align="left", style=writer.style.but(size=writer.style.size - 2, italic=True), gap=-1.5
        )
        span = (writer.left + 22, writer.right)
        writer.paragraph(entry.value, align="left", style=writer.style.but(bold=bold), span=span, gap=min(gap, 1.5))
    else:
        _write_line(writer, entry, (writer.left, writer.right), manner == "leaders", bold)
        writer.y += gap


def _write_line(writer: Writer, entry: Entry, span: tuple[float, float], dotted: bool, bold: bool) -> None:
    style: Style = writer.style
    label = tokens_of(f"{entry.label}:", style)
    rows = broken([*label, *tokens_of(entry.value, style.but(bold=bold))], span[1] - span[0], 0.0)
    height, left = style.size * writer.leading, len(label)
    for row in rows:
        line, x = writer.sheet.next_line(), span[0]
        baseline = writer.y + style.size
        for token in row:
            if left == 0 and dotted and token is row[0]:
                writer.rule((span[0], span[1]), baseline + 2.2, 0.55, 0.6)
            writer.sheet.print_words(token.text, (x, baseline), token.style, "print", line)
            x += token.width + token.style.width(" ")
            left -= 1
            if left == 0 and dotted:
                writer.rule((x, span[1]), baseline + 2.2, 0.55, 0.6)
        writer.y += height
    writer.say(f"{entry.label}: {entry.value}")
