"""Events for other systems, subscriptions and deliveries, in SQL."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, text, update

from pipeline.domain.audit import Happening
from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.outbox import Delivery, DeliveryState, EventKind, LettersAsked, ReuseEvent, Subscription
from pipeline.domain.plain import plain
from storage.audit_log import note
from storage.database import Database
from storage.reuse_tables import deliveries, outbox, releases, subscriptions
from storage.rows import insert_into
from storage.tables import documents, events

#: Any number, the same everywhere: who gives events their numbers on PostgreSQL holds this lock.
_PLANNING_LOCK = 7_171_948

#: In these a document may be relied on.
_APPROVED = (Status.APPROVED.value, Status.ARCHIVED.value)

#: With documents in one of these a dossier is not digitised yet.
_OPEN = (Status.RECEIVED.value, Status.READING.value, Status.NEEDS_REVIEW.value, Status.FAILED.value)

_OF_DELIVERY = ("id", "subscription", "state", "tries", "due", "error", "begun")
_NEWEST_FIRST = (outbox.c.number.desc(), deliveries.c.id)


class SqlOutbox:
    """An ``Outbox`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, event: ReuseEvent) -> None:
        """Enter an event, once by its ``id``; it gets its ``seq`` when its deliveries are planned."""
        with self._database.write() as connection:
            enter_event(connection, event)

    def after(self, seq: int, limit: int) -> tuple[ReuseEvent, ...]:
        """The events behind ``seq``, in order."""
        asked = select(outbox).where(outbox.c.seq > seq).order_by(outbox.c.seq).limit(limit)
        with self._database.read() as connection:
            return tuple(_event(row) for row in connection.execute(asked))

    def subscribe(self, subscription: Subscription) -> None:
        """Hold a subscription, in the place of what was held under its id."""
        row = plain(subscription) | {
            "kinds": " ".join(sorted(subscription.kinds)),
            "offices": " ".join(sorted(subscription.offices)),
            "created_at": subscription.created_at,
            "former_until": subscription.former_until,
            "ended": int(subscription.ended),
        }
        with self._database.write() as connection:
            put = insert_into(connection, subscriptions).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=[subscriptions.c.id], set_=row))

    def subscriptions(self, system: str = "") -> tuple[Subscription, ...]:
        """Those of a system (empty: all), ended ones included."""
        asked = select(subscriptions).order_by(subscriptions.c.created_at, subscriptions.c.id)
        if system:
            asked = asked.where(subscriptions.c.system == system)
        with self._database.read() as connection:
            return tuple(_subscription(row) for row in connection.execute(asked))

    def unplanned(self, limit: int) -> tuple[ReuseEvent, ...]:
        """Events for which no deliveries were planned yet, in order."""
        asked = select(outbox).where(outbox.c.seq.is_(None)).order_by(outbox.c.number).limit(limit)
        with self._database.read() as connection:
            return tuple(_event(row) for row in connection.execute(asked))

    def plan(self, event: ReuseEvent, planned: Sequence[Delivery]) -> None:
        """Enter the deliveries of an event, once; it has its number then."""
        with self._database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PLANNING_LOCK})
            last = connection.execute(select(func.max(outbox.c.seq))).scalar_one() or 0
            this = and_(outbox.c.id == event.id, outbox.c.seq.is_(None))
            if connection.execute(update(outbox).where(this).values(seq=last + 1)).rowcount and planned:
                connection.execute(insert(deliveries), [_delivery_row(one) for one in planned])

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[Delivery, ...]:
        """Deliveries that are due, for the caller alone ``until`` then."""
        asked = select(deliveries.c.id).join(outbox, outbox.c.id == deliveries.c.event)
        asked = asked.where(deliveries.c.state == DeliveryState.WAITING.value, deliveries.c.due <= now)
        asked = asked.order_by(deliveries.c.due, outbox.c.number, deliveries.c.id).limit(limit)
        asked = asked.with_for_update(of=deliveries, skip_locked=True)
        with self._database.write() as connection:
            taken = [row.id for row in connection.execute(asked)]
            if not taken:
                return ()
            connection.execute(update(deliveries).where(deliveries.c.id.in_(taken)).values(due=until))
            found = _loaded(connection, deliveries.c.id.in_(taken))
            return tuple(sorted(found, key=lambda one: taken.index(one.id)))

    def settle(self, delivery: Delivery) -> None:
        """Hold how far a delivery is."""
        values = _delivery_row(delivery)
        with self._database.write() as connection:
            connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))

    def deliveries(self, *, state: str = "", subscription: str = "", limit: int = 200) -> tuple[Delivery, ...]:
        """Deliveries, newest first."""
        wanted: list[ColumnElement[bool]] = [deliveries.c.state == state] if state else []
        wanted += [deliveries.c.subscription == subscription] if subscription else []
        with self._database.read() as connection:
            return _loaded(connection, *wanted, limit=limit)

    def delivery(self, delivery: str) -> Delivery:
        """The delivery; raises ``NotFoundError``."""
        with self._database.read() as connection:
            found = _loaded(connection, deliveries.c.id == delivery)
        if not found:
            raise NotFoundError(f"no delivery {delivery!r}")
        return found[0]

    def letters(self, asked: LettersAsked) -> tuple[Delivery, ...]:
        """A page of those that were given up or dropped."""
        wanted: list[ColumnElement[bool]] = [deliveries.c.state == asked.state.value]
        if asked.system:
            mine = select(subscriptions.c.id).where(subscriptions.c.system == asked.system)
            wanted.append(deliveries.c.subscription.in_(mine))
        due, name = deliveries.c.due, deliveries.c.id
        if asked.behind is not None:
            at, last = asked.behind
            later = and_(due >= at, or_(due > at, name > last))
            wanted.append(later if asked.oldest_first else and_(due <= at, or_(due < at, name < last)))
        order = (due, name) if asked.oldest_first else (due.desc(), name.desc())
        with self._database.read() as connection:
            return _loaded(connection, *wanted, order=order, limit=asked.limit)

    def tally(self, state: DeliveryState) -> Mapping[str, int]:
        """How many are in a state, by the system that they are for; systems of which there is none are left out."""
        asked = select(subscriptions.c.system, func.count()).join_from(
            deliveries, subscriptions, subscriptions.c.id == deliveries.c.subscription
        )
        asked = asked.where(deliveries.c.state == state.value).group_by(subscriptions.c.system)
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(asked)}

    def revive(self, delivery: str, due: datetime, happening: Happening) -> bool:
        """Have one that is dead or dropped tried from ``due`` on, and note it; False where it is neither."""
        ended = deliveries.c.state.in_((DeliveryState.DEAD.value, DeliveryState.DROPPED.value))
        return bool(self._revive(and_(deliveries.c.id == delivery, ended), due, happening))

    def revive_all(self, system: str, due: datetime, happening: Happening) -> int:
        """The same for all dead ones of a system whose subscription has not ended; noted where there are any; how many."""
        mine = select(subscriptions.c.id).where(subscriptions.c.system == system, subscriptions.c.ended == 0)
        dead = deliveries.c.state == DeliveryState.DEAD.value
        return self._revive(and_(dead, deliveries.c.subscription.in_(mine)), due, happening)

    def drop(self, delivery: Delivery, happening: Happening) -> bool:
        """Make a dead one a dropped one, and note it; False where it is not dead any more."""
        dead = and_(deliveries.c.state == DeliveryState.DEAD.value, deliveries.c.due == delivery.due)
        this = and_(deliveries.c.id == delivery.id, dead)
        with self._database.write() as connection:
            done = connection.execute(update(deliveries).where(this).values(state=DeliveryState.DROPPED.value)).rowcount
            if done:
                note(connection, happening)
            return bool(done)

    def _revive(self, these: ColumnElement[bool], due: datetime, happening: Happening) -> int:
        waiting = {"state": DeliveryState.WAITING.value, "tries": 0, "due": due}
        with self._database.write() as connection:
            done = connection.execute(update(deliveries).where(these).values(waiting)).rowcount
            if done:
                note(connection, happening)
            return done


def enter_event(connection: Connection, event: ReuseEvent) -> None:
    """Enter an event in the transaction of ``connection``, once by its ``id``."""
    row = plain(event) | {"at": event.at, "seq": None}
    connection.execute(insert_into(connection, outbox).values(row).on_conflict_do_nothing())


def tell_settled(connection: Connection, document: Document, *, revised: bool = False) -> None:
    """Enter what other systems must know of a document that has just become ``document``: approved, revised, its dossier done.

    Nothing where that revision was told of before; with ``revised`` nothing but that there is another revision than one that
    was told of.
    """
    if document.status.value not in _APPROVED or not document.revision:
        return
    told = select(outbox.c.revision).where(
        outbox.c.document == document.id,
        outbox.c.kind.in_((EventKind.DOCUMENT_APPROVED.value, EventKind.DOCUMENT_REVISED.value)),
    )
    revisions = [row.revision for row in connection.execute(told)]
    given = select(releases.c.revision).where(releases.c.document == document.id)
    revisions += [row.revision for row in connection.execute(given)]
    if (revisions and max(revisions) >= document.revision) or (revised and not revisions):
        return
    at = connection.execute(select(func.max(events.c.at)).where(events.c.document == document.id)).scalar_one()
    kind = EventKind.DOCUMENT_REVISED if revisions else EventKind.DOCUMENT_APPROVED
    known = (document.dossier, document.id, document.type, document.revision)
    enter_event(connection, ReuseEvent(0, secrets.token_hex(16), kind, at, *known))
    if document.dossier and not _is_open(connection, document.dossier):
        enter_event(connection, ReuseEvent(0, secrets.token_hex(16), EventKind.DOSSIER_DIGITISED, at, document.dossier))


def _is_open(connection: Connection, dossier: str) -> bool:
    asked = select(documents.c.id).where(documents.c.dossier == dossier, documents.c.status.in_(_OPEN)).limit(1)
    return connection.execute(asked).one_or_none() is not None


def _loaded(
    connection: Connection,
    *wanted: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] = _NEWEST_FIRST,
    limit: int = 1000,
) -> tuple[Delivery, ...]:
    columns = [deliveries.c[name].label(f"d_{name}") for name in _OF_DELIVERY]
    asked = select(outbox, *columns).join(outbox, outbox.c.id == deliveries.c.event)
    return tuple(_delivery(row) for row in connection.execute(asked.where(*wanted).order_by(*order).limit(limit)))


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    how = (DeliveryState(row.d_state), row.d_tries, row.d_due, row.d_error, row.d_begun)
    return Delivery(row.d_id, _event(row), row.d_subscription, *how)


def _event(row: Row[tuple[object, ...]]) -> ReuseEvent:
    told = (row.dossier, row.document, row.type, row.revision, row.other, row.code)
    return ReuseEvent(row.seq or 0, row.id, EventKind(row.kind), row.at, *told)


def _subscription(row: Row[tuple[object, ...]]) -> Subscription:
    return Subscription(
        id=row.id,
        system=row.system,
        agency=row.agency,
        url=row.url,
        kinds=frozenset(EventKind(kind) for kind in row.kinds.split()),
        offices=frozenset(row.offices.split()),
        created_at=row.created_at,
        key=row.key,
        former_until=row.former_until,
        ended=bool(row.ended),
    )


def _delivery_row(one: Delivery) -> dict[str, object]:
    return {
        "id": one.id,
        "event": one.event.id,
        "subscription": one.subscription,
        "state": one.state.value,
        "tries": one.tries,
        "due": one.due,
        "error": one.error,
        "begun": one.begun,
    }
