"""``sohoa corrections``: what people made of what was read, field by field, and the values to learn from."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, open_services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pipeline.bootstrap import Services
    from pipeline.domain.reviews import LessonTally
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``corrections``."""
    corrections = command(
        "corrections",
        "how often reviewers confirmed, corrected, added or removed what was read, by type and field",
        _corrections,
        "sohoa corrections --from 2026-11-01 --to 2026-11-30\n  sohoa corrections --export corrections.jsonl",
    )
    corrections.add_argument("--from", dest="since", metavar="DAY", default="2020-01-01", help="first day, 2026-11-01")
    corrections.add_argument("--to", dest="until", metavar="DAY", default="", help="last day (default: today)")
    corrections.add_argument("--json", action="store_true", help="one line of JSON for each field on standard output")
    corrections.add_argument(
        "--export",
        metavar="FILE",
        type=Path,
        help="also write every value that was looked at, as read and as decided, one line of JSON each: personal data",
    )


def _corrections(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.custody.auditing import day_bounds

    span = day_bounds(args.since, args.until or date.today().isoformat())
    services = open_services(settings)
    tallies = services.catalogue.reviews.tallies(*span)
    for tally in tallies:
        if args.json:
            print(json.dumps(_as_json(tally), ensure_ascii=False), flush=True)
    if not args.json:
        print(*_table(tallies), sep="\n")
    if args.export:
        count = _export(args.export, span, services)
        print(f"{count} values written to {args.export}: they are personal data, keep them as such")
    return OK


def _as_json(tally: LessonTally) -> dict[str, object]:
    return {
        "type": tally.type,
        "field": tally.key,
        "looked_at": tally.looked_at,
        "confirmed": tally.confirmed,
        "corrected": tally.corrected,
        "added": tally.added,
        "removed": tally.removed,
        "seconds": round(tally.seconds, 1),
    }


def _table(tallies: tuple[LessonTally, ...]) -> Iterator[str]:
    if not tallies:
        yield "nothing was reviewed in that time"
        return
    yield f"{'type':<34} {'field':<26} {'seen':>6} {'right':>6} {'wrong':>6} {'added':>6} {'gone':>6} {'s each':>7}"
    for one in tallies:
        each = one.seconds / one.looked_at if one.looked_at else 0.0
        yield (
            f"{one.type:<34} {one.key:<26} {one.looked_at:>6} {one.confirmed:>6} {one.corrected:>6} {one.added:>6} "
            f"{one.removed:>6} {each:>7.1f}"
        )


def _export(path: Path, span: tuple[datetime, datetime], services: Services) -> int:
    """Write the learning set of the time to ``path``, for its owner's eyes alone; how many values."""
    import os

    from pipeline.review_desk.learning import learning_lines

    count = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        for line in learning_lines(services.flow, *span):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count
