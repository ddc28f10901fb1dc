"""All thresholds of the decision in one place. Conservative: a human look costs seconds, a wrong id a citizen's case."""

from __future__ import annotations

from pipeline.domain.findings import Field, FieldOrigin

#: What a document that is none of the known types is called.
OTHER = "khac"
#: From here on the type needs no confirmation.
CERTAIN_TYPE = 0.9
#: A page whose words were read with less on average must be looked at.
BLURRED_PAGE = 0.7
#: Values that carry digits: ids, numbers, dates, sums.
CERTAIN_DIGITS = 0.9
#: Names of persons: 1 of 27 made documents that passed 0.85 had one with a wrong mark, at 0.88.
CERTAIN_NAME = 0.9
#: Addresses: a name of a street may lose its mark without any other word telling.
CERTAIN_ADDRESS = 0.9
#: Running text, lists: a slip there changes no one's rights, and one doubtful word weighs on all of them.
CERTAIN_TEXT = 0.6
#: What a human typed in or a code on the paper carried needs no second look.
_TRUSTED = frozenset({FieldOrigin.HUMAN, FieldOrigin.QR, FieldOrigin.BARCODE})
#: Problems that are worth saying but hold no document back.
TRIVIAL = frozenset({"page_blank"})
_NAMES = ("ho_ten", "nguoi_ky")
_ADDRESSES = ("dia_chi", "dia_diem", "que_quan", "noi_cu_tru", "noi_thuong_tru", "noi_dang_ky", "noi_sinh")


def needed_confidence(field: Field) -> float:
    """The confidence below which a human looks at ``field``."""
    if field.origin in _TRUSTED:
        return 0.0
    if field.key.startswith(_NAMES):
        return CERTAIN_NAME
    if field.key.startswith(_ADDRESSES):
        return CERTAIN_ADDRESS
    if isinstance(field.value, int) or _is_exact(field):
        return CERTAIN_DIGITS
    return CERTAIN_TEXT


def _is_exact(field: Field) -> bool:
    """Whether the value is a number, date or code: most of its signs are digits, or its key says so."""
    if isinstance(field.value, tuple):
        return False
    text = str(field.value)
    digits = sum(sign.isdigit() for sign in text)
    coded = field.key.startswith(("so_", "ngay_", "ma_", "thua_", "to_ban_do", "dien_tich", "von_")) or field.key == "so"
    return coded or digits >= 0.5 * max(1, len(text))


def shown(field: Field) -> str:
    """The value of ``field`` as a message quotes it, at most 60 signs."""
    value = "; ".join(field.value) if isinstance(field.value, tuple) else str(field.value)
    return value if len(value) <= 60 else f"{value[:57]}…"
