"""A catalogue rebuilt from the bucket alone is the catalogue there was, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline import archive, flow
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import EncryptedPdfError, StageError
from storage.catalogue import SqlCatalogue
from storage.database import Database
from storage.tables import metadata
from tests.scripted_office import Office, ScriptedReader

#: Numbers that a database gives as rows come; timers of work in hand, and what other systems are still to be told.
ROW_NUMBERS = {"events": "id", "passages": "id"}
TIMERS = {"attempts", "outbox"}


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """The catalogue of the office, and an empty one."""
    new = f"sqlite:///{tmp_path}/new.sqlite"
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url"), new
    return f"sqlite:///{tmp_path}/catalogue.sqlite", new


@pytest.fixture
def office(tmp_path: Path, urls: tuple[str, str]) -> Iterator[Office]:
    with closing(SqlCatalogue(urls[0])) as catalogue:
        yield Office(tmp_path, catalogue, ScriptedReader())


def tables(url: str) -> dict[str, list[Any]]:
    """All rows of all tables, in an order of their own."""
    found = {}
    with closing(Database(url)) as database, database.read() as connection:
        for table in metadata.sorted_tables:
            if table.name not in TIMERS:
                columns = [column for column in table.columns if column.name != ROW_NUMBERS.get(table.name)]
                rows = connection.execute(select(*columns))
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def test_a_catalogue_rebuilt_from_the_bucket_is_the_same(office: Office, urls: tuple[str, str], tmp_path: Path) -> None:
    table = tmp_path / "thu-tuc.tsv"
    table.write_text("ma_thu_tuc\tten\n1.000123\tCấp bản sao trích lục\n", encoding="utf-8")
    office.ports.registers.import_procedures(table)
    read, approved, again = (office.submit(f"%PDF {n}".encode(), f"{n}.pdf", f"H{n}") for n in range(3))
    office.work()
    office.clock.advance(timedelta(days=1))
    office.ports.auditing.seal()
    now = office.clock.now()
    office.catalogue.move(approved.id, Status.APPROVED, actor="cán bộ A", reason="đã đối chiếu", at=now)
    flow.read_again(again.id, flow.Wish(QueueName.STATION, "other"), office.ports)
    office.work()
    office.reader.error = EncryptedPdfError("đơn.pdf: a password is needed")
    rejected = office.submit(b"%PDF locked", "khóa.pdf", "H9")
    office.work()
    office.ports.auditing.seal()
    with closing(SqlCatalogue(urls[1])) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.document(approved.id).status is Status.APPROVED
        assert fresh.document(rejected.id).status is Status.REJECTED
        assert fresh.document(again.id).engine == "other"
        assert fresh.document(read.id) == office.catalogue.document(read.id)
    before, after = tables(urls[0]), tables(urls[1])
    assert before.keys() == after.keys()
    for name in before:
        assert after[name] == before[name], name


def test_a_document_that_failed_waits_for_an_operator_as_it_did(office: Office, urls: tuple[str, str]) -> None:
    failed, waiting = office.submit(), office.submit(b"%PDF other")
    flow.fail(failed.id, "the engine is missing", office.ports)
    office.ports.auditing.seal()
    with closing(SqlCatalogue(urls[1])) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.document(failed.id) == office.catalogue.document(failed.id)
        assert fresh.document(waiting.id).status is Status.RECEIVED


def test_a_document_read_again_in_vain_is_what_it_was(office: Office, urls: tuple[str, str]) -> None:
    document = office.submit()
    office.work()
    flow.read_again(document.id, flow.Wish(QueueName.BATCH), office.ports)
    flow.fail(document.id, "the disk is full", office.ports)
    office.ports.auditing.seal()
    with closing(SqlCatalogue(urls[1])) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.document(document.id) == office.catalogue.document(document.id)


def test_a_damaged_audit_log_is_told_once_all_else_is_rebuilt(office: Office, urls: tuple[str, str]) -> None:
    document = office.submit()
    office.work()
    office.ports.auditing.seal()
    office.store.put(archive.segment_key(1), b"broken")
    with closing(SqlCatalogue(urls[1])) as fresh:
        with pytest.raises(StageError, match="see `sohoa verify`"):
            flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.document(document.id).status is Status.NEEDS_REVIEW


def test_a_revision_sealed_after_the_last_line_speaks_for_itself(office: Office, urls: tuple[str, str]) -> None:
    document = office.submit()
    office.work()
    with closing(SqlCatalogue(urls[1])) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.document(document.id).status is Status.NEEDS_REVIEW
        assert fresh.document(document.id).made_with == "scripted 1"
        assert fresh.events(document.id) == ()
