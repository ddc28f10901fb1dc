"""Tells other systems what happened, and puts receipts into the bucket: in a thread of its own, for receivers may be slow.

Every worker has one; the books see to it that each delivery is in one hand at a time. What a killed one had in hand is due
again some minutes later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from pipeline.domain.errors import SohoaError
from pipeline.reuse_desk import Events, Receipts, ReusePorts

#: Seconds between two looks at the outbox.
INTERVAL = 2.0

#: Deliveries taken in hand in one go.
AT_ONCE = 32

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers events and keeps receipts."""

    ports: ReusePorts

    def turn(self) -> int:
        """Do all that is due; how much that was."""
        events, done = Events(self.ports), 0
        for work in (lambda: events.deliver_due(AT_ONCE), Receipts(self.ports).keep):
            while some := self._attempt(work):
                done += some
        return done

    def run(self, stop: threading.Event) -> None:
        """A turn every few seconds, until ``stop`` is set."""
        while not stop.is_set():
            self.turn()
            stop.wait(INTERVAL)

    def _attempt(self, work: Callable[[], int]) -> int:
        """What ``work`` returns; 0 where it fails, which is logged."""
        try:
            return work()
        except SohoaError as error:
            log.warning("courier put off", error=error.message)
        except Exception:
            log.exception("courier failed")
        return 0
