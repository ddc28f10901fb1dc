"""Writes of many threads in few transactions: each stands or fails by itself, and all of them with the disk."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from pipeline.domain.errors import UnavailableError
from storage.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/catalogue.sqlite")
    with made.write() as connection:
        connection.execute(text("CREATE TABLE told (thread INTEGER, number INTEGER, place INTEGER PRIMARY KEY)"))
    yield made
    made.close()


def tell(connection: Connection, thread: int, number: int) -> None:
    connection.execute(text("INSERT INTO told (thread, number) VALUES (:t, :n)"), {"t": thread, "n": number})


def test_whatever_many_threads_write_stands_once_and_in_the_order_of_each(database: Database) -> None:
    together = Barrier(8)

    def write(thread: int) -> list[int]:
        together.wait()
        return [database.together(lambda connection, n=n: tell(connection, thread, n) or n) for n in range(25)]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write, range(8))) == [list(range(25))] * 8
    with database.read() as connection:
        rows = connection.execute(text("SELECT thread, number FROM told ORDER BY place")).all()
    for thread in range(8):
        assert [row.number for row in rows if row.thread == thread] == list(range(25))


def begun_behind_another(database: Database, works: list) -> list:
    """What becomes of works that gather while a first one is at work: they share one transaction."""
    inside, go_on = Event(), Event()

    def first(connection: Connection) -> None:
        inside.set()
        assert go_on.wait(60)

    with ThreadPoolExecutor(len(works) + 1) as threads:
        leading = threads.submit(database.together, first)
        assert inside.wait(60)
        running = [threads.submit(database.together, work) for work in works]
        while len(database._commits._waiting) < len(works):
            pass
        go_on.set()
        leading.result()
        return [one.exception() or one.result() for one in running]


def test_what_one_raises_undoes_its_own_and_nothing_of_the_others(database: Database) -> None:
    def fails(connection: Connection) -> None:
        tell(connection, 9, 9)
        raise LookupError("no such paper")

    works = [lambda connection: tell(connection, 1, 1), fails, lambda connection: tell(connection, 2, 2)]
    first, second, third = begun_behind_another(database, works)
    assert (first, third, type(second)) == (None, None, LookupError)
    with database.read() as connection:
        assert connection.execute(text("SELECT thread FROM told ORDER BY thread")).scalars().all() == [1, 2]


def test_where_the_database_fails_nobody_is_told_that_it_stands(database: Database) -> None:
    def breaks(connection: Connection) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    found = begun_behind_another(database, [lambda connection: tell(connection, 1, 1), breaks])
    assert [type(one) for one in found] == [UnavailableError, UnavailableError]
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM told")).scalar_one() == 0
    database.together(lambda connection: tell(connection, 3, 3))
