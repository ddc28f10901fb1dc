"""Documents of batches handed to the workers, as many at a time as those can take: so that pausing means something.

Any process may feed, at any time; what two of them hand in twice is one document.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import flow
from pipeline.custody.batch_books import BatchBooks
from pipeline.domain.batches import Batch, BatchState, FileState, Waiting
from pipeline.domain.documents import SETTLED, Document, Source, Status
from pipeline.flow import FlowPorts, Wish

#: Pages of batches on their way through the workers at a time, unless a single document has more.
PAGES_IN_FLIGHT = 300

#: Documents handed in at one go.
MOST_AT_ONCE = 200

#: Who says that a batch is done.
ACTOR = "batches"


@dataclass(frozen=True, slots=True)
class Feeder:
    """Feeds the batches of an installation."""

    ports: FlowPorts

    def feed_all(self) -> int:
        """Hand in what the workers can take, of all running batches, the oldest first; how many documents."""
        running = self.ports.catalogue.batches.batches(state=BatchState.RUNNING, limit=1000)
        return sum(self.feed(batch) for batch in reversed(running))

    def feed(self, batch: Batch) -> int:
        """Hand in what the workers can take of a running batch; one of which all is settled is done. How many documents."""
        batches = self.ports.catalogue.batches
        room = PAGES_IN_FLIGHT - batches.in_flight()
        fed = 0
        waiting = batches.waiting(batch.id, MOST_AT_ONCE) if room > 0 else ()
        for one in waiting:
            if room <= 0:
                return fed
            room -= one.part.sides if self.hand_in(one, batch).status not in SETTLED else 0
            fed += 1
        if not waiting and room > 0:
            self._finish(batch)
        return fed

    def hand_in(self, waiting: Waiting, batch: Batch) -> Document:
        """The document of a part, asked to be read."""
        part = waiting.part
        source = Source(part.name, part.sha256, part.bytes, "")
        document = flow.receive(
            source, part.dossier, Wish(batch.queue, batch.engine, by=part.operator or batch.actor), self.ports
        )
        flow.ask_to_read(document, self.ports)
        self.ports.catalogue.batches.hand_in(waiting.batch, waiting.file, part.number, document.id)
        return document

    def _finish(self, batch: Batch) -> None:
        batches = self.ports.catalogue.batches
        if not batch.complete or batches.waiting(batch.id, 1):
            return
        tally = batches.tally(batch.id)
        if sum(tally.in_status(status) for status in SETTLED) == tally.total:
            BatchBooks(self.ports.store, self.ports.catalogue, self.ports.clock).move(batch.id, BatchState.DONE, ACTOR)


def retry_failed(batch: Batch, ports: FlowPorts) -> int:
    """Have those documents of a batch read once more that failed by our own fault; how many."""
    count, after = 0, (0, 0)
    while placed := ports.catalogue.batches.placed(batch.id, after=after, statuses=(Status.FAILED.value,)):
        after = placed[-1].file, placed[-1].part.number
        for one in placed:
            if one.document is not None:
                ports.catalogue.forget_pages(one.document.id)
                now = ports.clock.now()
                again = ports.catalogue.move(one.document.id, Status.RECEIVED, actor=ACTOR, reason="tried again", at=now)
                flow.ask_to_read(again, ports)
                count += 1
    return count


def is_repairable(batch: Batch, ports: FlowPorts) -> bool:
    """Whether files of the batch were rejected, and better ones may come."""
    return bool(ports.catalogue.batches.files(batch.id, FileState.REJECTED, limit=1))
