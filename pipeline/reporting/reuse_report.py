"""The report of reuse as tables and charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from pipeline.domain.figures import Month
from pipeline.reporting.report import GLANCE, Cell, Chart, Column, Kind, Report, Series, Table, shown
from pipeline.reporting.reuse import Reuse, ReuseReport, ReuseRow
from pipeline.reporting.titles import Titles

_COUNTED = (
    ("handed_in", Kind.COUNT),
    ("released", Kind.COUNT),
    ("reuse_rate", Kind.PERCENT),
    ("asked_again", Kind.COUNT),
    ("asked_again_rate", Kind.PERCENT),
    ("refused", Kind.COUNT),
    ("checks", Kind.COUNT),
    ("reusable", Kind.COUNT),
)


def report_reuse(found: ReuseReport, titles: Titles, made_at: datetime) -> Report:
    """The report in the words and with the names of ``titles``."""
    said = titles.words
    return Report(
        key="reuse",
        title=said["reuse"],
        subtitle=titles.span(found.period),
        made_at=made_at,
        headlines=_headlines(found, titles),
        charts=_charts(found, titles),
        tables=(
            _table("by_agency", "office", found.agencies, titles.office, found.total, said),
            _table("by_type", "type", found.types, titles.type, None, said),
            _table("by_month", "month", found.months, _month, found.total, said),
            _answers(found, said),
        ),
        language=titles.language,
    )


def _headlines(found: ReuseReport, titles: Titles) -> tuple[tuple[str, str], ...]:
    said, total = titles.words, found.total
    figures: tuple[tuple[str, Cell, Kind], ...] = (
        (said["reuse_rate"], total.percent, Kind.PERCENT),
        (said["released"], total.released, Kind.COUNT),
        (said["asked_again"], total.asked_again, Kind.COUNT),
        (said["asked_again_rate"], total.again_percent, Kind.PERCENT),
    )
    return tuple((name, shown(cell, kind, titles.language)) for name, cell, kind in figures)


def _table(
    key: str,
    what: str,
    rows: Iterable[ReuseRow],
    named: Callable[[str], str],
    total: Reuse | None,
    said: Mapping[str, str],
) -> Table:
    columns = (Column(said[what]), *(Column(said[name], kind) for name, kind in _COUNTED))
    listed = tuple((named(row.key), *_counts(row.reuse)) for row in rows)
    return Table(key, said[key], columns, listed, (said["total"], *_counts(total)) if total else None)


def _counts(one: Reuse) -> tuple[Cell, ...]:
    shares = (one.handed_in, one.released, one.percent, one.asked_again, one.again_percent)
    return (*shares, one.refused, one.checks, one.reusable)


def _month(key: str) -> str:
    return Month.parse(key).shown


def _answers(found: ReuseReport, said: Mapping[str, str]) -> Table:
    columns = (Column(said["answer"]), Column(said["count"], Kind.COUNT))
    return Table("answers", said["answers"], columns, tuple((said.get(key, key), count) for key, count in found.answers))


def _charts(found: ReuseReport, titles: Titles) -> tuple[Chart, ...]:
    said = titles.words
    charts = []
    shown_rows = [row for row in found.agencies if row.reuse.percent is not None]
    least = sorted(shown_rows, key=lambda one: (one.reuse.percent or 0.0, one.key))[:GLANCE]
    if least:
        series = Series(said["reuse_rate"], tuple(row.reuse.percent for row in least))
        labels = tuple(titles.office(row.key) for row in least)
        charts.append(Chart("reuse_by_agency", said["reuse_by_agency"], False, labels, (series,)))
    if sum(row.reuse.percent is not None for row in found.months) > 1:
        lines = (
            Series(said["reuse_rate"], tuple(row.reuse.percent for row in found.months)),
            Series(said["asked_again_rate"], tuple(row.reuse.again_percent for row in found.months)),
        )
        charts.append(
            Chart("reuse_by_month", said["reuse_by_month"], True, tuple(_month(row.key) for row in found.months), lines)
        )
    return tuple(charts)
