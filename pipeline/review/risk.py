"""How much harm is to be expected of a document that nobody looks at: what a slip costs, times the chance that it is there."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.findings import Field, Findings, Problem
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Concern
from pipeline.review.points import Point, field_at, parts_of, points_of
from pipeline.review.thresholds import FLOOR, TRIVIAL, thresholds

#: What a slip costs by kind of value, in the order of :mod:`.thresholds`: a digit makes another person or another paper of it.
COSTS = {"digits": 10.0, "register": 8.0, "name": 6.0, "place": 3.0, "office": 2.0, "phrase": 2.0, "prose": 1.0}
#: And of what stands for a person or a dossier everywhere else.
ID_KEYS = frozenset({"so_dinh_danh", "so_dinh_danh_chong", "so_dinh_danh_vo", "ma_ho_so"})
ID_COST = 20.0
#: What a wrong type costs, and a page that nobody could read or that should be scanned again.
TYPE_COST, PAGE_COST, FILE_COST = 8.0, 5.0, 3.0
#: Of a field that was not found, or of which a problem says nothing of how sure it is, every second one is wrong.
EVEN = 0.5
#: The key of the day on which the result of a dossier is due, on its slip.
DUE_KEY = "ngay_hen_tra"


def concern_of(findings: Findings | None, problems: Sequence[Problem]) -> Concern:
    """What the findings of a revision, with the problems that hold it back, add to the queue."""
    points = points_of(findings, problems)
    risk = sum(_harm(point, findings) for point in points)
    first = next((problem.message for problem in problems if problem.code not in TRIVIAL), "")
    return Concern(round(risk, 2), len(points), first, _due(findings) if findings else "")


def cost_of(key: str) -> float:
    """What a slip in the field ``key`` costs; a word of a body of text is 1."""
    if key in ID_KEYS:
        return ID_COST
    return COSTS.get(thresholds().keys.get(key, ""), 1.0)


def is_identifier(key: str) -> bool:
    """Whether the field ``key`` is a number or code by which a person or a paper is told from every other."""
    return cost_of(key) >= COSTS["digits"]


def _harm(point: Point, findings: Findings | None) -> float:
    if point.place.part == WHOLE:
        return PAGE_COST if point.page else FILE_COST
    if findings is None:
        return FILE_COST
    if point.place.key == TYPE_KEY:
        sure = parts_of(findings)[point.place.part - 1].findings.classification.confidence
        return TYPE_COST * (1.0 - sure if sure < FLOOR else EVEN)
    found = field_at(findings, point.place)
    return cost_of(point.place.key) * (_chance_of_slip(found) if found else EVEN)


def _chance_of_slip(found: Field) -> float:
    return max(1.0 - found.confidence, EVEN if found.problems else 0.0)


def _due(findings: Findings) -> str:
    days = (part.findings.field(DUE_KEY) for part in parts_of(findings))
    return min((str(day.value) for day in days if day is not None), default="")
