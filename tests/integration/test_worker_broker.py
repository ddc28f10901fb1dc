"""What workers ask of a real broker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import redis
from dramatiq import Consumer, Message, MessageProxy

from pipeline.dispatch import DramatiqDispatcher, connect_broker, ping
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import UnavailableError
from pipeline.workers.bells import Bells, ListeningBroker, ListeningConsumer
from pipeline.workers.broker import QueueWatch, worker_broker
from storage.embedded import EmbeddedStack

#: Milliseconds that a consumer would wait by itself, and seconds in which it must not.
PAUSE, SOON = 120_000, 30.0


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


@pytest.fixture
def worker(url: str) -> Iterator[ListeningBroker]:
    broker = worker_broker(url)
    assert isinstance(broker, ListeningBroker)
    yield broker
    broker.close()


def soon(is_so: Callable[[], object]) -> bool:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.01)
    return False


def taken_beside(consumer: Consumer, count: int) -> list[MessageProxy]:
    """Messages as a thread takes them that asks and waits as workers do; the list grows."""
    taken: list[MessageProxy] = []

    def take() -> None:
        while len(taken) < count:
            if (message := next(consumer)) is not None:
                taken.append(message)

    threading.Thread(target=take, daemon=True).start()
    return taken


def test_an_idle_worker_hears_at_once_that_work_was_sent(url: str, worker: ListeningBroker) -> None:
    taken = taken_beside(worker.consume("batch.read", prefetch=1, timeout=PAUSE), 1)
    assert soon(lambda: worker.bells.pause(60.0) == 60.0)
    time.sleep(0.2)
    DramatiqDispatcher(connect_broker(url)).read_page("a", 1, QueueName.BATCH)
    assert soon(lambda: taken)


def test_a_worker_with_its_hands_full_takes_the_next_message_once_one_is_done(url: str, worker: ListeningBroker) -> None:
    dispatcher = DramatiqDispatcher(connect_broker(url))
    dispatcher.read_page("a", 1, QueueName.BATCH)
    dispatcher.read_page("a", 2, QueueName.BATCH)
    consumer = worker.consume("batch.read", prefetch=1, timeout=PAUSE)
    taken = taken_beside(consumer, 3)
    assert soon(lambda: taken)
    time.sleep(0.2)
    assert len(taken) == 1
    consumer.ack(taken[0])
    assert soon(lambda: len(taken) == 2)
    dispatcher.read_page("a", 3, QueueName.BATCH)
    consumer.nack(taken[1])
    assert soon(lambda: len(taken) == 3)


def test_a_delayed_message_is_heard_of_at_once_and_the_clock_is_watched_while_it_is_held(
    url: str, worker: ListeningBroker
) -> None:
    worker.declare_queue("batch.read")
    assert worker.delay_queues == {"batch.read.DQ"}
    consumer = worker.consume("batch.read.DQ", timeout=PAUSE)
    assert isinstance(consumer, ListeningConsumer)
    assert soon(lambda: worker.bells.pause(60.0) == 60.0)
    seldom = consumer.patience
    taken = taken_beside(consumer, 1)
    time.sleep(0.2)
    message = Message(queue_name="batch.read", actor_name="read_page", args=("a", 1), kwargs={}, options={})
    connect_broker(url).enqueue(message, delay=60_000)
    assert soon(lambda: taken)
    assert (consumer.patience, seldom) == (PAUSE / 1000, 4 * PAUSE / 1000)
    consumer.ack(taken[0])
    assert consumer.patience == seldom


def test_what_a_worker_gives_back_another_one_hears_of(url: str, worker: ListeningBroker) -> None:
    DramatiqDispatcher(connect_broker(url)).read_page("a", 1, QueueName.BATCH)
    leaving = worker_broker(url)
    first = leaving.consume("batch.read", prefetch=1, timeout=10)
    message = next(taken for taken in first if taken is not None)
    taken = taken_beside(worker.consume("batch.read", prefetch=1, timeout=PAUSE), 1)
    assert soon(lambda: worker.bells.pause(60.0) == 60.0)
    time.sleep(0.2)
    first.requeue([message])
    assert soon(lambda: taken)
    first.close()
    leaving.close()


def test_a_worker_whose_ears_were_cut_off_asks_often_until_it_listens_again(url: str, worker: ListeningBroker) -> None:
    worker.consume("batch.read", prefetch=1, timeout=PAUSE)
    assert soon(lambda: worker.bells.pause(60.0) == 60.0)
    with redis.Redis.from_url(url) as client:
        client.client_kill_filter(_type="pubsub")
    assert soon(lambda: worker.bells.pause(60.0) < 1)
    assert soon(lambda: worker.bells.pause(60.0) == 60.0)


def test_bells_without_a_broker_ring_for_nobody() -> None:
    away = Bells(redis.Redis.from_url("redis://127.0.0.1:1/0"), "sohoa:bell")
    away.ring("batch.read")
    assert not away.of("batch.read").is_set()
    assert away.pause(60.0) < 1
    away.stop()


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
