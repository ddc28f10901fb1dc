"""Streets that most towns have, named after people and days of history: their marks are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pipeline.understanding.folding import fold
from pipeline.understanding.units.matching import spelling_of

#: Whoever bears one of these names in an address is the person of history. No two differ by marks alone.
_NAMES = """
An Dương Vương|Âu Cơ|Bà Huyện Thanh Quan|Bà Triệu|Bạch Đằng|Bùi Thị Xuân|Cách Mạng Tháng Tám|Cao Bá Quát|Cao Thắng|
Châu Văn Liêm|Chu Văn An|Cù Chính Lan|Đào Duy Anh|Đặng Dung|Đặng Tất|Đặng Thai Mai|Đặng Thùy Trâm|Đặng Văn Ngữ|
Điện Biên Phủ|Đinh Bộ Lĩnh|Đinh Công Tráng|Đinh Tiên Hoàng|Đoàn Thị Điểm|Đống Đa|Hai Bà Trưng|Hàm Nghi|Hàn Mặc Tử|
Hồ Tùng Mậu|Hồ Xuân Hương|Hoàng Diệu|Hoàng Hoa Thám|Hoàng Quốc Việt|Hoàng Văn Thụ|Hùng Vương|Huỳnh Thúc Kháng|
Huỳnh Tấn Phát|Kim Đồng|La Văn Cầu|Lạc Long Quân|Lê Duẩn|Lê Đại Hành|Lê Hoàn|Lê Hồng Phong|Lê Lai|Lê Lợi|Lê Quý Đôn|
Lê Thánh Tông|Lê Thị Hồng Gấm|Lê Văn Sỹ|Lương Định Của|Lương Thế Vinh|Lương Văn Can|Lý Chính Thắng|Lý Nam Đế|
Lý Thái Tổ|Lý Thường Kiệt|Lý Tự Trọng|Mạc Đĩnh Chi|Mai Hắc Đế|Mai Thúc Loan|Minh Khai|Nam Kỳ Khởi Nghĩa|Ngô Gia Tự|
Ngô Quyền|Ngô Sĩ Liên|Ngô Thì Nhậm|Nguyễn An Ninh|Nguyễn Bỉnh Khiêm|Nguyễn Chí Thanh|Nguyễn Công Trứ|Nguyễn Cư Trinh|
Nguyễn Du|Nguyễn Đình Chiểu|Nguyễn Huệ|Nguyễn Hữu Cảnh|Nguyễn Hữu Thọ|Nguyễn Khuyến|Nguyễn Lương Bằng|Nguyễn Thái Học|
Nguyễn Thị Định|Nguyễn Thị Minh Khai|Nguyễn Thiện Thuật|Nguyễn Trãi|Nguyễn Tri Phương|Nguyễn Trường Tộ|Nguyễn Văn Cừ|
Nguyễn Văn Linh|Nguyễn Văn Trỗi|Nguyễn Viết Xuân|Phạm Hồng Thái|Phạm Hùng|Phạm Ngọc Thạch|Phạm Ngũ Lão|Phạm Văn Đồng|
Phan Bội Châu|Phan Chu Trinh|Phan Châu Trinh|Phan Đăng Lưu|Phan Đình Giót|Phan Đình Phùng|Phan Huy Chú|Phù Đổng|
Phùng Hưng|Quang Trung|Sư Vạn Hạnh|Tăng Bạt Hổ|Tô Hiến Thành|Tô Hiệu|Tô Vĩnh Diện|Tôn Đức Thắng|Tôn Thất Thuyết|
Tôn Thất Tùng|Thái Phiên|Trần Bình Trọng|Trần Cao Vân|Trần Hưng Đạo|Trần Khánh Dư|Trần Nguyên Hãn|Trần Nhân Tông|
Trần Nhật Duật|Trần Phú|Trần Quang Diệu|Trần Quang Khải|Trần Quốc Toản|Trần Quý Cáp|Trần Tế Xương|Trần Thánh Tông|
Triệu Việt Vương|Trương Công Định|Trương Định|Trương Hán Siêu|Trường Chinh|Võ Nguyên Giáp|Võ Thị Sáu|Võ Văn Kiệt|
Võ Văn Tần|Xô Viết Nghệ Tĩnh|Xuân Diệu|Xuân Thủy|Yên Thế|Yết Kiêu
"""
_STREET = re.compile(r"\b(?:đường|phố)\s+([^\d\s,;.()-][^,;.()\n-]*?)\s*(?=[,;.(\n-]|$)", re.IGNORECASE)


def street_changes(text: str) -> Iterator[tuple[int, int, str]]:
    """Where ``text`` names a street of these with other marks, and how it is spelt."""
    for match in _STREET.finditer(text):
        name = _names().get(fold(match[1]))
        if name and spelling_of(name) != spelling_of(match[1]):
            yield match.start(1), match.end(1), name.upper() if match[1].isupper() else name


@cache
def _names() -> Mapping[str, str]:
    return {fold(name): name for name in _NAMES.replace("\n", "").split("|")}
