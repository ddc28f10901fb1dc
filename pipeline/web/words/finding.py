"""Words of the search page."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "search_label": ("Tìm trong tài liệu đã số hóa", "Search digitised documents"),
    "search_hint": ("Từ khóa hoặc số ký hiệu, có dấu hay không dấu đều được", "Words or a number, with or without tone marks"),
    "found": ("Kết quả cho", "Results for"),
    "nothing_found": (
        "Không tìm thấy tài liệu nào. Thử ít từ hơn hoặc kiểm tra lại số ký hiệu.",
        "No document found. Try fewer words, or check the number.",
    ),
}
