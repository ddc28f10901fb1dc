"""A report on one page of A4: the figures that matter most, its charts, its first tables as far as they fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pipeline.reporting.plots import A4, FAINT, GRID, INK, chart_height, draw_chart, font, save
from pipeline.reporting.report import Cell, Column, Kind, Report, Table, shown
from pipeline.reporting.words import report_words

#: Millimetres: margins, the height of a line of a table, the least room that a table is begun in.
_MARGIN, _LINE, _LEAST = 14.0, 4.6, 22.0
#: Of each table at most, so that others fit too; and the most that charts may take of the page.
_ROWS, _CHARTS = 12, 165.0
#: Columns that stand on one page; how much wider the first is than those of counts; tables whose first column is no code.
_MOST_COLUMNS, _TEXT_SHARE = 10, 2.8
_FIRST_COUNTS = frozenset({"corrections", "in_hand", "findings", "deliveries"})


def render_one_pager(report: Report) -> bytes:
    """The page as PDF; letters are text, in a face with every Vietnamese letter."""
    figure = Figure(figsize=(A4[0] / 25.4, A4[1] / 25.4), facecolor="white")
    page = _Page(figure, report.language)
    page.say(report.title, 13.5, bold=True)
    page.say(f"{report.subtitle} · {report_made(report)}", 9, colour=FAINT)
    page.top += 3
    page.headlines(report.headlines)
    used = 0.0
    for chart in report.charts:
        height = chart_height(chart)
        if used + height > _CHARTS:
            continue
        draw_chart(figure, chart, (_MARGIN, page.top, A4[0] - 2 * _MARGIN, height), A4[1], report.language)
        page.top, used = page.top + height + 4, used + height + 4
    notes = [line for note in report.notes for line in _folded(note, 105)]
    floor = A4[1] - _MARGIN - 4.2 * len(notes)
    for table in report.tables:
        if table.rows and page.top + _LEAST < floor:
            page.table(table, floor)
    page.top = max(page.top, floor)
    for note in notes:
        page.say(note, 7.8, colour=FAINT)
    return save(figure, "pdf")


def report_made(report: Report) -> str:
    """When the report was made, in words."""
    return report_words(report.language)["made_at"].format(at=shown(report.made_at, Kind.DAY))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column of a table stands: its number, its left edge and width in millimetres."""

    place: int
    column: Column
    left: float
    width: float

    @property
    def right(self) -> bool:
        """Whether its cells stand at the right."""
        return self.column.kind not in {Kind.TEXT, Kind.DAY}

    @property
    def edge(self) -> float:
        """Where its cells begin, or end."""
        return self.left + self.width if self.right else self.left + (1.8 if self.left > _MARGIN else 0.0)


class _Page:
    """A page that is filled from the top."""

    def __init__(self, figure: Figure, language: str) -> None:
        self._figure = figure
        self._language = language
        self.top = _MARGIN

    def say(self, text: str, size: float, *, bold: bool = False, colour: str = INK) -> None:
        """One line across the page."""
        height = size * 0.3528 * 1.45
        self._put((_MARGIN, self.top + height / 2), text, size, bold=bold, color=colour)
        self.top += height

    def headlines(self, headlines: Sequence[tuple[str, str]]) -> None:
        """The figures beside each other, each over its name."""
        width = (A4[0] - 2 * _MARGIN) / max(len(headlines), 1)
        for number, (name, value) in enumerate(headlines):
            left = _MARGIN + number * width
            self._put((left, self.top + 4), value, 17, bold=True)
            for line, part in enumerate(_folded(name, int(width / 1.9))):
                self._put((left, self.top + 10 + 3.6 * line), part, 7.8, color=FAINT)
        self.top += 22

    def table(self, table: Table, floor: float) -> None:
        """The table, or its first rows and its total; its columns as far as they fit."""
        grid = _grid(table)
        self.say(table.title, 9.6, bold=True)
        self._head(grid)
        room = int((floor - self.top) / _LINE) - (3 if table.total else 2)
        count = max(1, min(_ROWS, room))
        count += len(table.rows) == count + 1
        for row in table.rows[:count]:
            self._row(grid, row)
        if len(table.rows) > count:
            more = report_words(self._language)["and_more"].format(count=len(table.rows) - count)
            self.say(more, 7.4, colour=FAINT)
        if table.total:
            whole = (*table.total[: grid[0].place], table.total[0], *table.total[grid[0].place + 1 :])
            self._row(grid, whole, bold=True)
        self.top += 4

    def _head(self, grid: Sequence[_Place]) -> None:
        parts = [_folded(one.column.title, max(6, int(one.width / 1.75)))[:3] for one in grid]
        lines = max(map(len, parts))
        for one, said in zip(grid, parts, strict=True):
            for line, part in enumerate(said):
                self._put((one.edge, self.top + 2 + 3.3 * line), part, 7, bold=True, right=one.right)
        self.top += 3.3 * lines + 1.4
        self._rule()

    def _row(self, grid: Sequence[_Place], row: Sequence[Cell], *, bold: bool = False) -> None:
        for one in grid:
            said = shown(row[one.place], one.column.kind, self._language)
            fits = int(one.width / (1.75 if bold else 1.55))
            cut = one.column.kind is Kind.TEXT and len(said) > fits
            size = 7.6 if cut else min(7.6, 7.6 * fits / max(len(said), 1))
            said = f"{said[: fits - 1]}…" if cut else said
            self._put((one.edge, self.top + _LINE * 0.72), said, size, bold=bold, right=one.right, va="baseline")
        self.top += _LINE
        self._rule()

    def _rule(self) -> None:
        at = 1 - self.top / A4[1]
        line = Line2D([_MARGIN / A4[0], 1 - _MARGIN / A4[0]], [at, at], color=GRID, lw=0.5)
        self._figure.add_artist(line)

    def _put(self, at: tuple[float, float], text: str, size: float, **style: Any) -> None:  # noqa: ANN401 - as matplotlib's
        """Write at so many millimetres from the left and from the top."""
        face = font(size, bold=style.pop("bold", False))
        ends = "right" if style.pop("right", False) else "left"
        style = {"color": INK, "va": "center", "ha": ends, **style}
        self._figure.text(at[0] / A4[0], 1 - at[1] / A4[1], text, fontproperties=face, **style)


def _grid(table: Table) -> list[_Place]:
    """Where the columns stand that fit: codes stand beside names, and are left out first."""
    kept = [place for place, column in enumerate(table.columns) if not (column.kind is Kind.TEXT and _is_code(table, place))]
    kept = kept[:_MOST_COLUMNS]
    wide = {Kind.TEXT: 1.5, Kind.DAY: 1.7}
    shares = [_TEXT_SHARE if place == kept[0] else wide.get(table.columns[place].kind, 1.0) for place in kept]
    unit = (A4[0] - 2 * _MARGIN) / sum(shares)
    left, found = _MARGIN, []
    for place, share in zip(kept, shares, strict=True):
        found.append(_Place(place, table.columns[place], left, share * unit - 1.5))
        left += share * unit
    return found


def _is_code(table: Table, place: int) -> bool:
    return place == 0 and len(table.columns) > 1 and _is_text(table, 1) and table.key not in _FIRST_COUNTS


def _is_text(table: Table, place: int) -> bool:
    return table.columns[place].kind is Kind.TEXT


def _folded(text: str, letters: int) -> list[str]:
    """The text in lines of so many letters at most, as far as its words are no longer."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
