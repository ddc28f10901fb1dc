"""Bells: who sends work rings, so that idle workers need not ask the broker again and again whether there is any.

A consumer of Dramatiq's for Redis asks, and sleeps for longer and longer when there was nothing: short pauses cost the machine
and the broker a few percent of a core for each worker that does nothing, long ones let a citizen wait. Here it sleeps until
work for its queue is announced (Redis' PUBLISH), or one of its own is done, and asks by itself only now and then: for what
another worker left behind, and for bells that nobody heard.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import closing, suppress

import redis
from dramatiq import Consumer, MessageProxy
from dramatiq.brokers.redis import RedisBroker

from pipeline.dispatch import bell_of

#: Longest pause in seconds of a consumer that cannot hear bells, because the connection that brings them is gone.
DEAF_PAUSE = 0.2

#: So many times as long as by whoever holds messages until their time is waited by those that have nothing but bells to hear.
_PATIENCE = 4

#: Seconds between two tries to listen, and between two looks at whether to go on listening.
_AGAIN, _LOOK = 1.0, 1.0


class Bells:
    """Hears what is rung for the queues of one process. A thread of its own listens from the first question on."""

    def __init__(self, client: redis.Redis, channel: str) -> None:
        self._client, self._channel = client, channel
        self._bells: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._listens, self._stopped = threading.Event(), threading.Event()

    def of(self, queue: str) -> threading.Event:
        """What is set when there may be work in ``queue``."""
        with self._lock:
            if not self._bells:
                threading.Thread(target=self._listen, name="bells", daemon=True).start()
            return self._bells.setdefault(queue, threading.Event())

    def pause(self, seconds: float) -> float:
        """How long to wait for a bell at most, where ``seconds`` are enough for whoever hears them."""
        return seconds if self._listens.is_set() else min(seconds, DEAF_PAUSE)

    def ring(self, queue: str) -> None:
        """Tell everybody that there may be work in ``queue``; they find it later where the broker is away."""
        with suppress(redis.RedisError):
            self._client.publish(self._channel, queue)

    def stop(self) -> None:
        """Listen no more."""
        self._stopped.set()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            with suppress(redis.RedisError, OSError), closing(self._connection()) as heard:
                heard.subscribe(self._channel)
                self._listens.set()
                self._all()
                while not self._stopped.is_set():
                    if (told := heard.get_message(timeout=_LOOK)) is not None:
                        self._one(bytes(told["data"]).decode())
            self._listens.clear()
            self._stopped.wait(_AGAIN)

    def _connection(self) -> redis.client.PubSub:
        made: redis.client.PubSub = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        return made

    def _all(self) -> None:
        """Whatever was rung before anybody listened."""
        with self._lock:
            for bell in self._bells.values():
                bell.set()

    def _one(self, queue: str) -> None:
        with self._lock:
            bell = self._bells.get(queue)
        if bell is not None:
            bell.set()


class ListeningConsumer(Consumer):
    """Asks ``inner``, which never sleeps itself, and waits for ``bell`` where that has nothing or may take no more.

    Who consumes ``delayed`` messages holds them until their time has come, and looks at the clock every so many ``seconds``.
    """

    def __init__(self, inner: Consumer, queue: str, bells: Bells, seconds: float, *, delayed: bool = False) -> None:
        self._inner, self._queue, self._bells, self._seconds = inner, queue, bells, seconds
        self._delayed, self._held = delayed, 0
        self._bell = bells.of(queue)

    def __next__(self) -> MessageProxy | None:
        """The next message, or None after a pause of some length."""
        self._bell.clear()
        message: MessageProxy | None = next(self._inner)
        if message is None:
            self._bell.wait(self.patience)
        else:
            self._held += 1
        return message

    @property
    def patience(self) -> float:
        """Seconds for which it waits for a bell at most."""
        return self._bells.pause(self._seconds * (1 if self._delayed and self._held else _PATIENCE))

    def ack(self, message: MessageProxy) -> None:
        """A message is done: there is room for another one."""
        try:
            self._inner.ack(message)
        finally:
            self._let_go()

    def nack(self, message: MessageProxy) -> None:
        """A message failed for good: there is room for another one."""
        try:
            self._inner.nack(message)
        finally:
            self._let_go()

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Give messages back that nobody began."""
        self._inner.requeue(messages)
        self._bells.ring(self._queue)

    def close(self) -> None:
        """Let go of what ``inner`` holds."""
        self._inner.close()

    def _let_go(self) -> None:
        self._held = max(0, self._held - 1)
        self._bell.set()


class ListeningBroker(RedisBroker):
    """Dramatiq's broker, whose consumers wait for bells."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self.bells = Bells(self.client, bell_of(self.namespace))

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """What takes messages from a queue; ``timeout`` is how many milliseconds late a delayed one may be at most."""
        inner, delayed = super().consume(queue_name, prefetch, timeout=0), queue_name in self.delay_queues
        return ListeningConsumer(inner, queue_name, self.bells, timeout / 1000, delayed=delayed)

    def close(self) -> None:
        """Let go of all connections."""
        self.bells.stop()
        super().close()
