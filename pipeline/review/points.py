"""What a reviewer has to look at, point by point, out of what was found and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain.findings import Component, DocumentType, Field, Findings, Problem
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Place, Step
from pipeline.review.thresholds import CERTAIN_TYPE, OTHER, TRIVIAL, is_accepted, thresholds


@dataclass(frozen=True, slots=True)
class Point:
    """A place that somebody must look at, and why; without problems the reading alone was not sure enough."""

    place: Place
    problems: tuple[Problem, ...] = ()

    @property
    def page(self) -> int | None:
        """The page that it is about, None where no problem says so."""
        return next((problem.page for problem in self.problems if problem.page), None)


def parts_of(findings: Findings) -> tuple[Component, ...]:
    """The documents of a file, the only one without pages of its own."""
    return findings.components or (Component((), findings),)


def points_of(findings: Findings | None, problems: Sequence[Problem]) -> tuple[Point, ...]:
    """Every point, in the order in which they are best looked at: the file, then each document's type and fields.

    Within a document required fields come first, and those in which a slip does most harm. ``problems`` are those of the
    record.
    """
    parts = parts_of(findings) if findings else ()
    held = [problem for problem in problems if problem.code not in TRIVIAL]
    told: dict[Place, list[Problem]] = {}
    for problem in held:
        told.setdefault(_place(problem, parts), []).append(problem)
    for number, part in enumerate(parts, 1):
        for place in _doubtful(number, part.findings):
            told.setdefault(place, [])
    return tuple(Point(place, tuple(told[place])) for place in sorted(told, key=lambda one: _rank(one, parts)))


def points_now(
    findings: Findings | None,
    problems: Sequence[Problem],
    settled: Mapping[Place, Step],
    types: Mapping[str, DocumentType],
) -> tuple[Point, ...]:
    """:func:`points_of`, with the fields of the new type for each document whose type is another in the draft.

    Of such a document every field that was read must be looked at again, and every one that the new type requires.
    """
    points = points_of(findings, problems)
    if findings is None:
        return points
    for number, part in enumerate(parts_of(findings), 1):
        step = settled.get(Place(number, TYPE_KEY))
        if step is not None and step.after != part.findings.classification.code:
            own = _points_of_type(number, part.findings, types[str(step.after)])
            points = (*(one for one in points if one.place.part != number or one.place.key == TYPE_KEY), *own)
    return points


def _points_of_type(number: int, found: Findings, kind: DocumentType) -> Iterator[Point]:
    for spec in kind.fields:
        if spec.required or found.field(spec.key) is not None:
            yield Point(Place(number, spec.key))


def open_points(points: Iterable[Point], settled: Mapping[Place, Step]) -> tuple[Point, ...]:
    """Those of ``points`` at which nobody has done anything yet."""
    return tuple(point for point in points if point.place not in settled)


def _place(problem: Problem, parts: Sequence[Component]) -> Place:
    part = next((number for number, one in enumerate(parts, 1) if problem.page in one.pages), 1)
    if problem.field:
        return Place(part, problem.field)
    if problem.code.startswith("type_") or problem.code == "reread_type_differs":
        return Place(part, TYPE_KEY)
    return Place(WHOLE, f"{problem.code}:{problem.page or ''}")


def _doubtful(number: int, found: Findings) -> Iterator[Place]:
    code = found.classification.code
    if code == OTHER or found.classification.confidence < CERTAIN_TYPE:
        yield Place(number, TYPE_KEY)
    for field in found.fields:
        if not is_accepted(field, code):
            yield Place(number, field.key)


def _rank(place: Place, parts: Sequence[Component]) -> tuple[int, bool, tuple[bool, int], str]:
    if place.part == WHOLE:
        return WHOLE, False, (False, 0), place.key
    code = parts[place.part - 1].findings.classification.code if parts else ""
    is_field = place.key != TYPE_KEY
    return place.part, is_field, thresholds().rank(place.key, code) if is_field else (False, 0), place.key


def field_at(findings: Findings, place: Place) -> Field | None:
    """The field at a place, None where there is none."""
    parts = parts_of(findings)
    return parts[place.part - 1].findings.field(place.key) if 1 <= place.part <= len(parts) else None
