"""Codes of dossiers: which agency took one in, on what day, and its running number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

#: The agency of four levels, the highest last: Thông tư 01/2018/TT-VPCP, article 19, after QCVN 102:2016/BTTTT.
_FOUR_LEVELS = r"(?P<agency>\d{3}\.\d{2}\.\d{2}\.(?P<root>[A-Z]\d{2}))"
#: The agency with the highest level first, as many levels as it has: Quyết định 20/2020/QĐ-TTg.
_ROOT_FIRST = r"(?P<agency>(?P<root>[A-Z]\d{2})(?:\.\d{1,3}){0,5})"
_TAIL = r"-(?P<day>\d{6})-(?P<running>\d{4,6})"
#: Grammars with the first day on which a dossier can have been given such a code, the oldest first.
_GRAMMARS = (
    (date(2016, 1, 1), re.compile(_FOUR_LEVELS + _TAIL)),
    (date(2020, 7, 22), re.compile(_ROOT_FIRST + _TAIL)),
)
#: Provinces are H01 (An Giang) to H63 (Yên Bái); those that were merged in July 2025 keep the code of one of them.
_PROVINCES = range(1, 64)
_ANYWHERE = re.compile(r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:\.\d{1,3}){0,5}-\d{6}-\d{4,6}(?!\d)")


@dataclass(frozen=True, slots=True)
class DossierCode:
    """A dossier's code taken apart; ``day`` is that of its making, which for papers sent in online precedes the receipt."""

    agency: str
    day: date
    running: str


def parse_dossier_code(text: str) -> DossierCode | None:
    """The code ``text`` (no spaces) taken apart; None where it fits no grammar that was in force on the day within it."""
    for since, grammar in _GRAMMARS:
        match = grammar.fullmatch(text)
        day = _day(match["day"]) if match else None
        if match and day and day >= since and _is_root(match["root"]):
            return DossierCode(match["agency"], day, match["running"])
    return None


def find_dossier_code(text: str) -> str | None:
    """What in ``text`` (no spaces) has the form of a dossier's code, whatever its digits; None where nothing has."""
    match = _ANYWHERE.search(text)
    return match[0] if match else None


def _is_root(root: str) -> bool:
    return root[0] != "H" or int(root[1:]) in _PROVINCES


def _day(digits: str) -> date | None:
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None
