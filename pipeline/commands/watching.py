"""``sohoa watch``: the hot folder of a scanner."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.arguments import OK, Maker, open_services
from pipeline.domain.errors import UnavailableError

if TYPE_CHECKING:
    from pipeline.batches.hot_folder import Handled, HotFolder
    from pipeline.batches.watch import Intray
    from pipeline.settings import Settings


def add(command: Maker) -> None:
    """Add ``watch``."""
    watch = command(
        "watch",
        "take in whatever is dropped into a folder, until stopped",
        _watch,
        "sohoa watch /srv/quet --split\n"
        "  files end in /srv/quet/done or /srv/quet/rejected, there with a reason beside each;\n"
        "  scans with METS, ALTO or hOCR are dropped as a ZIP;\n"
        "  a subfolder is a dossier; each day is a batch: sohoa batch list",
    )
    watch.add_argument("folder", metavar="DIR", type=Path, help="the folder; also on a share of the network")
    watch.add_argument("--dossier", metavar="CODE", help="the dossier of files that lie in no subfolder")
    watch.add_argument("--split", action="store_true", help="part files at separator sheets (QR codes, Patch codes)")
    watch.add_argument("--slips", action="store_true", help="also where a page bears the code of a dossier")
    watch.add_argument("--cut-a3", action="store_true", help="cut sheets of A3 with a bare middle into two pages")
    watch.add_argument("--cards", action="store_true", help="cut small cards out of the glass they lie on")
    watch.add_argument("--every", metavar="SECONDS", type=float, default=3.0, help="how often the folder is looked at (3)")
    watch.add_argument("--settle", metavar="SECONDS", type=float, default=5.0, help="unchanged so long, a file is whole (5)")
    watch.add_argument("--once", action="store_true", help="take what is whole, then stop")


def _watch(args: argparse.Namespace, settings: Settings) -> int:
    from pipeline.batches.hot_folder import HotFolder, Patience
    from pipeline.batches.watch import Intray
    from pipeline.commands.batching import runner_of
    from pipeline.domain.batches import Handling
    from pipeline.understanding import type_titles

    if not args.folder.is_dir():
        raise ValueError(f"no such folder: {args.folder}")
    services = open_services(settings)
    handling = Handling(args.split, args.slips, args.cut_a3, args.cards)
    types = type_titles()
    tray = Intray(args.folder.resolve(), runner_of(services), handling, types)
    patience = Patience(timedelta(seconds=args.settle))
    folder = HotFolder(args.folder.resolve(), tray.hand_in, services.clock, tray.today, args.dossier, patience)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    quiet = 0
    while not stop.is_set():
        handled = _turn(tray, folder)
        quiet = 0 if handled else quiet + 1
        if args.once and quiet * args.every > args.settle + args.every:
            break
        stop.wait(args.every)
    services.close()
    return OK


def _turn(tray: Intray, folder: HotFolder) -> list[None]:
    """Take what is whole; where store, catalogue or share are away, nothing is lost, and the next turn tries again."""
    try:
        tray.close_past()
        return list(map(_tell, folder.poll()))
    except (UnavailableError, OSError) as error:
        print(f"put off: {error}", file=sys.stderr, flush=True)
        return []


def _tell(handled: Handled) -> None:
    for file in handled.files:
        told = f"{len(file.parts)} documents" if file.parts else file.message or file.state.value
        print(f"{file.state.value:<10} {file.dossier}/{file.name}: {told}", flush=True)
