"""Deliveries that were given up: listed page by page, tried again, or dropped for a reason that the audit log keeps."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.domain.audit import Action, Happening, details_of
from pipeline.domain.errors import NotFoundError, RejectedInputError
from pipeline.domain.outbox import Delivery, DeliveryState, LettersAsked, Subscription
from pipeline.reuse_desk.scene import ReusePorts, uid_of

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_GIVEN_UP = frozenset({DeliveryState.DEAD, DeliveryState.DROPPED})
_MOST = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """One of them, whom it was for, and where it was dropped, by whom and why."""

    delivery: Delivery
    subscription: Subscription
    dropped: Happening | None = None

    @property
    def mark(self) -> str:
        """Its place in the list, as :func:`place_of` reads it."""
        return f"{(self.delivery.due - _EPOCH) // _MICROSECOND}.{self.delivery.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some letters, and the place behind which the next page begins; None: there is none."""

    letters: tuple[Letter, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """How many a system did not take, how many are on their way to it, and whether any of its subscriptions still holds."""

    system: str
    dead: int
    waiting: int
    listens: bool


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Looks after deliveries that were given up. What is dropped stays, so that the books tell of every event."""

    ports: ReusePorts

    def count(self, system: str = "") -> int:
        """How many wait for somebody to look after them, of a system where one is named."""
        by_system = self.ports.catalogue.outbox.tally(DeliveryState.DEAD)
        return by_system.get(system, 0) if system else sum(by_system.values())

    def piles(self) -> tuple[Pile, ...]:
        """The systems that did not take all, the largest pile first."""
        outbox = self.ports.catalogue.outbox
        dead, waiting = outbox.tally(DeliveryState.DEAD), outbox.tally(DeliveryState.WAITING)
        listening = {one.system for one in outbox.subscriptions() if not one.ended}
        found = (Pile(system, count, waiting.get(system, 0), system in listening) for system, count in dead.items())
        return tuple(sorted(found, key=lambda pile: (-pile.dead, pile.system)))

    def page(self, asked: LettersAsked) -> Page:
        """The letters that are asked for."""
        found = self.ports.catalogue.outbox.letters(replace(asked, limit=asked.limit + 1))
        letters = self._letters(found[: asked.limit])
        return Page(letters, letters[-1].mark if len(found) > asked.limit else None)

    def walk(self, system: str = "", state: DeliveryState = DeliveryState.DEAD) -> Iterator[Letter]:
        """All of them, newest first, of a system where one is named; some at a time are held."""
        page = self.page(LettersAsked(state, system, limit=_MOST))
        yield from page.letters
        while page.next is not None:
            page = self.page(LettersAsked(state, system, behind=place_of(page.next), limit=_MOST))
            yield from page.letters

    def retry(self, delivery: str, *, actor: str, system: str = "") -> Delivery:
        """Have one, a dropped one too, tried again at once.

        Raises ``NotFoundError`` where it was not given up, or is not of ``system``; ``RejectedInputError``
        (``subscription_ended``) where nobody listens any more.
        """
        letter = self._find(delivery)
        if system and letter.subscription.system != system:
            raise _unknown(delivery)
        if letter.subscription.ended:
            raise RejectedInputError(
                f"subscription {letter.subscription.id} has ended",
                code="subscription_ended",
                advice="Đăng ký nhận này đã kết thúc nên không gửi lại được. Hãy bỏ thông báo, kèm lý do.",
            )
        now, told = self.ports.clock.now(), _details(letter)
        if not self.ports.catalogue.outbox.revive(delivery, now, self._noted("tried again", actor, told)):
            raise _unknown(delivery)
        return self.ports.catalogue.outbox.delivery(delivery)

    def retry_all(self, system: str, *, actor: str) -> int:
        """Have all dead ones of a system tried again at once, where it still listens; how many. Dropped ones stay so."""
        noted = self._noted("all tried again", actor, details_of(system=system))
        return self.ports.catalogue.outbox.revive_all(system, self.ports.clock.now(), noted)

    def drop(self, delivery: str, *, why: str, actor: str) -> Delivery:
        """Say that a dead one is of no use.

        Raises ``RejectedInputError`` (``reason_missing``), ``NotFoundError`` where it is not dead.
        """
        said = " ".join(why.split())
        if not said:
            raise RejectedInputError(
                "a letter is dropped for a reason", code="reason_missing", advice="Hãy ghi lý do bỏ thông báo này."
            )
        letter = self._find(delivery)
        noted = self._noted("dropped", actor, _details(letter, why=said), uid=_drop_uid(letter.delivery))
        if not self.ports.catalogue.outbox.drop(letter.delivery, noted):
            raise _unknown(delivery)
        return self.ports.catalogue.outbox.delivery(delivery)

    def _find(self, delivery: str) -> Letter:
        """The letter of this id; raises ``NotFoundError`` for what was not given up."""
        found = self.ports.catalogue.outbox.delivery(delivery)
        if found.state not in _GIVEN_UP:
            raise _unknown(delivery)
        return self._letters((found,))[0]

    def _letters(self, found: tuple[Delivery, ...]) -> tuple[Letter, ...]:
        known = {one.id: one for one in self.ports.catalogue.outbox.subscriptions()} if found else {}
        uids = [_drop_uid(one) for one in found if one.state is DeliveryState.DROPPED]
        dropped = self.ports.catalogue.audit.find(uids) if uids else {}
        return tuple(Letter(one, known[one.subscription], dropped.get(_drop_uid(one))) for one in found)

    def _noted(self, what: str, actor: str, details: str, *, uid: str = "") -> Happening:
        known = (uid or secrets.token_hex(16), self.ports.clock.now(), actor, Action.SUBSCRIPTION.value)
        return Happening(*known, reason=what, details=details)


def place_of(mark: str) -> tuple[datetime, str]:
    """The place that the mark of a letter names; raises ``ValueError`` for what is none."""
    at, dot, delivery = mark.partition(".")
    if not (dot and delivery and at.isdecimal() and at.isascii() and len(at) <= 17):
        raise ValueError(f"{mark!r} is no place in the list")
    return _EPOCH + int(at) * _MICROSECOND, delivery


def _drop_uid(delivery: Delivery) -> str:
    """By what the audit log knows that a delivery was dropped after it was given up for the last time."""
    return uid_of("dropped", delivery.id, (delivery.due - _EPOCH) // _MICROSECOND)


def _details(letter: Letter, **more: object) -> str:
    one, to = letter.delivery, letter.subscription
    return details_of(delivery=one.id, event=one.event.id, subscription=to.id, system=to.system, **more)


def _unknown(delivery: str) -> NotFoundError:
    return NotFoundError(f"no dead letter {delivery!r}")
