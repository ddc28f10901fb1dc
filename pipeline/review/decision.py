"""Whether a human must look, and why: the worst outcome is a wrong number that nobody looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.domain.documents import Status
from pipeline.domain.findings import Field, Findings, Problem
from pipeline.domain.pages import PageReading, UnreadPage
from pipeline.review.thresholds import BLURRED_PAGE, CERTAIN_TYPE, OTHER, TRIVIAL, is_accepted, shown


def decide(readings: Sequence[PageReading], findings: Findings) -> tuple[Status, tuple[Problem, ...]]:
    """``APPROVED`` where nobody needs to look, else ``NEEDS_REVIEW``, with every reason in the order of the pages and fields.

    The reasons include the problems of ``findings``; trivial ones alone do not hold a document back.
    """
    problems = (
        *_page_problems(readings),
        *_type_problems(findings),
        *findings.problems,
        *(problem for field in findings.fields for problem in field.problems),
        *(problem for field in findings.fields for problem in _doubt(field, findings.classification.code)),
    )
    held = any(problem.code not in TRIVIAL for problem in problems)
    return (Status.NEEDS_REVIEW if held else Status.APPROVED), problems


def _page_problems(readings: Sequence[PageReading]) -> Iterator[Problem]:
    if not readings or all(reading.blank for reading in readings):
        yield Problem("empty_document", "Tài liệu không có trang nào có nội dung. Kiểm tra bản giấy và quét lại.")
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
    if not field.problems and not is_accepted(field, code):
        message = f"Độ tin cậy của giá trị “{shown(field)}” thấp. Đối chiếu với bản giấy, sửa nếu sai."
        page = field.evidence[0].page if field.evidence else None
        yield Problem("low_confidence", message, field.key, page)
