"""Whether a human must look, and why: the worst outcome is a wrong number that nobody looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.domain.documents import Status
from pipeline.domain.findings import Component, Field, Findings, Problem
from pipeline.domain.foreign import FOREIGN_TEXT
from pipeline.domain.pages import PageReading, UnreadPage
from pipeline.review.thresholds import BLURRED_PAGE, CERTAIN_TYPE, OTHER, TRIVIAL, is_accepted, shown, thresholds

#: Problems that say of each of several values that they do not go together, beside those named ``…_disagrees_…``.
_TOGETHER = frozenset(
    {"dates_out_of_order", "date_before_ids", "appointment_far", "term_over", "same_person", "signer_is_owner"}
)
#: Whose value a field is, where a paper names several persons.
_PERSONS = ("_vo", "_chong", "_me", "_cha")


def decide(readings: Sequence[PageReading], findings: Findings) -> tuple[Status, tuple[Problem, ...]]:
    """``APPROVED`` where nobody needs to look, else ``NEEDS_REVIEW``, with every reason: what to look at, and why.

    Pages come first, then document by document its type and its fields: required ones before the others, and those first
    in which a slip does most harm. One cause is told once. Trivial problems alone do not hold a document back.
    """
    parts = findings.components or (Component(tuple(reading.number for reading in readings), findings),)
    problems = (*_page_problems(readings), *(problem for part in parts for problem in _part_problems(part, len(parts))))
    held = any(problem.code not in TRIVIAL for problem in problems)
    return (Status.NEEDS_REVIEW if held else Status.APPROVED), tuple(dict.fromkeys(problems))


def _part_problems(part: Component, parts: int) -> Iterator[Problem]:
    """The problems of one document; of several in a file, each names a page of its own."""
    found = part.findings
    code = found.classification.code
    told = [*found.problems, *(problem for field in found.fields for problem in field.problems)]
    told += [problem for field in found.fields for problem in _doubt(field, code)]
    told.sort(key=lambda problem: thresholds().rank(problem.field or "", code))
    for problem in (*_type_problems(found), *_without_echoes(told)):
        own = problem.page is not None or parts == 1 or not part.pages
        yield problem if own else replace(problem, page=part.pages[0])


def _without_echoes(problems: Iterable[Problem]) -> Iterator[Problem]:
    """``problems`` less those that say of another field that it does not go with one already named."""
    said: set[tuple[str, str]] = set()
    for problem in problems:
        if problem.field and ("_disagree" in problem.code or problem.code in _TOGETHER):
            person = next((ending for ending in _PERSONS if problem.field.endswith(ending)), "")
            if (problem.code, person) in said:
                continue
            said.add((problem.code, person))
        yield problem


def _page_problems(readings: Sequence[PageReading]) -> Iterator[Problem]:
    if not readings or all(reading.blank for reading in readings):
        yield Problem("empty_document", "Tài liệu không có trang nào có nội dung. Kiểm tra bản giấy và quét lại.")
    taken_over = [reading.number for reading in readings if FOREIGN_TEXT in reading.problems]
    if taken_over:
        message = f"Chữ trên {len(taken_over)} trang do chương trình khác đọc, chưa ai đối chiếu. Đối chiếu với ảnh quét."
        yield Problem("page_foreign_text", message, page=taken_over[0])
    for reading in readings:
        if isinstance(reading.content, UnreadPage):
            message = f"Không đọc được trang {reading.number}. Kiểm tra ảnh quét của trang này, quét lại nếu cần."
            yield Problem("page_unread", message, page=reading.number)
        elif reading.quality.verdict == "rescan":
            message = f"Trang {reading.number} quét chưa đạt. Quét lại trang này."
            yield Problem("page_rescan", message, page=reading.number)
        elif not reading.blank and reading.confidence < BLURRED_PAGE:
            message = f"Chữ trên trang {reading.number} khó đọc. Đối chiếu trang này với bản giấy."
            yield Problem("page_illegible", message, page=reading.number)


def _type_problems(findings: Findings) -> Iterator[Problem]:
    classification = findings.classification
    if classification.code == OTHER:
        yield Problem("type_unknown", "Chưa nhận ra loại giấy tờ. Chọn loại giấy tờ rồi nhập các mục cần thiết.")
    elif classification.confidence < CERTAIN_TYPE:
        yield Problem("type_doubtful", "Chưa chắc chắn về loại giấy tờ. Xác nhận hoặc chọn lại loại.")


def _doubt(field: Field, code: str) -> Iterator[Problem]:
    if field.problems or is_accepted(field, code):
        return
    page = field.evidence[0].page if field.evidence else None
    if thresholds().needed(field.key, code) > 1:
        message = f"Mục này luôn cần người đối chiếu. Đối chiếu “{shown(field)}” với bản giấy, sửa nếu sai."
    else:
        message = f"Độ tin cậy của giá trị “{shown(field)}” thấp. Đối chiếu với bản giấy, sửa nếu sai."
    yield Problem("low_confidence", message, field.key, page)
