"""Papers on their way through the scanner, kept on the disk page by page: what was not handed in outlives its process."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import structlog

from pipeline.domain.errors import NotFoundError
from pipeline.domain.natures import Nature
from pipeline.scan_views import WIDTHS, Glance, Sight
from pipeline.station.scanner import Ending, Run, ScanWish, pages_in

log = structlog.get_logger(__name__)

TIFF = "image/tiff"

#: How folders of papers on their way are named, and the file in each that tells what they are.
PREFIX, NOTE = "feeder-", "feeding.json"


@dataclass(frozen=True, slots=True)
class Insertion:
    """Where scanned pages belong that are no document of their own: from page ``place`` of a document on."""

    document: str
    place: int
    version: str
    reason: str


@dataclass(slots=True)
class Feeding:
    """Papers of one dossier on their way. ``ending`` is None while the scanner is at work; ``told`` says more of some.

    ``into``: they are inserted there, None: they become a document, of the declared ``nature``.
    """

    code: str
    actor: str
    wish: ScanWish
    folder: Path
    into: Insertion | None = None
    nature: Nature = Nature.ORIGINAL
    key: str = field(default_factory=lambda: f"feeder-{secrets.token_hex(8)}")
    run: Run | None = None
    ending: Ending | None = None
    told: str = ""
    pages: list[Path] = field(default_factory=list)
    glances: dict[int, Glance] = field(default_factory=dict)

    def sight(self, number: int) -> Sight:
        """How to show a page; raises ``NotFoundError``."""
        if not 1 <= number <= len(self.pages):
            raise NotFoundError(f"no page {number} came from the scanner")
        return Sight(self.pages[number - 1], f"{self.key}-{number}", TIFF, 1, 0, WIDTHS[0])

    def note(self) -> None:
        """Write beside the pages whose they are and where they belong, so that another process can go on with them."""
        told = {
            "code": self.code,
            "actor": self.actor,
            "wish": asdict(self.wish),
            "into": asdict(self.into) if self.into else None,
            "nature": self.nature.value,
            "key": self.key,
        }
        part = self.folder / f".{NOTE}"
        with part.open("w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / NOTE)


def left_behind(scratch: Path) -> Iterator[Feeding]:
    """Papers that an earlier process left in ``scratch``, the oldest first, each with its pages.

    What nobody can tell any more whose it is is left where it lies.
    """
    for note in sorted(scratch.glob(f"{PREFIX}*/{NOTE}"), key=lambda path: path.stat().st_mtime):
        try:
            yield _read(note)
        except (ValueError, KeyError, TypeError) as error:
            log.error("scanned papers cannot be taken up", folder=note.parent.name, error=repr(error))


def _read(note: Path) -> Feeding:
    told = json.loads(note.read_text(encoding="utf-8"))
    into = Insertion(**told["into"]) if told["into"] else None
    wish = ScanWish(**told["wish"])
    found = Feeding(told["code"], told["actor"], wish, note.parent, into, Nature(told["nature"]), told["key"])
    found.ending, found.pages = Ending.INTERRUPTED, list(pages_in(found.folder))
    return found
