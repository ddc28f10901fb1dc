"""The sweeper: what it sends again, and what it leaves alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.domain.documents import QueueName
from pipeline.domain.errors import UnavailableError
from pipeline.ports import PendingWork
from pipeline.workers import sweeper as module
from pipeline.workers.sweeper import BUSY, Sweeper
from storage.clocks import FixedClock
from storage.memory import ScriptedDispatcher

STATION, BATCH = QueueName.STATION, QueueName.BATCH
LOST = (
    PendingWork("a", "split", 0, STATION),
    PendingWork("b", "read", 4, BATCH),
    PendingWork("c", "finish", 0, BATCH),
)


@dataclass
class Ledger:
    """Knows what is pending and what was touched."""

    work: tuple[PendingWork, ...] = LOST
    asked: list[datetime] = field(default_factory=list)
    touched: list[tuple[str, str, int]] = field(default_factory=list)

    def pending(self, *, idle_since: datetime, limit: int = 500) -> tuple[PendingWork, ...]:
        self.asked.append(idle_since)
        return tuple(work for work in self.work if (work.document, work.step, work.page) not in self.touched)[:limit]

    def touch(self, document_id: str, step: str, pages: Sequence[int], at: datetime) -> None:
        self.touched += [(document_id, step, page) for page in pages]


@dataclass
class Depths:
    """A broker with so many messages waiting in each lane."""

    waiting: dict[tuple[str, QueueName], int] = field(default_factory=dict)
    turns: list[bool] = field(default_factory=list)
    away: bool = False
    blank: bool = False

    def is_blank(self) -> bool:
        return self.blank

    def remember(self) -> None:
        self.blank = False

    def depth(self, step: str, queue: QueueName) -> int:
        return self.waiting.get((step, queue), 0)

    def take_turn(self, seconds: float) -> bool:
        if self.away:
            self.away = False
            raise UnavailableError("the broker does not answer")
        return self.turns.pop(0)


def make_sweeper(ledger: Any, dispatcher: ScriptedDispatcher, depths: Depths) -> Sweeper:
    return Sweeper(ledger, dispatcher, FixedClock(), depths, timedelta(minutes=3))


def test_lost_work_is_sent_again_and_noted() -> None:
    ledger, dispatcher = Ledger(), ScriptedDispatcher()
    assert make_sweeper(ledger, dispatcher, Depths()).sweep() == 3
    assert [(message.step, message.document, message.page, message.queue) for message in dispatcher.sent] == [
        ("split", "a", 0, STATION),
        ("read", "b", 4, BATCH),
        ("finish", "c", 0, BATCH),
    ]
    assert ledger.touched == [("a", "split", 0), ("b", "read", 4), ("c", "finish", 0)]


def test_only_work_idle_for_longer_than_a_page_may_take_is_thought_lost() -> None:
    ledger = Ledger()
    make_sweeper(ledger, ScriptedDispatcher(), Depths()).sweep()
    assert ledger.asked == [FixedClock().now() - timedelta(minutes=3)]


def test_work_behind_a_long_queue_is_only_waiting_its_turn() -> None:
    ledger, dispatcher = Ledger(), ScriptedDispatcher()
    depths = Depths({("read", BATCH): BUSY + 1, ("finish", BATCH): BUSY})
    assert make_sweeper(ledger, dispatcher, depths).sweep() == 2
    assert [message.step for message in dispatcher.sent] == ["split", "finish"]
    assert ("b", "read", 4) not in ledger.touched


def test_a_broker_without_its_data_gets_everything_unfinished_at_once() -> None:
    work = tuple(PendingWork("long", "read", page, BATCH) for page in range(1, 1_201))
    ledger, dispatcher = Ledger(work), ScriptedDispatcher()
    depths = Depths({("read", BATCH): BUSY + 1}, blank=True)
    assert make_sweeper(ledger, dispatcher, depths).sweep() == 1_200
    assert [message.page for message in dispatcher.sent] == list(range(1, 1_201))
    assert set(ledger.asked) == {FixedClock().now()}
    assert not depths.blank


def test_a_broker_that_goes_away_again_is_still_without_its_data() -> None:
    dispatcher, depths = ScriptedDispatcher(), Depths(blank=True)
    dispatcher.away = True
    with pytest.raises(UnavailableError):
        make_sweeper(Ledger(), dispatcher, depths).sweep()
    assert depths.blank


def test_what_could_not_be_sent_is_not_noted_as_sent() -> None:
    ledger, dispatcher = Ledger(), ScriptedDispatcher()
    dispatcher.away = True
    with pytest.raises(UnavailableError):
        make_sweeper(ledger, dispatcher, Depths()).sweep()
    assert ledger.touched == []


def test_it_sweeps_in_turn_and_outlives_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.0)
    ledger, dispatcher, stop = Ledger(), ScriptedDispatcher(), threading.Event()
    depths = Depths(turns=[False, True, True], away=True)
    sweeper = make_sweeper(ledger, dispatcher, depths)

    def pending(*, idle_since: datetime, limit: int = 500) -> tuple[PendingWork, ...]:
        if not depths.turns:
            stop.set()
            raise RuntimeError("even a fault of our own does not end it")
        return LOST

    ledger.pending = pending  # type: ignore[method-assign]
    sweeper.run(stop)
    assert len(dispatcher.sent) == 3


def test_chores_are_done_in_its_turn_whatever_becomes_of_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERVAL", 0.0)
    stop, done = threading.Event(), []
    dispatcher, depths = ScriptedDispatcher(), Depths(turns=[False, True])
    dispatcher.away = True

    def fail() -> int:
        raise UnavailableError("the store does not answer")

    def last() -> int:
        done.append("sealed")
        stop.set()
        return 1

    ledger: Any = Ledger()
    Sweeper(ledger, dispatcher, FixedClock(), depths, timedelta(minutes=3), (fail, last)).run(stop)
    assert done == ["sealed"]
