"""A difference between two readings as plain JSON values: the same in the command's lines and in the bucket."""

from __future__ import annotations

from typing import Any

from pipeline.comparison import Difference, ProblemKey
from pipeline.domain.findings import Field


def difference_as_json(difference: Difference) -> dict[str, Any]:
    """All that differs, by kind; what is the same is None or empty."""
    return {
        "type": _pair(*(found and {"code": found.code, "confidence": found.confidence} for found in difference.type))
        if difference.type
        else None,
        "status": _pair(*(status.value for status in difference.status)) if difference.status else None,
        "fields": [{"key": c.key, "change": c.kind, **_pair(_field(c.before), _field(c.after))} for c in difference.fields],
        "problems_added": [_problem_as_json(problem) for problem in difference.problems_added],
        "problems_gone": [_problem_as_json(problem) for problem in difference.problems_gone],
        "words": {"changed": difference.words, "total": difference.of_words},
        "procedure": _pair(*(code or None for code in difference.procedure)) if difference.procedure else None,
        "codes_changed": difference.codes_changed,
        "text_diff": list(difference.lines),
        "text_diff_left_out": difference.more_lines,
    }


def _pair(before: object, after: object) -> dict[str, object]:
    return {"before": before, "after": after}


def _field(field: Field | None) -> dict[str, object] | None:
    if field is None:
        return None
    value = list(field.value) if isinstance(field.value, tuple) else field.value
    return {"value": value, "confidence": round(field.confidence, 4), "origin": field.origin.value}


def _problem_as_json(problem: ProblemKey) -> dict[str, object]:
    return dict(zip(("code", "field", "page"), problem, strict=True))
