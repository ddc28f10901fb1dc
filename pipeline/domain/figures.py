"""Figures of digitising: months and levels, what the province's system counted, what the archive holds of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from pipeline.domain.local_time import VIETNAM

#: A dossier's code with the day on which the dossier was received: ``000.16.05.H05-210616-0001``.
_DATED = re.compile(r"-(\d{2})(\d{2})(\d{2})-\d+$")


class Level(StrEnum):
    """The levels of administration; districts only until 30 June 2025. ``unknown``: no list says which level."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    UNKNOWN = "unknown"


#: From this day on there are no districts.
TWO_LEVELS_SINCE = date(2025, 7, 1)


class PaperKind(StrEnum):
    """What a paper is to its dossier: handed in with it, or what came of it."""

    COMPONENT = "component"
    RESULT = "result"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month that ``2026-01`` or a day in it writes; raises ``ValueError``."""
        day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
        return cls(day.year, day.month)

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that ``day`` is in."""
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> Month:
        """The month before it."""
        return Month(self.year - (self.number == 1), 12 if self.number == 1 else self.number - 1)

    @property
    def shown(self) -> str:
        """As it is written in Vietnam: ``04/2025``."""
        return f"{self.number:02d}/{self.year:04d}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Period:
    """From the day ``since`` to the day ``until``, both included; raises ``ValueError`` where the end comes first."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError(f"{self.since} comes after {self.until}")

    @classmethod
    def parse(cls, since: str, until: str) -> Period:
        """The period between two days, or months (``2026-01``: its first day, its last); raises ``ValueError``."""
        days = (date.fromisoformat(text) if len(text) > 7 else None for text in (since, until))
        first, last = days
        return cls(first or Month.parse(since).first, last or Month.parse(until).last)

    @property
    def begin(self) -> datetime:
        """When it begins."""
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=VIETNAM)

    @property
    def end(self) -> datetime:
        """When it is over."""
        return datetime(self.until.year, self.until.month, self.until.day, tzinfo=VIETNAM) + timedelta(days=1)

    @property
    def months(self) -> tuple[Month, ...]:
        """All months that it touches."""
        return tuple(self._walk())

    @property
    def is_whole(self) -> bool:
        """Whether it is made of whole months, as figures of others are."""
        return self.since.day == 1 and Month.of(self.until).last == self.until

    def _walk(self) -> Iterator[Month]:
        month = Month.of(self.since)
        while month <= Month.of(self.until):
            yield month
            month = month.next


@dataclass(frozen=True, slots=True)
class ReportedFigures:
    """What the province's system counted in one ``month``: a row of its table, by ``office`` and ``procedure``.

    ``procedure`` is empty where the row is of all procedures, ``office`` where it is the sum of a level (of all levels, where
    that is unknown). Counts are dossiers; None where the table does not tell. ``delivered`` is the day on which the figures
    came. ``line`` is where the row stands in its file.
    """

    month: Month
    office: str
    level: Level
    received: int
    solved: int
    name: str = ""
    procedure: str = ""
    carried_over: int | None = None
    pending: int | None = None
    on_time: int | None = None
    components: int | None = None
    results: int | None = None
    delivered: date | None = None
    line: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells rows apart."""
        return str(self.month), self.office, "" if self.office else self.level.value, self.procedure


@dataclass(frozen=True, slots=True)
class ToldOffice:
    """An office of which figures were reported: its code, its level and its name as the figures have them."""

    code: str
    level: Level
    name: str


@dataclass(frozen=True, slots=True)
class PaperTally:
    """One paper of a document as figures see it: ``day`` is that on which its dossier was received, or solved by it."""

    part: int
    type: str
    kind: PaperKind
    day: date
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class DocumentTally:
    """What the newest revision of a document adds to the figures; pages that are to be scanned again among ``pages``."""

    document: str
    revision: int
    dossier: str
    pages: int = 0
    rescans: int = 0
    unread: int = 0
    papers: tuple[PaperTally, ...] = ()


@dataclass(frozen=True, slots=True)
class DigitisedDossier:
    """A dossier of which papers of one kind are digitised, and the day that it counts on.

    ``procedures`` are those its papers name, with how many of them do.
    """

    dossier: str
    office: str
    day: date
    papers: int = 0
    procedures: tuple[tuple[str, int], ...] = ()

    @property
    def procedure(self) -> str:
        """The procedure that most of its papers name; empty where none does."""
        if len(self.procedures) < 2:
            return self.procedures[0][0] if self.procedures else ""
        return min(self.procedures, key=lambda one: (-one[1], one[0]))[0]


@dataclass(frozen=True, slots=True)
class DeskWork:
    """What one office handed in on one queue in a time, and what became of it by now.

    ``minutes`` are those from coming in to being approved, of each paper that was, ascending.
    """

    office: str
    queue: str
    documents: int = 0
    pages: int = 0
    rescans: int = 0
    approved: int = 0
    rejected: int = 0
    failed: int = 0
    minutes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanWork:
    """What one person scanned, or handed in, in a time, and what became of it by now; of nobody where ``person`` is empty."""

    person: str
    documents: int = 0
    pages: int = 0
    rescans: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class InHand:
    """Documents of one office that are in one status now, and since when the oldest of them waits."""

    office: str
    status: str
    documents: int
    pages: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class PersonWork:
    """What one person did in a time: papers reviewed, values looked at and found wrong, seconds spent, other acts."""

    person: str
    documents: int = 0
    looked_at: int = 0
    wrong: int = 0
    seconds: float = 0.0
    acts: tuple[tuple[str, int], ...] = field(default=())


def received_day(dossier: str) -> date | None:
    """The day on which a dossier was received, as its code writes it; None where it writes none."""
    match = _DATED.search(dossier)
    if match is None:
        return None
    try:
        return date(2000 + int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def agency_key(code: str) -> str:
    """The same text for all ways to write an agency's code: ``000.16.05.H05`` and ``H05.05.16`` are ``H05.05.16``."""
    parts = [part for part in code.upper().split(".") if part.strip("0")]
    return ".".join(reversed(parts) if parts and not parts[0][:1].isalpha() else parts)
