"""What figures are to reach, by level and time, with the legal basis: data, the product's own or the installation's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.domain.figures import Level, Month

#: What targets can be set for.
FIGURES = ("digitisation", "reuse", "asked_again")

_LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)


@dataclass(frozen=True, slots=True)
class Target:
    """What ``figure`` is to reach from ``since`` to ``until`` (None: open), in per cent by level, by the law ``basis``."""

    figure: str
    basis: str
    since: date
    until: date | None
    percent: Mapping[Level, float]

    def holds_on(self, day: date) -> bool:
        """Whether it is in force."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of an installation, and the bounds of its monthly report and of a visit."""

    listed: tuple[Target, ...] = ()
    report_due_day: int = 10
    visit_minutes: int = 30

    def of(self, figure: str, month: Month) -> Target | None:
        """The target in force at the end of ``month``; of several the one that began last."""
        standing = [one for one in self.listed if one.figure == figure and one.holds_on(month.last)]
        return max(standing, key=lambda one: one.since, default=None)

    def percent(self, figure: str, level: Level, month: Month) -> float | None:
        """What is to be reached; of all levels together only where it is the same for all of them."""
        found = self.of(figure, month)
        if found is None:
            return None
        if level is not Level.UNKNOWN:
            return found.percent.get(level)
        values = set(found.percent.values())
        return values.pop() if len(values) == 1 and len(found.percent) == len(_LEVELS) else None

    def due(self, month: Month) -> date:
        """The last day on which the figures of ``month`` are in time."""
        return month.next.first + timedelta(days=self.report_due_day - 1)


def load_targets(path: Path) -> Targets:
    """The targets of a file; raises ``ValueError`` that names what is wrong in it."""
    try:
        return _targets(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}" if isinstance(error, KeyError) else f"{path}: {error}") from error


@cache
def shipped_targets() -> Targets:
    """The targets that come with the product."""
    return _targets(tomllib.loads(files(__package__).joinpath("targets.toml").read_text(encoding="utf-8")))


def _targets(raw: Mapping[str, Any]) -> Targets:
    due, visit = int(raw.get("report_due_day", 10)), int(raw.get("visit_minutes", 30))
    if not 1 <= due <= 28 or visit < 1:
        raise ValueError("report_due_day is a day from 1 to 28, visit_minutes is above zero")
    return Targets(tuple(map(_target, raw.get("targets", ()))), due, visit)


def _target(raw: Mapping[str, Any]) -> Target:
    known = {"figure", "basis", "since", "until", *(level.value for level in _LEVELS)}
    if unknown := raw.keys() - known:
        raise ValueError(f"a target has no {', '.join(sorted(unknown))}")
    if raw["figure"] not in FIGURES:
        raise ValueError(f"{raw['figure']!r} is none of {', '.join(FIGURES)}")
    percent = {level: float(raw[level.value]) for level in _LEVELS if level.value in raw}
    since, until = raw["since"], raw.get("until")
    if not isinstance(since, date) or not isinstance(until, date | None) or (until and until < since):
        raise ValueError(f"the target from {since} to {until} has no such days")
    if not all(0 <= value <= 100 for value in percent.values()):
        raise ValueError(f"the target from {since} is no share of a hundred")
    return Target(raw["figure"], str(raw["basis"]), since, until, percent)
