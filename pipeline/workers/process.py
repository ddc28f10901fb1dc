"""One worker process: consumes the queues of one kind of work until it is told to stop.

Station and batch work have processes of their own, so that a page a citizen waits for never queues behind one that
nobody does. Both may use every core; batch workers run at a lower priority of the operating system, which takes the
cores from them the moment a station needs them and gives them back when it does not.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import psutil
import structlog
from dramatiq import Broker, Worker

from pipeline.batches.feeding import Feeder
from pipeline.bootstrap import build_reuse, build_services
from pipeline.custody.kept_readings import KeptReadings
from pipeline.dispatch import ACTORS, queue_of
from pipeline.domain.documents import QueueName
from pipeline.settings import Settings
from pipeline.workers.actors import Steps, declare_actors
from pipeline.workers.broker import QueueWatch, worker_broker
from pipeline.workers.courier import Courier
from pipeline.workers.sweeper import Sweeper

#: How much a batch worker gives way to everything else (``nice``).
BATCH_NICENESS = 10

#: How many milliseconds late delayed messages may be. All consumers hear bells; they ask by themselves more seldom still, for
#: what comes back from a worker which died.
POLL_MILLISECONDS = 1000

#: Steps of batches in hand beyond those that children are at: while one is written down, or waited for, none of them idles.
SPARE = 1

#: Milliseconds for the pages in hand to be finished before the process ends; their messages come again elsewhere.
PATIENCE_MILLISECONDS = 20_000

#: Added to the time a page may take before a step is thought lost.
SWEEP_MARGIN = timedelta(seconds=60)

log = structlog.get_logger(__name__)


def make_worker(broker: Broker, queues: Sequence[QueueName], threads: int) -> Worker:
    """A worker for the given kinds of work, not yet started.

    It takes no more pages than it has threads: a page held behind a long one is a page that nobody else can take.
    """
    names = {queue_of(step, queue) for queue in queues for step in ACTORS}
    worker = Worker(broker, queues=names, worker_threads=threads, worker_timeout=POLL_MILLISECONDS)
    worker.queue_prefetch = threads
    return worker


def run_worker(settings: Settings, queues: Sequence[QueueName], threads: int) -> None:
    """Work until SIGTERM or SIGINT; the pages in hand are finished within reason."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if QueueName.STATION not in queues:
        os.nice(BATCH_NICENESS)
    services = build_services(settings)
    services.pool.warm()
    broker = worker_broker(services.settings.redis_url)
    declare_actors(broker, Steps(services.flow))
    ports = services.flow
    idle = timedelta(seconds=settings.page_seconds) + SWEEP_MARGIN
    kept = KeptReadings(ports.store, ports.catalogue, ports.clock)
    chores = (Feeder(ports).feed_all, ports.auditing.seal_if_due, kept.forget_old)
    sweeper = Sweeper(ports.catalogue, ports.dispatcher, ports.clock, QueueWatch(broker), idle, chores)
    spare = 0 if QueueName.STATION in queues else SPARE
    worker = make_worker(broker, queues, threads + spare)
    worker.start()
    log.info("worker started", queues=[queue.value for queue in queues], threads=threads)
    threading.Thread(target=sweeper.run, args=(stop,), name="sweeper", daemon=True).start()
    courier = Courier(build_reuse(services))
    threading.Thread(target=courier.run, args=(stop,), name="courier", daemon=True).start()
    stop.wait()
    log.info("worker stopping")
    worker.stop(timeout=PATIENCE_MILLISECONDS)
    if any(thread.is_alive() for thread in worker.workers):
        _leave()
    services.close()
    log.info("worker stopped")


def _leave() -> None:
    """End at once with pages still in hand; their messages are delivered again.

    Closing the pool and going on would make unread pages of them instead.
    """
    log.warning("worker leaves with pages in hand")
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(1)
