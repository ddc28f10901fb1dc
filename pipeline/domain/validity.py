"""Whether a paper holds on a day: a pure function of what it says of its validity."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from enum import StrEnum

from pipeline.domain.findings import Validity

_TERM = re.compile(r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?")


class ValidityState(StrEnum):
    """``unknown``: nothing says until when; ``doubtful``: something does, but a human must look first."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    DOUBTFUL = "doubtful"


def state_on(validity: Validity | None, day: date) -> ValidityState:
    """The state of a paper on ``day``; its conditions (``validity.conditions``) are for whoever asks to heed.

    The last day counts in full. What is doubtful is never called valid nor expired.
    """
    if validity is None:
        return ValidityState.UNKNOWN
    begin, end = _day(validity.since or validity.issued), _day(validity.until)
    if validity.doubtful or (begin and end and end < begin):
        return ValidityState.DOUBTFUL
    if begin and day < begin:
        return ValidityState.NOT_YET
    if end:
        return ValidityState.VALID if day <= end else ValidityState.EXPIRED
    return ValidityState.VALID if validity.unlimited else ValidityState.UNKNOWN


def last_day(first: date, term: str) -> date | None:
    """The last day of a ``term`` (ISO 8601 duration such as ``P6M``) counted from ``first``; None where it is no term.

    As in the Civil Code 91/2015/QH13, articles 147 and 148: the term begins on the day after, and ends with the day of the
    same number in its last month, or with the last day of that month where it has none such.
    """
    match = _TERM.fullmatch(term)
    if match is None or not any(match.groupdict().values()):
        return None
    years, months, weeks, days = (int(match[part] or 0) for part in ("years", "months", "weeks", "days"))
    month = first.year * 12 + first.month - 1 + years * 12 + months
    year, place = divmod(month, 12)
    if not date.min.year <= year < date.max.year:
        return None
    length = calendar.monthrange(year, place + 1)[1]
    return date(year, place + 1, min(first.day, length)) + timedelta(days=7 * weeks + days)


def _day(text: str) -> date | None:
    """The day of an ISO date; None for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
