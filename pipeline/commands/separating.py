"""``sohoa separators``: sheets to lay between papers."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker

if TYPE_CHECKING:
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``separators``."""
    separators = command(
        "separators",
        "separator sheets with QR codes to print and lay before each paper of a stack",
        _separators,
        "sohoa separators H49.01-240101-0001 H49.01-240101-0002:giay_khai_sinh --out phan-cach.pdf\n"
        "  sohoa separators --blank 20 --out phan-cach.pdf    sheets that part papers of one dossier",
    )
    separators.add_argument(
        "codes", metavar="CODE[:TYPE]", nargs="*", help="code of a dossier, and type of the paper behind it"
    )
    separators.add_argument("--blank", metavar="N", type=int, default=0, help="so many sheets without any code")
    separators.add_argument("--operator", metavar="NAME", default="", help="who scans")
    separators.add_argument("--out", metavar="FILE", type=Path, help="the PDF to write")
    separators.add_argument("--types", action="store_true", help="list the types there are")


def _separators(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.batches.markers import Marker
    from pipeline.batches.sheets import write_sheets
    from pipeline.understanding import type_titles
    from pipeline.workbench import typeface_file

    titles = type_titles()
    if args.types:
        for code, title in titles.items():
            print(f"{code:<40} {title}")
        return OK
    markers = [Marker(*_code_and_type(text, titles), args.operator) for text in args.codes]
    markers += [Marker(operator=args.operator)] * args.blank
    if not markers or args.out is None:
        raise ValueError("say which dossiers and where to: sohoa separators CODE... --out sheets.pdf (or --blank N)")
    write_sheets(markers, titles, typeface_file(), args.out)
    print(f"{args.out}: {len(markers)} sheets")
    return OK


def _code_and_type(text: str, titles: Mapping[str, str]) -> tuple[str, str]:
    from pipeline.station.codes import clean_code

    code, _, kind = text.partition(":")
    if kind and kind not in titles:
        raise ValueError(f"there is no type {kind!r}; see: sohoa separators --types")
    return clean_code(code), kind
