"""Which documents are meant, as conditions: those that somebody may see, those that a search is narrowed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from pipeline.ports import Narrowing
from storage.tables import documents, entries


def within(dossier: ColumnElement[str], offices: Sequence[str]) -> ColumnElement[bool]:
    """That a dossier's code is of one of the ``offices``: begins with its agency code. Without offices nothing is."""
    return or_(false(), *(part for office in offices for part in (dossier == office, begins(dossier, f"{office}-"))))


def allowed(offices: Sequence[str] | None, narrowed: Narrowing | None) -> ColumnElement[bool] | None:
    """The condition on entries that both make; None where every entry is meant."""
    parts = [within(entries.c.dossier, offices)] if offices is not None else []
    if narrowed is not None:
        parts += _narrowed(narrowed)
    return and_(*parts) if parts else None


def begins(column: ColumnElement[str], beginning: str) -> ColumnElement[bool]:
    """Compared letter by letter: ``LIKE`` of SQLite takes capital and small letters for the same."""
    return func.substr(column, 1, len(beginning)) == beginning


def _narrowed(wanted: Narrowing) -> Iterator[ColumnElement[bool]]:
    if wanted.type:
        yield entries.c.type == wanted.type
    if wanted.dossier:
        yield begins(entries.c.dossier, wanted.dossier)
    of_document: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        of_document.append(documents.c.status == wanted.status.value)
    if wanted.since is not None:
        of_document.append(documents.c.received_at >= wanted.since)
    if wanted.until is not None:
        of_document.append(documents.c.received_at < wanted.until)
    if of_document:
        yield entries.c.document.in_(select(documents.c.id).where(*of_document))
