"""The command ``sohoa``: parse, call, exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import structlog

from pipeline.commands import FAMILIES
from pipeline.commands.arguments import FAILURE, INTERRUPTED, OK, REJECTED, USAGE
from pipeline.domain.errors import RejectedInputError, SohoaError

__all__ = ["FAILURE", "INTERRUPTED", "OK", "REJECTED", "USAGE", "main", "make_parser"]

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
  sohoa submit kho/2019/ --split --dry-run              what would become of years of paper; then without --dry-run
  sohoa submit kho-cu/ --keep-text --dry-run            scans that came with METS, ALTO or hOCR
  sohoa separators H49.01-240101-0001 --out to.pdf      sheets to lay between papers
  sohoa watch /srv/quet --split                         the hot folder of a scanner
  sohoa reread --all --diff                             what would be read otherwise today
  sohoa corrections --from 2026-11-01                   what reviewers corrected, by field
  sohoa sign --approved                                 the agency's signature on what was approved
  sohoa worth 20260105-ab12cd34ef56                     what a paper is worth today, and who fetched it
  sohoa revoke 20260105-ab12cd34ef56 --reason … --basis … --by …     it holds no more; whoever fetched it is told
  sohoa import procedures thu-tuc.tsv                   the list that dossiers' procedures are looked up in
  sohoa import figures so-lieu.xlsx --dry-run           dossiers received and solved, checked before they are taken in
  sohoa report rates --from 2026-01 --to 2026-03        what is digitised of them, against the targets
  sohoa accounts list                                   who may sign in to the pages
  sohoa systems list                                    which systems may call the interface /v1
  sohoa doctor                                          what is missing here, and how to mend it

exit codes: 0 all done, 1 our failure, 2 wrong usage, 3 some input was rejected (the rest is done)
Settings come from the environment: SOHOA_HOME (data folder), SOHOA_JOBS, SOHOA_WEB_PORT, ...
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of the command in ``argv``."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
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

    parser.set_defaults(parser=parser)
    for add in FAMILIES:
        add(command)
    return parser
