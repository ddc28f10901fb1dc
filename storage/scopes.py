"""Whose papers somebody may see, as a condition."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, false, func, or_


def within(dossier: ColumnElement[str], offices: Sequence[str]) -> ColumnElement[bool]:
    """That a dossier's code is of one of the ``offices``: begins with its agency code. Without offices nothing is."""
    return or_(false(), *(part for office in offices for part in (dossier == office, _begins(dossier, f"{office}-"))))


def _begins(column: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    """Compared letter by letter: ``LIKE`` of SQLite takes capital and small letters for the same."""
    return func.substr(column, 1, len(beginning)) == beginning
