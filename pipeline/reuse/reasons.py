"""Reasons in words that a clerk reads, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pipeline.domain.holdings import Exclusion, Reason, ReasonCode

_C = ReasonCode

#: What each reason says; names in braces are filled in.
TEXTS: Mapping[ReasonCode, tuple[str, str]] = MappingProxyType(
    {
        _C.NOT_YET: ("Giấy tờ chỉ có hiệu lực từ ngày {day}.", "It only holds from {day} on."),
        _C.EXPIRED: ("Giấy tờ đã hết hạn ngày {day}.", "It expired on {day}."),
        _C.REVOKED: ("Giấy tờ đã bị thu hồi ({basis}).", "It was revoked ({basis})."),
        _C.REVOKED_AS_COPY: (
            "Chính giấy tờ này, ở tài liệu {other}, đã bị thu hồi ({basis}).",
            "The same paper, in document {other}, was revoked ({basis}).",
        ),
        _C.SUPERSEDED: ("Giấy tờ đã được thay bằng {other} ({basis}).", "It was replaced by {other} ({basis})."),
        _C.SUPERSEDED_BY_NEWER: (
            "Đã có giấy cùng loại cấp sau, ngày {day} (tài liệu {other}).",
            "A newer one of its kind was issued on {day} (document {other}).",
        ),
        _C.NEWER_UNCERTAIN: (
            "Có thể đã có giấy cùng loại mới hơn (tài liệu {other}); cần cán bộ xem xét.",
            "There may be a newer one of its kind (document {other}); somebody must look.",
        ),
        _C.OWNER_DIED: ("Người có giấy tờ đã mất ngày {day}.", "Its owner died on {day}."),
        _C.OWNER_CHANGED: (
            "Người có giấy tờ đã đổi họ tên hoặc số định danh ngày {day}.",
            "Its owner has had another name or id since {day}.",
        ),
        _C.OWNER_BY_NAME: (
            "Chỉ khớp theo họ tên và ngày sinh; cần đối chiếu người.",
            "It matches by name and birth date only; compare the person.",
        ),
        _C.OWNER_UNKNOWN: ("Không xác định được giấy tờ của ai.", "Whose it is could not be told."),
        _C.TERM_UNKNOWN: ("Không rõ thời hạn của giấy tờ.", "Until when it holds is not known."),
        _C.TERM_DOUBTFUL: (
            "Thời hạn đọc được chưa chắc chắn; cần cán bộ xem xét.",
            "The term that was read is doubtful; somebody must look.",
        ),
        _C.CONDITIONS: ("Giấy tờ kèm điều kiện: {text}.", "It comes with conditions: {text}."),
        _C.FIELDS_UNSURE: ("Có thông tin chưa chắc chắn: {text}.", "Some values are not certain: {text}."),
        _C.SIGNATURE_BROKEN: ("Chữ ký số trên tệp không hợp lệ.", "A digital signature on the file does not hold."),
        _C.DOUBTED: ("Giấy tờ đang được xác minh ({basis}).", "It is being looked into ({basis})."),
        _C.NEEDS_REVIEW: ("Giấy tờ đang chờ rà soát.", "It waits to be reviewed."),
        _C.IN_WORK: ("Giấy tờ đang được xử lý; hãy hỏi lại sau ít phút.", "It is being read; ask again in some minutes."),
        _C.NOT_APPROVED: ("Giấy tờ chưa được duyệt.", "It has not been approved."),
        _C.PHOTOCOPY: (
            "Bản chụp hoặc bản sao, không thuộc diện số hóa để dùng lại ({basis}).",
            "A photocopy or certified copy, not digitised for reuse ({basis}).",
        ),
        _C.SHOW_ONLY: ("Giấy tờ chỉ để xuất trình, không dùng lại ({basis}).", "To be shown only, not reused ({basis})."),
        _C.CLASSIFIED: ("Tài liệu mật, không được cung cấp ({basis}).", "Secret, not to be given ({basis})."),
        _C.SHARED_ELSEWHERE: (
            "Đã có trong {holder}; hãy lấy từ đó ({basis}).",
            "{holder} shares it with legal value; take it from there ({basis}).",
        ),
        _C.ERASED: ("Tài liệu đã được tiêu hủy theo quy định.", "It was lawfully erased."),
        _C.REVISED: ("Tài liệu đã có bản mới; hãy tạo yêu cầu mới.", "There is a newer revision; open another request."),
        _C.UNITS_CHANGED: (
            "Địa danh cũ vẫn có giá trị: {text}.",
            "Names of units of before stay valid: {text}.",
        ),
        _C.SEVERAL_IN_FILE: (
            "Tệp chứa nhiều giấy tờ nên không cung cấp cả tệp; hãy xin thông tin hoặc nhờ tách tệp.",
            "Its file holds several papers, so the file is not given; ask for fields, or have the file split.",
        ),
        _C.DAMAGED: (
            "Tệp lưu không còn nguyên vẹn; đã báo quản trị viên.",
            "The file in keeping is not what was archived; tell the administrator.",
        ),
        _C.NOT_ENTITLED: (
            "Cơ quan {agency} không được lấy loại giấy tờ này cho thủ tục và mục đích đã nêu.",
            "Agency {agency} is not entitled to papers of this type for this procedure and purpose.",
        ),
        _C.CONSENT_MISSING: (
            "Cần số tham chiếu đồng ý của công dân ({basis}).",
            "A reference to the owner's consent is needed ({basis}).",
        ),
        _C.FORM_NOT_ENTITLED: (
            "Chỉ được lấy những thông tin sau: {text} ({basis}).",
            "No more than these may be had: {text} ({basis}).",
        ),
        _C.FIELDS_NOT_HELD: ("Giấy tờ không có thông tin được hỏi.", "It does not have what is asked for."),
        _C.NOT_HELD: ("Kho không có giấy tờ này.", "No such paper is held."),
        _C.SEVERAL_HELD: (
            "Có nhiều giấy tờ cùng loại: {text}; hãy nêu rõ mã tài liệu.",
            "Several are held: {text}; name the document.",
        ),
        _C.REQUEST_EXPIRED: ("Yêu cầu đã quá hạn; hãy tạo yêu cầu mới.", "The request is over; open another."),
    }
)

#: What is said instead to whoever has not been given the paper: words without anything that stands on it.
OUTWARD: Mapping[ReasonCode, tuple[str, str]] = MappingProxyType(
    {
        _C.UNITS_CHANGED: (
            "Có địa danh đã sắp xếp lại; tên cũ trên giấy tờ vẫn có giá trị.",
            "Units that it names were reorganised; the names of before stay valid.",
        ),
        _C.CONDITIONS: (
            "Giấy tờ kèm điều kiện sử dụng; hãy xem trên giấy tờ.",
            "It comes with conditions; read them on the paper.",
        ),
    }
)

#: The reason that an exclusion is.
OF_EXCLUSION = MappingProxyType({one: ReasonCode(one.value) for one in Exclusion})


def reason(code: ReasonCode, *, document: str = "", **told: object) -> Reason:
    """The reason of ``code``; ``told`` fills in what its words name."""
    words = {key: str(value) for key, value in told.items()} | {"other": document or str(told.get("other", "?"))}
    vietnamese, english = TEXTS[code]
    shown = {**dict.fromkeys(("day", "basis", "text", "holder", "agency"), "?"), **words}
    local = {**shown, "day": _vietnamese_day(shown["day"])}
    return Reason(code, vietnamese.format(**local), english.format(**shown), document)


def outward(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons as they may be told to whoever has not been given the paper."""
    return tuple(Reason(one.code, *OUTWARD.get(one.code, (one.vi, one.en)), one.document) for one in reasons)


def _vietnamese_day(text: str) -> str:
    """An ISO day as Vietnamese write it."""
    parts = text.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else text
