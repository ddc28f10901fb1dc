"""``sohoa submit``: files to the workers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands import batching
from pipeline.commands.arguments import Maker, add_engine, asker, must_exist, open_services, verdict
from pipeline.domain.documents import QueueName
from pipeline.domain.holdings import Exclusion

if TYPE_CHECKING:
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``submit``."""
    submit = command(
        "submit",
        "hand files to the workers",
        _submit,
        "sohoa submit scans/ --dossier H49.01-240101-0001 --queue station --wait\n"
        "  sohoa submit kho/2019/ --split --dry-run                 what would become of each file\n"
        "  sohoa submit kho/2019/ --split --batch 'Kho 2019' --wait\n"
        "  sohoa submit kho-cu/ --batch 'Kho cũ' --dry-run          scans with METS, ALTO, hOCR: what comes along\n"
        "  sohoa submit giao-nop.zip --batch 'Giao nộp' --dry-run   the same, packed\n"
        "  sohoa submit kho-cu/ --batch 'Kho cũ' --keep-text        the words that came along are not read anew",
    )
    submit.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="file, ZIP, or folder (a folder is a dossier)")
    submit.add_argument("--dossier", metavar="CODE", help="code of the dossier (default: the name of the folder)")
    submit.add_argument(
        "--queue",
        choices=[queue.value for queue in QueueName],
        default=QueueName.BATCH.value,
        help="station: a citizen waits, before all else; batch: nobody does (default)",
    )
    submit.add_argument(
        "--declared",
        choices=[one.value for one in Exclusion],
        help="what the papers are said to be: such papers are refused, and nothing of them is kept",
    )
    submit.add_argument("--operator", metavar="NAME", help="who scanned the papers, for the reports (default: you)")
    add_engine(submit)
    batching.add_options(submit)
    submit.add_argument("--wait", action="store_true", help="show progress and end with a summary once all are read")
    submit.add_argument("--json", action="store_true", help="one line of JSON for each document on standard output")


def _submit(args: argparse.Namespace, settings: Settings) -> int:
    must_exist(args.paths)
    if args.declared:
        _refuse(args, settings)
    return _submit_batch(args, settings) if _makes_batch(args, settings) else _submit_files(args, settings)


def _makes_batch(args: argparse.Namespace, settings: Settings) -> bool:
    from pipeline.batches.parcels import has_packages

    return batching.wants_batch(args) or has_packages(args.paths, settings.bounds, settings.scratch)


def _submit_batch(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.forking import import_ahead

    import_ahead("pipeline.workbench", "pipeline.batches.looks", "pipeline.batches.slices")
    return batching.submit_batch(args, settings)


def _submit_files(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import submission
    from pipeline.console import PageProgress, print_summary, summary_row

    services = open_services(settings)
    entries = []
    rows = []
    with PageProgress() as progress:
        queue, by = QueueName(args.queue), args.operator or asker()
        for entry in submission.submit(args.paths, services, queue, args.dossier, args.engine or "", by=by):
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
    return verdict(entry.status for entry in entries)


def _refuse(args: argparse.Namespace, settings: Settings) -> None:
    """Raise ``RejectedInputError`` for papers that are not digitised, and have it noted."""
    from pipeline.custody.gates import Gates

    services = open_services(settings)
    gates, declared = Gates(services.catalogue, services.clock), Exclusion(args.declared)
    gates.admit(declared=declared, kind="", dossier=args.dossier or "", actor=asker())


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
