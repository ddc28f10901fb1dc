"""A batch from its files: opened or gone on with, tried out, taken in, looked after."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.batches.feeding import Feeder, retry_failed
from pipeline.batches.handing import Shelf
from pipeline.batches.taking import Bench, Given, Planned, Taker
from pipeline.custody.batch_books import BatchBooks
from pipeline.domain.batches import Batch, BatchFile, BatchState, FileState
from pipeline.domain.errors import NotEntitledError, RejectedInputError
from pipeline.flow import FlowPorts
from pipeline.ports import Clock
from pipeline.revisions import sha256_of
from pipeline.rooms import room_in

#: Files taken between two turns of feeding.
_FEED_EVERY = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of a file: its cut, or why it is refused; ``known``: where it stands already (a name or an id)."""

    given: Given
    planned: Planned | None = None
    error: RejectedInputError | None = None
    known: str = ""


def new_id(clock: Clock) -> str:
    """The id of a new batch."""
    return f"B{clock.now():%Y%m%d}-{secrets.token_hex(3)}"


def try_out(shelf: Shelf, batch: Batch, ports: FlowPorts, bench: Bench, known: Callable[[str, str], str]) -> Iterator[Trial]:
    """What would become of each file; nothing is kept. ``known`` tells the document of a dossier and hash, or empty."""
    taker = Taker(batch, ports, bench)
    seen: dict[tuple[str, str], str] = {}
    with room_in(ports.scratch, "batch") as scratch:
        for given in shelf.files(scratch, bench.opener):
            try:
                planned = taker.plan(given)
            except RejectedInputError as error:
                yield Trial(given, error=error)
                continue
            key = given.dossier, "+".join(sha256_of(path) for path in given.paths)
            twin = seen.setdefault(key, given.name)
            yield Trial(given, planned, known=twin if twin != given.name else known(*key))


@dataclass(frozen=True, slots=True)
class Runner:
    """Looks after batches where their files are."""

    ports: FlowPorts
    bench: Bench

    @property
    def books(self) -> BatchBooks:
        """What is written down of batches."""
        return BatchBooks(self.ports.store, self.ports.catalogue, self.ports.clock)

    def open(self, wanted: Batch) -> Batch:
        """The batch, or the one that was begun with the very same files and name and never came to its end."""
        for one in self.ports.catalogue.batches.batches(limit=1000):
            same = (one.name, one.paths, one.dossier, one.handling) == (
                wanted.name,
                wanted.paths,
                wanted.dossier,
                wanted.handling,
            )
            if same and not one.complete and one.state is not BatchState.CANCELLED:
                return one
        return self.books.open(wanted)

    def take_in(self, batch: Batch, shelf: Shelf) -> Iterator[BatchFile]:
        """Each file as it is taken; documents are handed on meanwhile. Ends early where the batch is cancelled."""
        taker = Taker(batch, self.ports, self.bench)
        feeder = Feeder(self.ports)
        with room_in(self.ports.scratch, "batch") as scratch:
            for count, given in enumerate(shelf.files(scratch, self.bench.opener), 1):
                yield taker.take(given)
                if count % _FEED_EVERY == 1:
                    batch = self.ports.catalogue.batches.batch(batch.id)
                    if batch.state is BatchState.CANCELLED:
                        return
                    if batch.state is BatchState.RUNNING:
                        feeder.feed(batch)
        self.books.complete(batch.id, batch.actor)
        batch = self.ports.catalogue.batches.batch(batch.id)
        if batch.state is BatchState.RUNNING:
            feeder.feed(batch)

    def take_repaired(self, batch: Batch, shelf: Shelf, *, force: bool = False) -> Iterator[BatchFile]:
        """Files that had been rejected, as they are now; those that are as they were stay rejected, unless ``force``.

        Of a ZIP that had been rejected as a whole come the files in it that are not in the batch yet.
        """
        wanted = self._rejected(batch)
        taker = Taker(batch, self.ports, self.bench)
        opened: dict[tuple[str, str], BatchFile] = {}
        with room_in(self.ports.scratch, "batch") as scratch:
            for given in shelf.files(scratch, self.bench.opener):
                own = given.dossier, given.name
                if own in wanted:
                    opened.pop(own, None)
                    wanted -= {own} if given.error is not None else set()
                    yield taker.take_again(given, force=force)
                    continue
                zips = [one for one in given.zips if (one.dossier, one.name) in wanted]
                for one in zips:
                    if (one.dossier, one.name) not in opened:
                        opened[one.dossier, one.name] = taker.repaired(one)
                if zips and not taker.is_taken(given):
                    yield taker.take(given)
        for zipped in opened.values():
            taker.mend(zipped)

    def _rejected(self, batch: Batch) -> set[tuple[str, str]]:
        """Dossier and name of the files that are rejected."""
        found, number = set(), 0
        while files := self.ports.catalogue.batches.files(batch.id, FileState.REJECTED, after=number):
            number = files[-1].number
            found |= {(file.dossier, file.name) for file in files}
        return found


@dataclass(frozen=True, slots=True)
class Control:
    """What anybody may do to a batch, wherever its files are."""

    ports: FlowPorts

    def move(self, batch_id: str, after: BatchState, actor: str) -> Batch:
        """Pause, resume or cancel; raises ``NotEntitledError`` where the batch is past that, ``NotFoundError``."""
        books = BatchBooks(self.ports.store, self.ports.catalogue, self.ports.clock)
        try:
            moved = books.move(batch_id, after, actor)
        except ValueError as error:
            raise NotEntitledError(
                str(error), code="batch_over", advice="Lô này đã xong hoặc đã hủy; không đổi được trạng thái."
            ) from error
        if moved.state is BatchState.RUNNING:
            Feeder(self.ports).feed(moved)
        return moved

    def retry(self, batch_id: str, actor: str) -> int:
        """Have documents that failed by our own fault read once more; how many."""
        batch = self.ports.catalogue.batches.batch(batch_id)
        count = retry_failed(batch, self.ports)
        if count and batch.state is BatchState.DONE:
            self.move(batch_id, BatchState.RUNNING, actor)
        return count
