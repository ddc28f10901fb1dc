"""The broker as a worker sees it: with retries, and without anything that opens a port or interrupts a step.

Left out on purpose: Prometheus (binds a port on every interface), TimeLimit (does not interrupt C code; pages are read
in killable processes with their own bound), AgeLimit (late work is still work), Callbacks and Pipelines (the catalogue
counts pages, not the broker).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from dramatiq import Middleware
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import CurrentMessage, Retries

from pipeline.dispatch import connect_broker, queue_of
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import SohoaError, UnavailableError
from pipeline.workers.bells import ListeningBroker

#: Milliseconds before the first retry, and at most between two.
MIN_BACKOFF, MAX_BACKOFF = 1_000, 60_000

#: How often a step is tried again after an error nobody foresaw.
UNFORESEEN_RETRIES = 4


def should_retry(retries: int, error: BaseException) -> bool:
    """Whether a step that has been retried ``retries`` times is tried again after ``error``.

    For ever where something is away; never where our own errors say that it is no use.
    """
    if isinstance(error, SohoaError):
        return error.retryable
    return retries < UNFORESEEN_RETRIES


def worker_middleware(min_backoff: int = MIN_BACKOFF) -> list[Middleware]:
    """What every worker runs with; ``min_backoff`` in milliseconds."""
    return [
        CurrentMessage(),
        Retries(min_backoff=min_backoff, max_backoff=MAX_BACKOFF, retry_when=should_retry),
    ]


def worker_broker(url: str) -> RedisBroker:
    """The broker at ``url`` for a worker process."""
    return connect_broker(url, worker_middleware(), ListeningBroker)


class QueueWatch:
    """How much work waits in the broker, whether it has lost its data, and whose turn it is to sweep.

    Every method raises ``UnavailableError`` where the broker is away.
    """

    def __init__(self, broker: RedisBroker) -> None:
        self._client: redis.Redis = broker.client
        self._namespace = broker.namespace

    def depth(self, step: str, queue: QueueName) -> int:
        """Messages of a step that no worker has taken yet."""
        with _telling():
            return int(self._client.llen(f"{self._namespace}:{queue_of(step, queue)}"))

    def take_turn(self, seconds: float) -> bool:
        """True for one caller among all workers of the broker, once every ``seconds``."""
        with _telling():
            return bool(self._client.set(f"{self._namespace}:sweep", "1", nx=True, px=int(seconds * 1000)))

    def is_blank(self) -> bool:
        """Whether :meth:`remember` was never called on this broker, or is among the data that it has lost."""
        with _telling():
            return not self._client.exists(f"{self._namespace}:known")

    def remember(self) -> None:
        """Leave the sign that a broker without its data does not have."""
        with _telling():
            self._client.set(f"{self._namespace}:known", "1")


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise UnavailableError(f"The broker does not answer: {error}.", code="broker_unavailable") from error


__all__ = ("QueueWatch", "should_retry", "worker_broker", "worker_middleware")
