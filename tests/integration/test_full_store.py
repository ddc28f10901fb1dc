"""A store without room: it is told, work waits, nothing is lost, and all goes on once there is room."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Semaphore

import pytest

from pipeline import doctor
from pipeline.domain.documents import Status
from pipeline.domain.errors import UnavailableError
from pipeline.health import KEY, StoreHealth, try_store
from pipeline.ports import ObjectStore
from pipeline.verification import Report, verify
from pipeline.workers.broker import should_retry
from storage.catalogue import SqlCatalogue
from storage.memory import MemoryStore
from storage.objects import MinioStore
from tests.s3_servers import TrialServer
from tests.scripted_office import Office, ScriptedReader

#: Volumes of a megabyte each; a bucket needs one, the server itself one or two.
TIGHT, ROOMY = ("-master.volumeSizeLimitMB=1", "-volume.max=3"), ("-master.volumeSizeLimitMB=1", "-volume.max=40")


@dataclass(frozen=True, slots=True)
class Place:
    """A store, and what fills it and makes room in it."""

    store: ObjectStore
    fill: Callable[[], None]
    make_room: Callable[[], None]


@pytest.fixture(params=["memory", "minio"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "memory":
        store = MemoryStore()
        yield Place(store, lambda: setattr(store, "full", True), lambda: setattr(store, "full", False))
        return
    server = TrialServer(tmp_path / "server", TIGHT)
    with server.running(), closing(server.store(retries=1)) as real:
        yield Place(real, lambda: _fill(real), lambda: _enlarge(server))


def _fill(store: MinioStore) -> None:
    with pytest.raises(UnavailableError):
        for number in range(100):
            store.put(f"originals/filler{number}", os.urandom(200_000))


def _enlarge(server: TrialServer) -> None:
    server.stop(1)  # where it is full it takes its time to end
    server.options = ROOMY
    server.start()
    with closing(server.store()) as store:
        server.process.wait_ready(lambda: _is_well(store), 60)


def _is_well(store: ObjectStore) -> bool:
    return StoreHealth(store).look() is None


def test_a_full_store_refuses_what_is_new_and_keeps_what_it_has(place: Place) -> None:
    place.store.put_once("originals/kept", b"x" * 100_000)
    place.fill()
    before = [info.key for info in place.store.list("")]
    for put in (place.store.put, place.store.put_once):
        with pytest.raises(UnavailableError) as caught:
            put("originals/new", b"y" * 100_000)
        assert caught.value.code in {"store_full", "store_failing"}
        assert should_retry(1000, caught.value)
    assert place.store.get("originals/kept") == b"x" * 100_000
    assert place.store.stat("originals/new") is None
    assert [info.key for info in place.store.list("")] == before
    place.make_room()
    assert place.store.put_once("originals/new", b"y" * 100_000)
    assert [info.key for info in place.store.list("")] == sorted([*before, "originals/new"])
    assert all(len(place.store.get(key)) >= 100_000 for key in before)


def test_a_store_that_answers_and_keeps_nothing_is_no_healthy_store(place: Place) -> None:
    health = StoreHealth(place.store)
    assert health.look() is None
    assert place.store.stat(KEY) is None
    place.fill()
    trouble = health.look()
    assert trouble is not None
    assert trouble.code in {"store_full", "store_failing"}
    assert health.trouble() is trouble
    check = doctor._ask("store", "answers", "make room", lambda: try_store(place.store))
    assert (check.ok, check.mend) == (False, "make room")
    place.make_room()
    assert health.look() is None


def test_health_is_looked_at_beside_whoever_asks_and_not_at_every_question() -> None:
    now, looked = [0.0], Semaphore(0)

    class Watched(MemoryStore):
        def remove(self, key: str) -> None:
            super().remove(key)
            looked.release()

    store = Watched()
    health = StoreHealth(store, lambda: now[0])
    for moment in (0.0, 16.0):
        now[0] = moment
        assert health.trouble() is None
        assert looked.acquire(timeout=60)
    store.away = True
    now[0] = 17.0
    assert health.trouble() is None
    assert not looked.acquire(blocking=False)


def test_work_waits_while_the_store_is_full_and_nothing_is_lost(place: Place, tmp_path: Path) -> None:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue:
        office = Office(tmp_path, catalogue, ScriptedReader(pages=2))
        office.store = place.store  # type: ignore[assignment]
        office.ports = replace(office.ports, store=place.store)
        first = office.submit(b"%PDF first", "1.pdf")
        split, *_ = office.dispatcher.sent
        office.handle(split)
        place.fill()
        for page in (1, 2):
            with pytest.raises(UnavailableError):
                office.handle(replace(split, step="read", page=page))
        with pytest.raises(UnavailableError):
            office.submit(b"%PDF second", "2.pdf")
        assert [one.source.name for one in catalogue.documents()] == ["1.pdf"]
        assert catalogue.document(first.id).status is Status.READING
        assert catalogue.tally(first.id).settled == 0
        place.make_room()
        office.dispatcher.lose()
        for _ in range(3):
            office.sweep()
        second = office.submit(b"%PDF second", "2.pdf")
        office.work()
        assert {catalogue.document(one.id).status for one in (first, second)} == {Status.NEEDS_REVIEW}
        office.ports.auditing.seal()
        found = [one for one in verify(place.store, catalogue, tmp_path, Report()) if "filler" not in one.key]
        assert found == []
