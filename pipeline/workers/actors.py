"""The actors: each calls one step of :mod:`pipeline.flow`; one more deals with what failed for good."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from dramatiq import Broker, actor

from pipeline import flow
from pipeline.dispatch import ACTORS, queue_of
from pipeline.domain.documents import QueueName
from pipeline.domain.errors import NotFoundError

#: Among what one process holds, finish documents before reading pages, and read pages before opening documents.
PRIORITIES = {"finish": 0, "read": 10, "split": 20}

log = structlog.get_logger(__name__)


class Steps:
    """The steps of the flow, called with ids from messages."""

    def __init__(self, ports: flow.FlowPorts) -> None:
        self._ports = ports

    def split(self, document_id: str) -> None:
        """Take a document apart."""
        flow.split_document(document_id, self._ports)

    def read(self, document_id: str, page: int) -> None:
        """Read one page."""
        flow.read_page(document_id, page, self._ports)

    def finish(self, document_id: str) -> None:
        """Put a document together."""
        flow.finish_document(document_id, self._ports)

    def set_aside(self, message: dict[str, Any], exhausted: dict[str, Any]) -> None:
        """Make the document of a message that failed for good ``failed``, with the error as its reason."""
        document_id = message["args"][0]
        reason = reason_of(message)
        log.error("document set aside", document=document_id, reason=reason, retries=exhausted.get("retries"))
        with suppress(NotFoundError):
            flow.fail(document_id, reason, self._ports)


def reason_of(message: dict[str, Any]) -> str:
    """One line that says which step failed and how, from the traceback that the retries left in the message."""
    step = f"{message['actor_name']}({', '.join(str(argument) for argument in message['args'])})"
    lines = [line for line in str(message["options"].get("traceback", "")).splitlines() if line and line[0] != " "]
    return f"{step}: {lines[-1][:500] if lines else 'no traceback'}"


def declare_actors(broker: Broker, steps: Steps) -> None:
    """Make the steps known to ``broker``; a message may come by the queue of either kind of work."""
    for queue in QueueName:
        for step in ACTORS:
            broker.declare_queue(queue_of(step, queue))
    actor(
        actor_name="set_aside",
        broker=broker,
        queue_name=queue_of("finish", QueueName.STATION),
        priority=PRIORITIES["finish"],
    )(steps.set_aside)
    works: dict[str, Callable[..., None]] = {"split": steps.split, "read": steps.read, "finish": steps.finish}
    for step, work in works.items():
        actor(
            actor_name=ACTORS[step],
            broker=broker,
            queue_name=queue_of(step, QueueName.BATCH),
            priority=PRIORITIES[step],
            on_retry_exhausted="set_aside",
        )(work)
