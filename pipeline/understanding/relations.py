"""What a paper is related to: its owners, how long it holds, its procedure and its dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.findings import Component, Findings
from pipeline.domain.pages import PageReading
from pipeline.ports import Procedures
from pipeline.understanding.sheets import Sheet, make_sheet
from pipeline.understanding.standing.owners import find_owners
from pipeline.understanding.standing.procedures import find_dossier_code, find_procedure
from pipeline.understanding.standing.validity import find_validity


def relate(findings: Findings, readings: Sequence[PageReading], procedures: Procedures | None = None) -> Findings:
    """``findings`` of the document on ``readings`` with owners, validity, procedure and dossier, as its fields now stand.

    So may a human's corrections be related anew. ``procedures`` is the installation's list. Where the file holds several
    documents, each is related by its own pages.
    """
    sheets = {reading.number: make_sheet(reading) for reading in readings}
    if not findings.components:
        return _related(findings, readings, sheets, procedures)
    parts = tuple(
        Component(part.pages, _related(part.findings, _on(part.pages, readings), sheets, procedures))
        for part in findings.components
    )
    first = _related(findings, _on(parts[0].pages, readings), sheets, procedures)
    return replace(first, components=parts)


def _on(pages: Sequence[int], readings: Sequence[PageReading]) -> tuple[PageReading, ...]:
    return tuple(reading for reading in readings if reading.number in pages)


def _related(
    findings: Findings, readings: Sequence[PageReading], sheets: dict[int, Sheet], procedures: Procedures | None
) -> Findings:
    own = tuple(sheets[reading.number] for reading in sorted(readings, key=lambda one: one.number))
    return replace(
        findings,
        owners=find_owners(findings),
        validity=find_validity(findings, own),
        procedure=find_procedure(findings, own, readings, procedures),
        dossier_code=find_dossier_code(findings, readings),
    )
