"""Which document is looked at next: where a citizen waits or a day is near, then where a slip would cost most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pipeline.domain.reviews import Waiting

#: Days before a result is due in which its papers come first; and how long a paper may wait until risk no longer counts.
NEAR, LONGEST_WAIT = timedelta(days=2), timedelta(days=3)


def by_urgency(waiting: Iterable[Waiting], now: datetime) -> tuple[Waiting, ...]:
    """The documents in the order in which they should be looked at.

    First those that are overdue, due soon, from a desk where a citizen waits, or have waited too long; among equals
    the day that is due, then the risk, then who came first.
    """
    return tuple(sorted(waiting, key=lambda one: (_class(one, now), one.due or "9999", -one.concern.risk, one.received_at)))


def urgency_of(one: Waiting, now: datetime) -> str:
    """``overdue``, ``soon``, ``station``, ``late`` (waits for long), or empty."""
    due = _day(one.due)
    today = now.astimezone().date()
    if due is not None and due < today:
        return "overdue"
    if due is not None and due <= today + NEAR:
        return "soon"
    if one.station:
        return "station"
    return "late" if now - one.received_at >= LONGEST_WAIT else ""


def _class(one: Waiting, now: datetime) -> int:
    order = {"station": 0, "overdue": 1, "soon": 2, "late": 3, "": 4}
    return order["station"] if one.station else order[urgency_of(one, now)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
