"""How long papers say they hold: trong thời hạn 06 tháng kể từ ngày cấp, đến hết ngày 15/10/2043, lâu dài."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from pipeline.understanding.folding import fold
from pipeline.understanding.values.dates import find_dates

_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi hai": 12, "muoi lam": 15, "muoi tam": 18, "hai muoi": 20, "hai muoi bon": 24, "ba muoi": 30, "ba muoi sau": 36,
    "nam muoi": 50, "sau muoi": 60, "bay muoi": 70, "chin muoi": 90,
}  # fmt: skip
_SPELT = "|".join(sorted(_WORDS, key=len, reverse=True))
_UNITS = {"nam": "Y", "thang": "M", "tuan": "W", "ngay": "D"}
#: An amount of time, folded; the figure of a date (ngày 15 tháng 10) is none.
_TERM = re.compile(
    r"(?<!ngay )(?<!thang )(?<!nam )(?<!sau )(?<!\w)(?:"
    rf"(?P<figure>[0-9o]{{1,3}})(?: (?P<spelt>{_SPELT}))? (?P<unit>nam|thang|tuan|ngay)|"
    rf"(?P<words>{_SPELT}) (?P<long>nam|thang|tuan))(?! \d)(?!\w)"
)
_UNLIMITED = re.compile(r"\b(?:khong (?:xac dinh )?thoi han|vo thoi han|khong ky han|lau dai|vinh vien)\b")
_END = re.compile(r"\b(?:den(?: het)?|het han)(?: ngay)?(?: date of expiry)?$")
_BEGIN = re.compile(r"\btu(?: ngay)?$")
_MONTH = re.compile(r"\bden(?: het)? thang (?P<month>\d{1,2})(?: nam)? (?P<year>\d{4})\b")
_YEAR = re.compile(r"\bden(?: het)?(?: nam)? (?P<year>\d{4})\b")


@dataclass(frozen=True, slots=True)
class Said:
    """What a phrase says: first and last day as ISO dates, a term as ISO 8601 duration, or that there is none.

    ``doubtful`` where it contradicts itself: a figure beside another number in words, two ends.
    """

    since: str = ""
    until: str = ""
    term: str = ""
    unlimited: bool = False
    doubtful: bool = False

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.term or self.unlimited)


def read_term(text: str) -> Said:
    """What ``text`` says of a term, as printed; nothing where it says nothing of one."""
    since, until = _days(text)
    term, unsure = _amount(fold(text))
    unlimited = _UNLIMITED.search(fold(text)) is not None
    ends = sum(map(bool, (until, term, unlimited)))
    return Said(since, until, term, unlimited and ends == 1, doubtful=unsure or ends > 1)


def _days(text: str) -> tuple[str, str]:
    """The first and the last day: what follows đến is the last one, what follows từ the first."""
    since = until = ""
    start = 0
    for found in find_dates(text):
        before = fold(text[start : found.start])
        start = found.end
        if _END.search(before):
            until = until or found.iso
        elif _BEGIN.search(before):
            since = since or found.iso
    return since, until or _end_of_month(fold(text)) or _end_of_year(fold(text))


def _end_of_month(folded: str) -> str:
    match = _MONTH.search(folded)
    if match is None or not 1 <= int(match["month"]) <= 12 or not 1900 <= int(match["year"]) <= 2200:
        return ""
    year, month = int(match["year"]), int(match["month"])
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def _end_of_year(folded: str) -> str:
    match = _YEAR.search(folded)
    return f"{match['year']}-12-31" if match and 1900 <= int(match["year"]) <= 2200 else ""


def _amount(folded: str) -> tuple[str, bool]:
    """The first amount of time as ISO 8601 duration, and whether its figure and its words disagree."""
    match = _TERM.search(folded)
    if match is None:
        return "", False
    words = match["words"] or match["spelt"]
    spelt = _WORDS[words] if words else 0
    number = int(match["figure"].replace("o", "0")) if match["figure"] else spelt
    if number == 0:
        return "", False
    return f"P{number}{_UNITS[match['unit'] or match['long']]}", bool(spelt) and spelt != number
