"""Papers taken in at the counter: files and what is packed in them, what the scanner made, pages for what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import flow, intake
from pipeline.custody.page_moves import Mover
from pipeline.domain.documents import Document, QueueName
from pipeline.domain.errors import UnavailableError
from pipeline.domain.natures import Nature
from pipeline.flow import FlowPorts
from pipeline.intake.names import safe_name
from pipeline.scan_views import ScanViewer
from pipeline.station.feeding import Feeding, Insertion
from pipeline.station.tray import Tray


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the document, or why there is none, in words for the operator."""

    name: str
    document: Document | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes papers in."""

    ports: FlowPorts
    tray: Tray | None
    viewer: ScanViewer | None
    bounds: intake.Bounds

    def take(self, path: Path, name: str, code: str, nature: Nature = Nature.ORIGINAL, *, by: str = "") -> Document:
        """A file as a document of the dossier, scanned ``by`` somebody; ``nature`` is what the paper is declared to be."""
        found = flow.submit(path, name, code, QueueName.STATION, self.ports, nature=nature, by=by)
        if self.tray is not None:
            self.tray.looks(found)
        return found

    def take_all(
        self, path: Path, code: str, room: Path, nature: Nature = Nature.ORIGINAL, *, by: str = ""
    ) -> Iterator[Taken]:
        """A file, or each member of a ZIP, as it is taken; ``room`` is a folder to unpack in."""
        for one in intake.gather([path], self.bounds, room):
            if one.error is not None:
                yield Taken(one.name, why=one.error.advice or one.error.message)
            elif not one.path.stat().st_size:
                yield Taken(one.name, why="Tệp rỗng.")
            else:
                yield Taken(one.name, self.take(one.path, one.name, code, nature, by=by))

    def take_scan(self, path: Path, feeding: Feeding) -> None:
        """What the scanner made, as a document of its own or where it belongs; raises ``NotEntitledError``."""
        name = f"quét {self.ports.clock.now().astimezone():%Hh%M.%S}.tif"
        if feeding.into is None:
            self.take(path, name, feeding.code, feeding.nature, by=feeding.actor)
        else:
            self.insert(path, name, feeding.into, actor=feeding.actor)

    def insert(self, path: Path, name: str, into: Insertion, *, actor: str) -> Document:
        """The document with the pages of a file among its own.

        Raises ``RejectedInputError`` for a file at fault, ``NotEntitledError``, ``ValueError`` for a place that there is not.
        """
        if self.viewer is None:
            raise UnavailableError("nothing here opens files", advice="Chưa mở được tệp ở máy này. Báo quản trị viên.")
        source = self.viewer.inspect(path, safe_name(name))
        mover = Mover(self.ports, actor, into.reason)
        return mover.insert(into.document, path, source, into.place, version=into.version)
