"""The installation's list of administrative procedures in the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, text

from pipeline.domain.procedures import Procedure
from storage.tables import procedures, registers

_NAME = "procedures"


def load_procedures(connection: Connection) -> tuple[Procedure, ...]:
    """All procedures, by code."""
    rows = connection.execute(select(procedures).order_by(procedures.c.code))
    return tuple(Procedure(row.code, row.name, row.field, row.level, row.decision, row.withdrawn) for row in rows)


def held_number(connection: Connection) -> int:
    """The number of the list that is held; 0 where none is."""
    return connection.execute(select(registers.c.number).where(registers.c.name == _NAME)).scalar_one_or_none() or 0


def store_procedures(connection: Connection, number: int, listed: Sequence[Procedure]) -> None:
    """Replace the list by the ``number``-th one; a newer one stays. Which papers they ask for stands in the bucket alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE registers IN EXCLUSIVE MODE"))
    this = registers.c.name == _NAME
    held = connection.execute(select(registers.c.number).where(this)).scalar_one_or_none()
    if held is not None and held >= number:
        return
    connection.execute(delete(registers).where(this))
    connection.execute(delete(procedures))
    connection.execute(insert(registers).values(name=_NAME, number=number))
    if listed:
        columns = [column.name for column in procedures.columns]
        connection.execute(insert(procedures), [{name: getattr(one, name) for name in columns} for one in listed])


def forget_procedures(connection: Connection) -> None:
    """Drop the list; the bucket has it."""
    connection.execute(delete(procedures))
    connection.execute(delete(registers))
