"""An installation in memory that takes in batches: pages are looked at by a script, slices are what they are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pipeline import archive
from pipeline.batches.cutting import View
from pipeline.batches.feeding import Feeder
from pipeline.batches.handing import Shelf, Wanted, survey_shelf
from pipeline.batches.looks import Look
from pipeline.batches.markers import Marker
from pipeline.batches.runs import Control, Runner
from pipeline.batches.slices import Stack
from pipeline.batches.taking import Bench
from pipeline.domain.batches import Batch, BatchFile, BatchState, Handling
from pipeline.domain.documents import QueueName, Source, Status
from pipeline.domain.errors import EncryptedPdfError
from pipeline.domain.pages import CodeFormat
from pipeline.intake import Bounds
from pipeline.reading import ReadPage
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Killed, Office, ScriptedReader

SPLIT = Handling(split=True)


class PaperReader(ScriptedReader):
    """Files are lists of words, one a page, as JSON: ``sep:CODE:TYPE:PERSON`` is a separator, ``blank`` a blank side."""

    opens_locked = False

    def inspect(self, path: Path, name: str) -> Source:
        data = path.read_bytes()
        if data.startswith(b"locked") and self.opens_locked:
            return Source(name, hashlib.sha256(data).hexdigest(), len(data), "application/pdf", 1)
        if data.startswith(b"locked"):
            raise EncryptedPdfError(f"{name}: locked", advice="Tệp có mật khẩu.")
        pages = len(json.loads(data))
        return Source(name, hashlib.sha256(data).hexdigest(), len(data), "application/pdf", pages)

    def read(self, path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None) -> ReadPage:
        data = path.read_bytes()
        self.texts[""] = "mở" if data.startswith(b"locked") else json.loads(data)[number - 1]
        self.texts[self.engine.name] = self.texts[""]
        return super().read(path, media_type, number, engine, upright)


class ScriptedBench:
    """Looks at such files and cuts them."""

    def __init__(self, reader: PaperReader) -> None:
        self.reader = reader
        self.dies_at = -1
        self.done = 0

    def inspect(self, path: Path, name: str) -> Source:
        self._step()
        return self.reader.inspect(path, name)

    def look(self, path: Path, source: Source, handling: Handling) -> Sequence[Look]:
        data = path.read_bytes()
        pages = ["mở"] if data.startswith(b"locked") else json.loads(data)
        return [_look(number, word) for number, word in enumerate(pages, 1)]

    def slice(self, stacks: Sequence[Stack], views: Sequence[View], target: Path) -> None:
        self._step()
        pages = [json.loads(stack.path.read_bytes()) for stack in stacks]
        target.write_text(json.dumps([pages[view.source - 1][view.page - 1] for view in views]), encoding="utf-8")

    def _step(self) -> None:
        self.done += 1
        if self.done == self.dies_at:
            raise Killed


def _look(number: int, word: str) -> Look:
    if word.startswith("sep:"):
        _, code, *told = word.split(":")
        return Look(number, ((CodeFormat.QR, Marker(code, *told).text),))
    if word == "patch":
        return Look(number, patch=True)
    return Look(number, blank=word == "blank", letters=500)


class BatchOffice(Office):
    """One small installation in memory with a folder of scans."""

    def __init__(self, folder: Path, catalogue: SqlCatalogue) -> None:
        self.scans = folder / "scans"
        self.scans.mkdir(exist_ok=True)
        scratch = folder / "scratch"
        scratch.mkdir(exist_ok=True)
        reader = PaperReader()
        super().__init__(scratch, catalogue, reader)
        self.bench = ScriptedBench(reader)
        self.runner = Runner(self.ports, Bench(self.bench, self.bench, Bounds()))
        self.control = Control(self.ports)
        self.feeder = Feeder(self.ports)

    def lay(self, name: str, *pages: str) -> Path:
        """A file of these pages among the scans."""
        path = self.scans / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
        return path

    def shelf(self, *paths: Path, pairs: bool = False, dossier: str | None = None) -> Shelf:
        return survey_shelf(Wanted(paths or (self.scans,), dossier, pairs), Bounds(), {"quyet_dinh": "Quyết định"})

    def open(self, handling: Handling = SPLIT, name: str = "năm 2019") -> Batch:
        made = Batch(
            "B1",
            name,
            BatchState.RUNNING,
            False,
            self.clock.now(),
            "cli",
            QueueName.BATCH,
            (str(self.scans),),
            "",
            "",
            handling,
        )
        return self.runner.open(made)

    def take_in(self, handling: Handling = SPLIT, **more: object) -> list[BatchFile]:
        return list(self.runner.take_in(self.open(handling), self.shelf(**more)))  # type: ignore[arg-type]

    def finish(self, batch: str = "B1") -> Batch:
        """Feed and work until nothing is left to do."""
        for _ in range(200):
            self.work()
            if not self.feeder.feed_all() and not self.dispatcher._waiting:
                break
        return self.catalogue.batches.batch(batch)

    def words(self) -> list[str]:
        """What stands on all pages of all documents, by their records and texts."""
        found = []
        for document in self.catalogue.walk(limit=10_000):
            if document.revision and document.status not in {Status.REJECTED, Status.ERASED}:
                key = archive.revision_key(document.dossier, document.id, document.revision, "text.txt")
                found += self.store.get(key).decode().split()
        return found
