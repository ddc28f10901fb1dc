"""The database behind the catalogue: SQLite or PostgreSQL, brought up to date when first used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pipeline.domain.errors import UnavailableError
from storage.shared_commits import SharedCommits

T = TypeVar("T")

#: Milliseconds that a writer waits for the others.
_PATIENCE = 30_000

#: Connections to SQLite that are kept: as many as threads of a server ask at a time.
_KEPT = 40

#: ``FULL``: a commit survives a power cut as well, for the ledger's events stand nowhere else.
_PRAGMAS = (
    f"PRAGMA busy_timeout={_PATIENCE}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)

_ADVICE = "Cơ sở dữ liệu danh mục không trả lời. Hãy kiểm tra máy chủ cơ sở dữ liệu và dung lượng đĩa, rồi thử lại."

#: Any number, the same everywhere: who brings the tables up to date on PostgreSQL holds this lock.
_MIGRATION_LOCK = 7_171_945


class Database:
    """Transactions on ``url``: ``sqlite:///path``, ``sqlite://`` (in memory) or ``postgresql://…``.

    One pool a process, made on first use and again after a fork; safe from many threads. The writers of a process take turns
    before they ask SQLite, which lets one in at a time and has the others look again every now and then.
    """

    def __init__(self, url: str) -> None:
        self._url = _with_driver(make_url(url))
        self._lock = Lock()
        self._turn = Lock()
        self._commits = SharedCommits(self.write)
        self._engine: Engine | None = None
        self._process = os.getpid()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite."""
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; raises ``UnavailableError`` where the database is away."""
        with self._translated(), self._open().connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes, in turn with all other writers of SQLite; ``UnavailableError`` as for ``read``."""
        with self._translated():
            engine = self._open()
            turn = self._turn if self.is_sqlite else nullcontext()
            with turn, engine.connect() as connection, connection.execution_options(writes=True).begin():
                yield connection

    def together(self, work: Callable[[Connection], T]) -> T:
        """What ``work`` makes of a transaction that it may share with others who write at the same time; it stands then.

        SQLite waits for the disk once for all of them; PostgreSQL does so by itself. ``work`` sees what those before it wrote,
        what it raises undoes its own alone. ``UnavailableError`` as for ``read``.
        """
        if self.is_sqlite:
            return self._commits.run(work)
        with self.write() as connection:
            return work(connection)

    def close(self) -> None:
        """Let go of all connections; the next transaction opens new ones."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose()

    def _open(self) -> Engine:
        if self._process != os.getpid():
            self._forget()
        with self._lock:
            if self._engine is None:
                engine = self._create()
                _upgrade(engine)
                self._engine = engine
            return self._engine

    def _create(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(self._url, pool_pre_ping=True, connect_args={"timeout": _PATIENCE // 1000})
        arguments: dict[str, object] = {"check_same_thread": False, "isolation_level": None}
        if self._url.database in {None, "", ":memory:"}:
            engine = create_engine(self._url, poolclass=QueuePool, pool_size=1, max_overflow=0, connect_args=arguments)
        else:
            Path(str(self._url.database)).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self._url, poolclass=QueuePool, pool_size=_KEPT, connect_args=arguments)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def _forget(self) -> None:
        """In a forked child: the connections belong to the parent and are not to be closed here."""
        self._process = os.getpid()
        self._lock, self._turn = Lock(), Lock()
        self._commits = SharedCommits(self.write)
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.dispose(close=False)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise UnavailableError(f"the catalogue at {self._url!r} does not answer: {error}", advice=_ADVICE) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise UnavailableError(f"the catalogue at {self._url!r} went away: {error}", advice=_ADVICE) from error
            raise


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+pg8000") if url.drivername == "postgresql" else url


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    for pragma in _PRAGMAS:
        cursor = connection.cursor()
        cursor.execute(pragma)
        cursor.close()


def _begin(connection: Connection) -> None:
    """Writers take their turn before they read, so that no transaction finds out too late that it may not write."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(engine: Engine) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", "storage:migrations")
    head = ScriptDirectory.from_config(configuration).get_current_head()
    with engine.connect() as connection, connection.begin():
        if MigrationContext.configure(connection).get_current_revision() == head:
            return
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        if MigrationContext.configure(connection).get_current_revision() != head:
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
