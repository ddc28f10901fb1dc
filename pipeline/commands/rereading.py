"""``sohoa reread``: archived documents read again, and what reads otherwise."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import FAILURE, OK, Maker, add_engine, open_services, positive
from pipeline.domain.documents import QueueName

if TYPE_CHECKING:
    from pipeline.console import PageProgress
    from pipeline.rereading import Rereading
    from pipeline.settings import Settings

#: How much the reading of a preview gives way to everything else on the machine.
PREVIEW_NICENESS = 10


def add(command: Maker) -> None:
    """Add ``reread``."""
    reread = command(
        "reread",
        "read archived documents again, with today's engine, models and recipes; what reads otherwise becomes a new revision",
        _reread,
        "sohoa reread --all --diff                    what would change? it waits on the page\n"
        "  sohoa reread --all                           make the new revisions, by the workers\n"
        "  sohoa reread --dossier H49.01 --diff --apply make them, and show what each changes\n"
        "  sohoa reread --all --diff --json > doi.jsonl what would change; take out what is not wanted\n"
        "  sohoa reread --accepted doi.jsonl            make those that are left\n"
        "  sohoa reread --all --background              while nothing else waits; Ctrl-C pauses, the same goes on",
    )
    which = reread.add_mutually_exclusive_group(required=True)
    which.add_argument("documents", metavar="DOCUMENT", nargs="*", default=[], help="id of a document")
    which.add_argument("--dossier", metavar="CODE", help="all documents of this dossier")
    which.add_argument("--all", action="store_true", help="all documents there are")
    which.add_argument(
        "--accepted", metavar="FILE", type=Path, help="those whose changes stand in a file of --diff --json, and are wanted"
    )
    add_engine(reread)
    reread.add_argument("--diff", action="store_true", help="show what changes; without --apply no revision is made")
    reread.add_argument("--apply", action="store_true", help="with --diff: make the new revisions as well")
    reread.add_argument(
        "--background", action="store_true", help="few at a time, and only while no other document waits to be read"
    )
    reread.add_argument("--spare-held", action="store_true", help="leave alone what was released to other systems")
    reread.add_argument("--again", action="store_true", help="also what this engine and edition have read already")
    reread.add_argument(
        "--queue",
        choices=[queue.value for queue in QueueName],
        default=QueueName.BATCH.value,
        help="whose turn the workers take: batch gives way to everything a citizen waits for (default)",
    )
    reread.add_argument("--jobs", metavar="N", type=positive, help="with --diff alone: pages read at once")
    reread.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _reread(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.console import PageProgress
    from pipeline.rereading import Outcome
    from pipeline.rereading_report import Report, as_line

    if args.background and args.queue == QueueName.STATION.value:
        raise ValueError("--background gives way to everything; --queue station gives way to nothing: say one of them")
    if args.apply and not args.diff:
        raise ValueError("--apply goes with --diff; without --diff the new revisions are made anyway")
    written = not args.diff or args.apply
    bar = PageProgress()
    report = Report(with_diff=args.diff, every=bool(args.documents), written=written, console=bar.console)
    try:
        with bar as progress:
            for result in _rereadings(args, settings, progress, written=written):
                report.add(result)
                if args.json:
                    print(as_line(result, written=written), flush=True)
                else:
                    report.tell(result)
    except KeyboardInterrupt:
        told = (
            "what the workers have in hand they finish; the same command goes on from here" if written else "not all was shown"
        )
        print(told, file=sys.stderr)
        raise
    finally:
        if report.outcomes or args.all:
            print(*report.totals(), sep="\n", file=sys.stderr if args.json else sys.stdout)
    return FAILURE if report.outcomes[Outcome.FAILED.value] else OK


def _rereadings(args: argparse.Namespace, settings: Settings, progress: PageProgress, *, written: bool) -> Iterator[Rereading]:
    """By the workers where revisions are made; in processes of this command, which give way to theirs, where not."""
    from pipeline import rereading
    from pipeline.flow import Wish
    from pipeline.rereading_desk import Restraint
    from pipeline.rereading_report import read_accepted
    from pipeline.workbench import build_pool

    services = open_services(settings)
    accepted = read_accepted(args.accepted) if args.accepted else None
    if accepted is not None and not accepted:
        return
    documents = rereading.choose(services, args.documents or tuple(accepted or ()), args.dossier)
    engine = args.engine or settings.engine
    restraint = Restraint(args.again, args.spare_held, accepted, args.background)
    if written:
        wish = Wish(QueueName(args.queue), engine)
        yield from rereading.reread(documents, wish, services, progress, restraint)
        return
    with build_pool(settings, args.jobs, niceness=PREVIEW_NICENESS) as pool:
        seen = rereading.preview(documents, engine, services, pool, progress, restraint)
        yield from rereading.keep_previews(seen, services)
