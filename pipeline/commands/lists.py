"""``sohoa import`` and ``sohoa reindex``: what the installation holds in tables."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, must_exist, open_services

if TYPE_CHECKING:
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``import`` and ``reindex``."""
    example = "sohoa import procedures thu-tuc.tsv"
    imported = command("import", "make a table the installation's list of administrative procedures", _import, example)
    imported.add_argument("what", choices=["procedures"], help="kind of list")
    columns = "TSV or CSV with the columns ma_thu_tuc, ten, linh_vuc, cap, quyet_dinh; what it lacks is withdrawn"
    imported.add_argument("file", metavar="FILE", type=Path, help=columns)
    imported.add_argument("--partial", action="store_true", help="what the table lacks stays in force")
    imported.add_argument("--json", action="store_true", help="print what changes as one line of JSON")
    command("reindex", "rebuild the catalogue from the bucket alone", _reindex, "sohoa reindex")


def _import(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.import_report import report_lines

    must_exist([args.file])
    changes = open_services(settings).flow.registers.import_procedures(args.file, partial=args.partial)
    print(*report_lines(changes, args.file.name, as_json=args.json), sep="\n")
    return OK


def _reindex(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.flow import reindex

    services = open_services(settings)
    print(f"{reindex(services.flow)} documents in the catalogue")
    return OK
