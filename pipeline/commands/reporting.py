"""``sohoa report``: rates of digitising, throughput and reuse, on the terminal and as files to hand in."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, open_services

if TYPE_CHECKING:
    from rich.table import Table as Grid

    from pipeline.reporting.report import Report, Table
    from pipeline.settings import Settings

_KINDS = ("rates", "throughput", "reuse")
_FORMS = ("table", "csv", "xlsx", "png", "svg", "pdf")
#: Forms that no terminal shows.
_BINARY = frozenset({"xlsx", "png", "pdf"})


def add(command: Maker) -> None:
    """Add ``report``."""
    report = command(
        "report",
        "rates of digitising against targets, throughput of desks and people, reuse",
        _report,
        "sohoa report rates --from 2026-01 --to 2026-03\n"
        "  sohoa report rates --from 2026-01 --to 2026-01 --format xlsx --out bao-cao-thang-1.xlsx\n"
        "  sohoa report throughput --from 2026-01-05 --to 2026-01-09 --office 000.00.16.H05",
    )
    report.add_argument("kind", choices=_KINDS, help="which report")
    days = "a day (2026-01-31) or a month (2026-01)"
    report.add_argument("--from", dest="since", metavar="DAY", default="", help=f"{days}; default: the first of this month")
    report.add_argument("--to", dest="until", metavar="DAY", default="", help=f"{days}; default: today")
    report.add_argument("--format", dest="form", choices=_FORMS, default="table", help="how it is written (default: table)")
    report.add_argument("--out", metavar="FILE", type=Path, help="write it there instead of to standard output")
    report.add_argument("--office", metavar="CODE", action="append", help="of this office alone; may be given several times")
    report.add_argument("--english", action="store_true", help="in English instead of Vietnamese")


def _report(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.bootstrap import build_reports
    from pipeline.domain.figures import Period
    from pipeline.reports import render_report

    today = date.today().isoformat()
    period = Period.parse(args.since or today[:7], args.until or today)
    if args.form in _BINARY and args.out is None and sys.stdout.isatty():
        raise ValueError(f"a terminal cannot show {args.form}: add --out FILE")
    reports = build_reports(open_services(settings))
    reports.catch_up()
    report = reports.make(args.kind, period, args.office, "en" if args.english else "vi")
    if args.form == "table":
        _show(report, args.out)
        return OK
    data = render_report(report, args.form)
    if args.out:
        args.out.write_bytes(data)
        print(args.out)
    else:
        sys.stdout.buffer.write(data)
    return OK


def _show(report: Report, out: Path | None) -> None:
    """Print the report; never folded where it goes to a file or another program."""
    from contextlib import nullcontext

    from rich.console import Console

    with out.open("w", encoding="utf-8") if out else nullcontext(sys.stdout) as file:
        console = Console(file=file, highlight=False)
        if not console.is_terminal:
            console.width = 240
        console.print(f"[bold]{report.title}[/]\n{report.subtitle}")
        for name, value in report.headlines:
            console.print(f"  {name}: [bold]{value}[/]")
        for table in report.tables:
            if table.rows:
                console.print()
                console.print(_grid(table, report.language))
        for note in report.notes:
            console.print(f"\n{_plain(note)}")


def _grid(table: Table, language: str) -> Grid:
    from rich.table import Table as Grid

    from pipeline.reporting.report import Kind, shown

    grid = Grid(title=table.title, title_justify="left", title_style="bold", box=None, header_style="bold", pad_edge=False)
    for column in table.columns:
        grid.add_column(_plain(column.title), justify="left" if column.kind in {Kind.TEXT, Kind.DAY} else "right")
    for row in table.rows:
        grid.add_row(*(_plain(shown(cell, column.kind, language)) for cell, column in zip(row, table.columns, strict=True)))
    if table.total:
        grid.add_section()
        cells = (shown(cell, column.kind, language) for cell, column in zip(table.total, table.columns, strict=True))
        grid.add_row(*map(_plain, cells), style="bold")
    return grid


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
