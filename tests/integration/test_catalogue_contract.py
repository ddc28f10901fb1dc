"""What every catalogue must do, asked of SQLite in memory, SQLite in a file and PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import NotFoundError, UnavailableError
from pipeline.domain.procedures import Procedure
from pipeline.ports import IndexEntry, PageTally, PendingWork
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.database import Database
from storage.tables import metadata

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
TEXT = "ỦY BAN NHÂN DÂN\nQuyết định số 717/QĐ-UBND ngày 03/4/2024\nvề việc giao đất cho ông Nguyễn Văn Đường."


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that several processes can share."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path / 'folder' / 'catalogue.sqlite'}"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def catalogue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlCatalogue]:
    urls = {"memory": "sqlite://", "sqlite": f"sqlite:///{tmp_path / 'catalogue.sqlite'}"}
    address = urls.get(request.param) or request.getfixturevalue("postgresql_url")
    with closing(SqlCatalogue(address)) as catalogue:
        yield catalogue


def make_document(name: str = "d1", **changes: object) -> Document:
    source = Source(f"{name}.pdf", (name * 64)[:64], 1234, "")
    document = Document(name, "H49.01-26", source, Status.RECEIVED, QueueName.BATCH, NOW)
    return replace(document, **changes)


def make_entry(document: str = "d1", **changes: object) -> IndexEntry:
    entry = IndexEntry(
        document=document,
        dossier="H49.01-26",
        revision=1,
        type="quyet_dinh",
        status=Status.APPROVED,
        title="Về việc giao đất",
        number="717/QĐ-UBND",
        text=TEXT,
        fields=(("so_ky_hieu", "717/QĐ-UBND"), ("nguoi_ky", "Trần Thị Bưởi")),
        record_key="k/record.json",
        record_sha256="0" * 64,
        pdf_key="k/document.pdf",
        pages=2,
    )
    return replace(entry, **changes)


def begin_reading(catalogue: SqlCatalogue, document: Document, count: int) -> None:
    catalogue.receive(document)
    catalogue.plan_pages(document.id, count)
    catalogue.move(document.id, Status.READING, actor="flow", reason="split", at=NOW)


def test_a_received_document_comes_back_as_it_was(catalogue: SqlCatalogue) -> None:
    document = make_document()
    assert catalogue.receive(document) == document
    assert catalogue.document("d1") == document


def test_the_same_file_of_the_same_dossier_is_one_document(catalogue: SqlCatalogue) -> None:
    first = catalogue.receive(make_document())
    again = make_document("d2", source=first.source)
    assert catalogue.receive(again) == first
    assert catalogue.receive(replace(again, dossier="another")).id == "d2"
    assert len(catalogue.events("d1")) == 1


def test_an_unknown_document_is_not_found(catalogue: SqlCatalogue) -> None:
    with pytest.raises(NotFoundError):
        catalogue.document("none")
    with pytest.raises(NotFoundError):
        catalogue.move("none", Status.READING, actor="a", reason="", at=NOW)
    with pytest.raises(NotFoundError):
        catalogue.describe("none", make_document().source)
    with pytest.raises(NotFoundError):
        catalogue.settle_page("none", 1, "read")


def test_names_that_no_database_takes_are_mended(catalogue: SqlCatalogue) -> None:
    document = make_document(source=Source("hồ\0sơ\udc80.pdf", "e" * 64, 1, ""))
    assert catalogue.receive(document).source.name == "hồ\ufffdsơ\ufffd.pdf"


def test_documents_are_listed_newest_first_by_dossier_and_status(catalogue: SqlCatalogue) -> None:
    for number in range(4):
        catalogue.receive(make_document(f"d{number}", received_at=NOW + timedelta(seconds=number)))
    catalogue.receive(make_document("e1", dossier="other"))
    catalogue.move("d2", Status.READING, actor="a", reason="r", at=NOW)
    assert [d.id for d in catalogue.documents(dossier="H49.01-26")] == ["d3", "d2", "d1", "d0"]
    assert [d.id for d in catalogue.documents(status=Status.READING)] == ["d2"]
    assert [d.id for d in catalogue.documents(limit=2)] == ["d3", "d2"]


def test_every_change_of_status_is_an_event_and_the_same_status_is_none(catalogue: SqlCatalogue) -> None:
    catalogue.receive(make_document())
    for _ in range(2):
        moved = catalogue.move("d1", Status.READING, actor="cán bộ A", reason="tách trang", at=LATER)
    assert moved.status is Status.READING
    received, reading = catalogue.events("d1")
    assert (received.before, received.after, received.at) == (None, Status.RECEIVED, NOW)
    assert (reading.before, reading.after) == (Status.RECEIVED, Status.READING)
    assert (reading.actor, reading.reason, reading.at) == ("cán bộ A", "tách trang", LATER)


def test_a_change_that_is_not_allowed_leaves_everything_as_it_was(catalogue: SqlCatalogue) -> None:
    catalogue.receive(make_document())
    with pytest.raises(ValueError, match="cannot become"):
        catalogue.move("d1", Status.ARCHIVED, actor="a", reason="r", at=NOW)
    assert catalogue.document("d1").status is Status.RECEIVED
    assert len(catalogue.events("d1")) == 1


def test_splitting_tells_what_the_source_is(catalogue: SqlCatalogue) -> None:
    document = catalogue.receive(make_document())
    catalogue.describe("d1", replace(document.source, pages=7, media_type="application/pdf", signatures=2))
    source = catalogue.document("d1").source
    assert (source.pages, source.media_type, source.signatures) == (7, "application/pdf", 2)


def test_a_document_is_complete_when_every_planned_page_is_settled(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 3)
    assert catalogue.settle_page("d1", 2, "read") == PageTally(3, 1)
    assert catalogue.settle_page("d1", 2, "unread") == PageTally(3, 1)
    assert catalogue.settle_page("d1", 1, "unread") == PageTally(3, 2)
    catalogue.plan_pages("d1", 3)
    assert catalogue.tally("d1") == PageTally(3, 2)
    assert catalogue.settle_page("d1", 3, "read").complete


def test_a_page_nobody_planned_completes_nothing(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 0)
    assert not catalogue.settle_page("d1", 1, "read").complete


def test_attempts_are_counted_before_they_begin_and_taken_back_when_they_end(catalogue: SqlCatalogue) -> None:
    assert [catalogue.begin_attempt("d1", "read", 4, NOW) for _ in range(3)] == [1, 2, 3]
    assert catalogue.begin_attempt("d1", "read", 5, NOW) == 1
    for _ in range(5):
        catalogue.end_attempt("d1", "read", 4)
    assert catalogue.begin_attempt("d1", "read", 4, NOW) == 1


def test_a_page_that_is_settled_ends_its_try(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 2)
    for page in (1, 2):
        assert catalogue.begin_attempt("d1", "read", page, NOW) == 1
    catalogue.settle_page("d1", 1, "read")
    assert [catalogue.begin_attempt("d1", "read", page, NOW) for page in (1, 2)] == [1, 2]


def test_a_touch_is_no_attempt(catalogue: SqlCatalogue) -> None:
    catalogue.touch("d1", "split", (0,), NOW)
    assert catalogue.begin_attempt("d1", "split", 0, NOW) == 1
    catalogue.touch("d1", "split", (0,), LATER)
    assert catalogue.begin_attempt("d1", "split", 0, NOW) == 2


def test_a_new_reading_begins_without_pages_and_attempts(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 2)
    catalogue.settle_page("d1", 1, "read")
    catalogue.begin_attempt("d1", "read", 2, NOW)
    catalogue.forget_pages("d1")
    assert catalogue.tally("d1") == PageTally(0, 0)
    assert catalogue.begin_attempt("d1", "read", 2, NOW) == 1


def test_what_nobody_is_at_is_pending_and_station_work_comes_first(catalogue: SqlCatalogue) -> None:
    catalogue.receive(make_document("r1"))
    begin_reading(catalogue, make_document("d1", received_at=NOW - timedelta(days=1)), 4)
    begin_reading(catalogue, make_document("f1"), 1)
    begin_reading(catalogue, make_document("s1", queue=QueueName.STATION, received_at=LATER), 1)
    begin_reading(catalogue, make_document("n1", received_at=LATER), 0)
    catalogue.settle_page("f1", 1, "read")
    catalogue.settle_page("d1", 1, "read")
    catalogue.touch("d1", "read", (2, 4), NOW)
    catalogue.touch("d1", "read", (), NOW)
    batch, station = QueueName.BATCH, QueueName.STATION
    expected = (
        PendingWork("s1", "read", 1, station),
        PendingWork("d1", "read", 3, batch),
        PendingWork("f1", "finish", 0, batch),
        PendingWork("r1", "split", 0, batch),
        PendingWork("n1", "split", 0, batch),
    )
    assert catalogue.pending(idle_since=NOW) == expected
    assert catalogue.pending(idle_since=NOW, limit=2) == expected[:2]
    assert PendingWork("d1", "read", 2, batch) in catalogue.pending(idle_since=LATER)


def test_a_begun_step_is_not_pending(catalogue: SqlCatalogue) -> None:
    catalogue.receive(make_document())
    catalogue.begin_attempt("d1", "split", 0, NOW)
    assert catalogue.pending(idle_since=NOW) == ()
    assert catalogue.pending(idle_since=LATER) == (PendingWork("d1", "split", 0, QueueName.BATCH),)


def test_settled_documents_are_never_pending(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 2)
    catalogue.move("d1", Status.FAILED, actor="a", reason="r", at=NOW)
    assert catalogue.pending(idle_since=LATER) == ()


@pytest.mark.parametrize(
    "query", ["quyet dinh", "quyết định", "QUYẾT ĐỊNH", "Nguyen Van Duong", "duong dat giao", "tran thi buoi", "qđ-ubnd"]
)
def test_a_document_is_found_with_and_without_marks(catalogue: SqlCatalogue, query: str) -> None:
    catalogue.index(make_entry())
    catalogue.index(make_entry("d2", number="5/TB-SNV", title="Thông báo", text="Thông báo nghỉ lễ", fields=()))
    (hit,) = catalogue.search(query)
    assert (hit.document, hit.number, hit.pdf_key) == ("d1", "717/QĐ-UBND", "k/document.pdf")


def test_the_snippet_shows_the_original_text_around_the_hit(catalogue: SqlCatalogue) -> None:
    catalogue.index(make_entry(text="Kính gửi. " * 500 + TEXT + " Hết." * 500))
    (hit,) = catalogue.search("giao dat")
    assert "việc ⟪giao đất⟫ cho ông Nguyễn Văn Đường." in hit.snippet
    assert len(hit.snippet) < 300


@pytest.mark.parametrize("query", ["717/QĐ-UBND", "717/qd-ubnd", "717 / QĐ - UBND", "Số: 717/QĐ-UBND"])
def test_the_number_asked_for_comes_first(catalogue: SqlCatalogue, query: str) -> None:
    catalogue.index(make_entry("a", number="9/TB", text="717/QĐ-UBND " * 50))
    catalogue.index(make_entry("b", number="717/QĐ-UBND-HC", text="Số 717/QĐ-UBND-HC", fields=()))
    catalogue.index(make_entry("c", text="Văn bản", fields=()))
    found = [hit.document for hit in catalogue.search(query)]
    assert found[0] == "c"
    assert sorted(found) == ["a", "b", "c"]


def test_numbers_that_begin_so_come_before_words(catalogue: SqlCatalogue) -> None:
    catalogue.index(make_entry("a", number="9/TB", text="717/QĐ " * 50, fields=()))
    catalogue.index(make_entry("b", text="Văn bản", fields=()))
    assert [hit.document for hit in catalogue.search("717/QĐ")] == ["b", "a"]


def test_words_that_stand_together_come_before_words_that_do_not(catalogue: SqlCatalogue) -> None:
    catalogue.index(make_entry("a", title="", number="", fields=(), text="định mức đã quyết rồi " * 30))
    catalogue.index(make_entry("b", title="", number="", fields=(), text="một quyết định " + "khác " * 300))
    assert [hit.document for hit in catalogue.search("quyết định")] == ["b", "a"]
    assert [hit.document for hit in catalogue.search("quyết định", limit=1)] == ["b"]


def test_the_end_of_a_long_document_is_found_as_well_and_the_document_once(catalogue: SqlCatalogue) -> None:
    filler = "Điều khoản chung của hợp đồng. " * 4000
    catalogue.index(make_entry(text=filler + TEXT + filler))
    (hit,) = catalogue.search("nguyễn văn đường")
    assert "⟪Nguyễn Văn Đường⟫" in hit.snippet
    assert len(catalogue.search("điều khoản chung")) == 1


@pytest.mark.parametrize(
    "query",
    ["", "   ", '"', "'; DROP TABLE documents; --", 'a" OR "b', "NEAR(", "*", "-x", "^a:b", "\0", "%_", "\udc80", "x " * 5000],
)
def test_any_query_is_safe(catalogue: SqlCatalogue, query: str) -> None:
    catalogue.index(make_entry())
    assert catalogue.search(query) == ()
    assert catalogue.search("giao đất")


def test_a_newer_revision_replaces_an_older_one_and_never_the_other_way(catalogue: SqlCatalogue) -> None:
    catalogue.index(make_entry(revision=2, text="bản thứ hai", title="Hai", number="", fields=()))
    catalogue.index(make_entry(revision=1, text="bản thứ nhất"))
    assert catalogue.search("thứ nhất") == ()
    assert catalogue.search("thứ hai")[0].title == "Hai"
    catalogue.index(make_entry(revision=3, text="bản thứ ba", number="", fields=()))
    assert catalogue.search("thứ hai") == ()
    assert len(catalogue.search("thứ ba")) == 1


def test_a_document_takes_over_its_revision_when_it_is_settled(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 1)
    catalogue.index(make_entry(revision=1))
    assert catalogue.document("d1").revision == 0
    settled = catalogue.move("d1", Status.APPROVED, actor="a", reason="r", at=NOW)
    assert (settled.revision, settled.type) == (1, "quyet_dinh")
    assert catalogue.document("d1") == settled


def test_an_empty_text_is_found_by_its_heading(catalogue: SqlCatalogue) -> None:
    catalogue.index(make_entry(text=""))
    (hit,) = catalogue.search("giao dat")
    assert hit.snippet == ""


def test_the_overview_counts(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document("d1"), 3)
    catalogue.settle_page("d1", 1, "read")
    catalogue.receive(make_document("d2", queue=QueueName.STATION))
    begin_reading(catalogue, make_document("d3"), 5)
    catalogue.move("d3", Status.FAILED, actor="a", reason="r", at=NOW)
    overview = catalogue.overview()
    counts = dict(overview.by_status)
    assert (counts[Status.READING], counts[Status.RECEIVED], counts[Status.FAILED], counts[Status.APPROVED]) == (1, 1, 1, 0)
    assert (overview.pages_planned, overview.pages_settled) == (3, 1)
    assert dict(overview.waiting) == {QueueName.STATION: 1, QueueName.BATCH: 1}


def test_what_can_be_rebuilt_is_forgotten_and_restored_and_the_events_stay(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 2)
    catalogue.index(make_entry())
    catalogue.clear()
    assert catalogue.documents() == ()
    assert catalogue.search("giao đất") == ()
    assert len(catalogue.events("d1")) == 2
    restored = make_document(status=Status.APPROVED, revision=3, type="quyet_dinh")
    for _ in range(2):
        catalogue.restore(restored)
    assert catalogue.document("d1") == restored
    assert catalogue.receive(make_document("d9", source=restored.source)) == restored


def test_two_documents_of_one_file_found_in_the_bucket_are_both_restored(catalogue: SqlCatalogue) -> None:
    first = make_document("d1")
    second = make_document("d2", source=first.source)
    catalogue.restore(first)
    catalogue.restore(second)
    assert {d.id for d in catalogue.documents()} == {"d1", "d2"}
    assert catalogue.receive(make_document("d3", source=first.source)) == first


def test_threads_that_settle_the_last_pages_at_once_complete_the_document(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 16)
    with ThreadPoolExecutor(8) as pool:
        tallies = list(pool.map(lambda page: catalogue.settle_page("d1", page, "read"), range(1, 17)))
    assert sum(tally.complete for tally in tallies) == 1


def test_threads_that_submit_the_same_file_get_the_same_document(catalogue: SqlCatalogue) -> None:
    source = make_document().source
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: catalogue.receive(make_document(f"d{n}", source=source)).id, range(8)))
    assert len(set(got)) == 1
    assert len(catalogue.documents()) == 1


def _work(address: str, worker: int) -> int:
    """One process of four: settles every fourth page, counts attempts, returns how often it saw the document complete."""
    with closing(SqlCatalogue(address)) as catalogue:
        catalogue.receive(make_document("d1"))
        catalogue.plan_pages("d1", 40)
        complete = 0
        for page in range(1 + worker, 41, 4):
            catalogue.begin_attempt("d1", "read", 0, NOW)
            complete += catalogue.settle_page("d1", page, "read").complete
            catalogue.index(make_entry(f"e{page}"))
            catalogue.search("giao dat")
        return complete


def test_four_processes_at_once_lose_nothing(url: str) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        complete = list(pool.map(_work, [url] * 4, range(4)))
    with closing(SqlCatalogue(url)) as catalogue:
        assert sum(complete) == 1
        assert catalogue.tally("d1") == PageTally(40, 40)
        assert catalogue.begin_attempt("d1", "read", 0, NOW) == 41
        assert len(catalogue.search("giao dat", limit=100)) == 40
        assert len(catalogue.documents()) == 1


def test_what_was_acknowledged_survives_the_kill_of_its_writer(url: str) -> None:
    script = (
        "import sys; from storage.catalogue import SqlCatalogue; c = SqlCatalogue(sys.argv[1])\n"
        "from storage.clocks import FixedClock; now = FixedClock().now()\n"
        "for n in range(10**6): c.begin_attempt('d', 'read', n, now); print(n, flush=True)\n"
    )
    root = Path(__file__).resolve().parents[2]
    writer = subprocess.Popen((sys.executable, "-c", script, url), stdout=subprocess.PIPE, text=True, cwd=root)
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(50)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    writer.stdout.close()
    writer.wait()
    with closing(SqlCatalogue(url)) as catalogue:
        assert [catalogue.begin_attempt("d", "read", n, NOW) for n in acknowledged] == [2] * len(acknowledged)


def test_a_forked_process_makes_connections_of_its_own(url: str) -> None:
    with closing(SqlCatalogue(url)) as catalogue:
        catalogue.receive(make_document())
        child = os.fork()
        if child == 0:
            code = 1
            try:
                catalogue.begin_attempt("d1", "read", 1, NOW)
                code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert catalogue.begin_attempt("d1", "read", 1, NOW) == 2


def test_the_migrations_lead_to_the_tables_of_the_code(url: str) -> None:
    database = Database(url)
    with closing(database), database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(_thing: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Full-text search is made by hand in the migrations, in the way of each database."""
    return not (name or "").startswith("passage_words") and name not in {"alembic_version", "words", "passages_by_words"}


def test_a_database_that_is_away_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "spoilt").mkdir()
    with closing(SqlCatalogue(f"sqlite:///{tmp_path / 'spoilt'}")) as folder, pytest.raises(UnavailableError):
        folder.documents()
    with closing(SqlCatalogue("postgresql://nobody@127.0.0.1:1/none")) as nobody, pytest.raises(UnavailableError):
        nobody.documents()


def test_a_time_without_a_zone_is_refused(catalogue: SqlCatalogue) -> None:
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 1, 1))
    assert FixedClock().advance(timedelta(hours=1)) > FixedClock().now()


def test_all_documents_are_walked_through_by_id(catalogue: SqlCatalogue) -> None:
    for number, dossier in ((3, "a"), (1, "a"), (2, "b")):
        catalogue.receive(make_document(f"d{number}", dossier=dossier))
    assert [document.id for document in catalogue.walk()] == ["d1", "d2", "d3"]
    assert [document.id for document in catalogue.walk(after="d1", limit=1)] == ["d2"]
    assert [document.id for document in catalogue.walk(dossier="a")] == ["d1", "d3"]
    assert catalogue.walk(after="d3") == ()


def test_a_settled_document_is_opened_again_without_any_page_done(catalogue: SqlCatalogue) -> None:
    begin_reading(catalogue, make_document(), 2)
    for page in (1, 2):
        catalogue.settle_page("d1", page, "read")
    catalogue.begin_attempt("d1", "finish", 0, NOW)
    catalogue.note_reading("d1", "tesserocr 5")
    catalogue.move("d1", Status.APPROVED, actor="flow", reason="finished", at=NOW)
    opened = catalogue.reopen("d1", engine="tesseract", queue=QueueName.STATION, actor="lan", reason="read again", at=LATER)
    assert (opened.status, opened.former, opened.reading) == (Status.READING, Status.APPROVED, 2)
    assert (opened.engine, opened.queue, opened.made_with) == ("tesseract", QueueName.STATION, "")
    assert catalogue.tally("d1") == PageTally(0, 0)
    assert catalogue.begin_attempt("d1", "finish", 0, LATER) == 1
    assert catalogue.pending(idle_since=LATER + timedelta(minutes=1))[0] == PendingWork("d1", "split", 0, QueueName.STATION)
    again = catalogue.reopen("d1", engine="other", queue=QueueName.BATCH, actor="lan", reason="again", at=LATER)
    assert again == opened
    [*_, event] = catalogue.events("d1")
    assert (event.before, event.after, event.reason) == (Status.APPROVED, Status.READING, "read again")
    settled = catalogue.move("d1", Status.APPROVED, actor="flow", reason="nothing changed", at=LATER)
    assert (settled.former, settled.reading) == (None, 2)


def test_what_reads_a_document_is_remembered(catalogue: SqlCatalogue) -> None:
    catalogue.receive(make_document(engine="tesseract"))
    assert catalogue.document("d1").engine == "tesseract"
    catalogue.choose_engine("d1", "tesserocr")
    catalogue.note_reading("d1", "tesserocr 5.5.4")
    assert (catalogue.document("d1").engine, catalogue.document("d1").made_with) == ("tesserocr", "tesserocr 5.5.4")
    for call in (catalogue.choose_engine, catalogue.note_reading):
        with pytest.raises(NotFoundError):
            call("nope", "tesseract")


def test_documents_from_before_there_was_a_choice_of_engines_are_kept(url: str) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", "storage:migrations")
    database = Database(url)
    with closing(database), database.write() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, "0001")
        columns = "id, dossier, claim, name, sha256, bytes, media_type, pages, signatures"
        columns += ", status, queue, received_at, revision, type"
        row = "'d1', 'H05', 'H05 ab', 'a.pdf', 'ab', 3, '', 0, 0, 'received', 'batch', 1, 0, ''"
        connection.execute(text(f"INSERT INTO documents ({columns}) VALUES ({row})"))
    with closing(SqlCatalogue(url)) as catalogue:
        kept = catalogue.document("d1")
        assert (kept.engine, kept.reading, kept.former, kept.made_with) == ("", 1, None, "")


def test_a_newer_list_of_procedures_takes_the_place_of_an_older_one(catalogue: SqlCatalogue) -> None:
    assert catalogue.procedures() == ()
    old, new = Procedure("1.001193", "Đăng ký khai sinh"), Procedure("1.000656", "Đăng ký khai tử", "Hộ tịch", "Cấp xã", "528")
    catalogue.keep_procedures(1, (old,))
    catalogue.keep_procedures(2, (replace(old, withdrawn="2026-03-02"), new))
    catalogue.keep_procedures(1, (old,))
    assert catalogue.procedures() == (new, replace(old, withdrawn="2026-03-02"))
    catalogue.clear()
    assert catalogue.procedures() == ()
    catalogue.keep_procedures(1, (old,))
    assert catalogue.procedures() == (old,)


def test_lists_of_procedures_that_come_at_once_leave_the_newest(url: str) -> None:
    with closing(SqlCatalogue(url)) as catalogue, ThreadPoolExecutor(4) as pool:
        catalogue.procedures()
        lists = [(number, (Procedure(f"1.00000{number}", "Một"),)) for number in range(1, 9)]
        for done in [pool.submit(catalogue.keep_procedures, *one) for one in lists]:
            done.result()
        assert [procedure.code for procedure in catalogue.procedures()] == ["1.000008"]
