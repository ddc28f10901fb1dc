"""What a person sees on the terminal: progress page by page, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

_STYLES = {"approved": "green", "archived": "green", "needs_review": "yellow", "rejected": "red", "failed": "bold red"}


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One document of the summary table. ``confidence`` is that of its words, 0..1, None where none were read."""

    name: str
    status: str
    type: str
    pages: int
    confidence: float | None
    fields: int
    note: str


class PageProgress:
    """A bar over pages with an estimate of the rest, on stderr; silent where that is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("pages"),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task("Opening files", total=None)
        self._planned = 0

    def __enter__(self) -> PageProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def plan(self, pages: int) -> None:
        """Add ``pages`` to what must be done."""
        self._planned += pages
        self._progress.update(self._task, total=self._planned)

    def advance(self, pages: int, name: str) -> None:
        """Count ``pages`` more as done, of the document ``name``."""
        short = name if len(name) <= 32 else f"{name[:29]}…"
        self._progress.update(self._task, advance=pages, description=f"Reading {short}")

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self._progress.console.print(line, markup=False, highlight=False)


def print_summary(rows: Iterable[SummaryRow], console: Console) -> None:
    """Print one line per document and a line of totals."""
    listed = list(rows)
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("document", overflow="fold")
    table.add_column("status")
    table.add_column("type")
    for title in ("pages", "words", "fields"):
        table.add_column(title, justify="right")
    table.add_column("note", overflow="fold")
    for row in listed:
        sure = "" if row.confidence is None else f"{row.confidence:.0%}"
        style = _STYLES.get(row.status, "")
        status = f"[{style}]{row.status}[/]" if style else row.status
        table.add_row(_plain(row.name), status, row.type, str(row.pages), sure, str(row.fields), _plain(row.note))
    console.print(table)
    counts = ", ".join(f"{sum(row.status == s for row in listed)} {s}" for s in _STYLES if any(r.status == s for r in listed))
    console.print(f"{len(listed)} documents, {sum(row.pages for row in listed)} pages: {counts or 'nothing to do'}")


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
