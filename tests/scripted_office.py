"""An installation in memory whose every outside thing follows a script."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipeline import archive, flow
from pipeline.domain.documents import Document, QueueName, Source
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageOrigin, PageReading, PageText, Word
from pipeline.ports import EngineInfo
from pipeline.reading import ReadPage, unread_page
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore, Message, ScriptedDispatcher


class Killed(BaseException):
    """A worker that dies: not even an ``except Exception`` sees it."""


class ScriptedReader:
    """Files of ``pages`` pages, each with the text of the engine; ``dies`` says before which readings the worker is killed."""

    engine = EngineInfo("scripted", "1", ("vie",))

    def __init__(self, pages: int = 3, dies: Callable[[int], bool] = lambda _: False) -> None:
        self.pages = pages
        self.dies = dies
        self.texts: dict[str, str] = {}
        self.hopeless: set[int] = set()
        self.edition = "1"
        self.read_pages: list[int] = []
        self.engines: list[str] = []
        self.error: Exception | None = None

    def inspect(self, path: Path, name: str) -> Source:
        if self.error:
            raise self.error
        data = path.read_bytes()
        return Source(name, hashlib.sha256(data).hexdigest(), len(data), "application/pdf", self.pages)

    def engine_called(self, name: str) -> EngineInfo:
        return replace(self.engine, name=name) if name else self.engine

    def made_with(self, engine: str) -> str:
        return f"{self.engine_called(engine).name} {self.edition}"

    def read(self, path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None) -> ReadPage:
        if self.dies(number):
            raise Killed
        self.read_pages.append(number)
        self.engines.append(engine)
        blank = unread_page(number, "page_timeout", "")
        if number in self.hopeless:
            return blank
        told = self.texts.get(engine, "trang số {}").format(number).split("\n")
        lines = tuple(_line(text, row) for row, text in enumerate(told) if text)
        text = PageText(number, lines, engine)
        return ReadPage(PageReading(number, 827, 1169, 100.0, text, PageOrigin.OCR, upright or 0), blank.picture)


def _line(text: str, row: int) -> Line:
    words = enumerate(text.split())
    return Line(tuple(Word(word, Box(100 + 90 * n, 100 + 40 * row, 180 + 90 * n, 130 + 40 * row), 0.95) for n, word in words))


class Office:
    """One small installation in memory."""

    def __init__(self, folder: Path, catalogue: SqlCatalogue, reader: ScriptedReader) -> None:
        self.reader = reader
        self.store = MemoryStore()
        self.catalogue = catalogue
        self.dispatcher = ScriptedDispatcher()
        self.clock = FixedClock()
        self.folder = folder
        self.ports = flow.FlowPorts(self.store, catalogue, self.dispatcher, self.clock, reader, folder)

    def submit(self, content: bytes = b"%PDF scan", name: str = "đơn.pdf", dossier: str = "H05", engine: str = "") -> Document:
        path = self.folder / "in.pdf"
        path.write_bytes(content)
        return flow.submit(path, name, dossier, QueueName.BATCH, self.ports, engine)

    def work(self) -> None:
        self.dispatcher.drain(self.handle)

    def handle(self, message: Message) -> None:
        if message.step == "split":
            flow.split_document(message.document, self.ports)
        elif message.step == "read":
            flow.read_page(message.document, message.page, self.ports)
        else:
            flow.finish_document(message.document, self.ports)

    def sweep(self) -> None:
        """Send again what the broker has lost."""
        self.clock.advance(timedelta(minutes=5))
        for work in self.catalogue.pending(idle_since=self.clock.now()):
            self.handle(Message(work.step, work.document, work.page, work.queue))

    def record(self, document: Document, revision: int = 1) -> dict[str, object]:
        key = archive.revision_key(document.dossier, document.id, revision, "record.json")
        loaded: dict[str, object] = json.loads(self.store.get(key))
        return loaded
