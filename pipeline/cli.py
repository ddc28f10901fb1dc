"""The command ``sohoa``: parse, call, print, exit code. Each command imports what it needs, so that help is instant."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import RejectedInputError, SohoaError
from pipeline.engines import ENGINES

if TYPE_CHECKING:
    from pipeline.bootstrap import Services
    from pipeline.console import PageProgress
    from pipeline.rereading import Rereading
    from pipeline.settings import Settings

OK, FAILURE, USAGE, REJECTED, INTERRUPTED = 0, 1, 2, 3, 130

#: How much the reading of a preview gives way to everything else on the machine.
PREVIEW_NICENESS = 10

#: What an error that ends a command makes of its exit code; the first class that fits counts.
EXIT_CODES: tuple[tuple[type[BaseException], int], ...] = (
    (RejectedInputError, REJECTED),
    (SohoaError, FAILURE),
    (ValueError, USAGE),
    (OSError, FAILURE),
    (KeyboardInterrupt, INTERRUPTED),
)

EPILOG = """\
examples:
  sohoa digitise scans/ --out done/                     no servers needed
  sohoa up                                              start everything on this machine
  sohoa submit "hồ sơ 0123/" --queue station --wait     hand in a dossier and watch it being read
  sohoa reread --all --diff                             what would be read otherwise today
  sohoa import procedures thu-tuc.tsv                   the list that dossiers' procedures are looked up in
  sohoa doctor                                          what is missing here, and how to mend it

exit codes: 0 all done, 1 our failure, 2 wrong usage, 3 some input was rejected (the rest is done)
Settings come from the environment: SOHOA_HOME (data folder), SOHOA_JOBS, SOHOA_WEB_PORT, ...
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of the command in ``argv``."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    args = make_parser().parse_args(argv)
    from pipeline.settings import Settings

    try:
        code = int(args.run(args, Settings.from_environment()))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except tuple(kind for kind, _ in EXIT_CODES) as error:
        text = str(error) or ("interrupted" if isinstance(error, KeyboardInterrupt) else type(error).__name__)
        advice = getattr(error, "advice", "")
        print(f"sohoa: {text}" + (f"\n{advice}" if advice else ""), file=sys.stderr)
        return next(code for kind, code in EXIT_CODES if isinstance(error, kind))


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands; the function of a command is its ``run``."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="sohoa",
        description="Scanned dossiers of administrative procedures into searchable, trustworthy documents.",
        epilog=EPILOG,
        formatter_class=raw,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, text: str, run: Callable[..., int], example: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=f"example:\n  {example}", formatter_class=raw
        )
        added.set_defaults(run=run)
        return added

    _add_digitise(command)
    _add_submit(command)
    _add_reread(command)
    up = command("up", "start servers, workers and web page on this machine", _up, "SOHOA_HOME=/srv/sohoa sohoa up")
    up.add_argument("--foreground", action="store_true", help="stay, and stop everything on Ctrl-C")
    up.add_argument("--json", action="store_true", help="print what runs as one line of JSON")
    command("down", "stop what `sohoa up` started", _down, "sohoa down")
    doctor = command("doctor", "check all that Sohoa needs and name the command that mends it", _doctor, "sohoa doctor")
    doctor.add_argument("--json", action="store_true", help="print one line of JSON for each check")
    worker = command("worker", "read documents until stopped (production)", _worker, "sohoa worker --queue station --jobs 4")
    worker.add_argument(
        "--queue", choices=[queue.value for queue in QueueName], help="kind of work to take (default: a process for each)"
    )
    worker.add_argument(
        "--jobs", type=_positive, help="pages each process reads at once (default: SOHOA_JOBS, else one for each core)"
    )
    web = command("web", "serve the state page until stopped (production)", _web, "sohoa web --port 8321")
    web.add_argument("--host", help="address to listen on (default: SOHOA_WEB_HOST, else 127.0.0.1)")
    web.add_argument("--port", type=_positive, help="port to listen on (default: SOHOA_WEB_PORT, else 8321)")
    _add_import(command)
    command("reindex", "rebuild the catalogue from the bucket alone", _reindex, "sohoa reindex")
    return parser


def _add_digitise(command: Callable[..., argparse.ArgumentParser]) -> None:
    digitise = command(
        "digitise",
        "turn files into searchable PDFs with their fields, without any server",
        _digitise,
        "sohoa digitise scans/ more.zip --out done/",
    )
    digitise.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="file, ZIP, or folder (a folder is a dossier)")
    digitise.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for .pdf, .json and .txt")
    digitise.add_argument("--profile", choices=["nd30", "archive"], help="how pictures are kept (default: nd30)")
    _add_engine(digitise)
    digitise.add_argument("--jobs", metavar="N", type=_positive, help="pages read at once (default: one for each core)")
    digitise.add_argument("--procedures", metavar="FILE", type=Path, help="table of procedures (default: SOHOA_PROCEDURES)")
    digitise.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _add_submit(command: Callable[..., argparse.ArgumentParser]) -> None:
    submit = command(
        "submit",
        "hand files to the workers",
        _submit,
        "sohoa submit scans/ --dossier H49.01-240101-0001 --queue station --wait",
    )
    submit.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="file, ZIP, or folder (a folder is a dossier)")
    submit.add_argument("--dossier", metavar="CODE", help="code of the dossier (default: the name of the folder)")
    submit.add_argument(
        "--queue",
        choices=[queue.value for queue in QueueName],
        default=QueueName.BATCH.value,
        help="station: a citizen waits, before all else; batch: nobody does (default)",
    )
    _add_engine(submit)
    submit.add_argument("--wait", action="store_true", help="show progress and end with a summary once all are read")
    submit.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _add_reread(command: Callable[..., argparse.ArgumentParser]) -> None:
    reread = command(
        "reread",
        "read archived documents again, with today's engine, models and recipes; what reads otherwise becomes a new revision",
        _reread,
        "sohoa reread --all --diff                    what would change? nothing is written\n"
        "  sohoa reread --all                           make the new revisions, by the workers\n"
        "  sohoa reread --dossier H49.01 --diff --apply make them, and show what each changes",
    )
    which = reread.add_mutually_exclusive_group(required=True)
    which.add_argument("documents", metavar="DOCUMENT", nargs="*", default=[], help="id of a document")
    which.add_argument("--dossier", metavar="CODE", help="all documents of this dossier")
    which.add_argument("--all", action="store_true", help="all documents there are")
    _add_engine(reread)
    reread.add_argument("--diff", action="store_true", help="show what changes; without --apply nothing is written")
    reread.add_argument("--apply", action="store_true", help="with --diff: make the new revisions as well")
    reread.add_argument("--again", action="store_true", help="also what this engine and edition have read already")
    reread.add_argument(
        "--queue",
        choices=[queue.value for queue in QueueName],
        default=QueueName.BATCH.value,
        help="whose turn the workers take: batch gives way to everything a citizen waits for (default)",
    )
    reread.add_argument("--jobs", metavar="N", type=_positive, help="with --diff alone: pages read at once")
    reread.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _add_import(command: Callable[..., argparse.ArgumentParser]) -> None:
    example = "sohoa import procedures thu-tuc.tsv"
    imported = command("import", "make a table the installation's list of administrative procedures", _import, example)
    imported.add_argument("what", choices=["procedures"], help="kind of list")
    columns = "TSV or CSV with the columns ma_thu_tuc, ten, linh_vuc, cap, quyet_dinh; what it lacks is withdrawn"
    imported.add_argument("file", metavar="FILE", type=Path, help=columns)
    imported.add_argument("--partial", action="store_true", help="what the table lacks stays in force")
    imported.add_argument("--json", action="store_true", help="print what changes as one line of JSON")


def _add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", choices=ENGINES, help="what reads the pages (default: SOHOA_ENGINE, else the first)")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _must_exist(paths: Iterable[Path]) -> None:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise ValueError(f"no such file or folder: {', '.join(missing)}")


def _verdict(statuses: Iterable[Status]) -> int:
    found = set(statuses)
    if Status.FAILED in found:
        return FAILURE
    return REJECTED if Status.REJECTED in found else OK


def _services(settings: Settings) -> Services:
    from pipeline.bootstrap import build_services

    return build_services(settings)


def _digitise(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.local import digitise

    _must_exist(args.paths)
    profile, jobs = args.profile or settings.profile, args.jobs or settings.jobs
    if args.engine:
        settings = replace(settings, engine=args.engine)
    if args.procedures:
        _must_exist([args.procedures])
        settings = replace(settings, procedures=args.procedures)
    outcomes = digitise(args.paths, args.out, settings, profile=profile, jobs=jobs, as_json=args.json)
    return _verdict(outcome.status for outcome in outcomes)


def _submit(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import submission
    from pipeline.console import PageProgress, print_summary, summary_row

    _must_exist(args.paths)
    services = _services(settings)
    entries = []
    rows = []
    with PageProgress() as progress:
        for entry in submission.submit(args.paths, services, QueueName(args.queue), args.dossier, args.engine or ""):
            entries.append(entry)
            if not args.wait:
                _print_entry(submission.as_line(entry, services), as_json=args.json, engine=args.engine or "")
        if args.wait:
            entries, waited = [], submission.follow(entries, services, progress)
            for entry in waited:
                entries.append(entry)
                line = submission.as_line(entry, services)
                rows.append(summary_row(line, *(["already there"] if line["already"] else [])))
                if args.json:
                    print(json.dumps(line, ensure_ascii=False), flush=True)
    if args.wait and not args.json:
        print_summary(rows)
    return _verdict(entry.status for entry in entries)


def _reread(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.console import PageProgress
    from pipeline.rereading import Outcome
    from pipeline.rereading_report import Report, as_line

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
    from pipeline.bootstrap import build_pool
    from pipeline.flow import Wish

    services = _services(settings)
    documents = rereading.choose(services, args.documents, args.dossier)
    engine = args.engine or settings.engine
    if written:
        wish = Wish(QueueName(args.queue), engine)
        yield from rereading.reread(documents, wish, services, progress, again=args.again)
        return
    with build_pool(settings, args.jobs, niceness=PREVIEW_NICENESS) as pool:
        yield from rereading.preview(documents, engine, services, pool, progress, again=args.again)


def _print_entry(line: dict[str, object], *, as_json: bool, engine: str) -> None:
    if as_json:
        print(json.dumps(line, ensure_ascii=False), flush=True)
        return
    source, by = line["source"], line.get("engine")
    name = source["name"] if isinstance(source, dict) else ""
    note = " (already there)" if line["already"] else ""
    if note and engine and isinstance(by, dict) and by["name"] != engine:
        note = f" (already there, read by {by['name']}; sohoa reread {line['document']} --engine {engine})"
    print(f"{line['status']:<12} {line['document'] or '-'}  {name}{note}", flush=True)


def _up(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import stack

    if settings.redis_url or settings.s3.endpoint:
        raise ValueError(
            "SOHOA_REDIS_URL or SOHOA_S3_ENDPOINT names servers of yours: run `sohoa worker` and `sohoa web` instead"
        )
    if args.foreground:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr)
        stack.supervise(settings)
        return OK
    state, started = stack.up(settings)
    if args.json:
        print(json.dumps({**asdict(state), "home": str(settings.home), "started": started}))
        return OK
    print(f"Sohoa {'is up' if started else 'was up already'}: {state.web}")
    print(f"data and logs: {settings.home}")
    for part in (state.supervisor, *state.parts):
        print(f"  {part.name:<12} pid {part.pid}")
    print("stop it with: sohoa down")
    return OK


def _down(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import stack

    print("Sohoa is down" if stack.down(settings) else "Sohoa was not running", f"(data kept in {settings.home})")
    return OK


def _doctor(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.doctor import examine

    checks = examine(settings)
    for check in checks:
        if args.json:
            print(json.dumps(asdict(check), ensure_ascii=False))
        else:
            print(f"{'ok' if check.ok else 'MISSING' if check.needed else 'absent':<8} {check.name:<20} {check.found}")
            if not check.ok and check.mend:
                print(f"{'':<8} {'':<20} mend it with: {check.mend}")
    return FAILURE if any(check.needed and not check.ok for check in checks) else OK


def _worker(args: argparse.Namespace, settings: Settings) -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    jobs = args.jobs or settings.jobs
    if args.queue is None:
        from pipeline.stack import supervise_workers

        supervise_workers(settings, jobs)
    else:
        from pipeline.workers.process import run_worker

        run_worker(settings, [QueueName(args.queue)], jobs)
    return OK


def _web(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.web import serve

    serve(settings, args.host or settings.web_host, args.port or settings.web_port)
    return OK


def _import(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.import_report import report_lines

    _must_exist([args.file])
    changes = _services(settings).flow.registers.import_procedures(args.file, partial=args.partial)
    print(*report_lines(changes, args.file.name, as_json=args.json), sep="\n")
    return OK


def _reindex(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.flow import reindex

    services = _services(settings)
    print(f"{reindex(services.flow)} documents in the catalogue")
    return OK
