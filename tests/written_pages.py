"""Page readings written by hand: a line is where it begins and what it says."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageOrigin, PageReading, PageText, Word

#: Width of a letter and height of a line, in pixels of an A4 page at 300 dpi.
LETTER, HEIGHT = 22.0, 44.0

Written = tuple[float, float, str] | tuple[float, float, str, float]


def write_line(left: float, top: float, text: str, confidence: float = 0.96) -> Line:
    """The words of ``text`` side by side from ``left``; two spaces between words make a wide gap."""
    words, at = [], left
    for part in text.split(" "):
        if part:
            width = LETTER * len(part)
            words.append(Word(part, Box(at, top, at + width, top + HEIGHT), confidence))
            at += width
        at += 0.55 * LETTER if part else 3 * LETTER
    return Line(tuple(words))


def write_page(lines: Iterable[Written], number: int = 1, **changes: object) -> PageReading:
    """An A4 page at 300 dpi with ``lines``, each (left, top, text) or (left, top, text, confidence)."""
    text = PageText(number, tuple(write_line(*line) for line in lines), "written")
    return PageReading(number, 2480, 3508, 300.0, text, PageOrigin.OCR, **changes)  # type: ignore[arg-type]


def decision(**parts: str) -> list[Written]:
    """The lines of a decision of a provincial committee; ``parts`` replace number, date, title and subject."""
    return [
        (420, 300, "ỦY BAN NHÂN DÂN"),
        (1120, 300, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (420, 370, "TỈNH BẮC NINH"),
        (1350, 370, "Độc lập - Tự do - Hạnh phúc"),
        (420, 480, parts.get("number", "Số: 717/QĐ-UBND")),
        (1250, 480, parts.get("date", "Bắc Ninh, ngày 07 tháng 03 năm 2024")),
        (1080, 640, parts.get("title", "QUYẾT ĐỊNH")),
        (760, 710, parts.get("subject", "Về việc phê duyệt kế hoạch số hóa")),
        (800, 780, "hồ sơ, giấy tờ trên địa bàn"),
        (520, 1000, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;"),
        (1080, 1200, "QUYẾT ĐỊNH:"),
        (520, 1300, "Điều 1. Phê duyệt kế hoạch số hóa hồ sơ, giấy tờ kèm theo Quyết định này."),
        (400, 2000, "Nơi nhận:"),
        (1600, 2000, "KT. CHỦ TỊCH"),
        (400, 2060, "- Như Điều 3;"),
        (1560, 2065, "PHÓ CHỦ TỊCH"),
        (400, 2120, "- Lưu: VT, KSTT."),
        (1520, 2400, "Nguyễn Văn Thành"),
    ]
