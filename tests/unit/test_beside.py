"""What is looked at beside whoever asks."""

from __future__ import annotations

from threading import Event, Semaphore

import pytest

from pipeline.beside import Beside
from pipeline.domain.errors import UnavailableError


def test_whoever_asks_never_waits_and_what_is_old_is_looked_at_again() -> None:
    now, looked, go = [0.0], Semaphore(0), Event()
    found = iter(("one", "two"))

    def look() -> str:
        go.wait(60)
        looked.release()
        return next(found)

    beside = Beside(look, "nothing", believed=10, clock=lambda: now[0])
    assert [beside.last(), beside.last()] == ["nothing", "nothing"], "nobody waits for the first look"
    go.set()
    assert looked.acquire(timeout=60)
    assert told(beside, "one") == "one"
    now[0] = 9.9
    assert beside.last() == "one"
    assert not looked.acquire(blocking=False), "what was found is believed for a while"
    now[0] = 10.0
    beside.last()
    assert looked.acquire(timeout=60)
    assert told(beside, "two") == "two"


def test_where_looking_fails_what_was_found_stays_and_it_is_not_tried_at_once_again() -> None:
    now, tries = [0.0], []

    def look() -> str:
        tries.append(now[0])
        if len(tries) > 1:
            raise UnavailableError("away", code="store_unavailable")
        return "one"

    beside = Beside(look, "nothing", believed=10, clock=lambda: now[0])
    assert beside.look() == "one"
    now[0] = 10.0
    with pytest.raises(UnavailableError):
        beside.look()
    assert [beside.last(), beside.last()] == ["one", "one"]
    assert tries == [0.0, 10.0]


def told(beside: Beside[str], wanted: str) -> str:
    """What is told, as soon as it is what is ``wanted``; else what is told in the end."""
    for _ in range(600):
        if (last := beside.last()) == wanted:
            break
        Event().wait(0.1)
    return last
