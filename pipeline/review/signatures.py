"""What a human must know of the signatures that a file came with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.domain.documents import Status
from pipeline.domain.findings import Problem
from pipeline.domain.signatures import Integrity, SourceSignature, Trust


def heed_signatures(
    signatures: Sequence[SourceSignature], status: Status, problems: tuple[Problem, ...]
) -> tuple[Status, tuple[Problem, ...]]:
    """``status`` and ``problems`` with those of the signatures before them; what is wrong with one holds a document back."""
    found = tuple(dict.fromkeys(problem for signature in signatures for problem in _problems(signature)))
    if found and status is Status.APPROVED:
        status = Status.NEEDS_REVIEW
    return status, (*found, *problems)


def _problems(signature: SourceSignature) -> Iterator[Problem]:
    who = f"của {signature.name}" if signature.name else "trong tệp"
    match signature.integrity:
        case Integrity.BROKEN:
            message = f"Chữ ký số {who} bị hỏng: nội dung tệp đã bị sửa. Không dùng tệp này; yêu cầu nộp lại bản gốc."
            yield Problem("signature_broken", message)
            return
        case Integrity.UNREADABLE:
            message = f"Không kiểm tra được chữ ký số {who}. Kiểm tra tệp gốc bằng phần mềm ký số hoặc yêu cầu nộp lại."
            yield Problem("signature_unreadable", message)
            return
        case Integrity.CHANGED:
            message = f"Tệp bị thay đổi sau khi ký (chữ ký số {who}). Đối chiếu nội dung với bản gốc hoặc yêu cầu nộp lại."
            yield Problem("signature_changed", message)
    yield from _trust_problems(signature.trust, who)


def _trust_problems(trust: Trust, who: str) -> Iterator[Problem]:
    match trust:
        case Trust.REVOKED:
            message = f"Chứng thư số {who} đã bị thu hồi khi ký. Không dùng tệp này; yêu cầu người nộp ký lại."
            yield Problem("signature_revoked", message)
        case Trust.EXPIRED:
            message = (
                f"Chứng thư số {who} đã hết hạn, không chứng minh được còn hạn khi ký. Xác nhận ngày ký hoặc yêu cầu ký lại."
            )
            yield Problem("signature_expired", message)
        case Trust.SELF_SIGNED:
            message = f"Chữ ký số {who} do người ký tự cấp chứng thư, không xác định được là ai. Xác minh người ký."
            yield Problem("signature_self_signed", message)
        case Trust.UNTRUSTED:
            message = f"Chứng thư số {who} không thuộc đơn vị chứng thực được tin cậy ở đây. Xác minh người ký."
            yield Problem("signature_untrusted", message)
