"""Codes of dossiers at the counter: typed, read off a slip, or made new."""

from __future__ import annotations

import re
from datetime import datetime

from pipeline.domain.people import AGENCY
from pipeline.ports import Catalogue

_CODE = re.compile(r"[\w.\-]{1,64}")


def clean_code(text: str) -> str:
    """The code that was typed, or that a scanner of codes typed; raises ``ValueError`` with words for the operator."""
    code = re.sub(r"\s+", "", text).upper().rpartition("/")[2]
    if not _CODE.fullmatch(code) or not code.strip("."):
        raise ValueError("Mã hồ sơ chỉ gồm chữ, số, dấu chấm và gạch ngang, ví dụ 000.00.16.H05-260105-0001.")
    return code


def new_code(office: str, catalogue: Catalogue, now: datetime) -> str:
    """The next code of an office for today, which nobody has; raises ``ValueError`` for what is no office's code."""
    if not AGENCY.fullmatch(office):
        raise ValueError("Mã cơ quan không đúng, ví dụ 000.00.16.H05.")
    day = f"{now.astimezone():%y%m%d}"
    return f"{office}-{day}-{catalogue.numbers.take(f'{office}-{day}'):04d}"
