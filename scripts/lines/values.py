"""What stands where papers are filed by: numbers of papers, dates, sums, ids, codes, and the labels before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_KINDS = (
    "QĐ", "CV", "TB", "BC", "TTr", "KH", "GM", "GP", "GCN", "NQ", "CT", "HD", "BB", "TT", "NĐ-CP", "CTr", "GXN", "GUQ", "GGT",
    "ĐA", "DA", "PA", "QyĐ", "QC", "CĐ", "HĐ", "PC", "GPXD", "XNTTHN", "KL", "TTLT", "BBKT",
)  # fmt: skip
_BODIES = (
    "UBND", "STP", "SNV", "SXD", "STNMT", "HĐND", "VP", "SKHĐT", "SYT", "SGDĐT", "TNMT", "CAT", "BTP", "BCA", "TCTHADS", "BQL",
    "SVHTTDL", "SKHCN", "STC", "SNNMT", "SNNPTNT", "BGDĐT", "BNV", "VPCP", "TTg", "QLĐĐ", "NC", "KTTH", "CTUBND", "SLĐTBXH",
)  # fmt: skip
_DIVISIONS = (
    "NC", "KTTH", "HCC", "VP", "QHXD", "TH", "NV", "TCCB", "KTNS", "VTLT", "QLNS", "GDTrH", "NN", "ĐCXD", "CĐĐS", "HCTP",
)  # fmt: skip
_LABELS = (
    "Số:", "Số CCCD:", "CMND/CCCD:", "Số CMND:", "Số định danh cá nhân:", "Điện thoại:", "SĐT:", "MST:", "Mã số:", "Mã hồ sơ:",
    "Ngày sinh:", "Năm sinh:", "Ngày cấp:", "Diện tích:", "Số tiền:", "Thửa đất số:", "tờ bản đồ số:", "Số hiệu:", "Lưu: VT,",
    "Ngày tiếp nhận:", "STT", "Họ và tên:", "Full name:", "Date of birth:", "Sex:", "Place of origin:", "No.:", "Quyển số:",
    "Nationality:", "Place of residence:", "Date of expiry:", "Giới tính:", "Dân tộc:",
)  # fmt: skip
_SET = (
    "V/v", "VPUB: CVP, PCVP;", "CT, các PCT UBND tỉnh;", "STT", "thực hiện./.", "cảm ơn./.", "Nơi nhận:", "- Như Điều 3;",
    "- Như trên;", "- Lưu: VT.", "TT HĐND tỉnh;", "SOCIALIST REPUBLIC OF VIET NAM", "Citizen Identity Card", "(giai đoạn 1)",
    "Độc lập - Tự do - Hạnh phúc", "CMND/CCCD:", "UBND TỈNH", "TP. Hồ Chí Minh", "P. Thới Thuận, Q. Thốt Nốt", "QSDĐ",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def draw_value(chance: np.random.Generator, syllables: Sequence[str]) -> str:
    """One value, now and then behind a label; ``syllables`` are those names are made of."""
    kind = chance.random()
    if kind < 0.06:
        return _pick(chance, _SET)
    if kind < 0.12:
        return f"{_pick(chance, _ROMAN)}. {_pick(chance, syllables).upper()}"[: 4 + int(chance.integers(12))]
    if kind < 0.2:
        name = _pick(chance, syllables).capitalize() if chance.random() < 0.7 else ""
        mark = f".{name}{_digits(chance, 1)}b" if name else ""
        return f"{_pick(chance, ('', 'VT, ', 'Lưu: VT, '))}{_pick(chance, _DIVISIONS)}{mark}{_pick(chance, ('.', '.', ''))}"
    value = _pick(chance, _VALUES)(chance)
    return f"{_pick(chance, _LABELS)} {value}" if chance.random() < 0.3 else value


def _symbol(chance: np.random.Generator) -> str:
    number = "" if chance.random() < 0.2 else _digits(chance, int(chance.integers(1, 5)))
    year = f"/{chance.integers(2000, 2031)}" if chance.random() < 0.2 else ""
    end = f"-{_pick(chance, _BODIES)}" if chance.random() < 0.95 else ""
    extra = f"-{_pick(chance, _DIVISIONS)}" if chance.random() < 0.1 else ""
    return f"{number}{year}/{_pick(chance, _KINDS) if chance.random() < 0.85 else _pick(chance, _BODIES)}{end}{extra}"


def _date(chance: np.random.Generator) -> str:
    day, month, year = int(chance.integers(1, 32)), int(chance.integers(1, 13)), int(chance.integers(1940, 2036))
    short, months = (f"{day}", f"{day:02d}"), (f"{month}", f"{month:02d}")
    kind = chance.random()
    if kind < 0.45:
        return f"{_pick(chance, short)}/{_pick(chance, months)}/{year}" + _pick(chance, ("", "", ".", ";", ","))
    if kind < 0.75:
        return f"ngày {_pick(chance, short)} tháng {_pick(chance, months)} năm {year}"
    return _pick(
        chance, (f"tháng {month}", f"năm {year}", f"{year}", f"{day}", f"{day:02d}/{month:02d}", f"{month:02d}/{year}")
    )


def _clock(chance: np.random.Generator) -> str:
    hour, minute = int(chance.integers(0, 24)), int(chance.integers(0, 60))
    return _pick(chance, (f"{hour:02d}:{minute:02d}", f"{hour} giờ {minute:02d}", f"{hour:02d}h{minute:02d}"))


def _amount(chance: np.random.Generator) -> str:
    sign = _pick(chance, ("", "", "", "", "+", "-"))
    whole = f"{int(10 ** chance.uniform(0, 10)):,}".replace(",", ".")
    part = f",{_digits(chance, int(chance.integers(1, 3)))}" if chance.random() < 0.5 else ""
    return sign + whole + part + _pick(chance, ("", "", " m2", " m2;", " m", "%", " %", " đồng", " ha", " km", "."))


def _identity(chance: np.random.Generator) -> str:
    return _digits(chance, int(chance.choice([9, 10, 12, 12, 13]))) + _pick(chance, ("", "", ".", ","))


def _phone(chance: np.random.Generator) -> str:
    space = _pick(chance, ("", " ", ".", "-"))
    return space.join(("0" + _digits(chance, 3), _digits(chance, 3), _digits(chance, 3)))


def _dossier(chance: np.random.Generator) -> str:
    parts = [_digits(chance, 3)] if chance.random() < 0.6 else []
    places = [*parts, *(_digits(chance, 2) for _ in range(2)), f"H{_digits(chance, 2)}"]
    chance.shuffle(places)
    return f"{'.'.join(places)}-{_digits(chance, 6)}-{_digits(chance, 4)}"


def _serial(chance: np.random.Generator) -> str:
    letters = "".join(_pick(chance, "ABCDĐEGHIKLMNPQRSTVXY") for _ in range(int(chance.integers(1, 5))))
    return (
        _pick(chance, ("", _digits(chance, 2)))
        + letters
        + _pick(chance, ("", " "))
        + _digits(chance, int(chance.integers(5, 8)))
    )


def _mixture(chance: np.random.Generator) -> str:
    """Digits with signs between them that follow no rule, so that none is guessed."""
    return "".join(
        _digits(chance, int(chance.integers(1, 4))) + _pick(chance, ".,:-/() ") for _ in range(int(chance.integers(1, 6)))
    )


_VALUES: tuple[Callable[[np.random.Generator], str], ...] = (
    _symbol, _symbol, _symbol, _date, _date, _clock, _amount, _amount, _identity, _phone, _dossier, _serial, _mixture,
)  # fmt: skip


def _digits(chance: np.random.Generator, count: int) -> str:
    return "".join(map(str, chance.integers(0, 10, count)))


def _pick(chance: np.random.Generator, among: Sequence[T]) -> T:
    return among[int(chance.integers(len(among)))]
