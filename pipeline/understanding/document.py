"""A whole document understood: what it is, what it says, what is doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.domain.findings import Classification, Component, Findings
from pipeline.domain.pages import PageReading
from pipeline.understanding.checks import check_companions, check_fields, missing_fields
from pipeline.understanding.dictionary import OTHER, document_type
from pipeline.understanding.fields import extract_fields
from pipeline.understanding.kinds.classification import classify
from pipeline.understanding.kinds.splitting import split
from pipeline.understanding.messages import describe
from pipeline.understanding.sheets import Sheet, make_sheet
from pipeline.understanding.trust.chances import Weigher, learnt_chance, settle_confidence, surround
from pipeline.understanding.units import settle_units


def understand(readings: Sequence[PageReading], *, today: date | None = None, weigh: Weigher = learnt_chance) -> Findings:
    """The type, fields and problems of the document whose pages are ``readings``, in page order.

    Where there are several documents, these are the first one's, and its ``components`` are all of them.
    Unread and blank pages say nothing. ``today`` bounds dates; the day of the call where it is left out. Fields stand in
    the order of the dictionary, each with its evidence in scan pixels. ``weigh`` says how likely a field is right.
    """
    ordered = sorted(readings, key=lambda one: one.number)
    parts = split(tuple(make_sheet(reading) for reading in ordered))
    found = []
    for part in parts:
        pages = tuple(sheet.number for sheet in part.sheets)
        own = tuple(reading for reading in ordered if reading.number in pages)
        read = _understand_one(own, part.sheets, today or date.today(), weigh)
        doubts = tuple(describe("cut_doubtful", page=page) for page in part.doubtful)
        found.append(Component(pages, replace(read, problems=(*doubts, *read.problems))))
    if not found:
        return Findings(Classification(OTHER, 0.99))
    if len(found) == 1:
        return found[0].findings
    checked = check_companions(found)
    return replace(checked[0].findings, components=checked)


def _understand_one(readings: Sequence[PageReading], sheets: Sequence[Sheet], today: date, weigh: Weigher) -> Findings:
    """What is found in one document."""
    reading = classify(sheets)
    code = reading.classification.code
    if code == OTHER:
        return Findings(reading.classification)
    own = reading.own(sheets)
    extract = extract_fields(own, replace(reading, attached=tuple(sheets[len(own) :])))
    specs = {spec.key: spec for spec in document_type(code).fields}
    located = replace(extract, fields=settle_units(extract.fields, specs))
    fields = check_fields(code, settle_confidence(located, specs, surround(readings, sheets), weigh), today)
    return Findings(reading.classification, fields, (*extract.problems, *missing_fields(code, fields, extract.problems)))
