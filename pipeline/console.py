"""What a person sees on the terminal: progress page by page, and the summary at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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


def print_summary(rows: Iterable[SummaryRow]) -> None:
    """Print one line per document and a line of totals; not folded where standard output is no terminal."""
    listed = list(rows)
    console = Console()
    if not console.is_terminal:
        console.width = 200
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("document", overflow="fold", min_width=16)
    table.add_column("status", no_wrap=True, min_width=12)
    table.add_column("type", no_wrap=True, min_width=max((len(row.type) for row in listed), default=4))
    for title in ("pages", "words", "fields"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("note", overflow="fold")
    for row in listed:
        sure = "" if row.confidence is None else f"{row.confidence:.0%}"
        style = _STYLES.get(row.status, "")
        status = f"[{style}]{row.status}[/]" if style else row.status
        table.add_row(plain(row.name), status, row.type, str(row.pages), sure, str(row.fields), plain(row.note))
    console.print(table)
    counts = ", ".join(f"{sum(row.status == s for row in listed)} {s}" for s in _STYLES if any(r.status == s for r in listed))
    console.print(f"{len(listed)} documents, {sum(row.pages for row in listed)} pages: {counts or 'nothing to do'}")


def summary_row(raw: Mapping[str, Any], *notes: str) -> SummaryRow:
    """The row of a record as JSON values; ``notes`` come before the codes of its problems."""
    sure = [page["confidence"] for page in raw.get("pages", ()) if page["origin"] != "unread" and not page["blank"]]
    codes = list(dict.fromkeys(problem["code"] for problem in raw["problems"]))
    more = [f"+{len(codes) - 3}"] if len(codes) > 3 else []
    name, kind = raw["source"]["name"], raw.get("document_type")
    return SummaryRow(
        name=name if raw["dossier"] in {"", "."} else f"{raw['dossier']}/{name}",
        status=raw["status"],
        type=kind["code"] if kind else "",
        pages=len(raw.get("pages", ())),
        confidence=sum(sure) / len(sure) if sure else None,
        fields=len(raw.get("fields", ())),
        note=", ".join((*notes, *codes[:3], *more)),
    )


def plain(text: str) -> str:
    """``text`` for a table, its brackets no markup."""
    return text.replace("[", r"\[")
