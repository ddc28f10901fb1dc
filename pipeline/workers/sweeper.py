"""Sends again whatever the catalogue says is unfinished and nobody has in hand: losing the whole broker loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from pipeline.domain.documents import QueueName
from pipeline.domain.errors import SohoaError
from pipeline.ports import Catalogue, Clock, Dispatcher, PendingWork

#: Seconds between two sweeps of the whole installation.
INTERVAL = 5.0

#: A queue with more than this many messages waiting is left alone: what seems idle there is only waiting its turn, and
#: would be sent again and again.
BUSY = 16

log = structlog.get_logger(__name__)


class Queues(Protocol):
    """What the sweeper must know of the broker."""

    def depth(self, step: str, queue: QueueName) -> int:
        """Messages of a step that no worker has taken yet."""

    def take_turn(self, seconds: float) -> bool:
        """True for one caller among all workers, once every ``seconds``."""

    def is_blank(self) -> bool:
        """Whether the broker does not know what :meth:`remember` told it: it is new, or has lost its data."""

    def remember(self) -> None:
        """Leave a sign in the broker."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """``idle``: how long a step may have been sent or begun before it is thought lost; longer than any page may take.

    ``chores`` are done in the same turn, each whatever became of the others; they return how much they did.
    """

    catalogue: Catalogue
    dispatcher: Dispatcher
    clock: Clock
    queues: Queues
    idle: timedelta
    chores: tuple[Callable[[], int], ...] = ()

    def sweep(self) -> int:
        """Send lost work again; returns how many messages were sent. Raises ``UnavailableError``.

        A broker without its data has nothing at all in hand: then everything unfinished is sent at once.
        """
        if self.queues.is_blank():
            sent = self._send_everything()
            self.queues.remember()
            return sent
        sent = 0
        busy: dict[tuple[str, QueueName], bool] = {}
        for work in self.catalogue.pending(idle_since=self.clock.now() - self.idle):
            lane = work.step, work.queue
            if lane not in busy:
                busy[lane] = self.queues.depth(*lane) > BUSY
            if not busy[lane]:
                self._send(work)
                sent += 1
        return sent

    def _send_everything(self) -> int:
        sent, since = 0, self.clock.now()
        while lost := self.catalogue.pending(idle_since=since):
            for work in lost:
                self._send(work)
            sent += len(lost)
        return sent

    def run(self, stop: threading.Event) -> None:
        """Sweep every few seconds, in turn with the other workers, until ``stop`` is set."""
        while not stop.is_set():
            if self._attempt(lambda: self.queues.take_turn(INTERVAL)):
                if sent := self._attempt(self.sweep):
                    log.info("lost work sent again", messages=sent)
                for chore in self.chores:
                    self._attempt(chore)
            stop.wait(INTERVAL / 2)

    def _attempt(self, act: Callable[[], int]) -> int:
        """What ``act`` returns; 0 where it fails, which is logged."""
        try:
            return act()
        except SohoaError as error:
            log.warning("sweep put off", error=error.message)
        except Exception:
            log.exception("sweep failed")
        return 0

    def _send(self, work: PendingWork) -> None:
        if work.step == "split":
            self.dispatcher.split_document(work.document, work.queue)
        elif work.step == "read":
            self.dispatcher.read_page(work.document, work.page, work.queue)
        else:
            self.dispatcher.finish_document(work.document, work.queue)
        self.catalogue.touch(work.document, work.step, (work.page,), self.clock.now())
