"""Events for other systems, who wants them, and how far each is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What systems are told of."""

    DOSSIER_DIGITISED = "dossier.digitised"
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_REVISED = "document.revised"
    DOCUMENT_REVOKED = "document.revoked"
    DOCUMENT_SUPERSEDED = "document.superseded"
    DOCUMENT_DOUBTED = "document.doubted"
    DOCUMENT_RESTORED = "document.restored"


#: Whoever fetched the document is told of these, whatever else was subscribed to.
PUSHED = frozenset(
    {
        EventKind.DOCUMENT_REVISED,
        EventKind.DOCUMENT_REVOKED,
        EventKind.DOCUMENT_SUPERSEDED,
        EventKind.DOCUMENT_DOUBTED,
        EventKind.DOCUMENT_RESTORED,
    }
)


@dataclass(frozen=True, slots=True)
class ReuseEvent:
    """One event: ``seq`` grows with time, ``id`` is its own for ever. No personal data, no reason in free text.

    ``other`` is the document that takes the place, ``code`` a :class:`ReasonCode` or empty.
    """

    seq: int
    id: str
    kind: EventKind
    at: datetime
    dossier: str
    document: str = ""
    type: str = ""
    revision: int = 0
    other: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events that somebody may see, in order; ``seq`` is how far was looked, to go on from there."""

    events: tuple[ReuseEvent, ...]
    seq: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where ``system`` of ``agency`` wants to be told: ``url``, of which ``kinds``, of dossiers of which ``offices``.

    ``offices`` are agency codes, or :data:`ANY`. ``key`` counts the secrets it has had; the former one signs too until
    ``former_until``.
    """

    id: str
    system: str
    agency: str
    url: str
    kinds: frozenset[EventKind]
    offices: frozenset[str]
    created_at: datetime
    key: int = 1
    former_until: datetime | None = None
    ended: bool = False


class DeliveryState(StrEnum):
    """How far a delivery is; ``DEAD``: given up, until somebody has it tried again; ``DROPPED``: somebody wants it no more."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to a subscription: ``tries`` so far, the next one ``due``; ``error`` of the last.

    ``begun`` is when it was first tried, None where it never was or nobody knows. One that is dead or dropped was given up
    when it was ``due`` last.
    """

    id: str
    event: ReuseEvent
    subscription: str
    state: DeliveryState
    tries: int
    due: datetime
    error: str = ""
    begun: datetime | None = None


@dataclass(frozen=True, slots=True)
class LettersAsked:
    """Deliveries in a ``state`` to a ``system`` (empty: to all), in the order in which they were given up, ``limit`` at most.

    ``behind`` is the last one of the page before: when it was given up, and its id.
    """

    state: DeliveryState = DeliveryState.DEAD
    system: str = ""
    oldest_first: bool = False
    behind: tuple[datetime, str] | None = None
    limit: int = 50
