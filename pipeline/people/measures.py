"""How much one person does: requests a minute, papers looked at an hour, files handed in a day.

What is more than anybody needs for the work is refused, or told to those who look after accounts: a browser that somebody
else steers, or somebody who copies the archive, is seen by how much is asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from pipeline.domain.errors import NotEntitledError
from pipeline.domain.local_time import local_day
from pipeline.ports.people import People

#: Over how long papers are counted, and people that are remembered.
HOUR, _MOST = timedelta(hours=1), 10_000

_FULL = "Bạn đã nộp quá hạn mức trong ngày ({files} tệp hoặc {size} MB). Hãy báo quản trị viên nếu cần nộp thêm."


@dataclass(frozen=True, slots=True)
class Measures:
    """What one person may do: ``requests`` a minute, ``files`` and ``size`` (bytes) handed in a day.

    More than ``papers`` looked at in an hour is told to administrators.
    """

    requests: int = 1200
    papers: int = 600
    files: int = 5000
    size: int = 20_000_000_000


def measures_of(number: Callable[[str, int], int]) -> Measures:
    """The measures that settings name; ``number`` gives that of a name, or the default."""
    plain = Measures()
    return Measures(
        requests=number("SOHOA_PERSON_REQUESTS", plain.requests),
        papers=number("SOHOA_PERSON_PAPERS", plain.papers),
        files=number("SOHOA_PERSON_FILES", plain.files),
        size=number("SOHOA_PERSON_MB", plain.size // 1_000_000) * 1_000_000,
    )


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Counts what people hand in, in the database: all processes that serve count together."""

    people: People
    measures: Measures

    def require_room(self, account: str, size: int, now: datetime) -> None:
        """Count a file of ``size`` bytes; raises ``NotEntitledError`` where it is past the day's measure."""
        measures = self.measures
        if not self.people.hand_in(account, local_day(now), size, measures.files, measures.size):
            advice = _FULL.format(files=measures.files, size=measures.size // 1_000_000)
            raise NotEntitledError(f"{account} has handed in all of a day", code="day_is_full", advice=advice)


@dataclass(frozen=True, slots=True)
class Looks:
    """Counts the papers that people look at, in the memory of each process that serves; safe from many threads."""

    _lock: Lock = field(default_factory=Lock)
    _seen: OrderedDict[str, dict[str, datetime]] = field(default_factory=OrderedDict)

    def reaches(self, account: str, paper: str, measure: int, now: datetime) -> bool:
        """Whether ``paper`` is just the one with which the person has looked at ``measure`` papers in an hour."""
        with self._lock:
            seen = self._seen.setdefault(account, {})
            self._seen.move_to_end(account)
            while len(self._seen) > _MOST:
                self._seen.popitem(last=False)
            over = [one for one, at in seen.items() if now - at > HOUR]
            for one in over:
                del seen[one]
            known = paper in seen
            seen[paper] = now
            return not known and len(seen) == measure
