"""What can be wrong with an archive, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Damage(StrEnum):
    """Kinds of damage; ``docs/provenance.md`` explains them."""

    OBJECT_MISSING = "object_missing"
    OBJECT_ALTERED = "object_altered"
    OBJECT_EXTRA = "object_extra"
    RECORD_MISSING = "record_missing"
    RECORD_REPLACED = "record_replaced"
    RECORD_UNREADABLE = "record_unreadable"
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_EXTRA = "document_extra"
    MANIFEST_MISSING = "manifest_missing"
    MANIFEST_REPLACED = "manifest_replaced"
    ERASURE_UNFINISHED = "erasure_unfinished"
    LINE_ALTERED = "audit_line_altered"
    LINE_REMOVED = "audit_line_removed"
    LINE_REORDERED = "audit_line_reordered"
    LINE_ADDED = "audit_line_added"
    CHAIN_BROKEN = "audit_chain_broken"
    SEGMENT_MISSING = "audit_segment_missing"
    SEGMENT_REPLACED = "audit_segment_replaced"
    ANCHOR_MISSING = "audit_anchor_missing"
    ANCHOR_REPLACED = "audit_anchor_replaced"

    @property
    def advice(self) -> str:
        """What to do about it, in Vietnamese."""
        return _ADVICE[self]


_COPY = "Không ghi đè; khôi phục từ bản sao lưu rồi chạy lại: sohoa verify."
_ADVICE = {
    Damage.OBJECT_MISSING: f"Thiếu tệp. {_COPY}",
    Damage.OBJECT_ALTERED: f"Nội dung tệp đã thay đổi. Giữ nguyên tệp này làm chứng cứ. {_COPY}",
    Damage.OBJECT_EXTRA: "Tệp lạ, không bản ghi nào nhắc đến. Tìm hiểu ai đã đưa vào; chưa xóa khi chưa lập biên bản.",
    Damage.RECORD_MISSING: f"Thiếu bản ghi của tài liệu. {_COPY}",
    Damage.RECORD_REPLACED: f"Bản ghi đã bị thay. Giữ nguyên làm chứng cứ, đối chiếu với bản sao lưu. {_COPY}",
    Damage.RECORD_UNREADABLE: f"Bản ghi hỏng, không đọc được. {_COPY}",
    Damage.DOCUMENT_MISSING: f"Mất toàn bộ tài liệu đã tiếp nhận. {_COPY}",
    Damage.DOCUMENT_EXTRA: "Tài liệu không có trong nhật ký tiếp nhận. Tìm hiểu ai đã đưa vào; chưa sử dụng tài liệu này.",
    Damage.MANIFEST_MISSING: f"Thiếu bản kê của hồ sơ. {_COPY}",
    Damage.MANIFEST_REPLACED: f"Bản kê của hồ sơ đã bị thay. Giữ nguyên làm chứng cứ. {_COPY}",
    Damage.ERASURE_UNFINISHED: "Việc tiêu hủy chưa xong. Chạy lại lệnh sohoa erase cho tài liệu này.",
    Damage.LINE_ALTERED: "Dòng nhật ký đã bị sửa. Lập biên bản, đối chiếu với bản xuất nhật ký và bản sao lưu.",
    Damage.LINE_REMOVED: "Dòng nhật ký đã bị xóa. Lập biên bản, đối chiếu với bản xuất nhật ký và bản sao lưu.",
    Damage.LINE_REORDERED: "Dòng nhật ký đã bị đổi chỗ. Lập biên bản, đối chiếu với bản xuất nhật ký và bản sao lưu.",
    Damage.LINE_ADDED: "Dòng nhật ký bị chèn thêm. Lập biên bản, đối chiếu với bản xuất nhật ký và bản sao lưu.",
    Damage.CHAIN_BROKEN: "Chuỗi nhật ký bị đứt ở đây. Lập biên bản, đối chiếu với bản xuất nhật ký và bản sao lưu.",
    Damage.SEGMENT_MISSING: f"Thiếu một đoạn nhật ký. {_COPY}",
    Damage.SEGMENT_REPLACED: f"Một đoạn nhật ký đã bị thay. Giữ nguyên làm chứng cứ. {_COPY}",
    Damage.ANCHOR_MISSING: f"Thiếu mốc niêm phong của một ngày. {_COPY}",
    Damage.ANCHOR_REPLACED: "Mốc niêm phong đã bị thay. Giữ nguyên làm chứng cứ, đối chiếu với mốc đã lưu ở nơi khác.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: ``key`` is the object's (empty for the catalogue), ``lines`` the audit lines it concerns."""

    damage: Damage
    key: str
    message: str
    document: str = ""
    lines: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as plain JSON values."""
        raw = asdict(self)
        del raw["damage"]
        return {"code": self.damage.value, **raw, "advice": self.damage.advice}
