"""A whole document understood: what it is, what it says, what is doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.domain.findings import Findings
from pipeline.domain.pages import PageReading
from pipeline.understanding.checks import check_fields, missing_fields
from pipeline.understanding.classification import classify
from pipeline.understanding.dictionary import OTHER
from pipeline.understanding.fields import extract_fields
from pipeline.understanding.sheets import make_sheet


def understand(readings: Sequence[PageReading], *, today: date | None = None) -> Findings:
    """The type, fields and problems of the document whose pages are ``readings``, in page order.

    Unread and blank pages say nothing. ``today`` bounds dates; the day of the call where it is left out. Fields stand in
    the order of the dictionary, each with its evidence in scan pixels.
    """
    sheets = tuple(make_sheet(reading) for reading in sorted(readings, key=lambda one: one.number))
    reading = classify(sheets)
    code = reading.classification.code
    if code == OTHER:
        return Findings(reading.classification)
    extract = extract_fields(reading.own(sheets), reading)
    fields = check_fields(code, extract.fields, today or date.today())
    return Findings(reading.classification, fields, (*extract.problems, *missing_fields(code, fields, extract.problems)))
