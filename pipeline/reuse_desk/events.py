"""Events for other systems: subscriptions, deliveries with retries, and what was given up."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline.domain.audit import Action
from pipeline.domain.errors import NotFoundError, RejectedInputError
from pipeline.domain.outbox import (
    PUSHED,
    Delivery,
    DeliveryState,
    EventKind,
    EventPage,
    ReuseEvent,
    Subscription,
)
from pipeline.domain.people import office_of
from pipeline.domain.releases import ANY, System
from pipeline.reuse.webhooks import TRIES, headers_of, pause_after, render_event, secret_of
from pipeline.reuse_desk.consequences import Consequences
from pipeline.reuse_desk.scene import ReusePorts, uid_of

#: How long the former secret of a subscription signs beside the new one.
OVERLAP = timedelta(hours=24)

#: For how long a try is left alone by everybody else; longer than any may take.
_LEASE = timedelta(minutes=5)

#: Events planned in one go, looked through for one page, and posted at a time.
_PLANNED, _LOOKED_AT, _AT_ONCE = 50, 2000, 8


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Who is told of what, and where. A subscription of another system is not found."""

    ports: ReusePorts

    def add(
        self, caller: System, url: str, kinds: Collection[EventKind], offices: Collection[str], *, actor: str = ""
    ) -> tuple[Subscription, str]:
        """A new subscription and its secret; raises ``RejectedInputError`` (``url_refused``) for a URL that is not allowed.

        ``offices`` must be the caller's own agency (``office_refused``) unless somebody of the house (``actor``) makes it.
        """
        if why := self.ports.sender.allows(url):
            raise RejectedInputError(
                f"{url!r} is not posted to: {why}",
                code="url_refused",
                advice="Địa chỉ nhận sự kiện chưa được phép. Quản trị viên hãy thêm máy chủ này vào SOHOA_WEBHOOK_HOSTS.",
            )
        if not actor and not set(offices) <= {caller.agency}:
            raise RejectedInputError(
                "a system subscribes to events of its own agency only",
                code="office_refused",
                advice="Hệ thống chỉ được đăng ký sự kiện của cơ quan mình. Quản trị viên có thể đăng ký rộng hơn.",
            )
        made = Subscription(
            secrets.token_hex(8),
            caller.id,
            caller.agency,
            url,
            frozenset(kinds or EventKind),
            frozenset(offices or {caller.agency}),
            self.ports.clock.now(),
        )
        return self._hold(made, "added", actor or caller.id)

    def rotate(self, caller: System, subscription: str, *, actor: str = "") -> tuple[Subscription, str]:
        """The same with a new secret; the former one signs too for a day."""
        found = self._find(caller, subscription)
        until = self.ports.clock.now() + OVERLAP
        return self._hold(replace(found, key=found.key + 1, former_until=until), "new secret", actor or caller.id)

    def end(self, caller: System, subscription: str, *, actor: str = "") -> Subscription:
        """No more is sent to it."""
        return self._hold(replace(self._find(caller, subscription), ended=True), "ended", actor or caller.id)[0]

    def all_of(self, system: str = "") -> tuple[Subscription, ...]:
        """Those of a system (empty: of all)."""
        return self.ports.catalogue.outbox.subscriptions(system)

    def _find(self, caller: System, subscription: str) -> Subscription:
        found = (one for one in self.all_of(caller.id) if one.id == subscription and not one.ended)
        if (one := next(found, None)) is None:
            raise NotFoundError(f"no subscription {subscription!r}")
        return one

    def _hold(self, made: Subscription, what: str, actor: str) -> tuple[Subscription, str]:
        self.ports.catalogue.outbox.subscribe(made)
        self.ports.auditing.note(
            Action.SUBSCRIPTION, actor=actor, reason=what, subscription=made.id, system=made.system, agency=made.agency
        )
        return made, secret_of(self.ports.terms.master.reveal(), made.id, made.key)


@dataclass(frozen=True, slots=True)
class Events:
    """The outbox: what happened, as systems may see it, and how far its delivery is."""

    ports: ReusePorts

    def after(self, caller: System, seq: int, limit: int = 100) -> EventPage:
        """The events behind ``seq`` that the caller may see: of its agency and its subscriptions, and of what it fetched."""
        offices = {caller.agency}.union(
            *(one.offices for one in self.ports.catalogue.outbox.subscriptions(caller.id) if not one.ended)
        )
        found: list[ReuseEvent] = []
        looked = seq
        for event in self.ports.catalogue.outbox.after(seq, _LOOKED_AT):
            if len(found) == limit:
                break
            looked = event.seq
            if _is_of(event, offices) or (event.kind in PUSHED and caller.id in self._fetchers(event)):
                found.append(event)
        return EventPage(tuple(found), looked)

    def deliver_due(self, limit: int = 20) -> int:
        """Plan deliveries of new events, and send those that are due; how many were sent."""
        self.plan()
        now = self.ports.clock.now()
        claimed = self.ports.catalogue.outbox.claim(now, now + _LEASE, limit)
        if claimed:
            known = {one.id: one for one in self.ports.catalogue.outbox.subscriptions()}
            with ThreadPoolExecutor(max_workers=_AT_ONCE) as posting:
                for settled in posting.map(lambda one: self._send(one, known[one.subscription]), claimed):
                    self._settle(settled)
        return len(claimed)

    def plan(self) -> int:
        """Enter the deliveries of new events, and what follows from them; how many events."""
        done = 0
        while events := self.ports.catalogue.outbox.unplanned(_PLANNED):
            for event in events:
                Consequences(self.ports).draw(event)
                self.ports.catalogue.outbox.plan(event, tuple(self._deliveries(event)))
            done += len(events)
        return done

    def _deliveries(self, event: ReuseEvent) -> Iterator[Delivery]:
        fetchers = self._fetchers(event) if event.kind in PUSHED else frozenset()
        now = self.ports.clock.now()
        for one in self.ports.catalogue.outbox.subscriptions():
            wanted = event.kind in one.kinds and _is_of(event, one.offices)
            if not one.ended and (wanted or one.system in fetchers):
                yield Delivery(uid_of("delivery", event.id, one.id), event, one.id, DeliveryState.WAITING, 0, now)

    def _fetchers(self, event: ReuseEvent) -> frozenset[str]:
        given = self.ports.catalogue.releases.fetchers(event.document) if event.document else ()
        return frozenset(one.system for one in given)

    def _send(self, delivery: Delivery, subscription: Subscription) -> Delivery:
        """How far the delivery is after one more try."""
        now, body = self.ports.clock.now(), render_event(delivery.event)
        if subscription.ended:
            return replace(delivery, state=DeliveryState.DEAD, due=now, error="the subscription has ended")
        tried = replace(delivery, tries=delivery.tries + 1, begun=delivery.begun or now)
        headers = headers_of(delivery, body, subscription, self.ports.terms.master.reveal(), now)
        posted = self.ports.sender.post(subscription.url, body, headers)
        if not posted.error:
            return replace(tried, state=DeliveryState.DONE, error="")
        failed = replace(tried, error=posted.error[:500])
        if tried.tries >= TRIES:
            return replace(failed, state=DeliveryState.DEAD, due=now)
        return replace(failed, state=DeliveryState.WAITING, due=now + pause_after(tried.tries))

    def _settle(self, delivery: Delivery) -> None:
        self.ports.catalogue.outbox.settle(delivery)
        if delivery.state is DeliveryState.DEAD:
            self.ports.auditing.note(
                Action.DELIVERY_DEAD,
                actor="sohoa",
                reason=delivery.error,
                document=delivery.event.document,
                delivery=delivery.id,
                event=delivery.event.id,
                subscription=delivery.subscription,
            )


def _is_of(event: ReuseEvent, offices: Collection[str]) -> bool:
    """Whether an event is of a dossier of one of the offices."""
    return ANY in offices or (bool(office := office_of(event.dossier)) and office in offices)
