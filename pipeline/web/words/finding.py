"""Words of the search page."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "search_label": ("Tìm trong tài liệu đã số hóa", "Search digitised documents"),
    "search_hint": ("Từ khóa hoặc số ký hiệu, có dấu hay không dấu đều được", "Words or a number, with or without tone marks"),
    "found": ("Kết quả cho", "Results for"),
    "narrow": ("Lọc kết quả", "Narrow down"),
    "any_type": ("mọi loại", "any type"),
    "any_status": ("mọi trạng thái", "any status"),
    "dossier_begins": ("Mã hồ sơ bắt đầu bằng", "Dossier code begins with"),
    "from_day": ("Nhận từ ngày", "Received from"),
    "to_day": ("đến ngày", "until"),
    "show_more": ("Xem thêm", "Show more"),
    "on_the_scan": ("Xem trên bản quét", "On the scan"),
    "dossier_page": ("Hồ sơ", "Dossier"),
    "dossier_papers": ("Giấy tờ trong hồ sơ", "Papers of the dossier"),
    "dossier_owners": ("Chủ giấy tờ", "Owners"),
    "office_one": ("Cơ quan", "Office"),
    "timeline": ("Diễn biến", "Timeline"),
    "find_in_document": ("Tìm trong tài liệu", "Find in the document"),
    "lit_pages": ("Có trên các trang", "Found on pages"),
    "lit_nowhere": ("Không thấy trên trang nào.", "Found on no page."),
    "page_of": ("Trang", "Page"),
    "before": ("Trang trước", "Previous page"),
    "after": ("Trang sau", "Next page"),
    "back_to_document": ("Về tài liệu", "Back to the document"),
    "page_picture": ("Ảnh quét của trang", "Scan of page"),
    "nothing_found": (
        "Không tìm thấy tài liệu nào. Thử ít từ hơn hoặc kiểm tra lại số ký hiệu.",
        "No document found. Try fewer words, or check the number.",
    ),
}
