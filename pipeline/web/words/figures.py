"""Words of the manager's desk; those of the reports themselves are in ``pipeline.reporting.words``."""

from __future__ import annotations

#: Vietnamese and English by key.
WORDS = {
    "figures_page": ("Số liệu", "Figures"),
    "reports": ("Báo cáo", "Reports"),
    "report_rates": ("Tỷ lệ số hóa", "Rates"),
    "report_throughput": ("Năng suất", "Throughput"),
    "report_reuse": ("Sử dụng lại", "Reuse"),
    "figures_from_that_day": ("Từ ngày", "From"),
    "figures_to_that_day": ("Đến ngày", "To"),
    "figures_all_offices": ("mọi cơ quan", "all offices"),
    "figures_show": ("Xem", "Show"),
    "this_month": ("Tháng này", "This month"),
    "last_month": ("Tháng trước", "Last month"),
    "this_quarter": ("Quý này", "This quarter"),
    "this_year": ("Năm nay", "This year"),
    "fetch_as": ("Tải về:", "Fetch as:"),
    "no_figures": ("Chưa có số liệu trong kỳ này.", "No figures in this time."),
}
