"""What reuse needs from outside: its books, who signs receipts, who posts to webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pipeline.domain.audit import Happening
from pipeline.domain.documents import Owner
from pipeline.domain.reuse import (
    Delivery,
    DeliveryState,
    Holding,
    Kept,
    LettersAsked,
    OwnerEvent,
    PrintCode,
    Released,
    RequestScene,
    ReuseEvent,
    ReuseRequest,
    RightsList,
    Standing,
    Subscription,
)


class Holdings(Protocol):
    """The papers in keeping, and what was said of them. Rebuilt from the bucket. Every call is one transaction."""

    def enter(self, document: str, holdings: Sequence[Holding]) -> None:
        """Hold what a document's newest revision holds, in the place of what was held of it; an older one changes nothing."""

    def forget(self, document: str) -> None:
        """Hold nothing of a document: it was erased."""

    def of_document(self, document: str) -> tuple[Kept, ...]:
        """The papers of a document, by part, with all that is known of them; none of one that is erased or unread."""

    def of_owner(self, owner: Owner, types: Sequence[str]) -> tuple[Kept, ...]:
        """The papers of these ``types`` that may be ``owner``'s: by the personal id, else by name and birth date."""

    def say(self, standing: Standing, happening: Happening, events: Sequence[ReuseEvent] = ()) -> bool:
        """Hold a word on a document, note it, and enter the events, all at once; False where the number is taken."""

    def restore(self, standing: Standing) -> None:
        """Hold a word as found in the bucket."""

    def standings(self, document: str) -> tuple[Standing, ...]:
        """All that was said of a document, oldest first."""

    def befall(self, told: OwnerEvent, happening: Happening | None = None) -> bool:
        """Hold what befell an owner; False where it was told before."""

    def enter_code(self, code: PrintCode) -> None:
        """Hold a code for prints."""

    def find_code(self, digest: str) -> PrintCode | None:
        """The code of this digest."""


class Rights(Protocol):
    """The lists of entitlements and of excluded types that are in force."""

    def current(self) -> RightsList:
        """Both lists, and their numbers."""

    def keep(self, rights: RightsList) -> None:
        """Hold lists of the bucket in the place of older ones; newer ones stay."""


class StaleJudgementError(Exception):
    """What a release was judged by has changed meanwhile; judge again."""


class Releases(Protocol):
    """Requests and what was released upon them."""

    def open(self, request: ReuseRequest, happening: Happening) -> ReuseRequest:
        """Enter a request and note it; where the system used its idempotency key before, the request of then."""

    def claimed(self, system: str, idempotency_key: str) -> ReuseRequest | None:
        """The request for which the system used this key."""

    def request(self, request: str) -> ReuseRequest:
        """The request; raises ``NotFoundError``."""

    def scene(self, request: str) -> RequestScene:
        """All that the request is judged by, of one moment; raises ``NotFoundError``."""

    def refuse(self, request: str, codes: Sequence[str]) -> None:
        """Make an open request a refused one."""

    def release(
        self, released: Released, seen: Kept, happenings: Sequence[Happening], code: PrintCode | None = None
    ) -> Released:
        """Enter a release, note it, and hold the code for its prints, once for each request: if it stands there, that one.

        The first of the happenings is the release; those behind it are noted whether it stands there already or not.
        Raises :class:`StaleJudgementError` where the paper is not as it was ``seen`` when it was judged.
        """

    def released(self, request: str) -> Released | None:
        """What was released upon a request."""

    def last_asked(self, systems: Sequence[str]) -> Mapping[str, datetime]:
        """When each of the systems asked for a paper last; those that never did are left out."""

    def fetchers(self, document: str) -> tuple[Released, ...]:
        """All releases of a document, oldest first."""

    def unkept(self, limit: int) -> tuple[Released, ...]:
        """Releases whose receipts are not known to stand in the bucket, oldest first."""

    def keep(self, released: str) -> None:
        """Note that the receipt stands in the bucket."""

    def restore(self, released: Released) -> None:
        """Hold a release as found in the bucket."""


class Outbox(Protocol):
    """Events, who wants them, and how far each is on its way."""

    def enter(self, event: ReuseEvent) -> None:
        """Enter an event, once by its ``id``; it gets its ``seq``."""

    def after(self, seq: int, limit: int) -> tuple[ReuseEvent, ...]:
        """The events behind ``seq``, in order."""

    def subscribe(self, subscription: Subscription) -> None:
        """Hold a subscription, in the place of what was held under its id."""

    def subscriptions(self, system: str = "") -> tuple[Subscription, ...]:
        """Those of a system (empty: all), ended ones included."""

    def unplanned(self, limit: int) -> tuple[ReuseEvent, ...]:
        """Events for which no deliveries were planned yet, in order."""

    def plan(self, event: ReuseEvent, deliveries: Sequence[Delivery]) -> None:
        """Enter the deliveries of an event, once; it is planned then."""

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[Delivery, ...]:
        """Deliveries that are due, for the caller alone ``until`` then."""

    def settle(self, delivery: Delivery) -> None:
        """Hold how far a delivery is."""

    def deliveries(self, *, state: str = "", subscription: str = "", limit: int = 200) -> tuple[Delivery, ...]:
        """Deliveries, newest first."""

    def delivery(self, delivery: str) -> Delivery:
        """The delivery; raises ``NotFoundError``."""

    def letters(self, asked: LettersAsked) -> tuple[Delivery, ...]:
        """A page of those that were given up or dropped."""

    def tally(self, state: DeliveryState) -> Mapping[str, int]:
        """How many are in a state, by the system that they are for; systems of which there is none are left out."""

    def revive(self, delivery: str, due: datetime, happening: Happening) -> bool:
        """Have one that is dead or dropped tried from ``due`` on, and note it; False where it is neither."""

    def revive_all(self, system: str, due: datetime, happening: Happening) -> int:
        """The same for all dead ones of a system whose subscription has not ended; noted where there are any; how many."""

    def drop(self, delivery: Delivery, happening: Happening) -> bool:
        """Make a dead one a dropped one, and note it; False where it is not dead any more."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a receiver answered: its status, 0 where there was none; ``error`` is empty where it took the event."""

    status: int
    error: str = ""


class WebhookSender(Protocol):
    """Posts to receivers, and to none but those that the installation allows."""

    def allows(self, url: str) -> str:
        """Why ``url`` may not be posted to; empty where it may."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """What came of it; never raises for what the receiver does."""


class ReceiptSigner(Protocol):
    """Signs receipts (JWS, ES256), and tells by which keys they are proven."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The compact JWS of ``claims``; raises ``SigningError``."""

    def verify(self, jws: str) -> dict[str, Any]:
        """The claims; raises ``ValueError`` where no key of ours signed them."""

    def keys(self) -> dict[str, Any]:
        """The public keys, those of former times included (a JWK set)."""
