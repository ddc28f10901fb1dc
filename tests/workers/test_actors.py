"""The actors on a broker in memory: what is tried again, what is set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker

from pipeline import flow
from pipeline.dispatch import DramatiqDispatcher
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import CompositionError, NotFoundError, UnavailableError
from pipeline.workers.actors import Steps, declare_actors, reason_of
from pipeline.workers.broker import UNFORESEEN_RETRIES, should_retry, worker_middleware
from pipeline.workers.process import make_worker
from storage.clocks import FixedClock
from storage.memory import MemoryStore, ScriptedDispatcher

PATIENCE = 20_000


@pytest.fixture
def broker() -> Iterator[StubBroker]:
    made = StubBroker(middleware=worker_middleware(min_backoff=1), fail_fast_default=False)
    yield made
    made.flush_all()
    made.close()


@pytest.fixture
def ports(tmp_path: Path) -> flow.FlowPorts:
    nothing: Any = None
    return flow.FlowPorts(MemoryStore(), nothing, ScriptedDispatcher(), FixedClock(), nothing, tmp_path)


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(flow, "fail", lambda document_id, reason, ports: told.append((document_id, reason)))
    return told


@pytest.fixture
def run(broker: StubBroker, ports: flow.FlowPorts) -> Iterator[Callable[..., None]]:
    """Works through everything that waits for the given kinds of work."""
    declare_actors(broker, Steps(ports))
    workers: list[Worker] = []

    def work(*queues: QueueName) -> None:
        worker = make_worker(broker, queues or tuple(QueueName), threads=2)
        workers.append(worker)
        worker.start()
        for queue in queues or tuple(QueueName):
            for step in ("split", "read", "finish"):
                broker.join(f"{queue.value}.{step}", timeout=PATIENCE)
        broker.join("station.finish", timeout=PATIENCE)

    yield work
    for worker in workers:
        worker.stop()


def fails(times: int, error: Exception) -> Callable[..., None]:
    """A step that raises ``error`` the first ``times`` times and notes in ``calls`` what it was called with."""

    def step(*arguments: object) -> None:
        step.calls.append(arguments[:-1])  # type: ignore[attr-defined]
        if len(step.calls) <= times:  # type: ignore[attr-defined]
            raise error

    step.calls = []  # type: ignore[attr-defined]
    return step


def test_each_message_calls_its_step_with_its_ids(
    broker: StubBroker, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {name: fails(0, RuntimeError()) for name in ("split_document", "read_page", "finish_document")}
    for name, step in steps.items():
        monkeypatch.setattr(flow, name, step)
    dispatcher = DramatiqDispatcher(broker)
    dispatcher.split_document("a", QueueName.STATION)
    dispatcher.read_page("b", 2, QueueName.BATCH)
    dispatcher.finish_document("c", QueueName.BATCH)
    run()
    assert [step.calls for step in steps.values()] == [[("a",)], [("b", 2)], [("c",)]]  # type: ignore[attr-defined]


def test_work_is_tried_again_for_as_long_as_something_is_away(
    broker: StubBroker,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    failures: list[tuple[str, str]],
) -> None:
    step = fails(UNFORESEEN_RETRIES + 2, UnavailableError("the store is away"))
    monkeypatch.setattr(flow, "read_page", step)
    DramatiqDispatcher(broker).read_page("a", 1, QueueName.STATION)
    run()
    assert len(step.calls) == UNFORESEEN_RETRIES + 3  # type: ignore[attr-defined]
    assert failures == []


def test_an_error_that_will_not_pass_sets_the_document_aside_at_once(
    broker: StubBroker,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    failures: list[tuple[str, str]],
) -> None:
    step = fails(99, CompositionError("no PDF of a.pdf could be written"))
    monkeypatch.setattr(flow, "finish_document", step)
    DramatiqDispatcher(broker).finish_document("a", QueueName.BATCH)
    run()
    assert len(step.calls) == 1  # type: ignore[attr-defined]
    assert [document for document, _ in failures] == ["a"]
    assert failures[0][1].startswith("finish_document(a): ")
    assert "no PDF of a.pdf could be written" in failures[0][1]


def test_an_error_nobody_foresaw_is_tried_a_few_times_and_then_set_aside(
    broker: StubBroker,
    run: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    failures: list[tuple[str, str]],
) -> None:
    step = fails(99, KeyError("surprise"))
    monkeypatch.setattr(flow, "split_document", step)
    DramatiqDispatcher(broker).split_document("a", QueueName.BATCH)
    run()
    assert len(step.calls) == UNFORESEEN_RETRIES + 1  # type: ignore[attr-defined]
    assert "KeyError" in failures[0][1]


def test_a_document_that_is_gone_is_no_reason_to_stumble(
    broker: StubBroker, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = fails(99, NotFoundError("no document a"))
    monkeypatch.setattr(flow, "split_document", gone)
    monkeypatch.setattr(flow, "fail", gone)
    DramatiqDispatcher(broker).split_document("a", QueueName.BATCH)
    run()
    assert [letter.actor_name for letter in broker.dead_letters] == ["split_document"]


def test_a_station_worker_leaves_batch_work_alone(
    broker: StubBroker, run: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    step = fails(0, RuntimeError())
    monkeypatch.setattr(flow, "read_page", step)
    dispatcher = DramatiqDispatcher(broker)
    for page in range(1, 6):
        dispatcher.read_page("long", page, QueueName.BATCH)
    dispatcher.read_page("citizen", 1, QueueName.STATION)
    run(QueueName.STATION)
    assert step.calls == [("citizen", 1)]  # type: ignore[attr-defined]
    assert broker.queues["batch.read"].qsize() == 5


@pytest.mark.parametrize(
    ("error", "retries", "again"),
    [
        (UnavailableError("away"), 1_000, True),
        (CompositionError("broken"), 0, False),
        (MemoryError(), UNFORESEEN_RETRIES - 1, True),
        (MemoryError(), UNFORESEEN_RETRIES, False),
    ],
)
def test_what_is_worth_another_try(error: Exception, retries: int, again: bool) -> None:
    assert should_retry(retries, error) is again


def test_the_reason_of_a_failure_is_the_last_line_of_its_traceback() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in b\nValueError: no such page\n'
    message = {"actor_name": "read_page", "args": ["a", 3], "options": {"traceback": trace}}
    assert reason_of(message) == "read_page(a, 3): ValueError: no such page"
    assert reason_of({**message, "options": {}}) == "read_page(a, 3): no traceback"
