"""Whose paper it is, by the fields that its recipe says name the owner."""

from __future__ import annotations

import re

from pipeline.domain.documents import Owner
from pipeline.domain.findings import Findings
from pipeline.understanding.kinds.recipes import recipes

_ID12 = re.compile(r"\d{12}")


def find_owners(findings: Findings) -> tuple[Owner, ...]:
    """The owners of the paper, in the order of its recipe; one that no field names is left out.

    A personal id or a birth date with a problem of its own links nobody: the owner is then who else the paper says it is.
    """
    owners = (
        Owner(
            id12=_settled(findings, keys.id12, _ID12),
            name=_named(findings, keys.name),
            birth_date=_settled(findings, keys.birth_date),
        )
        for keys in recipes()[findings.classification.code].owners
    )
    return tuple(owner for owner in owners if owner.id12 or owner.name)


def _named(findings: Findings, key: str) -> str:
    field = findings.field(key)
    return str(field.value) if field else ""


def _settled(findings: Findings, key: str, form: re.Pattern[str] | None = None) -> str:
    """The value of the field ``key`` where it has this ``form`` and nothing is wrong with it, else empty."""
    field = findings.field(key)
    if field is None or field.problems:
        return ""
    value = str(field.value)
    return value if form is None or form.fullmatch(value) else ""
