"""What can be checked without asking anybody: people, days, numbers, codes, amounts, names, set words, completeness.

Rules tie the values of a paper together (:mod:`.papers`); :mod:`.engine` finds which values are doubted and which single
misread sign would set all right. A value is never changed: suggestions stand beside it, a human decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.domain.findings import Field, Suggestion
from pipeline.understanding.checks.amounts import check_amounts
from pipeline.understanding.checks.codes import check_codes
from pipeline.understanding.checks.companions import check_companions
from pipeline.understanding.checks.completeness import describe_unread, missing_fields
from pipeline.understanding.checks.dates import check_dates
from pipeline.understanding.checks.engine import Doubt, weigh_rules
from pipeline.understanding.checks.names import check_names
from pipeline.understanding.checks.numbers import check_numbers, check_place
from pipeline.understanding.checks.papers import DOUBTED, HINTED, Paper
from pipeline.understanding.checks.people import check_people
from pipeline.understanding.checks.wordings import check_wordings
from pipeline.understanding.messages import describe

__all__ = ["DOUBTED", "HINTED", "check_companions", "check_fields", "describe_unread", "missing_fields"]

_CHECKS = (check_dates, check_people, check_numbers, check_place, check_codes, check_amounts, check_names, check_wordings)


def check_fields(code: str, fields: Sequence[Field], today: date) -> tuple[Field, ...]:
    """``fields`` of a document of type ``code``, the doubted ones with problems, suggestions and less confidence."""
    paper = Paper.of(code, fields, today)
    verdict = weigh_rules(paper, [rule for check in _CHECKS for rule in check(paper)])
    checked = {found.key: found for found in fields}
    for doubt in verdict.doubts:
        checked[doubt.key] = _doubted(checked[doubt.key], doubt, paper)
    for key, suggestions in verdict.suggestions:
        if checked[key].problems:
            checked[key] = _with_suggestions(checked[key], suggestions)
    return tuple(checked.values())


def _doubted(found: Field, doubt: Doubt, paper: Paper) -> Field:
    if any(problem.code == doubt.code for problem in found.problems):
        return found
    page = found.evidence[0].page if found.evidence else None
    problem = describe(doubt.code, paper.specs[doubt.key], text=paper.value(doubt.key), page=page)
    return replace(found, confidence=min(found.confidence, doubt.ceiling), problems=(*found.problems, problem))


def _with_suggestions(found: Field, suggestions: Sequence[Suggestion]) -> Field:
    known = {one.value for one in found.suggestions} | {found.value}
    return replace(found, suggestions=(*found.suggestions, *(one for one in suggestions if one.value not in known)))
