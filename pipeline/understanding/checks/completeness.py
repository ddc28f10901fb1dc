"""Fields that every well-made paper of a type carries, and values that stand on the page but mean nothing."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.findings import Field, FieldSpec, Problem
from pipeline.understanding.checks.dates import impossible_dates
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.messages import describe


def missing_fields(code: str, fields: Sequence[Field], known: Sequence[Problem]) -> tuple[Problem, ...]:
    """A problem for every required field that was not found and about which nothing is said in ``known``."""
    found = {one.key for one in fields} | {problem.field for problem in known}
    return tuple(
        describe("field_missing", spec) for spec in document_type(code).fields if spec.required and spec.key not in found
    )


def describe_unread(code: str, spec: FieldSpec, text: str, page: int | None) -> Problem:
    """The problem ``code`` about ``text``, or, where that is a day which no calendar has, that problem with likely days."""
    days = impossible_dates(text) if spec.type == "date" else ()
    if not days:
        return describe(code, spec, text=text, page=page)
    hint = " hoặc ".join(f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in days)
    return describe("date_impossible", spec, text=text, page=page, hint=hint)
