"""Events for other systems: subscriptions, deliveries with retries, and what was given up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pipeline.domain.reuse import Delivery, EventKind, ReuseEvent, Subscription, System
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Who is told of what, and where. A subscription of another system is not found."""

    ports: ReusePorts

    def add(
        self, caller: System, url: str, kinds: Collection[EventKind], offices: Collection[str], *, actor: str = ""
    ) -> tuple[Subscription, str]:
        """A new subscription and its secret; raises ``RejectedInputError`` (``url_refused``) for a URL that is not allowed.

        ``offices`` must be the caller's own agency unless somebody of the house (``actor``) makes it.
        """
        raise NotImplementedError

    def rotate(self, caller: System, subscription: str) -> tuple[Subscription, str]:
        """The same with a new secret; the former one signs too for a day."""
        raise NotImplementedError

    def end(self, caller: System, subscription: str) -> Subscription:
        """No more is sent to it."""
        raise NotImplementedError

    def all_of(self, system: str = "") -> tuple[Subscription, ...]:
        """Those of a system (empty: of all)."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Events:
    """The outbox: what happened, as systems may see it, and how far its delivery is."""

    ports: ReusePorts

    def after(self, caller: System, seq: int, limit: int = 100) -> tuple[ReuseEvent, ...]:
        """The events behind ``seq`` that the caller may see: of its subscriptions' offices, and of what it fetched."""
        raise NotImplementedError

    def deliver_due(self, limit: int = 20) -> int:
        """Plan deliveries of new events, and send those that are due; how many were sent."""
        raise NotImplementedError

    def dead(self, system: str = "") -> tuple[Delivery, ...]:
        """Deliveries that were given up, newest first."""
        raise NotImplementedError

    def retry(self, delivery: str, *, actor: str) -> Delivery:
        """Have one tried again at once; raises ``NotFoundError``."""
        raise NotImplementedError
