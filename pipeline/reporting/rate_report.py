"""The report of rates as tables and charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from pipeline.reporting.rates import RateRow, Rates
from pipeline.reporting.report import GLANCE, Cell, Chart, Column, Kind, Report, Series, Table, shown
from pipeline.reporting.titles import Titles

_COUNTED = (
    ("received", Kind.COUNT),
    ("components", Kind.COUNT),
    ("components_rate", Kind.PERCENT),
    ("solved", Kind.COUNT),
    ("results", Kind.COUNT),
    ("results_rate", Kind.PERCENT),
    ("rate", Kind.PERCENT),
    ("target", Kind.PERCENT),
    ("reached", Kind.TEXT),
    ("outside", Kind.COUNT),
)


def report_rates(rates: Rates, titles: Titles, made_at: datetime) -> Report:
    """The report in the words and with the names of ``titles``."""
    said = titles.words
    return Report(
        key="rates",
        title=said["rates"],
        subtitle=titles.span(rates.period),
        made_at=made_at,
        headlines=_headlines(rates, titles),
        charts=_charts(rates, titles),
        tables=_tables(rates, titles),
        notes=_notes(rates, said),
        language=titles.language,
    )


def _headlines(rates: Rates, titles: Titles) -> tuple[tuple[str, str], ...]:
    said, rate = titles.words, rates.total.rate
    on_time = [one for one in rates.deliveries if one.is_on_time]
    share = 100 * len(on_time) / len(rates.deliveries) if rates.deliveries else None
    whole = (
        (said["headline_rate"], rate.percent),
        (said["components_rate"], rate.of_components),
        (said["results_rate"], rate.of_results),
        (said["headline_on_time"], share),
    )
    return tuple((name, shown(percent, Kind.PERCENT, titles.language)) for name, percent in whole)


def _tables(rates: Rates, titles: Titles) -> tuple[Table, ...]:
    said = titles.words
    total, columns = rates.total, (Column(said["code"]), Column(said["office"]), Column(said["level"]))
    tables = [
        _table("by_level", (Column(said["level"]),), [((said[row.level.value],), row) for row in rates.levels], total, said),
        _table("by_office", columns, [(_office(row, titles), row) for row in rates.offices], total, said),
        _table("by_month", (Column(said["month"]),), [((row.name,), row) for row in rates.months], total, said),
        _table(
            "by_procedure",
            (Column(said["code"]), Column(said["procedure"])),
            [((row.key, titles.procedure(row.key)), row) for row in rates.procedures],
            None,
            said,
        ),
        _deliveries(rates, titles),
    ]
    if rates.contradictions:
        tables.append(_contradictions(rates, titles))
    return tuple(tables)


def _office(row: RateRow, titles: Titles) -> tuple[Cell, ...]:
    return row.key, titles.office(row.key, row.name), titles.words[row.level.value]


def _table(
    key: str,
    first: tuple[Column, ...],
    rows: Iterable[tuple[tuple[Cell, ...], RateRow]],
    total: RateRow | None,
    said: Mapping[str, str],
) -> Table:
    columns = (*first, *(Column(said[name], kind) for name, kind in _COUNTED))
    whole = (said["total"], *[""] * (len(first) - 1), *_counts(total, said)) if total else None
    return Table(key, said[key], columns, tuple((*head, *_counts(row, said)) for head, row in rows), whole)


def _counts(row: RateRow, said: Mapping[str, str]) -> tuple[Cell, ...]:
    rate = row.rate
    reached = None if row.reached is None else said["yes"] if row.reached else said["no"]
    counted = (rate.received, rate.components, rate.of_components, rate.solved, rate.results, rate.of_results)
    return (*counted, rate.percent, row.target, reached, rate.outside)


def _deliveries(rates: Rates, titles: Titles) -> Table:
    said = titles.words
    columns = (
        Column(said["month"]),
        Column(said["code"]),
        Column(said["office"]),
        Column(said["due"], Kind.DAY),
        Column(said["delivered"], Kind.DAY),
        Column(said["on_time"]),
    )
    rows = tuple(
        (
            one.month.shown,
            one.office,
            titles.office(one.office, one.name),
            one.due,
            one.day,
            said["in_time"] if one.is_on_time else said["late"] if one.day else said["not_delivered"],
        )
        for one in rates.deliveries
    )
    return Table("deliveries", said["deliveries"], columns, rows)


def _contradictions(rates: Rates, titles: Titles) -> Table:
    said = titles.words
    columns = (Column(said["month"]), Column(said["code"]), Column(said["finding"]))
    rows = tuple((one.month.shown, one.office, one.message) for one in rates.contradictions)
    return Table("findings", said["findings"], columns, rows)


def _charts(rates: Rates, titles: Titles) -> tuple[Chart, ...]:
    said = titles.words
    offices = [row for row in rates.offices if row.rate.percent is not None]
    worst = sorted(offices, key=lambda one: (one.rate.percent or 0.0, one.key))[:GLANCE]
    months = [row for row in rates.months if row.rate.percent is not None]
    levels = [row for row in rates.levels if row.rate.percent is not None]
    found = [
        _bars("rate_by_level", levels, [said[row.level.value] for row in levels], said),
        _bars("rate_by_office", worst, [titles.office(row.key, row.name) for row in worst], said),
    ]
    if len(months) > 1:
        lines = _bars("rate_by_month", rates.months, [row.name for row in rates.months], said)
        found.append(Chart(lines.key, lines.title, True, lines.labels, lines.series, lines.targets, lines.target_name))
    return tuple(chart for chart in found if chart.labels)


def _bars(key: str, rows: Iterable[RateRow], labels: Iterable[str], said: Mapping[str, str]) -> Chart:
    listed = tuple(rows)
    series = (
        Series(said["components"], tuple(row.rate.of_components for row in listed)),
        Series(said["results"], tuple(row.rate.of_results for row in listed)),
    )
    return Chart(key, said[key], False, tuple(labels), series, tuple(row.target for row in listed), said["target"])


def _notes(rates: Rates, said: Mapping[str, str]) -> tuple[str, ...]:
    found = [said["basis"].format(basis=basis) for basis in rates.bases]
    if outside := sum((row.rate.outside for row in rates.offices), 0):
        found.append(said["outside_note"].format(count=outside))
    if rates.loose:
        found.append(said["loose"].format(count=rates.loose))
    return tuple(found)
