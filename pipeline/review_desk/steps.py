"""What a reviewer does at a place, turned into a step of the draft; what makes no sense is told in words."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import review
from pipeline.domain.errors import SohoaError
from pipeline.domain.findings import FieldValue
from pipeline.domain.reviews import TYPE_KEY, WHOLE, Place, StepKind
from pipeline.review_desk.cases import Case, CasePart, types_by_code

#: No look at a single value is counted as longer than this, in seconds: somebody went to lunch.
LONGEST_LOOK = 600.0


class TypedValueError(SohoaError):
    """What was typed is no value of the field; ``advice`` says what to type."""

    default_code = "bad_value"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do at a place: ``text`` as typed for ``SET``; ``seconds`` were spent looking."""

    place: Place
    kind: StepKind
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """A wish that makes sense: what stands there before and after it."""

    kind: StepKind
    before: FieldValue | None
    after: FieldValue | None


def decide_at(case: Case, wish: Wish) -> Decision:
    """What ``wish`` comes to in ``case``; raises ``TypedValueError``."""
    if wish.place.part == WHOLE:
        return _note(case, wish)
    part = next((part for part in case.parts if part.number == wish.place.part), None)
    if part is None:
        raise TypedValueError(f"no document {wish.place.part} in the file", advice="Tệp không có tài liệu này.")
    return _choose_type(part, wish, case) if wish.place.key == TYPE_KEY else _decide_field(case, wish)


def bounded(seconds: float) -> float:
    """The seconds spent on a look, as they count."""
    return min(max(seconds, 0.0), LONGEST_LOOK) if seconds == seconds else 0.0  # noqa: PLR0124  (not a number)


def _note(case: Case, wish: Wish) -> Decision:
    if wish.place not in {point.place for point in case.points}:
        raise TypedValueError(f"no point {wish.place.key!r}", advice="Điểm này không còn cần xem.")
    return Decision(StepKind.NOTED, None, None)


def _choose_type(part: CasePart, wish: Wish, case: Case) -> Decision:
    assert case.record.findings is not None, "a file with documents was understood"
    read = review.parts_of(case.record.findings)[part.number - 1].findings.classification.code
    wanted = part.kind.code if wish.kind is StepKind.CONFIRM else wish.text.strip()
    if wanted not in types_by_code():
        raise TypedValueError(f"no type {wanted!r}", advice="Chọn một loại giấy tờ trong danh sách.")
    return Decision(StepKind.CONFIRM if wanted == read else StepKind.SET, part.kind.code, wanted)


def _decide_field(case: Case, wish: Wish) -> Decision:
    field = case.field(wish.place)
    if field is None:
        raise TypedValueError(f"no field {wish.place.key!r} there", advice="Loại giấy tờ này không có mục đó.")
    read = field.read.value if field.read else None
    if wish.kind is StepKind.ABSENT:
        return Decision(StepKind.ABSENT, field.value, None)
    if wish.kind is StepKind.CONFIRM:
        if field.value is None:
            raise TypedValueError(
                "there is nothing to confirm", advice="Mục này chưa có giá trị: hãy nhập, hoặc chọn “Không có”."
            )
        return Decision(StepKind.CONFIRM if field.value == read else StepKind.SET, field.value, field.value)
    try:
        typed = review.parse_typed(field.spec.type, wish.text)
    except ValueError as error:
        raise TypedValueError(f"{wish.place.key}: not a {field.spec.type}", advice=str(error)) from error
    if typed is None:
        return Decision(StepKind.ABSENT, field.value, None)
    return Decision(StepKind.CONFIRM if typed == read else StepKind.SET, field.value, typed)
