"""``sohoa digitise``: files into searchable PDFs, without any server."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import Maker, add_engine, must_exist, positive, verdict

if TYPE_CHECKING:
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``digitise``."""
    digitise = command(
        "digitise",
        "turn files into searchable PDFs with their fields, without any server",
        _digitise,
        "sohoa digitise scans/ more.zip --out done/",
    )
    digitise.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="file, ZIP, or folder (a folder is a dossier)")
    digitise.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for .pdf, .json and .txt")
    digitise.add_argument("--profile", choices=["nd30", "archive", "exact"], help="how pictures are kept (default: nd30)")
    add_engine(digitise)
    digitise.add_argument("--jobs", metavar="N", type=positive, help="pages read at once (default: one for each core)")
    digitise.add_argument("--procedures", metavar="FILE", type=Path, help="table of procedures (default: SOHOA_PROCEDURES)")
    digitise.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _digitise(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.forking import import_ahead

    import_ahead("pipeline.local")
    from pipeline.local import digitise

    must_exist(args.paths)
    profile, jobs = args.profile or settings.profile, args.jobs or settings.jobs
    if args.engine:
        settings = replace(settings, engine=args.engine)
    if args.procedures:
        must_exist([args.procedures])
        settings = replace(settings, procedures=args.procedures)
    outcomes = digitise(args.paths, args.out, settings, profile=profile, jobs=jobs, as_json=args.json)
    return verdict(outcome.status for outcome in outcomes)
