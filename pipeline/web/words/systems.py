"""Words of the pages of systems that call the interface."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "systems_page": ("Hệ thống kết nối", "Connected systems"),
    "systems_none": (
        "Chưa có hệ thống nào. Đăng ký trên máy chủ bằng lệnh: sohoa systems add",
        "There is none yet. Register one on the server: sohoa systems add",
    ),
    "sy_name": ("Hệ thống", "System"),
    "sy_agency": ("Cơ quan", "Agency"),
    "sy_offices": ("Hồ sơ của", "Dossiers of"),
    "sy_scopes": ("Được phép", "May"),
    "sy_asked": ("Xin tài liệu gần nhất", "Last asked for a paper"),
    "sy_rate": ("Lượt gọi mỗi phút", "Calls a minute"),
    "sy_since": ("Đăng ký lúc", "Registered"),
    "sy_proof": ("Chứng minh bằng", "Proves itself by"),
    "sy_secrets": ("mật khẩu hệ thống", "secrets"),
    "sy_keys": ("khóa riêng của hệ thống", "keys of its own"),
    "sy_certificates": ("chứng thư kết nối", "certificates"),
    "sy_until": ("mật khẩu cũ dùng được đến", "the former secret works until"),
    "sy_on": ("Đang dùng", "In use"),
    "sy_off": ("Tạm dừng", "Suspended"),
    "sy_suspend": ("Tạm dừng", "Suspend"),
    "sy_resume": ("Cho dùng lại", "Resume"),
    "sy_reason": ("Lý do tạm dừng", "Reason to suspend it"),
    "sy_reason_why": (
        "Lý do được ghi vào nhật ký. Hệ thống bị từ chối ngay, kể cả mã truy cập đang có hiệu lực.",
        "The reason goes into the audit log. The system is refused at once, tokens that still last included.",
    ),
    "sy_no_reason": ("Hãy ghi lý do tạm dừng.", "Say why it is suspended."),
    "sy_rotate": ("Cấp mật khẩu hệ thống mới", "Give a new secret"),
    "sy_rotate_why": (
        "Mật khẩu cũ còn dùng được 24 giờ, để hệ thống kia kịp đổi.",
        "The former one works for 24 hours still, so that the system can be changed over.",
    ),
    "sy_secret": ("Mật khẩu hệ thống mới", "The new secret"),
    "sy_secret_why": (
        "Chỉ hiện một lần. Hãy chuyển cho đơn vị vận hành hệ thống bằng đường an toàn.",
        "Shown only once. Hand it to who runs the system on a safe way.",
    ),
    "sy_token_keys": ("Khóa ký mã truy cập", "Keys of access tokens"),
    "sy_token_keys_why": (
        "Tự thay mỗi 30 ngày; thay ngay bằng lệnh: sohoa systems rotate-keys",
        "Changed every 30 days by themselves; at once by: sohoa systems rotate-keys",
    ),
    "sy_made": ("tạo lúc", "made"),
}
