"""``sohoa pages``: which sides were submitted, what became of them, and what an operator puts right."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, open_services

if TYPE_CHECKING:
    from pipeline.custody.page_changes import Wanted
    from pipeline.domain.ledger import PageLedger
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``pages``."""
    pages = command(
        "pages",
        "show the page ledger of a document, or turn, remove, put back and reorder its pages in a new revision",
        _pages,
        "sohoa pages 20260105-ab12cd34ef56\n"
        '  sohoa pages 20260105-ab12cd34ef56 --rotate 3:90 --remove 5 --actor "Nguyễn Văn A" --reason "quét thừa, ngược"\n'
        '  sohoa pages 20260105-ab12cd34ef56 --put-back 5:5 --actor "Nguyễn Văn A" --reason "trang 5 có nội dung"',
    )
    pages.add_argument("document", metavar="DOCUMENT", help="id of the document")
    pages.add_argument(
        "--rotate",
        metavar="PAGE:DEGREES",
        action="append",
        default=[],
        type=_pair,
        help="turn a page clockwise by 90, 180, 270",
    )
    pages.add_argument("--remove", metavar="PAGE", action="append", default=[], type=int, help="take a page out; it is kept")
    pages.add_argument(
        "--put-back",
        metavar="SIDE:PLACE",
        action="append",
        default=[],
        type=_pair,
        help="make a side a page again, at a place",
    )
    pages.add_argument(
        "--pair", metavar="PAGE:PAGE", action="append", default=[], type=_pair, help="the second shows the first without notes"
    )
    pages.add_argument("--order", metavar="PAGE,PAGE,...", type=_list, default=[], help="all pages, in their new order")
    pages.add_argument("--actor", metavar="NAME", default="", help="who answers for it")
    pages.add_argument("--reason", metavar="TEXT", default="", help="why")
    pages.add_argument("--json", action="store_true", help="print the ledger as one line of JSON")


def _pair(text: str) -> tuple[int, int]:
    if not re.fullmatch(r"\d+:\d+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not two numbers with a colon between, like 3:90")
    first, second = text.split(":")
    return int(first), int(second)


def _list(text: str) -> list[int]:
    if not re.fullmatch(r"\d+(,\d+)*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of pages like 3,1,2")
    return [int(part) for part in text.split(",")]


def _pages(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.archive.ledger import ledger_as_json
    from pipeline.custody.page_changes import change_pages

    services = open_services(settings)
    if args.rotate or args.remove or args.put_back or args.pair or args.order:
        document = change_pages(
            args.document,
            lambda ledger, turns: tuple(_wanted(args, ledger, turns)),
            services.flow,
            actor=args.actor,
            reason=args.reason,
        )
        print(f"{document.id}: a new revision is being made; the one before stays")
        return OK
    ledger = services.flow.ledgers.current(services.catalogue.document(args.document))
    if args.json:
        print(json.dumps({"document": args.document, **ledger_as_json(ledger)}, ensure_ascii=False))
    else:
        print(*_ledger_lines(ledger), sep="\n")
    return OK


def _wanted(args: argparse.Namespace, ledger: PageLedger, turns: Sequence[int]) -> Iterator[Wanted]:
    """The changes asked for; pages are numbered as they are before any of them."""
    from pipeline.custody.page_changes import Wanted
    from pipeline.domain.ledger import ChangeKind

    for page, degrees in args.rotate:
        sides = ledger.sides_of([page])
        yield Wanted(ChangeKind.ROTATE, sides, turn=(turns[page - 1] + degrees) % 360)
    for pair in args.pair:
        yield Wanted(ChangeKind.PAIR, ledger.sides_of(pair))
    if args.order:
        yield Wanted(ChangeKind.ORDER, ledger.sides_of(args.order))
    if args.remove:
        yield Wanted(ChangeKind.REMOVE, ledger.sides_of(args.remove))
    for side, place in args.put_back:
        yield Wanted(ChangeKind.PUT_BACK, (side,), place=place)


def _ledger_lines(ledger: PageLedger) -> Iterator[str]:
    pages = {number: page for page, number in enumerate(ledger.order, 1)}
    yield f"{len(ledger.sides)} sides submitted, {len(ledger.order)} pages, {len(ledger.removed)} removed"
    for side in ledger.sides:
        marks = [
            "blank" if side.blank else "",
            f"turned to {side.upright}°" if side.upright is not None else "",
            f"twin of side {side.twin}, which has no notes" if side.twin else "",
        ]
        place = f"page {pages[side.number]}" if side.number in pages else "removed"
        yield f"  side {side.number:<4} {place:<10} {', '.join(filter(None, marks))}".rstrip()
    for change in ledger.changes:
        yield f"  {change.at[:19]}  {change.actor}: {change.kind.value} {', '.join(map(str, change.sides))} ({change.reason})"
