"""Reuse: papers taken from the archive instead of from the citizen, and papers asked for again although they were held."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.domain.audit import Action, Happening
from pipeline.domain.figures import Month, Period, agency_key
from pipeline.domain.local_time import local_day
from pipeline.domain.people import office_of
from pipeline.domain.reuse import Held
from pipeline.ports.figures import Figures, Offices


@dataclass(frozen=True, slots=True)
class Reuse:
    """Counts of papers, and of questions whether papers are held.

    ``handed_in`` are components that came in on paper and were digitised, ``released`` those taken from the archive instead,
    ``asked_again`` those handed in although a reusable one was held.
    """

    handed_in: int = 0
    released: int = 0
    asked_again: int = 0
    refused: int = 0
    checks: int = 0
    reusable: int = 0

    def __add__(self, other: Reuse) -> Reuse:
        return Reuse(
            self.handed_in + other.handed_in,
            self.released + other.released,
            self.asked_again + other.asked_again,
            self.refused + other.refused,
            self.checks + other.checks,
            self.reusable + other.reusable,
        )

    @property
    def percent(self) -> float | None:
        """Papers taken from the archive, of all that dossiers needed; None where they needed none."""
        needed = self.released + self.handed_in
        return 100 * self.released / needed if needed else None

    @property
    def again_percent(self) -> float | None:
        """Papers asked for again although they were held, of all handed in; None where none was."""
        return 100 * self.asked_again / self.handed_in if self.handed_in else None


@dataclass(frozen=True, slots=True)
class ReuseRow:
    """The counts of an agency, of a type of papers, or of a month."""

    key: str
    reuse: Reuse


@dataclass(frozen=True, slots=True)
class ReuseReport:
    """All of the report; ``answers`` are how often each answer was given to the question whether a paper is held."""

    period: Period
    total: Reuse
    agencies: tuple[ReuseRow, ...]
    types: tuple[ReuseRow, ...]
    months: tuple[ReuseRow, ...]
    answers: tuple[tuple[str, int], ...]


#: What the audit log tells of reuse.
ACTIONS = (Action.CHECK, Action.REUSE_RELEASE, Action.REUSE_REFUSAL, Action.ASKED_AGAIN)


@dataclass(frozen=True, slots=True)
class _Fact:
    """What one line of the log, or of the index, adds."""

    agency: str
    type: str
    month: str
    reuse: Reuse


def count_reuse(figures: Figures, period: Period, offices: Offices) -> ReuseReport:
    """The report of ``period``, of what ``offices`` asked for and took in."""
    told = figures.happenings([action.value for action in ACTIONS], period.begin, period.end)
    seen = None if offices is None else {agency_key(office) for office in offices}
    facts = [fact for one in told if (fact := _fact(one)) and (seen is None or agency_key(fact.agency) in seen)]
    for office, kind, count in figures.handed_in(period, offices):
        facts.append(_Fact(office, kind, "", Reuse(handed_in=count)))
    months = _by_month(figures, facts, period, offices)
    answers = Counter(answer for one in told if _is_seen(one, seen) for _, answer in _answers(one))
    return ReuseReport(
        period,
        sum((fact.reuse for fact in facts), Reuse()),
        _rows((fact.agency, fact.reuse) for fact in facts),
        _rows((fact.type, fact.reuse) for fact in facts if fact.type),
        months,
        tuple(sorted(answers.items())),
    )


def _by_month(figures: Figures, facts: Iterable[_Fact], period: Period, offices: Offices) -> tuple[ReuseRow, ...]:
    found: dict[str, Reuse] = defaultdict(Reuse)
    for fact in facts:
        if fact.month:
            found[fact.month] += fact.reuse
    for month in period.months:
        inside = Period(max(month.first, period.since), min(month.last, period.until))
        came = sum(count for _, _, count in figures.handed_in(inside, offices))
        found[str(month)] = replace(found[str(month)], handed_in=came)
    return tuple(ReuseRow(key, found[key]) for key in map(str, period.months))


def _rows(facts: Iterable[tuple[str, Reuse]]) -> tuple[ReuseRow, ...]:
    found: dict[str, Reuse] = defaultdict(Reuse)
    for key, reuse in facts:
        found[key] += reuse
    return tuple(ReuseRow(key, reuse) for key, reuse in sorted(found.items()))


def _fact(told: Happening) -> _Fact | None:
    """What a line adds; None for what was refused at the door, before anything was asked for."""
    details = told.told
    month, kind = str(Month.of(local_day(told.at))), str(details.get("type", ""))
    if told.action == Action.CHECK:
        held = sum(answer == Held.REUSABLE for _, answer in _answers(told))
        return _Fact(_agency(details), "", month, Reuse(checks=1, reusable=held))
    if told.action == Action.REUSE_RELEASE:
        return _Fact(_agency(details), kind, month, Reuse(released=1))
    if told.action == Action.ASKED_AGAIN:
        return _Fact(str(details.get("office", "")), kind, month, Reuse(asked_again=1))
    return _Fact(_agency(details), kind, month, Reuse(refused=1)) if details.get("gate") == "release" else None


def _agency(details: Mapping[str, object]) -> str:
    code = str(details.get("agency", ""))
    return office_of(f"{code}-") or code


def _answers(told: Happening) -> list[tuple[str, str]]:
    return [(str(kind), str(answer)) for kind, answer in told.told.get("answers", ())]


def _is_seen(told: Happening, seen: set[str] | None) -> bool:
    return seen is None or agency_key(_agency(told.told)) in seen
