"""Time: the machine's, and one that tests hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        """The time now, with a zone."""
        return datetime.now(UTC)


class FixedClock:
    """A time that stands until it is moved."""

    def __init__(self, at: datetime = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs a time with a zone")
        self._at = at

    def now(self) -> datetime:
        """The time it stands at."""
        return self._at

    def advance(self, span: timedelta) -> datetime:
        """The time after moving forward by ``span``."""
        self._at += span
        return self._at
