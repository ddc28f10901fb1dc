"""What workers ask of a real broker."""

from __future__ import annotations

import pytest
import redis

from pipeline.dispatch import DramatiqDispatcher, connect_broker, ping
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import UnavailableError
from pipeline.workers.broker import QueueWatch, worker_broker
from storage.embedded import EmbeddedStack


@pytest.fixture
def url(embedded_stack: EmbeddedStack) -> str:
    with redis.Redis.from_url(embedded_stack.redis_url) as client:
        client.flushall()
    return embedded_stack.redis_url


def test_a_message_sent_by_name_waits_in_its_lane_until_a_worker_takes_it(url: str) -> None:
    sender, worker = connect_broker(url), worker_broker(url)
    dispatcher, watch = DramatiqDispatcher(sender), QueueWatch(worker)
    ping(sender)
    dispatcher.read_page("a", 1, QueueName.STATION)
    dispatcher.read_page("a", 2, QueueName.STATION)
    assert watch.depth("read", QueueName.STATION) == 2
    assert watch.depth("read", QueueName.BATCH) == 0
    consumer = worker.consume("station.read", prefetch=1)
    taken = next(message for message in consumer if message is not None)
    assert taken.args == ("a", 1)
    assert watch.depth("read", QueueName.STATION) == 1
    consumer.ack(taken)
    sender.close()
    worker.close()


def test_one_worker_among_many_sweeps_at_a_time(url: str) -> None:
    watches = [QueueWatch(worker_broker(url)) for _ in range(4)]
    assert sum(watch.take_turn(60.0) for watch in watches) == 1


def test_a_broker_that_lost_its_data_is_known_by_it(url: str) -> None:
    watch = QueueWatch(worker_broker(url))
    assert watch.is_blank()
    watch.remember()
    assert not watch.is_blank()
    with redis.Redis.from_url(url) as client:
        client.flushall()
    assert watch.is_blank()


def test_a_broker_that_is_away_is_told_as_such() -> None:
    watch = QueueWatch(worker_broker("redis://127.0.0.1:1/0"))
    with pytest.raises(UnavailableError):
        watch.depth("read", QueueName.STATION)
    with pytest.raises(UnavailableError):
        watch.take_turn(1.0)
