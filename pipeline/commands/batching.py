"""``sohoa batch``, and what ``sohoa submit --batch`` does: years of paper."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.arguments import FAILURE, OK, REJECTED, Maker, asker, open_services

if TYPE_CHECKING:
    from pipeline.batches.handing import Shelf
    from pipeline.batches.runs import Runner, Trial
    from pipeline.bootstrap import Services
    from pipeline.domain.batches import Batch, BatchFile
    from pipeline.settings import Settings

ACTS = ("list", "show", "pause", "resume", "cancel", "retry", "report")
_FORMATS = ("table", "csv", "xlsx")


def add(command: Maker) -> None:
    """Add ``batch``."""
    batch = command(
        "batch",
        "look after batches: list, show, pause, resume, cancel, retry, report",
        _batch,
        "sohoa batch list\n"
        "  sohoa batch show B20260105-ab12cd\n"
        "  sohoa batch pause B20260105-ab12cd\n"
        "  sohoa batch retry B20260105-ab12cd               failed documents, and rejected files that were repaired\n"
        "  sohoa batch report B20260105-ab12cd --format xlsx --out bao-cao.xlsx",
    )
    batch.add_argument("act", metavar="ACT", choices=ACTS, help=", ".join(ACTS))
    batch.add_argument("batch", metavar="BATCH", nargs="?", default="", help="id of the batch (all but list need it)")
    batch.add_argument("--actor", metavar="NAME", default="cli", help="who does it")
    batch.add_argument("--force", action="store_true", help="retry: also rejected files that nobody has repaired")
    batch.add_argument("--wait", action="store_true", help="after resume or retry: show progress until all is read")
    batch.add_argument("--format", choices=_FORMATS, default="table", help="of the report")
    batch.add_argument("--out", metavar="FILE", type=Path, help="where the report is written (default: standard output)")
    batch.add_argument("--json", action="store_true", help="one line of JSON for each batch")


def add_options(submit: argparse.ArgumentParser) -> None:
    """Let ``sohoa submit`` be told of batches."""
    group = submit.add_argument_group(
        "batches", "Any of these makes a batch of it: many files with a state, a page, a report."
    )
    group.add_argument("--batch", metavar="NAME", help="what the batch is called")
    group.add_argument("--dry-run", action="store_true", help="show what would become of each file; nothing is handed in")
    group.add_argument(
        "--index", metavar="FILE", type=Path, help="CSV or XLSX: file, dossier, type, owner (default: muc-luc.csv)"
    )
    group.add_argument("--split", action="store_true", help="part files at separator sheets (QR codes, Patch codes)")
    group.add_argument("--slips", action="store_true", help="also where a page bears the code of a dossier, as slips do")
    group.add_argument(
        "--duplex",
        choices=("reversed", "same"),
        help="paths are pairs: fronts, then backs (turned over: reversed)",
    )
    group.add_argument(
        "--unchecked", action="store_true", help="interleave even where fronts and backs do not seem to be of the same sheets"
    )
    group.add_argument("--cut-a3", action="store_true", help="cut sheets of A3 with a bare middle into two pages")
    group.add_argument("--cards", action="store_true", help="cut small cards out of the glass they lie on")
    group.add_argument(
        "--keep-text",
        action="store_true",
        help="words that came along (METS/ALTO, hOCR) are taken as they are and pages not read; a person checks each document",
    )


def wants_batch(args: argparse.Namespace) -> bool:
    """Whether a submission is to be a batch."""
    named = args.batch is not None or args.index is not None or args.duplex is not None
    return bool(named or args.dry_run or args.split or args.slips or args.cut_a3 or args.cards or args.keep_text)


def submit_batch(args: argparse.Namespace, settings: Settings) -> int:
    """Hand in a batch, or show what would become of it."""
    from pipeline.batches.handing import Wanted, survey_shelf
    from pipeline.understanding import type_titles

    wanted = Wanted(tuple(args.paths), args.dossier, bool(args.duplex), args.index)
    shelf = survey_shelf(wanted, settings.bounds, type_titles())
    with closing(open_services(settings)) as services:
        runner = runner_of(services)
        batch = _wanted_batch(args, services)
        if args.dry_run:
            return _try_out(shelf, batch, services, runner)
        opened = runner.open(batch)
        going_on = " (going on with it)" if opened.id != batch.id else ""
        print(f"batch {opened.id}  {opened.name}{going_on}", file=sys.stderr)
        return _take_in(runner, opened, shelf, services, args)


def _wanted_batch(args: argparse.Namespace, services: Services) -> Batch:
    from pipeline.batches.runs import new_id
    from pipeline.domain.batches import Batch, BatchState, Handling
    from pipeline.domain.documents import QueueName

    paths = tuple(str(path.resolve()) for path in args.paths)
    name = args.batch or Path(paths[0]).name
    handling = Handling(args.split, args.slips, args.cut_a3, args.cards, args.duplex or "", args.keep_text, args.unchecked)
    return Batch(
        new_id(services.clock),
        name,
        BatchState.RUNNING,
        False,
        services.clock.now(),
        args.operator or asker(),
        QueueName(args.queue),
        paths,
        args.dossier or "",
        args.engine or "",
        handling,
    )


def runner_of(services: Services) -> Runner:
    """What looks after batches where their files are."""
    from pipeline.batches.looks import PoolLooker
    from pipeline.batches.runs import Runner
    from pipeline.batches.taking import Bench, PoolSlicer
    from pipeline.batches.words_along import PoolOpener

    bounds = services.settings.bounds
    pool = services.pool
    bench = Bench(PoolLooker(pool), PoolSlicer(pool, bounds), bounds, PoolOpener(pool), pool.edition)
    return Runner(services.flow, bench)


def _take_in(runner: Runner, batch: Batch, shelf: Shelf, services: Services, args: argparse.Namespace) -> int:
    from pipeline.batch_progress import BatchProgress

    files: list[BatchFile] = []
    with BatchProgress() as progress:
        for file in runner.take_in(batch, shelf):
            files.append(file)
            progress.took(file)
        if args.wait:
            progress.follow(batch.id, services.flow)
    return _tell(batch.id, services, files, args)


def _tell(batch_id: str, services: Services, files: Sequence[BatchFile], args: argparse.Namespace) -> int:
    """Say how the batch stands, and which files were rejected; the exit code."""
    from pipeline.batch_progress import print_tally
    from pipeline.domain.batches import FileState
    from pipeline.domain.documents import Status

    batch, tally = services.catalogue.batches.batch(batch_id), services.catalogue.batches.tally(batch_id)
    if args.json:
        _print_lines([_as_json(batch, tally)])
    else:
        for file in files:
            if file.state is FileState.REJECTED:
                print(f"rejected  {file.dossier}/{file.name}: {file.message}")
        print_tally(batch, tally)
    if args.wait and tally.in_status(Status.FAILED):
        return FAILURE
    return REJECTED if tally.count(FileState.REJECTED) or tally.in_status(Status.REJECTED) else OK


def _try_out(shelf: Shelf, batch: Batch, services: Services, runner: Runner) -> int:
    from pipeline.batch_progress import print_trials
    from pipeline.batches.runs import try_out

    def known(dossier: str, sha256: str) -> str:
        same = (services.catalogue.document(one) for one in services.catalogue.likenesses.same_file(sha256))
        return next((one.id for one in same if one.dossier == dossier), "")

    trials: list[Trial] = list(try_out(shelf, batch, services.flow, runner.bench, known))
    print_trials(trials)
    return REJECTED if any(trial.error for trial in trials) else OK


def _batch(args: argparse.Namespace, settings: Settings) -> int:
    with closing(open_services(settings)) as services:
        return _act(args, services)


def _act(args: argparse.Namespace, services: Services) -> int:
    from pipeline.batch_progress import print_batches

    if args.act == "list":
        listed = services.catalogue.batches.batches(limit=1000)
        tallies = [(one, services.catalogue.batches.tally(one.id)) for one in listed]
        if args.json:
            _print_lines(_as_json(*pair) for pair in tallies)
        else:
            print_batches(tallies)
        return OK
    if not args.batch:
        raise ValueError(f"which batch? sohoa batch {args.act} BATCH; see: sohoa batch list")
    batch = services.catalogue.batches.batch(args.batch)
    return _on_batch(args, batch, services)


def _on_batch(args: argparse.Namespace, batch: Batch, services: Services) -> int:
    from pipeline.batch_progress import BatchProgress
    from pipeline.batches.runs import Control
    from pipeline.domain.batches import BatchState

    control = Control(services.flow)
    if args.act == "report":
        return _report(batch, args, services)
    files: list[BatchFile] = []
    if args.act == "pause":
        control.move(batch.id, BatchState.PAUSED, args.actor)
    elif args.act == "cancel":
        control.move(batch.id, BatchState.CANCELLED, args.actor)
    elif args.act == "resume":
        if batch.state is not BatchState.DONE or not batch.complete:
            control.move(batch.id, BatchState.RUNNING, args.actor)
        files = _go_on(batch, services)
    elif args.act == "retry":
        files = _retry(batch, control, services, args)
    if args.wait:
        with BatchProgress() as progress:
            progress.follow(batch.id, services.flow)
    code = _tell(batch.id, services, files, args)
    return code if args.act in {"resume", "retry"} else OK


def _go_on(batch: Batch, services: Services) -> list[BatchFile]:
    """Files that were not taken before whoever took them was killed, where they lie on this machine."""
    if batch.complete:
        return []
    shelf = _shelf(batch, services)
    return list(runner_of(services).take_in(batch, shelf)) if shelf is not None else []


def _retry(batch: Batch, control: Any, services: Services, args: argparse.Namespace) -> list[BatchFile]:  # noqa: ANN401 - imported late
    from pipeline.batches.feeding import Feeder
    from pipeline.batches.taking import UNCHANGED
    from pipeline.domain.batches import BatchState, FileState

    again = control.retry(batch.id, args.actor)
    shelf = _shelf(batch, services)
    files = list(runner_of(services).take_repaired(batch, shelf, force=args.force)) if shelf is not None else []
    mended = [file for file in files if file.state is FileState.PLANNED]
    now = services.catalogue.batches.batch(batch.id)
    if mended and now.state is BatchState.DONE:
        now = control.move(batch.id, BatchState.RUNNING, args.actor)
    if now.state is BatchState.RUNNING:
        Feeder(services.flow).feed(now)
    same = sum(file.code == UNCHANGED for file in files)
    left = f"; {same} files are as they were when they were rejected (--force takes them all the same)" if same else ""
    print(f"{again} documents are read once more, {len(mended)} repaired files were taken{left}", file=sys.stderr)
    return files


def _shelf(batch: Batch, services: Services) -> Shelf | None:
    from pipeline.batches.handing import Wanted, paths_of, survey_shelf
    from pipeline.understanding import type_titles

    paths = paths_of(batch.paths)
    if len(paths) != len(batch.paths):
        print("the files of this batch are not (all) on this machine: run the same command where they are", file=sys.stderr)
        return None
    types = type_titles()
    return survey_shelf(Wanted(paths, batch.dossier or None, bool(batch.handling.backs)), services.settings.bounds, types)


def _report(batch: Batch, args: argparse.Namespace, services: Services) -> int:
    from pipeline.batch_progress import print_report
    from pipeline.batches.accounts import as_csv, as_workbook, lines_of

    lines = list(lines_of(batch.id, services.flow))
    if args.format == "table" and args.out is None:
        print_report(batch, lines)
        return OK
    if args.format == "table":
        raise ValueError("a table goes to the terminal; for a file say --format csv or --format xlsx")
    data = as_csv(lines) if args.format == "csv" else as_workbook(lines, batch.name)
    if args.out is None:
        sys.stdout.buffer.write(data)
    else:
        args.out.write_bytes(data)
        print(f"{args.out}: {len(lines)} lines", file=sys.stderr)
    return OK


def _as_json(batch: Batch, tally: Any) -> dict[str, Any]:  # noqa: ANN401 - imported late
    return {
        "batch": batch.id,
        "name": batch.name,
        "state": batch.state.value,
        "complete": batch.complete,
        "created_at": batch.created_at.isoformat(),
        "files": {state.value: count for state, count in tally.files},
        "documents": {status.value if status else "waiting": count for status, count in tally.documents},
        "sides": tally.sides,
        "pages": tally.pages,
        "settled": tally.settled,
    }


def _print_lines(lines: Iterable[dict[str, Any]]) -> None:
    for line in lines:
        print(json.dumps(line, ensure_ascii=False), flush=True)
