"""Sends messages to the workers by name; imports no actors. Ids only, never files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import redis
from dramatiq import Broker, Message, Middleware
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerConnectionError

from pipeline.domain.documents import QueueName
from pipeline.domain.errors import UnavailableError

#: The actor that does a step.
ACTORS = {"split": "split_document", "read": "read_page", "finish": "finish_document"}

#: What the names of all that we keep in the broker begin with.
NAMESPACE = "sohoa"

#: Milliseconds without a sign of life after which the messages of a worker go to another one.
HEARTBEAT_TIMEOUT = 15_000

#: Commands out of a million that look for dead workers: all of them.
MAINTENANCE_CHANCE = 1_000_000

#: Seconds to wait for a broker that neither answers nor refuses.
CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 15.0


def ping(broker: RedisBroker) -> None:
    """Nothing, where the broker answers; raises ``UnavailableError`` where it does not."""
    try:
        broker.client.ping()
    except redis.RedisError as error:
        raise UnavailableError(f"The broker does not answer: {error}.", code="broker_unavailable") from error


def queue_of(step: str, queue: QueueName) -> str:
    """The broker's queue for a step, for instance ``batch.finish``.

    Every step has its own, because a queue is first come, first served: the finishing of one document must not wait
    until the last page of the hundred documents behind it has been read.
    """
    return f"{queue.value}.{step}"


def bell_of(namespace: str) -> str:
    """The channel on which the names of queues are told that were sent something; workers listen."""
    return f"{namespace}:bell"


class Ringing(Middleware):
    """Rings for the workers when something was sent."""

    def after_enqueue(self, broker: Broker, message: Message[Any], delay: int | None) -> None:
        """Tell the queue's name; one that nobody hears, because the broker went away, is not missed for long."""
        if isinstance(broker, RedisBroker):
            with suppress(redis.RedisError):
                broker.client.publish(bell_of(broker.namespace), message.queue_name)


def connect_broker(url: str, middleware: Sequence[Middleware] = (), make: type[RedisBroker] = RedisBroker) -> RedisBroker:
    """A broker at ``url`` (``redis://``, ``rediss://``, ``unix://``); nothing is sent before its first use.

    With Dramatiq's defaults the work of a killed worker is not handed on for many minutes.
    """
    client = redis.Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=ANSWER_SECONDS)
    return make(
        client=client,
        middleware=[*middleware, Ringing()],
        namespace=NAMESPACE,
        heartbeat_timeout=HEARTBEAT_TIMEOUT,
        maintenance_chance=MAINTENANCE_CHANCE,
    )


class DramatiqDispatcher:
    """Work for the actors, by their names, on the queue asked for."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def split_document(self, document_id: str, queue: QueueName) -> None:
        """Ask for the document to be taken apart."""
        self._send("split", queue, document_id)

    def read_page(self, document_id: str, page: int, queue: QueueName) -> None:
        """Ask for one page to be read."""
        self._send("read", queue, document_id, page)

    def finish_document(self, document_id: str, queue: QueueName) -> None:
        """Ask for the document to be put together."""
        self._send("finish", queue, document_id)

    def _send(self, step: str, queue: QueueName, *args: str | int) -> None:
        message: Message[None] = Message(
            queue_name=queue_of(step, queue), actor_name=ACTORS[step], args=args, kwargs={}, options={}
        )
        try:
            self._broker.enqueue(message)
        except (redis.RedisError, BrokerConnectionError) as error:
            raise UnavailableError(
                f"The broker did not take {ACTORS[step]} of document {args[0]}: {error}. Start it; the work is sent again.",
                code="broker_unavailable",
                advice="Hàng đợi công việc đang không hoạt động. Kiểm tra máy chủ hàng đợi rồi thử lại.",
            ) from error
