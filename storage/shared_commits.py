"""Writes that share a commit: whoever comes while another one waits for the disk is written by the next who goes there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

T = TypeVar("T")

#: Works of one transaction.
_MOST = 64


@dataclass(slots=True, eq=False)
class _Work(Generic[T]):
    """One piece of work, and what came of it; ``settled`` is let go once it stands, or does not."""

    do: Callable[[Connection], T]
    settled: Lock = field(default_factory=Lock)
    done: bool = False
    made: T | None = None
    error: BaseException | None = None


class SharedCommits:
    """Runs works of many threads in few transactions, each of one of those threads; ``begin`` begins one.

    The first to come is the leader and takes along all that wait; while its transaction is on its way others gather, and
    one of them leads next. Each work has a savepoint of its own; where the database itself fails, nothing of that
    transaction stands, and all are told.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._gate = Lock()
        self._waiting: list[_Work[Any]] = []
        self._led = False

    def run(self, do: Callable[[Connection], T]) -> T:
        """What ``do`` makes, once it is committed; raises what it raises, or what the transaction does."""
        mine = _Work(do)
        mine.settled.acquire()
        with self._gate:
            self._waiting.append(mine)
            leads, self._led = not self._led, True
        if not leads:
            mine.settled.acquire()
        if not mine.done:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.made  # type: ignore[return-value]

    def _lead(self) -> None:
        """Write what waits; then the next one leads, where more has come."""
        with self._gate:
            taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        try:
            self._write(taken)
        except BaseException as error:
            for one in taken:
                one.error = error
        finally:
            with self._gate:
                following = self._waiting[0] if self._waiting else None
                self._led = following is not None
            for one in taken:
                one.done = True
                one.settled.release()
            if following is not None:
                following.settled.release()

    def _write(self, taken: list[_Work[Any]]) -> None:
        with self._begin() as connection:
            for one in taken:
                try:
                    with connection.begin_nested():
                        one.made = one.do(connection)
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    one.error = error
