"""Messages as the workers find them."""

from __future__ import annotations

import pytest
from dramatiq import Message
from dramatiq.brokers.stub import StubBroker

from pipeline.dispatch import ACTORS, DramatiqDispatcher, connect_broker, ping, queue_of
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import UnavailableError


@pytest.fixture
def broker() -> StubBroker:
    made = StubBroker(middleware=[])
    for queue in QueueName:
        for step in ACTORS:
            made.declare_queue(queue_of(step, queue))
    return made


def only_message(broker: StubBroker, queue: str) -> Message[None]:
    assert broker.queues[queue].qsize() == 1
    return Message.decode(broker.queues[queue].get_nowait())


def test_a_message_carries_ids_and_nothing_else(broker: StubBroker) -> None:
    DramatiqDispatcher(broker).read_page("20260102-ab", 7, QueueName.BATCH)
    message = only_message(broker, "batch.read")
    assert (message.actor_name, message.args, message.kwargs, message.options) == ("read_page", ("20260102-ab", 7), {}, {})


def test_station_and_batch_work_and_every_step_have_queues_of_their_own(broker: StubBroker) -> None:
    dispatcher = DramatiqDispatcher(broker)
    for queue in QueueName:
        dispatcher.split_document("a", queue)
        dispatcher.read_page("a", 1, queue)
        dispatcher.finish_document("a", queue)
    filled = {name for name, waiting in broker.queues.items() if waiting.qsize()}
    assert filled == {f"{queue}.{step}" for queue in ("station", "batch") for step in ("split", "read", "finish")}


def test_a_broker_that_is_away_is_told_as_such() -> None:
    broker = connect_broker("redis://127.0.0.1:1/0")
    with pytest.raises(UnavailableError, match="split_document of document a"):
        DramatiqDispatcher(broker).split_document("a", QueueName.STATION)
    with pytest.raises(UnavailableError):
        ping(broker)
    broker.close()
