"""Charts of a report as pictures, drawn for print: read at arm's length, in colour and in grey."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from pipeline.reporting.report import Chart, Kind, Report, shown

#: Millimetres of A4, and dots per inch of pictures.
A4, DPI = (210.0, 297.0), 200

INK, FAINT, GRID = "#1a1d21", "#5b6470", "#d5dae0"
#: Two series: dark and light enough to be told apart on a grey printer; the target; what is not reached.
COLOURS = ("#1f5fbf", "#e0912b")
TARGET = "#b3261e"

#: What a file says of itself: nothing that differs from one making to the next.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": "Sohoa"},
    "svg": {"Date": None, "Creator": "Sohoa"},
    "pdf": {"CreationDate": None, "Creator": "Sohoa", "Producer": "Sohoa"},
}

#: DejaVu Sans comes with matplotlib, and has every Vietnamese letter.
_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"

_DRAWING = Lock()
#: Letters of a label to a line, and lines.
_WRAP = 26


def font(size: float, *, bold: bool = False) -> FontProperties:
    """The face of all plots at ``size`` points."""
    return FontProperties(fname=str(_FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")), size=size)


def render_plot(report: Report, form: str) -> bytes:
    """All charts of the report, one under the other, as ``png`` or ``svg``: A4 in width, as high as they need."""
    heights = [chart_height(chart) for chart in report.charts] or [20.0]
    total = 26 + sum(heights) + 8 * len(heights)
    figure = Figure(figsize=(_inches(A4[0]), _inches(total)), dpi=DPI, facecolor="white")
    figure.text(12 / A4[0], 1 - 11 / total, report.title, fontproperties=font(13, bold=True), color=INK, va="center")
    figure.text(12 / A4[0], 1 - 18 / total, report.subtitle, fontproperties=font(10), color=FAINT, va="center")
    top = 26.0
    for chart, height in zip(report.charts, heights, strict=False):
        draw_chart(figure, chart, (12, top, 186, height), total, report.language)
        top += height + 8
    return save(figure, form)


def save(figure: Figure, form: str) -> bytes:
    """The drawing as ``png``, ``svg`` (letters as outlines) or ``pdf`` (letters as text), the same bytes every time."""
    out = io.BytesIO()
    with _settings():
        figure.savefig(out, format=form, dpi=DPI, metadata=_METADATA[form])
    return out.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    """Settings of matplotlib are its own for all threads: one draws at a time."""
    with _DRAWING, mpl.rc_context({"svg.hashsalt": "sohoa", "svg.fonttype": "path", "pdf.fonttype": 42}):
        yield


def _inches(millimetres: float) -> float:
    return millimetres / 25.4


def chart_height(chart: Chart) -> float:
    """Millimetres that a chart needs in height."""
    if chart.lines:
        return 70.0
    lines = sum(max(len(chart.series) * 1.0, len(wrapped(label))) for label in chart.labels)
    return 22.0 + 4.6 * lines + 2.4 * len(chart.labels)


def draw_chart(figure: Figure, chart: Chart, place: tuple[float, float, float, float], page: float, language: str) -> None:
    """Draw the chart in ``place``: left, top, width, height in millimetres of a page of A4's width that is ``page`` high."""
    left, top, width, height = place
    figure.text(left / A4[0], 1 - (top + 3) / page, chart.title, fontproperties=font(10.5, bold=True), color=INK, va="center")
    inset = 16.0 if chart.lines else 52.0
    box = (
        (left + inset) / A4[0],
        1 - (top + height - 5) / page,
        (width - inset - 14) / A4[0],
        (height - 19) / page,
    )
    axes = figure.add_axes(box)
    _clear(axes)
    (_draw_lines if chart.lines else _draw_bars)(axes, chart, language)
    _key(figure, chart, (left, top + 9), page)


def _clear(axes: Axes) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, colors=INK)
    axes.set_axisbelow(True)


def _draw_bars(axes: Axes, chart: Chart, language: str) -> None:
    """Bars that lie: names are long. The target of each label is a stroke across its bars."""
    rows = [max(len(chart.series) * 1.0, len(wrapped(label))) * 4.6 + 2.4 for label in chart.labels]
    places = [sum(rows[:number]) + row / 2 for number, row in enumerate(rows)]
    thick = 3.9
    for number, series in enumerate(chart.series):
        shift = (number - (len(chart.series) - 1) / 2) * (thick + 0.5)
        at = [place + shift for place in places]
        values = [value or 0.0 for value in series.values]
        axes.barh(at, values, height=thick, color=COLOURS[number], hatch="" if number == 0 else "///", edgecolor="white", lw=0)
        for place, value in zip(at, series.values, strict=True):
            said = shown(value, Kind.PERCENT, language) if chart.percent else shown(round(value or 0), Kind.COUNT, language)
            where = min(value or 0.0, chart.top) + chart.top * 0.008
            axes.text(where, place, said, fontproperties=font(7.6), color=INK, va="center", clip_on=False)
    for place, target, row in zip(places, chart.targets, rows, strict=False):
        if target is not None:
            ends = [place - row / 2 + 0.6, place + row / 2 - 0.6]
            axes.plot([target, target], ends, color=TARGET, lw=2.2, solid_capstyle="butt", clip_on=False)
    axes.set_ylim(sum(rows), 0)
    axes.set_xlim(0, chart.top)
    axes.set_yticks(places, ["\n".join(wrapped(label)) for label in chart.labels], fontproperties=font(8.4))
    axes.xaxis.grid(True, color=GRID, lw=0.6)
    axes.axvline(0, color=INK, lw=0.8)
    _scale(axes, chart, language)


def _draw_lines(axes: Axes, chart: Chart, language: str) -> None:
    places = range(len(chart.labels))
    for number, series in enumerate(chart.series):
        values = [float("nan") if value is None else value for value in series.values]
        marker = "os"[number % 2]
        axes.plot(places, values, color=COLOURS[number], lw=2, marker=marker, ms=5, ls="-" if number == 0 else "--")
        _label_ends(axes, series.values, COLOURS[number], language)
    if any(target is not None for target in chart.targets):
        targets = [float("nan") if target is None else target for target in chart.targets]
        axes.step(places, targets, where="mid", color=TARGET, lw=1.8)
    axes.set_ylim(0, chart.top * 1.06)
    axes.set_xlim(-0.3, max(len(chart.labels) - 0.7, 0.7))
    step = -(-len(chart.labels) // 12)
    axes.set_xticks(list(places)[::step], chart.labels[::step], fontproperties=font(8))
    axes.yaxis.grid(True, color=GRID, lw=0.6)
    for label in axes.get_yticklabels():
        label.set_fontproperties(font(7.6))


def _label_ends(axes: Axes, values: Sequence[float | None], colour: str, language: str) -> None:
    """The newest value beside its point."""
    last = max((place for place, value in enumerate(values) if value is not None), default=None)
    if last is None:
        return
    value = values[last]
    said = shown(value, Kind.PERCENT, language)
    axes.annotate(
        said, (last, value or 0.0), (6, 0), textcoords="offset points", fontproperties=font(8), color=colour, va="center"
    )


def _scale(axes: Axes, chart: Chart, language: str) -> None:
    ticks = [tick for tick in axes.get_xticks() if 0 <= tick <= chart.top]
    said = [shown(round(tick), Kind.COUNT, language) if tick == round(tick) else "" for tick in ticks]
    axes.set_xticks(ticks, said, fontproperties=font(7.4))
    axes.set_xlim(0, chart.top)
    for label in axes.get_xticklabels():
        label.set_color(FAINT)


def _key(figure: Figure, chart: Chart, place: tuple[float, float], page: float) -> None:
    """What the colours mean, in one line under the title; a single series says it in the title."""
    named = [(series.name, COLOURS[number]) for number, series in enumerate(chart.series)] if len(chart.series) > 1 else []
    if any(target is not None for target in chart.targets):
        named.append((chart.target_name, TARGET))
    left, top = place
    for name, colour in named:
        figure.text(
            left / A4[0], 1 - top / page, "■" if colour != TARGET else "┃", fontproperties=font(9), color=colour, va="center"
        )
        figure.text((left + 4) / A4[0], 1 - top / page, name, fontproperties=font(8), color=FAINT, va="center")
        left += 9 + 1.75 * len(name)


def wrapped(label: str) -> list[str]:
    """The label in lines that fit beside the bars, three at most."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= _WRAP:
            lines[-1] += f" {word}"
        else:
            lines.append(word if len(word) <= _WRAP else f"{word[: _WRAP - 1]}…")
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][: _WRAP - 1]}…"]
