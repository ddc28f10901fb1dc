"""What an earlier reading of the same file has to say of a later one: where both were sure and differ, a human decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.domain.findings import Field, FieldOrigin, Findings, Problem
from pipeline.review.thresholds import CERTAIN_TYPE, OTHER, shown, was_sure

#: Problems of a field, of a field no longer found, and of the type, that stay until a human has decided.
FIELD_DIFFERS, FIELD_LOST, TYPE_DIFFERS = "reread_differs", "reread_lost", "reread_type_differs"


def heed_earlier(findings: Findings, earlier: Findings, problems: Sequence[Problem], *, confirmed: bool = False) -> Findings:
    """``findings`` of a later reading, as far as those of the one before and its ``problems`` let them stand.

    A field that a human gave stays as he gave it. Where the earlier reading was sure of a value, or of the type, or a human
    ``confirmed`` it all, and the later one says otherwise, the later one counts but a problem goes with it, until a human has
    decided: it stays through further readings.
    """
    if confirmed:
        earlier, problems = _confirmed(earlier), ()
    given = {field.key: field for field in earlier.fields if field.origin is FieldOrigin.HUMAN}
    fields = [given.get(field.key) or _compared(field, earlier.field(field.key)) for field in findings.fields]
    fields += [field for key, field in given.items() if findings.field(key) is None]
    kept = replace(findings, fields=tuple(fields))
    return replace(
        kept, problems=(*findings.problems, *_type_problems(kept, earlier, problems), *_lost(kept, earlier, problems))
    )


def _confirmed(earlier: Findings) -> Findings:
    """The findings as sure as a human makes them."""
    fields = tuple(replace(field, confidence=1.0, problems=()) for field in earlier.fields)
    return Findings(replace(earlier.classification, confidence=1.0), fields)


def _compared(field: Field, earlier: Field | None) -> Field:
    if earlier is None:
        return field
    open_ones = tuple(problem for problem in earlier.problems if problem.code == FIELD_DIFFERS)
    if field.value == earlier.value:
        return replace(field, problems=(*field.problems, *open_ones))
    if not open_ones and not was_sure(earlier):
        return field
    page = field.evidence[0].page if field.evidence else None
    message = f"Lần đọc trước là “{shown(earlier)}”, lần này là “{shown(field)}”. Đối chiếu với bản giấy, chọn giá trị đúng."
    return replace(field, problems=(*field.problems, Problem(FIELD_DIFFERS, message, field.key, page)))


def _type_problems(findings: Findings, earlier: Findings, problems: Sequence[Problem]) -> Iterator[Problem]:
    now, before = findings.classification, earlier.classification
    if now.code == before.code:
        yield from (problem for problem in problems if problem.code == TYPE_DIFFERS)
    elif before.code != OTHER and before.confidence >= CERTAIN_TYPE:
        message = f"Lần đọc trước nhận ra loại “{before.code}”, lần này là “{now.code}”. Xác nhận hoặc chọn lại loại."
        yield Problem(TYPE_DIFFERS, message)


def _lost(findings: Findings, earlier: Findings, problems: Sequence[Problem]) -> Iterator[Problem]:
    if findings.classification.code != earlier.classification.code:
        return
    known = {problem.field for problem in problems if problem.code == FIELD_LOST}
    yield from (p for p in problems if p.code == FIELD_LOST and p.field and findings.field(p.field) is None)
    for field in earlier.fields:
        if findings.field(field.key) is None and field.key not in known and was_sure(field):
            message = (
                f"Lần đọc trước có giá trị “{shown(field)}”, lần này không thấy. Đối chiếu với bản giấy, nhập lại nếu có."
            )
            yield Problem(FIELD_LOST, message, field.key, field.evidence[0].page if field.evidence else None)
