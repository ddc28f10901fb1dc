"""Fields that every well-made paper of a type carries."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.domain.findings import Field, Problem
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.messages import describe


def missing_fields(code: str, fields: Sequence[Field], known: Sequence[Problem]) -> tuple[Problem, ...]:
    """A problem for every required field that was not found and about which nothing is said in ``known``."""
    found = {one.key for one in fields} | {problem.field for problem in known}
    return tuple(
        describe("field_missing", spec) for spec in document_type(code).fields if spec.required and spec.key not in found
    )
