"""``sohoa verify`` and ``sohoa export-audit``: proof that the archive is what it was."""

from __future__ import annotations

import argparse
import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import FAILURE, OK, Maker, open_services

if TYPE_CHECKING:
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``verify`` and ``export-audit``."""
    verify = command(
        "verify",
        "hash everything in the bucket again and prove every chain; exit code 1 where anything is not as it was sealed",
        _verify,
        "sohoa verify\n  sohoa verify --dossier H49.01-240101-0001\n  sohoa verify --since 2026-03-01 --json",
    )
    verify.add_argument("--dossier", metavar="CODE", help="only this dossier, and the originals of its documents")
    verify.add_argument("--since", metavar="DATE", type=_day, help="hash only what was written since (YYYY-MM-DD, UTC)")
    verify.add_argument("--json", action="store_true", help="one line of JSON for each finding, and one at the end")
    export = command(
        "export-audit",
        "write the audit log as JSON Lines, with its anchors, to be checked offline by scripts/check_audit.py",
        _export,
        "sohoa export-audit --from 2026-01-01 --to 2026-03-31 --out audit.jsonl",
    )
    export.add_argument("--from", dest="since", metavar="DATE", required=True, help="first day (YYYY-MM-DD, UTC)")
    export.add_argument("--to", dest="until", metavar="DATE", required=True, help="last day")
    export.add_argument("--out", metavar="FILE", type=Path, required=True, help="file to write; anchors stand beside it")
    export.add_argument("--actor", metavar="NAME", default="", help="who asks for it (default: the user of this machine)")


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-03-31") from error


def _verify(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline import verification
    from pipeline.verification_report import VerifyProgress, finding_lines, report_lines

    services, report = open_services(settings), verification.Report()
    scope = verification.Scope(args.dossier, args.since)
    with VerifyProgress(report) as progress:
        scratch = services.flow.scratch
        for finding in verification.verify(services.store, services.catalogue, scratch, report, scope, progress.seen):
            print(*finding_lines(finding, as_json=args.json), sep="\n", flush=True)
    print(*report_lines(report, as_json=args.json), sep="\n")
    return FAILURE if report.findings else OK


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.custody.audit_export import export_audit
    from pipeline.domain.audit import Action

    auditing = open_services(settings).flow.auditing
    made = export_audit(auditing, args.since, args.until, args.out)
    reason = f"audit log from {args.since} to {args.until}"
    auditing.note(Action.EXPORT, actor=args.actor or getpass.getuser(), reason=reason, lines=made.lines)
    print(f"{made.lines} lines in {made.lines_file}, {made.anchors} anchors in {made.anchors_file}")
    if made.waiting:
        print(f"{made.waiting} happenings are not sealed yet and not among them")
    print(f"check them anywhere with: python check_audit.py {made.lines_file} --anchors {made.anchors_file}")
    return OK
