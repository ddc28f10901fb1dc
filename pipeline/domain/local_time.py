"""Time as it is told in Viet Nam, wherever the machine stands: one zone, and no summer time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))


def local_day(at: datetime) -> date:
    """The day in Vietnam."""
    return at.astimezone(VIETNAM).date()
