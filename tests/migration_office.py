"""An installation in memory that takes in real pictures with what other programs know of them; reading follows a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ocr_models.scripted import ScriptedEngine
from pipeline import intake
from pipeline.batches.cutting import View
from pipeline.batches.packages import Finds, Package, find_packages
from pipeline.batches.runs import Runner
from pipeline.batches.slices import Stack, write_slice
from pipeline.batches.taking import Bench
from pipeline.batches.words_along import Opened, open_package
from pipeline.domain.documents import Source
from pipeline.domain.foreign import ForeignPage
from pipeline.foreign_pages import Scan, take_over
from pipeline.intake import Bounds
from pipeline.reading import Readers, ReadPage
from storage.catalogue import SqlCatalogue
from tests.batch_office import BatchOffice


class PictureReader:
    """Opens real files; what it reads is what the script says, what others read is taken over as always."""

    def __init__(self, script) -> None:
        self.script = script
        self.engine = script.engine
        self.engine_called = script.engine_called
        self.made_with = script.made_with
        self.taken_over: list[int] = []

    def inspect(self, path: Path, name: str) -> Source:
        return intake.inspect(path, name, Bounds())

    def read(self, path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None) -> ReadPage:
        intake.read_page(path, media_type, number, Bounds())
        return super(type(self.script), self.script).read(path, media_type, number, engine, upright)

    def take_over(self, path: Path, media_type: str, page: ForeignPage, source: str, upright: int | None = None) -> ReadPage:
        scan = Scan(path, media_type, upright)
        taken = take_over(scan, page, source, bounds=Bounds(), readers=Readers(ScriptedEngine()), profile="nd30")
        if taken is None:
            return self.read(path, media_type, page.number, "", upright)
        self.taken_over.append(page.number)
        return taken


class RealBench:
    """Looks at nothing, cuts and opens as the pool's children do."""

    def inspect(self, path: Path, name: str) -> Source:
        return intake.inspect(path, name, Bounds())

    def slice(self, stacks: Sequence[Stack], views: Sequence[View], target: Path) -> None:
        write_slice(stacks, views, target, Bounds())

    def open(self, package: Package, counts: Sequence[int], *, kept: bool) -> Opened:
        return open_package(package, counts, kept)

    def find(self, folder: Path, name: str) -> Finds:
        return find_packages([folder])


class MigrationOffice(BatchOffice):
    """One small installation with a folder of old scans."""

    def __init__(self, folder: Path, catalogue: SqlCatalogue) -> None:
        super().__init__(folder, catalogue)
        self.real = RealBench()
        self.pictures = PictureReader(self.reader)
        self.ports = replace(self.ports, reader=self.pictures)
        self.runner = Runner(self.ports, Bench(self.real, self.real, Bounds(), self.real))  # type: ignore[arg-type]
        self.feeder = type(self.feeder)(self.ports)
