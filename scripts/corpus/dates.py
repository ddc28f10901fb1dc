"""Days as documents write them, in figures and in words."""

from __future__ import annotations

from datetime import date

UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def say_number(number: int) -> str:
    """A number below ten thousand in words."""
    if number >= 1000:
        return f"{UNITS[number // 1000]} nghìn {_say_hundreds(number % 1000, full=True)}".strip()
    return _say_hundreds(number, full=False) if number else UNITS[0]


def _say_hundreds(number: int, full: bool) -> str:
    if not number:
        return ""
    parts = [f"{UNITS[number // 100]} trăm"] if full or number >= 100 else []
    tens, unit = divmod(number % 100, 10)
    if tens == 0 and unit:
        parts.append(f"{'linh ' if parts else ''}{UNITS[unit]}")
    elif tens == 1:
        parts.append("mười" + (f" {'lăm' if unit == 5 else UNITS[unit]}" if unit else ""))
    elif tens:
        last = {0: "", 1: " mốt", 4: " tư", 5: " lăm"}.get(unit, f" {UNITS[unit]}")
        parts.append(f"{UNITS[tens]} mươi{last}")
    return " ".join(parts)


def say_day(day: date) -> str:
    """A day in words, as certificates of civil status repeat a birthday."""
    month = "tư" if day.month == 4 else say_number(day.month)
    first = "mùng " if day.day <= 10 else ""
    text = f"ngày {first}{say_number(day.day)}, tháng {month}, năm {say_number(day.year)}"
    return text[0].upper() + text[1:]


def slashed(day: date) -> str:
    """``05/02/2025``."""
    return f"{day:%d/%m/%Y}"


def spelled(day: date) -> str:
    """``ngày 05 tháng 02 năm 2025``; months from March on lose their zero (Nghị định 30/2020/NĐ-CP)."""
    return f"ngày {day.day:02d} tháng {month_of(day)} năm {day.year}"


def month_of(day: date) -> str:
    """The month as decree 30 writes it: ``02`` but ``9``."""
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)
