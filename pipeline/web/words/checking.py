"""Words of the public page that checks prints."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "check_title": ("Kiểm tra bản in", "Check a print"),
    "check_valid": ("Còn giá trị", "Valid"),
    "check_valid_text": (
        "Cơ quan đang lưu giữ giấy tờ này và giấy tờ còn giá trị vào thời điểm kiểm tra.",
        "The administration keeps this paper, and it holds at the time of this check.",
    ),
    "check_revoked": ("Không còn giá trị", "No longer valid"),
    "check_revoked_text": (
        "Giấy tờ này đã hết hạn, bị thu hồi hoặc đã có giấy khác thay thế. Không dùng bản in này.",
        "This paper has expired, was revoked, or was replaced. Do not use this print.",
    ),
    "check_unknown": ("Không xác nhận được", "Cannot be confirmed"),
    "check_unknown_text": (
        "Không có bản in nào mang mã này, hoặc giấy tờ đang được xem xét. Hãy hỏi cơ quan đã cấp bản in.",
        "No print bears this code, or the paper is being looked into. Ask the office that gave the print.",
    ),
    "check_kind": ("Loại giấy tờ", "Kind of paper"),
    "check_code": ("Mã trên bản in", "Code on the print"),
    "check_at": ("Kiểm tra lúc", "Checked at"),
    "check_compare": (
        "Hãy đối chiếu loại giấy tờ ở trên với bản in. Trang này không hiển thị thông tin cá nhân.",
        "Compare the kind of paper above with the print. This page shows nothing personal.",
    ),
    "check_ask": ("Nhập mã in cạnh mã QR (26 chữ và số)", "Type the code beside the QR code (26 letters and figures)"),
    "check_go": ("Kiểm tra", "Check"),
    "check_faulty": ("Mã không đúng. Hãy nhập đủ 26 chữ và số.", "That is no code. Type all 26 letters and figures."),
    "check_often": (
        "Có quá nhiều lượt kiểm tra từ địa chỉ của bạn. Hãy thử lại sau giây lát.",
        "Too many checks came from your address. Try again in a moment.",
    ),
}
