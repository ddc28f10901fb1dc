"""The audit log: sealed once, in order, whoever is killed, whoever else seals; the bucket gives it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline import archive
from pipeline.custody.auditing import LONGEST_WAIT, Auditing, day_bounds
from pipeline.domain.audit import GENESIS, Action, AuditLine, Head, is_sound
from pipeline.domain.errors import StageError
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore
from tests.scripted_office import Killed

DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    url = f"sqlite:///{tmp_path}/c.sqlite" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    with closing(SqlCatalogue(url)) as made:
        yield made


@pytest.fixture
def auditing(catalogue: SqlCatalogue) -> Auditing:
    return Auditing(MemoryStore(), catalogue.audit, FixedClock())


def note(auditing: Auditing, count: int = 1, actor: str = "cán bộ A") -> None:
    for number in range(count):
        auditing.note(Action.VIEW, actor=actor, reason=f"việc {number}", document="d1", fields=["ho_ten"])


def lines(auditing: Auditing) -> list[AuditLine]:
    return list(auditing.log.lines())


def assert_sound(chained: list[AuditLine]) -> None:
    head = Head()
    for line in chained:
        assert is_sound(line)
        assert Head(line.seq - 1, line.previous) == head
        head = Head(line.seq, line.hash)


def segments(auditing: Auditing) -> list[AuditLine]:
    found = auditing.store.list(archive.SEGMENTS_PREFIX)
    return [line for entry in found for line in archive.parse_segment(auditing.store.get(entry.key))[1]]


def test_what_happened_is_sealed_in_the_bucket_as_it_stands_in_the_catalogue(auditing: Auditing) -> None:
    note(auditing, 3)
    assert auditing.seal() == 3
    note(auditing, 2)
    assert auditing.seal() == 2
    assert auditing.seal() == 0
    assert_sound(lines(auditing))
    assert segments(auditing) == lines(auditing)
    assert [line.happening.reason for line in lines(auditing)] == ["việc 0", "việc 1", "việc 2", "việc 0", "việc 1"]
    assert lines(auditing)[0].happening.told == {"fields": ["ho_ten"]}


def test_sealing_waits_until_it_is_worth_an_object(auditing: Auditing) -> None:
    note(auditing)
    assert auditing.seal_if_due() == 0
    auditing.clock.advance(LONGEST_WAIT)  # type: ignore[attr-defined]
    assert auditing.seal_if_due() == 1
    assert auditing.log.waiting() == (0, None)


class DyingStore(MemoryStore):
    """A store whose writer is killed after so many objects, before or after the last of them is kept."""

    def __init__(self, left: int, *, kept: bool) -> None:
        super().__init__()
        self.left, self.kept = left, kept

    def put_once(self, key: str, data: bytes | Path, *, media_type: str = "") -> bool:
        self.left -= 1
        if self.left < 0:
            if self.kept:
                super().put_once(key, data)
            raise Killed
        return super().put_once(key, data)


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("objects", [0, 1, 2])
def test_a_killed_sealer_leaves_no_hole_and_no_second_truth(catalogue: SqlCatalogue, objects: int, kept: bool) -> None:
    clock, store = FixedClock(), DyingStore(objects, kept=kept)
    auditing = Auditing(store, catalogue.audit, clock)
    for day in range(3):
        note(auditing, 2, actor=f"ngày {day}")
        if day < 2:
            try:
                auditing.seal()
            except Killed:
                store.left = 99
        clock.advance(DAY)
    store.left = 99
    auditing.seal()
    assert [line.happening.actor for line in lines(auditing)] == ["ngày 0"] * 2 + ["ngày 1"] * 2 + ["ngày 2"] * 2
    assert_sound(lines(auditing))
    assert segments(auditing) == lines(auditing)


def test_a_day_that_is_over_is_anchored_once(auditing: Auditing) -> None:
    clock: FixedClock = auditing.clock  # type: ignore[assignment]
    for _ in range(3):
        note(auditing, 2)
        auditing.seal()
        clock.advance(DAY)
    auditing.seal()
    auditing.seal()
    anchors = [archive.parse_anchor(auditing.store.get(entry.key)) for entry in auditing.store.list(archive.ANCHORS_PREFIX)]
    assert [(anchor.day, anchor.first, anchor.last) for anchor in anchors] == [
        ("2026-01-05", 1, 2),
        ("2026-01-06", 3, 4),
        ("2026-01-07", 5, 6),
    ]
    assert [anchor.previous for anchor in anchors] == [GENESIS, anchors[0].hash, anchors[1].hash]
    assert [anchor.head for anchor in anchors] == [lines(auditing)[at].hash for at in (1, 3, 5)]


def test_what_comes_late_for_its_day_goes_into_the_anchor_of_the_next(auditing: Auditing) -> None:
    clock: FixedClock = auditing.clock  # type: ignore[assignment]
    late = replace(auditing, clock=FixedClock(clock.now()))
    note(auditing)
    auditing.seal()
    clock.advance(DAY)
    auditing.seal()
    note(late)
    late.seal()
    clock.advance(DAY)
    auditing.seal()
    anchors = [archive.parse_anchor(auditing.store.get(entry.key)) for entry in auditing.store.list(archive.ANCHORS_PREFIX)]
    assert [(anchor.day, anchor.first, anchor.last) for anchor in anchors] == [("2026-01-05", 1, 1), ("2026-01-06", 2, 2)]


def test_many_that_append_and_seal_at_once_make_one_chain(catalogue: SqlCatalogue) -> None:
    auditing = Auditing(MemoryStore(), catalogue.audit, FixedClock())

    def work(number: int) -> None:
        for _ in range(5):
            note(auditing, 1, actor=f"máy {number}")
            auditing.seal()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    auditing.seal()
    assert len(lines(auditing)) == 30
    assert_sound(lines(auditing))
    assert segments(auditing) == lines(auditing)


def test_a_new_catalogue_takes_over_what_the_bucket_holds(auditing: Auditing) -> None:
    clock: FixedClock = auditing.clock  # type: ignore[assignment]
    note(auditing, 3)
    auditing.seal()
    clock.advance(DAY)
    note(auditing, 2)
    auditing.seal()
    with closing(SqlCatalogue("sqlite://")) as fresh:
        other = replace(auditing, log=fresh.audit)
        assert other.catch_up() == 5
        assert lines(other) == lines(auditing)
        clock.advance(DAY)
        note(other)
        other.seal()
        assert_sound(lines(other))
        assert fresh.audit.last_anchor() == "2026-01-06"


def test_a_catalogue_restored_from_an_older_copy_goes_on_behind_the_bucket(auditing: Auditing) -> None:
    note(auditing, 2)
    auditing.seal()
    with closing(SqlCatalogue("sqlite://")) as copy:
        older = replace(auditing, log=copy.audit)
        older.catch_up()
        note(auditing, 3)
        auditing.seal()
        note(older, 1, actor="sau khi khôi phục")
        older.log.seal("2026-01-05", 10)
        older.seal()
        assert_sound(lines(older))
        assert [line.happening.actor for line in lines(older)][-1] == "sau khi khôi phục"
        assert segments(older) == lines(older)


def test_a_log_that_does_not_follow_is_not_taken_over(auditing: Auditing) -> None:
    note(auditing, 2)
    auditing.seal()
    key = archive.segment_key(1)
    auditing.store.put(key, auditing.store.get(key).replace("việc 0".encode(), "việc 9".encode()))
    with closing(SqlCatalogue("sqlite://")) as fresh, pytest.raises(StageError, match="does not follow"):
        replace(auditing, log=fresh.audit).catch_up()


def test_the_events_of_an_installation_of_old_are_sealed_like_any_other(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    from storage.database import Database

    url = f"sqlite:///{tmp_path}/old.sqlite"
    with closing(SqlCatalogue(url)) as made:
        made.overview()
    configuration = Config()
    configuration.set_main_option("script_location", "storage:migrations")
    with closing(Database(url)) as database, database.write() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0003")
        row = "INSERT INTO events (document, at, actor, after, reason) VALUES ('d1', :at, 'intake', 'received', '')"
        for at in (5, 6):
            connection.execute(text(row), {"at": at})
    with closing(SqlCatalogue(url)) as made:
        auditing = Auditing(MemoryStore(), made.audit, FixedClock())
        assert auditing.seal() == 2
        assert_sound(lines(auditing))
        assert len({line.happening.uid for line in lines(auditing)}) == 2
        assert len(made.events("d1")) == 2


def test_days_are_told_from_the_first_moment_to_the_last() -> None:
    begin, end = day_bounds("2026-01-05", "2026-01-06")
    assert (begin.isoformat(), end.isoformat()) == ("2026-01-05T00:00:00+00:00", "2026-01-07T00:00:00+00:00")
    with pytest.raises(ValueError, match="comes after"):
        day_bounds("2026-01-07", "2026-01-06")


def test_a_segment_is_json_lines_that_anybody_can_read(auditing: Auditing) -> None:
    note(auditing)
    auditing.seal()
    heading, line = auditing.store.get(archive.segment_key(1)).decode().splitlines()
    assert json.loads(heading) == {"day": "2026-01-05", "schema": "sohoa.audit/1"}
    assert json.loads(line)["reason"] == "việc 0"
