"""Words of the state page."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "store_trouble": ("Kho lưu tệp không nhận tệp mới.", "The object store keeps nothing new."),
    "in_work": ("Đang đọc", "Being read"),
    "pages_done": ("trang đã xong", "pages done"),
    "idle": ("Không có trang nào đang chờ đọc.", "No page is waiting to be read."),
    "waiting_station": ("Chờ ở quầy", "Waiting at stations"),
    "waiting_batch": ("Chờ theo lô", "Waiting in batches"),
    "latest": ("Tài liệu mới nhất", "Latest documents"),
    "none_yet": ("Chưa có tài liệu nào. Gửi tài liệu bằng lệnh:", "No documents yet. Hand some in with:"),
    "progress": ("Số trang", "Pages"),
    "received_at": ("Nhận lúc", "Received"),
}
