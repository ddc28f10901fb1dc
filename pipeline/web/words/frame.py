"""Words that stand on every page."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "title": ("Sohoa · Tình trạng số hóa", "Sohoa · State of digitising"),
    "home": ("Tình trạng", "State"),
    "search": ("Tìm", "Search"),
    "name": ("Tên tệp", "File"),
    "dossier": ("Hồ sơ", "Dossier"),
    "no_dossier": ("ngoài hồ sơ", "no dossier"),
    "status": ("Trạng thái", "Status"),
    "type": ("Loại", "Type"),
    "queue": ("Hàng đợi", "Queue"),
    "station": ("tại quầy", "station"),
    "batch": ("theo lô", "batch"),
    "pages": ("trang", "pages"),
    "back": ("Về trang tình trạng", "Back to the state page"),
    "error": ("Không mở được trang", "The page cannot be shown"),
    "stale": (
        "Mất liên lạc với máy chủ. Số liệu có thể đã cũ; trang sẽ tự thử lại.",
        "The server does not answer. Figures may be old; the page keeps trying.",
    ),
    "language": ("Ngôn ngữ", "Language"),
    "documents": ("Tài liệu", "Documents"),
    "s_received": ("Mới nhận", "Received"),
    "s_reading": ("Đang đọc", "Being read"),
    "s_needs_review": ("Cần xem lại", "Needs review"),
    "s_approved": ("Đạt", "Approved"),
    "s_archived": ("Đã lưu trữ", "Archived"),
    "s_rejected": ("Bị từ chối", "Rejected"),
    "s_failed": ("Lỗi hệ thống", "Failed"),
    "s_erased": ("Đã tiêu hủy", "Erased"),
    "menu": ("Các trang", "Pages"),
    "skip": ("Đến nội dung chính", "Skip to the content"),
    "sign_in": ("Đăng nhập", "Sign in"),
    "sign_out": ("Đăng xuất", "Sign out"),
    "account": ("Tài khoản", "Account"),
    "accounts": ("Người dùng", "People"),
    "not_allowed": ("Không có quyền", "Not allowed"),
}
