"""Text that flows down sheets: paragraphs, centred lines, labelled values, tables; every word keeps its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scripts.corpus.canvas import A4, Colour, Kind, Panel, Rule, Sheet, Style
from scripts.corpus.chance import Chance
from scripts.corpus.ink import ink_width, write_digits

Align = Literal["justify", "left", "centre", "right"]
#: A piece of a line: typed text, or something written or overprinted in its place.
Piece = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Token:
    """One word to be set, with the style it is set in."""

    text: str
    style: Style

    @property
    def width(self) -> float:
        """Width in points."""
        return self.style.width(self.text)


@dataclass(frozen=True, slots=True)
class Margins:
    """White space around the text in points."""

    left: float = 85.0
    top: float = 57.0
    right: float = 45.0
    bottom: float = 57.0


def tokens_of(text: str, style: Style) -> list[Token]:
    """The words of ``text``; what stands between asterisks is bold, between underscores italic."""
    found: list[Token] = []
    for part in re.split(r"(\*[^*]+\*|_[^_]+_)", text):
        if part.startswith("*") and part.endswith("*") and len(part) > 2:
            found += [Token(word, style.but(bold=True)) for word in part[1:-1].split()]
        elif part.startswith("_") and part.endswith("_") and len(part) > 2:
            found += [Token(word, style.but(italic=True)) for word in part[1:-1].split()]
        else:
            glued = bool(found) and bool(part) and not part[0].isspace()
            words = part.split()
            if glued and words and words[0] in {",", ";", ".", ":"}:
                found[-1] = Token(found[-1].text + words.pop(0), found[-1].style)
            found += [Token(word, style) for word in words]
    return found


class Writer:
    """Sets text on sheet after sheet; ``y`` is where the next line's top will be, in points from the top."""

    def __init__(
        self, chance: Chance, family: str, size: float, margins: Margins | None = None, page: tuple[float, float] = A4
    ) -> None:
        self.chance = chance
        self.style = Style(family, size)
        self.margins = margins or Margins()
        self.leading = 1.3
        self.numbered = True
        self._page = page
        self.sheets: list[Sheet] = []
        self.turn_page()

    @property
    def sheet(self) -> Sheet:
        """The sheet being written."""
        return self.sheets[-1]

    @property
    def left(self) -> float:
        """The left edge of the text in points."""
        return self.margins.left

    @property
    def right(self) -> float:
        """The right edge of the text in points."""
        return self._page[0] - self.margins.right

    @property
    def bottom(self) -> float:
        """Where the text must end, in points from the top."""
        return self._page[1] - self.margins.bottom

    @property
    def room(self) -> float:
        """What is left of the sheet's height in points."""
        return self.bottom - self.y

    def turn_page(self) -> None:
        """Starts a fresh sheet, numbered at its head from the second on."""
        self.sheets.append(Sheet(*self._page))
        self.y = self.margins.top
        if len(self.sheets) > 1 and self.numbered:
            number, style = str(len(self.sheets)), self.style.but(size=12)
            middle = (self.left + self.right - style.width(number)) / 2
            self.sheet.print_words(number, (middle, self.margins.top - 20), style)
            self.sheet.lines.append(number)

    def need(self, height: float) -> None:
        """Starts a fresh sheet unless ``height`` points are left."""
        if self.room < height:
            self.turn_page()

    def skip(self, points: float) -> None:
        """Leaves white space."""
        self.y += points

    def say(self, text: str) -> None:
        """Adds a line to the sheet's text."""
        self.sheet.lines.append(" ".join(text.split()))

    def paragraph(  # noqa: PLR0913  how to set it, by keyword
        self,
        text: str,
        *,
        align: Align = "justify",
        style: Style | None = None,
        indent: float = 0.0,
        span: tuple[float, float] | None = None,
        gap: float = 4.0,
        silent: bool = False,
    ) -> None:
        """Sets ``text`` within ``span`` (left, right edge; the margins where None) and leaves ``gap`` points under it."""
        face = style or self.style
        left, right = span or (self.left, self.right)
        height = face.size * self.leading
        placed: list[str] = []
        rows = [row for row in broken(tokens_of(text, face), right - left, indent) if row]
        if align == "centre" and len(rows) > 1:
            rows = balanced(rows, right - left)
        for index, row in enumerate(rows):
            if self.room < height:
                if placed and not silent:
                    self.say(" ".join(placed))
                placed = []
                self.turn_page()
            start = left + (indent if index == 0 else 0.0)
            last = index == len(rows) - 1
            self._set_row(row, (start, right), self.y + face.size, "left" if align == "justify" and last else align)
            placed += [token.text for token in row]
            self.y += height
        if placed and not silent:
            self.say(" ".join(placed))
        self.y += gap

    def _set_row(self, row: Sequence[Token], span: tuple[float, float], baseline: float, align: Align) -> None:
        spaces = [token.style.width(" ") for token in row[:-1]]
        free = span[1] - span[0] - sum(token.width for token in row) - sum(spaces)
        x = span[0] + (free / 2 if align == "centre" else free if align == "right" else 0.0)
        stretch = free / len(spaces) if align == "justify" and spaces else 0.0
        line = self.sheet.next_line()
        for token, space in zip(row, [*spaces, 0.0], strict=True):
            self.sheet.print_words(token.text, (x, baseline), token.style, "print", line)
            x += token.width + space + stretch

    def centred(
        self, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None, gap: float = 4.0
    ) -> None:
        """Sets ``text`` in the middle, over several lines where it is long."""
        self.paragraph(text, align="centre", style=self.style.but(size=size, bold=bold, italic=italic), gap=gap)

    def line(self, text: str, middle: float, baseline: float, style: Style, kind: Kind = "print") -> float:
        """Sets one line centred on ``middle`` without moving on; its width in points."""
        width = style.width(text)
        self.sheet.print_words(text, (middle - width / 2, baseline), style, kind)
        if kind in ("print", "over", "ink"):
            self.say(text)
        return width

    def mixed(
        self, pieces: Sequence[Piece], at: tuple[float, float], style: Style, anchor: Literal["left", "centre"] = "centre"
    ) -> float:
        """Sets typed, written and overprinted pieces in one line; where it ends, in points."""
        height = style.size * 0.95
        widths = [ink_width(text, height) if kind == "ink" else style.width(text) for kind, text in pieces]
        space = style.width(" ")
        total = sum(widths) + space * (len(pieces) - 1)
        x, line = at[0] - (total / 2 if anchor == "centre" else 0.0), self.sheet.next_line()
        for (kind, text), width in zip(pieces, widths, strict=True):
            if kind == "ink":
                lift = self.chance.between(-1.0, 2.0)
                self.sheet.put(write_digits(self.chance, text, (x, at[1] + lift), height, line))
            else:
                self.sheet.print_words(text, (x, at[1]), style, kind, line)
            x += width + space
        self.say(" ".join(text for _, text in pieces))
        return x - space

    def rule(self, span: tuple[float, float], y: float, width: float = 0.7, dash: float = 0.0) -> None:
        """Draws a level line."""
        self.sheet.put(Rule((span[0], y), (span[1], y), width, dash=dash))

    def table(
        self, rows: Sequence[Sequence[str]], shares: Sequence[float], *, style: Style | None = None, head: bool = True
    ) -> None:
        """Sets ``rows`` in a ruled table; ``shares`` of the width go to the columns; the first row is its head."""
        face = style or self.style.but(size=self.style.size - 1)
        whole = self.right - self.left
        edges = [self.left]
        for share in shares:
            edges.append(edges[-1] + whole * share / sum(shares))
        for index, row in enumerate(rows):
            self._set_table_row(row, edges, face.but(bold=True) if head and index == 0 else face, centring=head)
        self.y += 8

    def _set_table_row(self, row: Sequence[str], edges: Sequence[float], face: Style, *, centring: bool) -> None:
        pad, height = 4.0, face.size * 1.22
        cells = [
            broken(tokens_of(text, face), right - left - 2 * pad, 0.0)
            for text, left, right in zip(row, edges, edges[1:], strict=False)
        ]
        tall = max(len(cell) for cell in cells) * height + 2 * pad
        self.need(tall)
        for cell, text, left, right in zip(cells, row, edges, edges[1:], strict=False):
            align: Align = "centre" if centring and len(cell) == 1 and (len(text) < 6 or face.bold) else "left"
            for index, words in enumerate(cell if text else ()):
                self._set_row(words, (left + pad, right - pad), self.y + pad + index * height + face.size * 0.95, align)
            self.sheet.put(Panel(left, self.y, right, self.y + tall, outline=(40, 40, 44), width=0.7))
        if any(row):
            self.say(" ".join(row))
        self.y += tall

    def tint(self, colour: Colour) -> None:
        """Colours the whole sheet; call it before anything is set."""
        self.sheet.put(Panel(0, 0, self._page[0], self._page[1], fill=colour))


def broken(tokens: Sequence[Token], width: float, indent: float) -> list[list[Token]]:
    """The tokens in rows no wider than ``width`` points, the first one narrower by ``indent``; at least one row."""
    rows: list[list[Token]] = [[]]
    used = indent
    for token in tokens:
        space = token.style.width(" ") if rows[-1] else 0.0
        if rows[-1] and used + space + token.width > width:
            rows.append([])
            used, space = 0.0, 0.0
        rows[-1].append(token)
        used += space + token.width
    return rows


def balanced(rows: Sequence[Sequence[Token]], width: float) -> list[list[Token]]:
    """The same words in as many rows, about equally long, as typists set titles."""
    tokens = [token for row in rows for token in row]
    narrow, wide = width / len(rows) * 0.8, width
    for _ in range(12):
        middle = (narrow + wide) / 2
        if len(broken(tokens, middle, 0.0)) > len(rows):
            narrow = middle
        else:
            wide = middle
    return broken(tokens, wide, 0.0)
