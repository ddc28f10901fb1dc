"""What the steps of a draft make of what was found, and what may be learnt from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.domain.audit import canonical
from pipeline.domain.findings import Classification, DocumentType, Field, FieldOrigin, FieldValue, Findings, Problem
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Lesson, Place, Step, StepKind, Verdict
from pipeline.review.points import field_at, parts_of, points_of
from pipeline.review.thresholds import TRIVIAL


def apply_draft(findings: Findings, settled: Mapping[Place, Step], types: Mapping[str, DocumentType]) -> Findings:
    """``findings`` as the steps at each place leave them.

    What a human gave or confirmed is sure, has no problems, and its origin is ``human``; its evidence stays where it was seen.
    Where the type is another, fields that it does not have are left out. Owners, validity,
    procedure and dossier are those of before: they are to be related anew.
    """
    parts = tuple(
        replace(part, findings=_applied(number, part.findings, settled, types))
        for number, part in enumerate(parts_of(findings), 1)
    )
    if not findings.components:
        return parts[0].findings
    first = parts[0].findings
    return replace(findings, classification=first.classification, fields=first.fields, components=parts)


def _applied(number: int, found: Findings, settled: Mapping[Place, Step], types: Mapping[str, DocumentType]) -> Findings:
    kind = settled.get(Place(number, TYPE_KEY))
    code = str(kind.after) if kind is not None else found.classification.code
    classification = Classification(code, 1.0, found.classification.alternatives) if kind is not None else found.classification
    steps = {place.key: step for place, step in settled.items() if place.part == number and place.key != TYPE_KEY}
    fields = [_decided(field, steps[field.key]) if field.key in steps else field for field in found.fields]
    if code != found.classification.code:
        wanted = {spec.key for spec in types[code].fields}
        fields = [field for field in fields if field is not None and field.key in wanted]
    known = {field.key for field in found.fields}
    fields += [_given(step) for key, step in steps.items() if key not in known]
    kept = tuple(field for field in fields if field is not None)
    problems = tuple(problem for problem in found.problems if problem.field is None and not problem.code.startswith("type_"))
    return replace(found, classification=classification, fields=kept, problems=problems)


def _decided(field: Field, step: Step) -> Field | None:
    if step.kind is StepKind.ABSENT or step.after is None:
        return None
    same = step.after == field.value
    return replace(
        field,
        value=step.after,
        text=field.text if same else _as_text(step.after),
        confidence=1.0,
        origin=FieldOrigin.HUMAN,
        problems=(),
        suggestions=(),
        units=field.units if same else None,
    )


def _given(step: Step) -> Field | None:
    if step.kind is StepKind.ABSENT or step.after is None:
        return None
    return Field(step.place.key, step.after, _as_text(step.after), 1.0, origin=FieldOrigin.HUMAN)


def _as_text(value: FieldValue) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)


def problems_left(
    findings: Findings | None, problems: Sequence[Problem], settled: Mapping[Place, Step]
) -> tuple[Problem, ...]:
    """The ``problems`` of the record that stay true of the paper: those about its pages and the file, not its values."""
    about_values = {
        problem
        for point in points_of(findings, problems)
        if point.place.part != WHOLE and point.place in settled
        for problem in point.problems
    }
    return tuple(problem for problem in problems if problem not in about_values or problem.code in TRIVIAL)


def state_digest(settled: Mapping[Place, Step]) -> str:
    """The sha256 of what a draft says, whoever said it and when; two readers agree where it is the same."""
    said = {
        f"{place.part}\n{place.key}": [step.after, step.kind is StepKind.NOTED]
        for place, step in settled.items()
        if step.kind is not StepKind.CONFIRM
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def lessons_of(findings: Findings, problems: Sequence[Problem], settled: Mapping[Place, Step]) -> tuple[Lesson, ...]:
    """What each step teaches about the field that it settled; steps about the file teach nothing."""
    about = {point.place: point.problems for point in points_of(findings, problems)}
    return tuple(
        _lesson(findings, step, about.get(place, ()))
        for place, step in settled.items()
        if place.part != WHOLE and step.kind is not StepKind.NOTED
    )


def _lesson(findings: Findings, step: Step, problems: Sequence[Problem]) -> Lesson:
    part = parts_of(findings)[step.place.part - 1].findings
    found = field_at(findings, step.place)
    is_type = step.place.key == TYPE_KEY
    read: FieldValue | None = part.classification.code if is_type else found.value if found else None
    codes = dict.fromkeys(problem.code for problem in (*problems, *(found.problems if found else ())))
    return Lesson(
        part=step.place.part,
        type=part.classification.code,
        key=step.place.key,
        verdict=Verdict.of(read, step.after),
        read=read,
        decided=step.after,
        text=found.text if found else "",
        confidence=part.classification.confidence if is_type else found.confidence if found else 0.0,
        evidence=found.evidence if found else (),
        origin=found.origin.value if found else "",
        problems=tuple(codes),
        actor=step.actor,
        at=step.at,
        seconds=step.seconds,
    )
