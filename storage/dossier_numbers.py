"""Running numbers of dossiers that are made here."""

from __future__ import annotations

import re

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage.database import Database
from storage.review_tables import dossier_numbers
from storage.tables import documents

#: Any number, the same everywhere: who takes a number on PostgreSQL holds this lock.
_LOCK = 7_171_949


class SqlDossierNumbers:
    """``DossierNumbers`` beside the catalogue, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, prefix: str) -> int:
        """The next number behind ``prefix`` that no dossier has; of two who ask at once each gets another."""
        begins = func.substr(documents.c.dossier, 1, len(prefix) + 1) == f"{prefix}-"
        with self._database.write() as connection:
            sqlite = connection.dialect.name == "sqlite"
            if not sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            held = select(dossier_numbers.c.last).where(dossier_numbers.c.prefix == prefix)
            last = connection.execute(held).scalar_one_or_none() or 0
            for (dossier,) in connection.execute(select(documents.c.dossier).where(begins).distinct()):
                found = re.fullmatch(r"\d{1,9}", dossier[len(prefix) + 1 :])
                last = max(last, int(found[0])) if found else last
            row = {"prefix": prefix, "last": last + 1}
            put = (insert_sqlite if sqlite else insert_postgresql)(dossier_numbers).values(row)
            connection.execute(put.on_conflict_do_update(index_elements=[dossier_numbers.c.prefix], set_=row))
            return last + 1
