"""``sohoa hold``, ``release`` and ``erase``: how long documents are kept, and what becomes of them then."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, open_services

if TYPE_CHECKING:
    from pipeline.custody.erasing import Erasing
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``hold``, ``release`` and ``erase``."""
    hold = command(
        "hold",
        "put a document under legal hold: it cannot be erased until it is released",
        lambda args, settings: _hold(args, settings, held=True),
        'sohoa hold 20260105-ab12cd34ef56 --actor "Nguyễn Văn A" --reason "Tòa án yêu cầu, CV 12/TA"',
    )
    release = command(
        "release",
        "end the legal hold of a document",
        lambda args, settings: _hold(args, settings, held=False),
        'sohoa release 20260105-ab12cd34ef56 --actor "Nguyễn Văn A" --reason "Vụ án đã kết thúc"',
    )
    erase = command(
        "erase",
        "remove the content of a document whose term is over; a tombstone with its hashes stays, all chains stay provable",
        _erase,
        'sohoa erase 20260105-ab12cd34ef56 --actor "Nguyễn Văn A" --reason "Hết thời hạn bảo quản"',
    )
    erase.add_argument("--order", metavar="TEXT", default="", help="what orders the erasure before the term is over")
    for one in (hold, release, erase):
        one.add_argument("document", metavar="DOCUMENT", help="id of the document")
        one.add_argument("--actor", metavar="NAME", required=True, help="who answers for it")
        one.add_argument("--reason", metavar="TEXT", required=True, help="why")


def _erasing(settings: Settings) -> Erasing:
    from pipeline import archive
    from pipeline.custody.erasing import Erasing

    services = open_services(settings)
    schedule = archive.load_retention(settings.retention) if settings.retention else archive.shipped_retention()
    return Erasing(services.store, services.catalogue, services.clock, schedule)


def _hold(args: argparse.Namespace, settings: Settings, *, held: bool) -> int:
    made = _erasing(settings).hold(args.document, held=held, actor=args.actor, reason=args.reason)
    print(f"{args.document} is {'under legal hold' if held else 'free'}{f' since {made.at}' if made.at else ''}")
    return OK


def _erase(args: argparse.Namespace, settings: Settings) -> int:
    made = _erasing(settings).erase(args.document, actor=args.actor, reason=args.reason, order=args.order)
    print(f"{made.document}: {len(made.records)} revisions erased; basis: {made.basis}")
    if made.original_kept:
        print("the original stays: another document is of the same file")
    return OK
