"""Charts of reports as pages show them: bars by shares of the room there is, so that letters stay as large as they are."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reporting.report import Chart, Kind, shown


@dataclass(frozen=True, slots=True)
class Bar:
    """One value: ``share`` of the scale in per cent, what it says, which series it is of; no ``share`` where there is none."""

    series: int
    share: float
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one label; ``target`` is where its mark stands, None without one; ``target_said`` says it."""

    label: str
    bars: tuple[Bar, ...]
    target: float | None = None
    target_said: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart ready for its template; ``upright``: its labels are months, side by side."""

    key: str
    title: str
    upright: bool
    names: tuple[str, ...]
    target_name: str
    groups: tuple[Group, ...]


def draw(chart: Chart, language: str) -> Drawn:
    """The chart with its values as shares of its scale."""
    targets = chart.targets or (None,) * len(chart.labels)
    groups = tuple(_group(chart, place, targets[place], language) for place in range(len(chart.labels)))
    named = chart.target_name if any(target is not None for target in targets) else ""
    return Drawn(chart.key, chart.title, chart.lines, tuple(one.name for one in chart.series), named, groups)


def _group(chart: Chart, place: int, target: float | None, language: str) -> Group:
    bars = tuple(
        Bar(number, _share(series.values[place], chart.top), _said(series.values[place], chart, language))
        for number, series in enumerate(chart.series)
    )
    label = chart.labels[place]
    if target is None:
        return Group(label, bars)
    return Group(label, bars, _share(target, chart.top), _said(target, chart, language))


def _share(value: float | None, top: float) -> float:
    return round(100 * min(value or 0.0, top) / top, 2)


def _said(value: float | None, chart: Chart, language: str) -> str:
    if value is None or chart.percent:
        return shown(value, Kind.PERCENT, language)
    return shown(round(value), Kind.COUNT, language)
