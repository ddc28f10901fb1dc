"""A document as it lies on the desk: what was read, what is open, and what its draft makes of it so far."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any

from pipeline import archive, review
from pipeline.domain.documents import Document
from pipeline.domain.findings import DocumentType, Field, FieldSpec, FieldValue, Findings, Problem
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Claim, Passed, Place, Step, standing
from pipeline.understanding import OTHER, document_types
from pipeline.understanding.checks import check_fields

#: Records that are remembered as parsed: every step at a long document asks for the same one again.
RECENT = 8


@dataclass(frozen=True, slots=True)
class CaseField:
    """A field as the desk shows it: what was ``read`` (None: nothing), the ``value`` now, why it is to be looked at.

    ``warnings`` are what checks say of the values as they stand now; ``settled`` is the step that decided, if any.
    """

    place: Place
    spec: FieldSpec
    read: Field | None
    value: FieldValue | None
    point: review.Point | None
    settled: Step | None
    warnings: tuple[Problem, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody must still look at it."""
        return self.point is not None and self.settled is None

    @property
    def typed(self) -> str:
        """The value as somebody would type it."""
        return review.as_typed(self.spec.type, self.value)


@dataclass(frozen=True, slots=True)
class CasePart:
    """One document of the file: its type now, its fields in the order of the dictionary, its pages (none: all)."""

    number: int
    pages: tuple[int, ...]
    kind: DocumentType
    type_point: review.Point | None
    type_settled: Step | None
    fields: tuple[CaseField, ...]
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def type_open(self) -> bool:
        """Whether somebody must still look at the type."""
        return self.type_point is not None and self.type_settled is None


@dataclass(frozen=True)
class Case:
    """A document on the desk. ``rendered`` are the bytes of its record."""

    document: Document
    rendered: bytes
    steps: tuple[Step, ...]
    claim: Claim | None
    passed: tuple[Passed, ...]

    @cached_property
    def record(self) -> archive.RecordSummary:
        """The record."""
        return _record_of(self.rendered)

    @cached_property
    def pages(self) -> tuple[dict[str, Any], ...]:
        """The pages of the record, as plain JSON values."""
        return _pages_of(self.rendered)

    @cached_property
    def settled(self) -> dict[Place, Step]:
        """The step that counts at each place."""
        return standing(self.steps)

    @cached_property
    def points(self) -> tuple[review.Point, ...]:
        """Everything that must be looked at."""
        return review.points_now(self.record.findings, self.record.problems, self.settled, types_by_code())

    @property
    def open_points(self) -> tuple[review.Point, ...]:
        """What of it nobody has looked at yet."""
        return review.open_points(self.points, self.settled)

    @property
    def file_points(self) -> tuple[review.Point, ...]:
        """What is to be seen of the file as a whole and its pages."""
        return tuple(point for point in self.points if point.place.part == WHOLE)

    @cached_property
    def findings(self) -> Findings | None:
        """What the draft makes of what was found."""
        found = self.record.findings
        return review.apply_draft(found, self.settled, types_by_code()) if found else None

    @cached_property
    def parts(self) -> tuple[CasePart, ...]:
        """The documents of the file."""
        if self.record.findings is None or self.findings is None:
            return ()
        pairs = zip(review.parts_of(self.record.findings), review.parts_of(self.findings), strict=True)
        by_place = {point.place: point for point in self.points}
        received = self.document.received_at.date()
        return tuple(
            self._part(number, (read.findings, now.findings), now.pages, by_place, received)
            for number, (read, now) in enumerate(pairs, 1)
        )

    def _part(
        self,
        number: int,
        found: tuple[Findings, Findings],
        pages: tuple[int, ...],
        points: Mapping[Place, review.Point],
        today: date,
    ) -> CasePart:
        read, now = found
        kind = types_by_code()[now.classification.code]
        warned = _warnings(now, today)
        type_place = Place(number, TYPE_KEY)
        fields = []
        for spec in _specs(kind, now, points, number):
            place = Place(number, spec.key)
            standing_field = now.field(spec.key)
            value = standing_field.value if standing_field else None
            before = read.field(spec.key)
            warnings = warned.get(spec.key, ())
            fields.append(CaseField(place, spec, before, value, points.get(place), self.settled.get(place), warnings))
        return CasePart(
            number,
            pages,
            kind,
            points.get(type_place),
            self.settled.get(type_place),
            tuple(fields),
            read.classification.confidence,
            read.classification.alternatives,
        )

    def field(self, place: Place) -> CaseField | None:
        """The field at a place, None where the type has none."""
        part = next((part for part in self.parts if part.number == place.part), None)
        return next((field for field in part.fields if field.place == place), None) if part else None

    def readers_of(self, digest: str) -> tuple[str, ...]:
        """Who let this very draft pass, oldest first."""
        return tuple(one.reader for one in self.passed if one.digest == digest)

    def is_held_by(self, holder: str, at: datetime) -> bool:
        """Whether the document is on the desk of ``holder``."""
        return self.claim is not None and self.claim.holder == holder and self.claim.is_open(at)


@lru_cache(maxsize=RECENT)
def _record_of(rendered: bytes) -> archive.RecordSummary:
    return archive.parse_record(rendered)


@lru_cache(maxsize=RECENT)
def _pages_of(rendered: bytes) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(rendered)["pages"])


@cache
def types_by_code() -> Mapping[str, DocumentType]:
    """The dictionary of types."""
    return {kind.code: kind for kind in document_types()}


def _specs(kind: DocumentType, now: Findings, points: Mapping[Place, review.Point], number: int) -> Iterator[FieldSpec]:
    """The fields of the type, then whatever else was found or is to be looked at."""
    yield from kind.fields
    known = {spec.key for spec in kind.fields} | {TYPE_KEY}
    others = [field.key for field in now.fields] + [place.key for place in points if place.part == number]
    for key in dict.fromkeys(others):
        if key not in known:
            yield FieldSpec(key, "text", required=False, label=key)


def _warnings(now: Findings, today: date) -> dict[str, tuple[Problem, ...]]:
    """What checks say of the values as they stand, by key; nothing for papers of no known type."""
    if now.classification.code == OTHER:
        return {}
    plain = tuple(replace(field, problems=(), suggestions=()) for field in now.fields)
    checked = check_fields(now.classification.code, plain, today)
    return {field.key: field.problems for field in checked if field.problems}
