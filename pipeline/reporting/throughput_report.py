"""The report of throughput as tables and charts."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pipeline.domain.documents import Status
from pipeline.domain.figures import DeskWork, PersonWork, ScanWork
from pipeline.domain.reviews import LessonTally
from pipeline.reporting.report import GLANCE, Cell, Chart, Column, Kind, Report, Series, Table, shown
from pipeline.reporting.throughput import Throughput, quantile
from pipeline.reporting.titles import Titles

#: Fields that fewer looks than this say nothing of are left out of the chart.
FEWEST_LOOKS = 5


def report_throughput(found: Throughput, titles: Titles, made_at: datetime) -> Report:
    """The report in the words and with the names of ``titles``."""
    said = titles.words
    work = (_desks(found, titles), _scanners(found, titles), _people(found, titles))
    tables = (*work, _corrections(found, titles), _in_hand(found, titles))
    return Report(
        key="throughput",
        title=said["throughput"],
        subtitle=titles.span(found.period),
        made_at=made_at,
        headlines=_headlines(found, titles),
        charts=_charts(found, titles),
        tables=tables,
        language=titles.language,
    )


def _headlines(found: Throughput, titles: Titles) -> tuple[tuple[str, str], ...]:
    said = titles.words
    pages, rescans = (sum(getattr(desk, name) for desk in found.desks) for name in ("pages", "rescans"))
    figures: tuple[tuple[str, Cell, Kind], ...] = (
        (said["documents"], sum(desk.documents for desk in found.desks), Kind.COUNT),
        (said["pages"], pages, Kind.COUNT),
        (said["rescan_rate"], _share(rescans, pages), Kind.PERCENT),
        (said["wrong_rate"], _share(found.wrong, found.looked_at), Kind.PERCENT),
        (said["in_hand"], sum(one.documents for one in found.in_hand), Kind.COUNT),
    )
    return tuple((name, shown(cell, kind, titles.language)) for name, cell, kind in figures)


def _desks(found: Throughput, titles: Titles) -> Table:
    said = titles.words
    columns = (
        Column(said["code"]),
        Column(said["office"]),
        Column(said["queue"]),
        Column(said["documents"], Kind.COUNT),
        Column(said["pages"], Kind.COUNT),
        Column(said["rescans"], Kind.COUNT),
        Column(said["rescan_rate"], Kind.PERCENT),
        Column(said["approved"], Kind.COUNT),
        Column(said["rejected"], Kind.COUNT),
        Column(said["failed"], Kind.COUNT),
        Column(said["median"], Kind.NUMBER),
        Column(said["ninth"], Kind.NUMBER),
        Column(said["within"].format(minutes=found.visit_minutes), Kind.PERCENT),
    )
    rows = tuple((desk.office, titles.office(desk.office), said[desk.queue], *_worked(desk, found)) for desk in found.desks)
    names = ("documents", "pages", "rescans", "approved", "rejected", "failed")
    sums = {name: sum(getattr(desk, name) for desk in found.desks) for name in names}
    at_desks = tuple(sorted(minute for desk in found.desks if desk.queue == "station" for minute in desk.minutes))
    minutes = tuple(sorted(minute for desk in found.desks for minute in desk.minutes))
    total = (said["total"], "", "", *_worked(DeskWork("", "", **sums, minutes=minutes), found)[:-1], _within(at_desks, found))
    return Table("desks", said["desks"], columns, rows, total)


def _worked(desk: DeskWork, found: Throughput) -> tuple[Cell, ...]:
    within = _within(desk.minutes, found) if desk.queue == "station" else None
    counted = (desk.documents, desk.pages, desk.rescans, _share(desk.rescans, desk.pages))
    ended = (desk.approved, desk.rejected, desk.failed)
    return (*counted, *ended, quantile(desk.minutes, 0.5), quantile(desk.minutes, 0.9), within)


def _within(minutes: Sequence[float], found: Throughput) -> float | None:
    """How many papers were done while a visit may last, in per cent; only where somebody waits does that say anything."""
    return _share(bisect_right(minutes, found.visit_minutes), len(minutes))


def _scanners(found: Throughput, titles: Titles) -> Table:
    said = titles.words
    columns = (
        Column(said["scanned_by"]),
        Column(said["documents"], Kind.COUNT),
        Column(said["pages"], Kind.COUNT),
        Column(said["rescans"], Kind.COUNT),
        Column(said["rescan_rate"], Kind.PERCENT),
        Column(said["rejected"], Kind.COUNT),
        Column(said["rejected_rate"], Kind.PERCENT),
    )
    return Table("scanners", said["scanners"], columns, tuple(_scanner(one, titles) for one in found.scanners))


def _scanner(one: ScanWork, titles: Titles) -> tuple[Cell, ...]:
    counted = (one.documents, one.pages, one.rescans, _share(one.rescans, one.pages))
    rejected = (one.rejected, _share(one.rejected, one.documents))
    return titles.person(one.person) or titles.words["not_told"], *counted, *rejected


def _people(found: Throughput, titles: Titles) -> Table:
    said = titles.words
    columns = (
        Column(said["person"]),
        Column(said["papers_reviewed"], Kind.COUNT),
        Column(said["looked_at"], Kind.COUNT),
        Column(said["wrong"], Kind.COUNT),
        Column(said["wrong_rate"], Kind.PERCENT),
        Column(said["hours"], Kind.NUMBER),
        Column(said["each_hour"], Kind.NUMBER),
        Column(said["acts"]),
    )
    return Table("people", said["people"], columns, tuple(_person(one, titles) for one in found.people))


def _person(one: PersonWork, titles: Titles) -> tuple[Cell, ...]:
    hours = one.seconds / 3600
    acts = ", ".join(f"{titles.words[f'act_{act}']}: {count}" for act, count in one.acts)
    speed = one.documents / hours if hours else None
    counted = (one.documents, one.looked_at, one.wrong, _share(one.wrong, one.looked_at))
    return titles.person(one.person), *counted, hours, speed, acts or None


def _corrections(found: Throughput, titles: Titles) -> Table:
    said = titles.words
    columns = (
        Column(said["type"]),
        Column(said["field"]),
        Column(said["looked_at"], Kind.COUNT),
        Column(said["wrong"], Kind.COUNT),
        Column(said["wrong_rate"], Kind.PERCENT),
    )
    rows = tuple(
        (titles.type(one.type), titles.field_of(one.type, one.key), one.looked_at, one.wrong, _share(one.wrong, one.looked_at))
        for one in found.corrections
    )
    total = (said["total"], "", found.looked_at, found.wrong, _share(found.wrong, found.looked_at))
    return Table("corrections", said["corrections"], columns, rows, total)


def _in_hand(found: Throughput, titles: Titles) -> Table:
    said = titles.words
    columns = (
        Column(said["office"]),
        Column(said["status"]),
        Column(said["documents"], Kind.COUNT),
        Column(said["pages"], Kind.COUNT),
        Column(said["oldest"], Kind.DAY),
    )
    rows = tuple(
        (titles.office(one.office), said[f"s_{one.status}"], one.documents, one.pages, one.oldest) for one in found.in_hand
    )
    return Table("in_hand", said["in_hand"], columns, rows)


def _charts(found: Throughput, titles: Titles) -> tuple[Chart, ...]:
    charts = (_taken_in(found, titles), _waiting(found, titles), _rescans(found, titles), _wrong(found, titles))
    return tuple(chart for chart in charts if chart.labels)


def _taken_in(found: Throughput, titles: Titles) -> Chart:
    """What each office handed in, most first."""
    counts: Counter[str] = Counter()
    for desk in found.desks:
        counts[titles.office(desk.office)] += desk.documents
    most = counts.most_common(GLANCE)
    return _chart("documents_by_desk", most, titles.words["documents"], titles, percent=False)


def _waiting(found: Throughput, titles: Titles) -> Chart:
    """What waits at each office now: for people, and for machines; most first."""
    said = titles.words
    waits: dict[str, list[int]] = {}
    for one in found.in_hand:
        waits.setdefault(titles.office(one.office), [0, 0])[one.status != Status.NEEDS_REVIEW] += one.documents
    most = sorted(waits.items(), key=lambda one: (-sum(one[1]), one[0]))[:GLANCE]
    series = tuple(
        Series(said[name], tuple(float(counts[place]) for _, counts in most))
        for place, name in enumerate(("to_review", "in_work"))
    )
    labels = tuple(name for name, _ in most)
    return Chart("waiting_by_office", said["waiting_by_office"], False, labels, series, percent=False)


def _rescans(found: Throughput, titles: Titles) -> Chart:
    """The share of pages of each office that must be scanned again, worst first."""
    pages: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for desk in found.desks:
        pages[titles.office(desk.office)] += desk.pages
        bad[titles.office(desk.office)] += desk.rescans
    shares = [(name, _share(bad[name], count)) for name, count in pages.items() if bad[name]]
    worst = sorted(shares, key=lambda one: (-(one[1] or 0.0), one[0]))[:GLANCE]
    return _chart("rescans_by_office", worst, titles.words["rescan_rate"], titles, percent=True)


def _wrong(found: Throughput, titles: Titles) -> Chart:
    """The fields that are put right most often, of those that were looked at often enough."""
    looked = [one for one in found.corrections if one.looked_at >= FEWEST_LOOKS and one.wrong]
    worst = sorted(looked, key=lambda one: (-one.wrong / one.looked_at, one.type, one.key))[:GLANCE]
    shares = [(_named(one, titles), _share(one.wrong, one.looked_at)) for one in worst]
    return _chart("wrong_by_field", shares, titles.words["wrong_rate"], titles, percent=True)


def _chart(key: str, values: Sequence[tuple[str, float | None]], name: str, titles: Titles, *, percent: bool) -> Chart:
    """A chart of one row of values."""
    labels, series = tuple(label for label, _ in values), Series(name, tuple(value for _, value in values))
    return Chart(key, titles.words[key], False, labels, (series,), percent=percent)


def _named(one: LessonTally, titles: Titles) -> str:
    return f"{titles.field_of(one.type, one.key)} · {titles.type(one.type)}"


def _share(count: int, whole: int) -> float | None:
    return 100 * count / whole if whole else None
