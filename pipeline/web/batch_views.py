"""What the pages of batches show: figures, rate and estimate, what to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from pipeline.domain.batches import Batch, BatchFile, BatchState, BatchTally, FileState, Placed
from pipeline.domain.documents import Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.people import Person
from pipeline.ports import Catalogue, Clock

#: Documents, and files of which there is none, that a page shows.
MOST = 200

#: The rate is that of so long.
LATELY = timedelta(minutes=10)

_TOLD = (FileState.REJECTED, FileState.DUPLICATE, FileState.NO_PAGES)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is; ``rate`` in pages a minute, ``minutes`` until it is done, None where one cannot tell."""

    batch: Batch
    tally: BatchTally
    rate: float
    minutes: int | None

    @property
    def acts(self) -> tuple[str, ...]:
        """What may be done to it now."""
        state = self.batch.state
        found = []
        if state is BatchState.RUNNING:
            found.append("pause")
        if state in {BatchState.PAUSED, BatchState.CANCELLED}:
            found.append("resume")
        if state in {BatchState.RUNNING, BatchState.PAUSED}:
            found.append("cancel")
        if self.tally.in_status(Status.FAILED):
            found.append("retry")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class BatchView:
    """All that the page of a batch shows."""

    progress: Progress
    documents: tuple[Placed, ...]
    more: bool
    files: tuple[BatchFile, ...]


def progress_of(batch: Batch, catalogue: Catalogue, clock: Clock) -> Progress:
    """How far the batch is."""
    tally = catalogue.batches.tally(batch.id)
    if batch.state is not BatchState.RUNNING:
        return Progress(batch, tally, 0.0, None)
    lately = max(batch.created_at, clock.now() - LATELY)
    passed = max(1.0, (clock.now() - lately).total_seconds() / 60)
    rate = catalogue.batches.settled_since(batch.id, lately) / passed
    left = tally.pages - tally.settled
    return Progress(batch, tally, rate, round(left / rate) if rate and left else None)


def batch_for(batch_id: str, person: Person, catalogue: Catalogue, *, whole: bool = False) -> Batch:
    """The batch, for a person who sees some dossier of it, or with ``whole`` every one; raises ``NotFoundError``."""
    batch = catalogue.batches.batch(batch_id)
    if not sees(person, batch, catalogue, whole=whole):
        raise NotFoundError(f"no batch {batch_id!r}")
    return batch


def sees(person: Person, batch: Batch, catalogue: Catalogue, *, whole: bool = False) -> bool:
    """Whether any dossier of a batch, or every one, is of the person's offices; one without any is for who sees all."""
    if person.scope is None:
        return True
    seen = [person.sees(dossier) for dossier in catalogue.batches.dossiers(batch.id)]
    return bool(seen) and (all(seen) if whole else any(seen))


def view_of(batch: Batch, person: Person, catalogue: Catalogue, clock: Clock) -> BatchView:
    """The page of a batch; of documents and files only those of the person's offices."""
    placed = [one for one in catalogue.batches.placed(batch.id, limit=MOST + 1) if person.sees(one.part.dossier)]
    files = (file for file in catalogue.batches.files(batch.id, *_TOLD, limit=MOST) if person.sees(file.dossier))
    return BatchView(
        progress_of(batch, catalogue, clock), tuple(placed[:MOST]), len(placed) > MOST, tuple(islice(files, MOST))
    )
