"""Throughput: what desks handed in and how soon it was done, what people reviewed, what they corrected, what waits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain.figures import DeskWork, InHand, Period, PersonWork, ScanWork
from pipeline.domain.reviews import LessonTally
from pipeline.ports.figures import Figures, Offices


@dataclass(frozen=True, slots=True)
class Throughput:
    """All of the report; ``names`` are those of people, ``visit_minutes`` how long a visit may last."""

    period: Period
    desks: tuple[DeskWork, ...]
    scanners: tuple[ScanWork, ...]
    people: tuple[PersonWork, ...]
    corrections: tuple[LessonTally, ...]
    in_hand: tuple[InHand, ...]
    names: Mapping[str, str]
    visit_minutes: int

    @property
    def looked_at(self) -> int:
        """Values that people looked at."""
        return sum(one.looked_at for one in self.corrections)

    @property
    def wrong(self) -> int:
        """Values that were found wrong, missing or too many."""
        return sum(one.wrong for one in self.corrections)


def count_throughput(
    figures: Figures, period: Period, offices: Offices, *, names: Mapping[str, str], visit_minutes: int
) -> Throughput:
    """The report of ``period``; what is in hand is as of now."""
    return Throughput(
        period,
        figures.desks(period, offices),
        figures.scanners(period, offices),
        figures.people(period, offices),
        figures.corrections(period, offices),
        figures.in_hand(offices),
        names,
        visit_minutes,
    )


def quantile(ascending: Sequence[float], share: float) -> float | None:
    """The value that ``share`` of all do not exceed: the nearest rank; None of none."""
    if not ascending:
        return None
    return ascending[max(0, math.ceil(share * len(ascending)) - 1)]
