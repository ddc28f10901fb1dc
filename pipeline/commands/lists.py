"""``sohoa import`` and ``sohoa reindex``: what the installation holds in tables."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, asker, must_exist, open_services

if TYPE_CHECKING:
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``import`` and ``reindex``."""
    examples = (
        "sohoa import procedures thu-tuc.tsv\n"
        "  sohoa import entitlements quyen-khai-thac.toml           who may have which papers, for what, by which law\n"
        "  sohoa import figures so-lieu-thang-1.xlsx --dry-run      what would change, and what does not agree"
    )
    imported = command(
        "import",
        "take in a list of the installation (procedures, entitlements, exclusions), or figures of others",
        _import,
        examples,
    )
    imported.add_argument("what", choices=["procedures", "figures", "entitlements", "exclusions"], help="kind of table")
    columns = (
        "procedures: TSV or CSV with the columns ma_thu_tuc, ten, linh_vuc, cap, quyet_dinh; what it lacks is withdrawn. "
        "figures (dossiers received and solved, by month and office): CSV or XLSX with the columns ky, ma_co_quan, "
        "ten_co_quan, cap, ma_thu_tuc, ton_ky_truoc, tiep_nhan, da_giai_quyet, dung_han, dang_giai_quyet, ngay_gui. "
        "entitlements, exclusions: TOML or CSV as docs/reuse.md describes; each import is the whole list"
    )
    imported.add_argument("file", metavar="FILE", type=Path, help=columns)
    imported.add_argument("--partial", action="store_true", help="procedures: what the table lacks stays in force")
    imported.add_argument("--dry-run", action="store_true", help="figures: say what would change, and take nothing in")
    imported.add_argument("--json", action="store_true", help="print what changes as one line of JSON")
    command("reindex", "rebuild the catalogue from the bucket alone", _reindex, "sohoa reindex")


def _import(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.import_report import report_lines

    must_exist([args.file])
    if args.what == "figures":
        return _import_figures(args, settings)
    if args.what in {"entitlements", "exclusions"}:
        return _import_rights(args, settings)
    if args.dry_run:
        raise ValueError("--dry-run is for figures")
    changes = open_services(settings).flow.registers.import_procedures(args.file, partial=args.partial)
    print(*report_lines(changes, args.file.name, as_json=args.json), sep="\n")
    return OK


def _import_rights(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reuse_desk import RightsRegisters

    if args.partial or args.dry_run:
        raise ValueError("--partial is for procedures and --dry-run for figures: a list of rights is taken in whole")
    services = open_services(settings)
    registers = RightsRegisters(services.store, services.catalogue, services.clock)
    take = registers.import_entitlements if args.what == "entitlements" else registers.import_exclusions
    done = take(args.file, actor=asker())
    if args.json:
        print(json.dumps({"file": args.file.name, "lines": done.lines, "changed": done.changed}, ensure_ascii=False))
    else:
        print(f"{done.lines:,} lines in force{'' if done.changed else '; nothing changed'}")
    return OK


def _import_figures(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.reported import ReportedImports, import_lines

    if args.partial:
        raise ValueError("--partial is for procedures: figures that a table lacks always stay")
    services = open_services(settings)
    imports = ReportedImports(services.store, services.catalogue, services.clock)
    found = imports.import_table(args.file, dry_run=args.dry_run)
    print(*import_lines(found, args.file.name, dry_run=args.dry_run, as_json=args.json), sep="\n")
    return OK


def _reindex(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.flow import reindex

    services = open_services(settings)
    print(f"{reindex(services.flow)} documents in the catalogue")
    return OK
