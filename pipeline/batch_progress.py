"""What the terminal shows of batches: files as they are taken, pages with rate and estimate, tables at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pipeline.batches.accounts import Line, sum_up
from pipeline.batches.feeding import Feeder
from pipeline.batches.runs import Trial
from pipeline.batches.taking import Planned
from pipeline.console import plain
from pipeline.domain.batches import Batch, BatchFile, BatchState, BatchTally, FileState
from pipeline.flow import FlowPorts

#: Seconds between two looks at the catalogue: the fewest, the most; and so many times what a look takes, in between.
SOONEST, LATEST, TIMES = 0.2, 5.0, 200
#: With so few pages left, or none, it is looked sooner: somebody waits for the end.
_LAST, _LAST_TIMES = 8, 20


class _Rate(ProgressColumn):
    """Pages a minute."""

    def render(self, task: Task) -> Text:
        """The rate; a dash until there is one."""
        speed = task.finished_speed or task.speed
        return Text("– /min" if not speed else f"{60 * speed:.0f}/min", style="progress.data.speed")


class BatchProgress:
    """Two bars on stderr, files taken and pages settled; silent where that is no terminal."""

    def __init__(self, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._files = self._progress.add_task("Taking files", total=None)

    def __enter__(self) -> BatchProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def took(self, file: BatchFile) -> None:
        """Count one file more."""
        self._progress.update(self._files, advance=1, description=f"Taking {file.name[:40]}")

    def follow(self, batch_id: str, ports: FlowPorts) -> None:
        """Feed and show the batch until it is done, paused or cancelled."""
        task = self._progress.add_task("Reading pages", total=None)
        feeder, batches = Feeder(ports), ports.catalogue.batches
        while True:
            begun, batch, tally = time.monotonic(), batches.batch(batch_id), batches.tally(batch_id)
            self._progress.update(task, total=max(1, tally.pages), completed=tally.settled)
            if batch.state is BatchState.RUNNING:
                feeder.feed(batch)
                batch = batches.batch(batch_id)
            if batch.state is not BatchState.RUNNING:
                return
            if not batch.complete and not tally.in_status(None) and tally.settled >= tally.pages:
                return
            times = TIMES if tally.pages - tally.settled > _LAST else _LAST_TIMES
            time.sleep(min(LATEST, max(SOONEST, times * (time.monotonic() - begun))))


def print_trials(trials: Sequence[Trial]) -> None:
    """What would become of each file, and of all of them."""
    table = _table("file", "dossier", "sides", "documents", "would be")
    for one in trials:
        pieces = one.planned.cut.pieces if one.planned else ()
        sides = len(one.planned.cut.sides) if one.planned else 0
        homes = list(dict.fromkeys(piece.marker.dossier or one.given.dossier for piece in pieces)) or [one.given.dossier]
        table.add_row(
            plain(one.given.name), plain(_few(homes)), str(sides), str(len(pieces)), plain(_fate(one)), style=_style(one)
        )
    _console().print(table)
    fresh = [one for one in trials if one.planned and not one.known]
    papers = [(piece, one.given.dossier) for one in fresh if one.planned for piece in one.planned.cut.pieces]
    dossiers = {piece.marker.dossier or home for piece, home in papers}
    print_line(
        f"{len(trials)} files: {len(papers)} documents in {len(dossiers)} dossiers would be read, "
        f"{sum(len(p.views) - len(p.removed) for p, _ in papers)} pages; {sum(bool(one.known) for one in trials)} duplicates, "
        f"{sum(one.error is not None for one in trials)} rejected. Nothing was handed in."
    )


def _fate(one: Trial) -> str:
    if one.error is not None:
        return f"rejected: {one.error.advice or one.error.message}"
    if one.known:
        return f"duplicate of {one.known}"
    if not one.planned or not one.planned.cut.pieces:
        return "nothing: separators and blank sides only"
    return "read" if one.planned.words is None else _with_words(one.planned)


def _with_words(planned: Planned) -> str:
    """What came along with a paper, and what becomes of it."""
    words, declared = planned.words, ""
    assert words is not None
    if title := next((value for name, value in words.declared if name == "title"), ""):
        declared = f"; declared: {title[:60]}"
    if not words.pages:
        return f"read; no words came along{declared}"
    came = f"{words.words} words on {sum(bool(page.lines) for page in words.pages)} pages by {words.source}"
    return f"{'words taken over' if words.kept else 'read'}; along came {came}{declared}" + "".join(
        f"; {note}" for note in planned.notes
    )


def _style(one: Trial) -> str:
    return "red" if one.error else "dim" if one.known else ""


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" +{len(names) - 3}" if len(names) > 3 else "")


def print_batches(tallies: Iterable[tuple[Batch, BatchTally]]) -> None:
    """One line for each batch."""
    table = _table("batch", "name", "state", "begun", "files", "documents", "pages", "read", "rejected")
    for batch, tally in tallies:
        state = batch.state.value + ("" if batch.complete else ", still taking files")
        read = f"{100 * tally.settled / tally.pages:.0f} %" if tally.pages else "–"
        begun = f"{batch.created_at.astimezone():%Y-%m-%d %H:%M}"
        numbers = (sum(count for _, count in tally.files), tally.total, tally.pages)
        told = (batch.id, plain(batch.name), state, begun, *map(str, numbers), read, str(tally.count(FileState.REJECTED)))
        table.add_row(*told)
    _console().print(table)


def print_tally(batch: Batch, tally: BatchTally) -> None:
    """How far a batch is."""
    files = ", ".join(f"{count} {state.value}" for state, count in tally.files)
    documents = ", ".join(f"{count} {status.value if status else 'waiting'}" for status, count in tally.documents)
    print_line(f"{batch.id} {plain(batch.name)}: {batch.state.value}{'' if batch.complete else ', not all files taken yet'}")
    print_line(f"files: {files or 'none'}; documents: {documents or 'none'}; pages: {tally.settled} of {tally.pages}")


def print_report(batch: Batch, lines: Sequence[Line]) -> None:
    """The report as a table with its sum."""
    table = _table("file", "document", "dossier", "status", "type", "pages", "words", "scan again", "note")
    for one in lines:
        sure = "" if one.confidence is None else f"{one.confidence:.0%}"
        again = ", ".join(map(str, one.rescan))
        told = (one.file, one.name if one.name != one.file else "", one.dossier, one.status, one.type)
        table.add_row(*map(plain, told), str(one.pages or ""), sure, again, plain(one.note))
    _console().print(table)
    total = sum_up(lines)
    print_line(
        f"{batch.id} {plain(batch.name)}: {total.documents} documents, {total.pages} pages ({total.sides} sides), "
        f"{total.rescan} pages to scan again, {total.rejected} files rejected, {total.duplicates} duplicates"
    )


def print_line(text: str) -> None:
    """One line on standard output."""
    _console().print(text, highlight=False, soft_wrap=True)


def _table(*heads: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        table.add_column(
            head, overflow="fold", justify="right" if head in {"sides", "pages", "files", "documents"} else "left"
        )
    return table


def _console() -> Console:
    console = Console()
    if not console.is_terminal:
        console.width = 200
    return console
