"""Rows put into tables in the way of each database."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as insert_sqlite


def insert_into(connection: Connection, table: Table) -> SqliteInsert | PostgresqlInsert:
    """An insertion that may say what becomes of conflicts."""
    return insert_sqlite(table) if connection.dialect.name == "sqlite" else insert_postgresql(table)
