"""A report as tables and charts: what all formats are written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from pipeline.domain.local_time import VIETNAM

#: Parts longer than this are cut where a page is for reading at a glance.
GLANCE = 24


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    PERCENT = "percent"
    NUMBER = "number"
    DAY = "day"


Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what its cells are."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``total`` is its last row, set apart. ``key`` is a word for programs."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values of a chart, None where there is none; its name."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Values by label: ``bars`` beside each other for each label, or ``lines`` over months.

    ``targets`` by label, None where there is none; ``percent``: the values are shares of a hundred.
    """

    key: str
    title: str
    lines: bool
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    targets: tuple[float | None, ...] = ()
    target_name: str = ""
    percent: bool = True

    @property
    def top(self) -> float:
        """Where the scale ends."""
        found = [value for one in self.series for value in one.values if value is not None]
        found += [value for value in self.targets if value is not None]
        most = max(found, default=0.0)
        return max(100.0, most) if self.percent and most > 50 else max(most * 1.1, 1.0)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: ``key`` names its kind; ``headlines`` are the few figures that matter most, with their names."""

    key: str
    title: str
    subtitle: str
    made_at: datetime
    headlines: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    language: str = field(default="vi")

    def table(self, key: str) -> Table:
        """The table of this key."""
        return next(table for table in self.tables if table.key == key)


def shown(cell: Cell, kind: Kind, language: str = "vi") -> str:
    """The cell as people read it: ``1.234``, ``45,6 %``, ``10/02/2026``; ``–`` where there is nothing."""
    if cell is None:
        return "–"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, str):
        return cell
    text = f"{cell:,}" if kind is Kind.COUNT else f"{floored(cell) if kind is Kind.PERCENT else cell:,.1f}"
    if language == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{text} %" if kind is Kind.PERCENT else text


def floored(percent: float) -> float:
    """To one decimal, downwards: what is not reached is never shown as reached."""
    return int(percent * 10 + 1e-9) / 10
