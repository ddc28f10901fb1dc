"""Rates of digitising: dossiers whose components, and whose results, are digitised, of those received and solved."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from pipeline.domain.figures import (
    TWO_LEVELS_SINCE,
    Level,
    Month,
    PaperKind,
    Period,
    ReportedFigures,
    ToldOffice,
    agency_key,
)
from pipeline.ports.figures import Figures, Offices
from pipeline.reporting.contradictions import Contradiction, contradictions, offices_of
from pipeline.reporting.targets import Targets


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts of dossiers, and what share of those reported is digitised.

    ``received`` and ``solved`` are as reported; ``components`` and ``results`` are the dossiers digitised among the offices
    and months of which something was reported, ``outside`` those of others, which no rate counts.
    """

    received: int = 0
    solved: int = 0
    components: int = 0
    results: int = 0
    outside: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(
            self.received + other.received,
            self.solved + other.solved,
            self.components + other.components,
            self.results + other.results,
            self.outside + other.outside,
        )

    @property
    def of_components(self) -> float | None:
        """Dossiers received whose components are digitised, in per cent; None where none was received."""
        return 100 * self.components / self.received if self.received else None

    @property
    def of_results(self) -> float | None:
        """Dossiers solved whose results are digitised, in per cent; None where none was solved."""
        return 100 * self.results / self.solved if self.solved else None

    @property
    def percent(self) -> float | None:
        """Both together."""
        whole = self.received + self.solved
        return 100 * (self.components + self.results) / whole if whole else None


@dataclass(frozen=True, slots=True)
class RateRow:
    """A rate with what it is of: an office, a level, a procedure or a month; ``target`` in per cent, where there is one."""

    key: str
    name: str
    level: Level
    rate: Rate
    target: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target or a rate."""
        percent = self.rate.percent
        return None if percent is None or self.target is None else percent >= self.target


@dataclass(frozen=True, slots=True)
class Delivery:
    """When an office gave its figures of a month, and whether that was in time; ``day`` None: not at all yet."""

    month: Month
    office: str
    name: str
    due: date
    day: date | None

    @property
    def is_on_time(self) -> bool:
        """Whether they came by the day that was set."""
        return self.day is not None and self.day <= self.due


@dataclass(frozen=True, slots=True)
class Rates:
    """All of the report. ``loose`` are digitised papers of no dossier: they count nowhere."""

    period: Period
    total: RateRow
    levels: tuple[RateRow, ...]
    offices: tuple[RateRow, ...]
    procedures: tuple[RateRow, ...]
    months: tuple[RateRow, ...]
    deliveries: tuple[Delivery, ...]
    contradictions: tuple[Contradiction, ...]
    loose: int = 0
    bases: tuple[str, ...] = field(default=())


def whole_months(period: Period) -> Period:
    """The months that the period touches, whole: what others report is counted by months."""
    return Period(period.months[0].first, period.months[-1].last)


def count_rates(figures: Figures, period: Period, offices: Offices, targets: Targets, *, today: date) -> Rates:
    """The rates of the months that ``period`` touches, of ``offices``; ``today`` tells which deliveries are due."""
    period = whole_months(period)
    rows = _reported(figures, period, offices)
    counted = Counter(
        _Counted(one.office, Month.of(one.day), one.procedure, kind)
        for kind in PaperKind
        for one in figures.digitised(kind, period, offices)
    )
    told = figures.told_offices(_year_before(period.months[0]), str(period.months[-1]))
    scene = _Scene(period, rows, [one for one in told if offices is None or _is_among(one.code, offices)], targets)
    cells = scene.cells(counted)
    by_level = scene.grouped(cells, lambda cell: scene.level_in(cell).value)
    levels = [scene.row(key, key, Level(key), rate) for key, rate in by_level.items()]
    order = list(Level)
    before = _reported(figures, Period(period.months[0].previous.first, period.until), offices)
    found = [*(one for one in contradictions(before) if one.month in period.months), *scene.beyond(cells)]
    return Rates(
        period=period,
        total=scene.row("", "", Level.UNKNOWN, sum(by_level.values(), Rate())),
        levels=tuple(sorted(levels, key=lambda one: order.index(one.level))),
        offices=scene.office_rows(cells),
        procedures=scene.procedure_rows(counted),
        months=scene.month_rows(cells),
        deliveries=scene.deliveries(today),
        contradictions=tuple(found),
        loose=figures.loose(period, offices),
        bases=scene.bases(),
    )


def _reported(figures: Figures, period: Period, offices: Offices) -> tuple[ReportedFigures, ...]:
    rows = figures.reported(str(period.months[0]), str(period.months[-1]))
    if offices is None:
        return rows
    return tuple(row for row in rows if row.office and _is_among(row.office, offices))


def _is_among(office: str, offices: Sequence[str]) -> bool:
    return agency_key(office) in {agency_key(one) for one in offices}


def _year_before(month: Month) -> str:
    """The month a year before: an office that reported since then is one that reports."""
    return str(Month(month.year - 1, month.number))


class _Counted(NamedTuple):
    """What digitised dossiers are counted by."""

    office: str
    month: Month
    procedure: str
    kind: PaperKind


@dataclass(frozen=True, slots=True)
class _Cell:
    """The rate of one office in one month; ``reported``: there are figures of it."""

    office: str
    month: Month
    rate: Rate
    reported: bool


class _Scene:
    """What was reported, and how its rows are named."""

    def __init__(
        self, period: Period, rows: tuple[ReportedFigures, ...], told: Iterable[ToldOffice], targets: Targets
    ) -> None:
        self._period = period
        self._rows = rows
        self._targets = targets
        self._offices = {(agency_key(row.office), row.month): row for row in offices_of(rows)}
        self._known = {agency_key(one.code): one for one in told}

    def level_of(self, office: str) -> Level:
        """The level of an office by the newest figures of it."""
        row = self._known.get(agency_key(office))
        return row.level if row else Level.UNKNOWN

    def level_in(self, cell: _Cell) -> Level:
        """The level of an office in a month, by the figures of that month, else by the newest ones."""
        row = self._offices.get((agency_key(cell.office), cell.month))
        return row.level if row else self.level_of(cell.office)

    def row(self, key: str, name: str, level: Level, rate: Rate) -> RateRow:
        """A row with the target of its level at the end of the period."""
        target = self._targets.percent("digitisation", level, self._period.months[-1])
        return RateRow(key, name, level, rate, None if rate.percent is None else target)

    def cells(self, counted: Mapping[_Counted, int]) -> tuple[_Cell, ...]:
        """Every office in every month of which something was reported or digitised."""
        done: dict[tuple[str, Month], Rate] = defaultdict(Rate)
        codes = {key: row.office for (key, _), row in self._offices.items()}
        for one, count in counted.items():
            key = agency_key(one.office)
            codes.setdefault(key, one.office)
            done[key, one.month] += _digitised(one.kind, count)
        found = []
        for key, month in sorted({*done, *self._offices}):
            row, rate = self._offices.get((key, month)), done[key, month]
            if row is not None:
                rate = replace(rate, received=row.received, solved=row.solved)
            else:
                rate = Rate(outside=rate.components + rate.results)
            found.append(_Cell(codes[key], month, rate, row is not None))
        return tuple(found)

    def grouped(self, cells: Iterable[_Cell], by: Callable[[_Cell], str]) -> dict[str, Rate]:
        """The sums of the cells by what ``by`` says of them, in order of their keys."""
        found: dict[str, Rate] = defaultdict(Rate)
        for cell in cells:
            found[by(cell)] += cell.rate
        return dict(sorted(found.items()))

    def office_rows(self, cells: Iterable[_Cell]) -> tuple[RateRow, ...]:
        """A row for each office, by level, then by name."""
        found = []
        for code, rate in self.grouped(cells, lambda cell: cell.office).items():
            known = self._known.get(agency_key(code))
            found.append(self.row(code, known.name if known else "", self.level_of(code), rate))
        order = list(Level)
        return tuple(sorted(found, key=lambda one: (order.index(one.level), one.name or one.key, one.key)))

    def month_rows(self, cells: Iterable[_Cell]) -> tuple[RateRow, ...]:
        """A row for each month of the period, with the target of all levels where there is one then."""
        sums = self.grouped(cells, lambda cell: str(cell.month))
        return tuple(
            RateRow(
                str(month),
                month.shown,
                Level.UNKNOWN,
                sums.get(str(month), Rate()),
                self._targets.percent("digitisation", Level.UNKNOWN, month),
            )
            for month in self._period.months
        )

    def procedure_rows(self, counted: Mapping[_Counted, int]) -> tuple[RateRow, ...]:
        """A row for each procedure; what no paper tells the procedure of stands under an empty one."""
        told: dict[tuple[str, Month, str], Rate] = {}
        for row in self._rows:
            if row.office and row.procedure:
                told[agency_key(row.office), row.month, row.procedure] = Rate(row.received, row.solved)
        found: dict[str, Rate] = defaultdict(Rate)
        for (_, _, procedure), rate in told.items():
            found[procedure] += rate
        for one, count in counted.items():
            inside = (agency_key(one.office), one.month, one.procedure) in told
            found[one.procedure] += _digitised(one.kind, count) if inside else Rate(outside=count)
        return tuple(self.row(code, code, Level.UNKNOWN, rate) for code, rate in sorted(found.items()))

    def beyond(self, cells: Iterable[_Cell]) -> Iterable[Contradiction]:
        """Where more is digitised than was reported, and where nothing was reported at all."""
        for cell in cells:
            rate = cell.rate
            if not cell.reported:
                message = f"đã số hóa {rate.outside} hồ sơ nhưng chưa có số liệu tiếp nhận, giải quyết"
                yield Contradiction("not_reported", cell.month, cell.office, message)
            if cell.reported and rate.components > rate.received:
                message = f"số hóa thành phần của {rate.components} hồ sơ, nhiều hơn tiếp nhận {rate.received}"
                yield Contradiction("digitised_beyond_received", cell.month, cell.office, message)
            if cell.reported and rate.results > rate.solved:
                message = f"số hóa kết quả của {rate.results} hồ sơ, nhiều hơn đã giải quyết {rate.solved}"
                yield Contradiction("digitised_beyond_solved", cell.month, cell.office, message)

    def deliveries(self, today: date) -> tuple[Delivery, ...]:
        """When each office that is known gave its figures of each month that is due."""
        found = []
        for month in self._period.months:
            due = self._targets.due(month)
            for key, known in sorted(self._known.items()):
                row = self._offices.get((key, month))
                gone = known.level is Level.DISTRICT and month.first >= TWO_LEVELS_SINCE
                if row is not None or (today > due and not gone):
                    found.append(Delivery(month, known.code, known.name, due, row.delivered if row else None))
        return tuple(found)

    def bases(self) -> tuple[str, ...]:
        """The legal bases of the targets in the period."""
        targets = (self._targets.of("digitisation", month) for month in self._period.months)
        return tuple(dict.fromkeys(target.basis for target in targets if target))


def _digitised(kind: PaperKind, count: int) -> Rate:
    return Rate(components=count) if kind is PaperKind.COMPONENT else Rate(results=count)
