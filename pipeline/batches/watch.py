"""What a watched folder hands its files to: one batch a day, that ends when the day is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.batches.feeding import Feeder
from pipeline.batches.handing import Shelf, Wanted
from pipeline.batches.runs import Runner, new_id
from pipeline.batches.taking import Taker
from pipeline.domain.batches import Batch, BatchFile, BatchState, Handling
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import NotFoundError
from pipeline.rooms import room_in

ACTOR = "watch"


@dataclass(slots=True)
class Intray:
    """The batches of the folder ``root``; ``types`` names codes of types, for lists in ZIPs."""

    root: Path
    runner: Runner
    handling: Handling
    types: Mapping[str, str] = field(default_factory=dict)
    _today: Batch | None = None
    _closed: str = ""

    def today(self) -> str:
        """The id of the batch of today, opened at its first file."""
        ports, name = self.runner.ports, self._name
        if self._today is None or self._today.name != name:
            wanted = Batch(
                new_id(ports.clock),
                name,
                BatchState.RUNNING,
                False,
                ports.clock.now(),
                ACTOR,
                QueueName.BATCH,
                (str(self.root),),
                handling=self.handling,
            )
            self._today = self.runner.open(wanted)
        return self._today.id

    @property
    def _name(self) -> str:
        return f"{self.root.name} {self.runner.ports.clock.now().astimezone():%d/%m/%Y}"

    def close_past(self) -> None:
        """End the batches of days before; the catalogue is asked once a day."""
        name = self._name
        if name == self._closed:
            return
        for one in self.runner.ports.catalogue.batches.batches(limit=1000):
            if one.paths == (str(self.root),) and one.actor == ACTOR and one.name != name and not one.complete:
                self.runner.books.complete(one.id, ACTOR)
        self._closed = name

    def hand_in(self, path: Path, batch_id: str, dossier: str | None) -> Sequence[BatchFile]:
        """The file at ``path``, or those of a ZIP, as they stand in the batch; raises ``UnavailableError``."""
        batch = self._batch(batch_id)
        ports, bench = self.runner.ports, self.runner.bench
        taker = Taker(batch, ports, bench)
        shelf = Shelf(Wanted((path,), dossier), bench.bounds, self.types)
        with room_in(ports.scratch, "batch") as scratch:
            files = [taker.take(given) for given in shelf.files(scratch, bench.opener)]
        if batch.state is BatchState.DONE:
            batch = self.runner.books.move(batch.id, BatchState.RUNNING, ACTOR)
        if batch.state is BatchState.RUNNING:
            Feeder(ports).feed(batch)
        return files

    def _batch(self, batch_id: str) -> Batch:
        """The batch that a file was taken for; that of today where nobody knows that one any more."""
        batches = self.runner.ports.catalogue.batches
        try:
            return batches.batch(batch_id)
        except NotFoundError:
            return batches.batch(self.today())
