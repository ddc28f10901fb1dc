"""Files with malicious content are refused before they are opened, by the protocol of ClamAV's daemon."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import flow
from pipeline.domain.documents import QueueName, Status
from pipeline.domain.errors import InfectedFileError, StageError, UnavailableError
from pipeline.screening import screened_reader, screened_viewer
from pipeline.settings import Settings
from storage.catalogue import SqlCatalogue
from storage.clamd import PIECE, ClamdScanner
from tests.browsing import DrawnViews
from tests.fake_clamd import EICAR, clamd
from tests.scripted_office import Office, ScriptedReader


@pytest.fixture
def infected(tmp_path: Path) -> Path:
    path = tmp_path / "đơn.pdf"
    path.write_bytes(b"%PDF-1.7\n" + EICAR + b"\n%%EOF")
    return path


def test_a_clean_file_is_seen_whole_and_let_pass(tmp_path: Path) -> None:
    for size in (0, 1, PIECE, 3 * PIECE + 7):
        path = tmp_path / "a"
        path.write_bytes(b"a" * size)
        with clamd() as (address, seen):
            assert ClamdScanner(address).find(path) == ""
            assert seen == [size]


def test_what_is_found_is_told_by_port_and_by_socket(tmp_path: Path, infected: Path) -> None:
    with clamd() as (address, _):
        assert ClamdScanner(address).find(infected) == "Eicar-Test-Signature"
    with clamd(tmp_path / "clamd.ctl") as (address, _):
        assert ClamdScanner(address).find(infected) == "Eicar-Test-Signature"


def test_a_file_that_was_not_seen_whole_counts_as_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"a" * (40 * PIECE))
    with clamd(limit=PIECE) as (address, _), pytest.raises((StageError, UnavailableError)):
        ClamdScanner(address, seconds=30).find(path)


def test_without_its_daemon_nothing_is_let_pass(tmp_path: Path, infected: Path) -> None:
    with clamd() as (address, _):
        gone = address
    with pytest.raises(UnavailableError) as caught:
        ClamdScanner(gone, seconds=5).find(infected)
    assert (caught.value.code, caught.value.retryable) == ("virus_scanner_away", True)
    with pytest.raises(UnavailableError):
        ClamdScanner(f"unix:{tmp_path}/nothing", seconds=5).find(infected)


def test_a_paper_with_malicious_content_is_refused_with_advice_and_a_clean_one_is_read(tmp_path: Path, infected: Path) -> None:
    clean = tmp_path / "sạch.pdf"
    clean.write_bytes(b"%PDF-1.7\n%%EOF")
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue, clamd() as (address, _):
        office = Office(tmp_path, catalogue, ScriptedReader())
        office.ports = replace(office.ports, reader=screened_reader(office.ports.reader, ClamdScanner(address)))
        found = {path: flow.submit(path, path.name, "H05-260105-0001", QueueName.STATION, office.ports).id
                 for path in (infected, clean)}  # fmt: skip
        office.work()
        refused, read = (catalogue.document(found[path]) for path in (infected, clean))
        assert refused.status is Status.REJECTED
        assert catalogue.events(refused.id)[-1].reason.startswith("infected_file")
        record = office.store.get(f"dossiers/{refused.dossier}/{refused.id}/r0001/record.json").decode()
        assert "Tệp có mã độc (Eicar-Test-Signature)" in record
        assert read.status in {Status.NEEDS_REVIEW, Status.APPROVED}


def test_a_page_with_malicious_content_is_not_inserted(tmp_path: Path, infected: Path) -> None:
    views = DrawnViews(tmp_path, "một trang")
    with clamd() as (address, _):
        viewer = screened_viewer(views, ClamdScanner(address))
        with pytest.raises(InfectedFileError, match="Eicar"):
            viewer.inspect(infected, "đơn.pdf")
        infected.write_bytes(b"%PDF")
        assert viewer.inspect(infected, "đơn.pdf").pages == 1


def test_the_address_of_the_daemon_must_make_sense() -> None:
    for text in ("127.0.0.1:3310", "[::1]:3310", "clamav.example.vn:3310", "unix:/run/clamav/clamd.ctl"):
        assert Settings.from_environment({"SOHOA_CLAMD": text}).clamd == text
    for text in ("clamd", "unix:", "http://x:1/", "unix:relative"):
        with pytest.raises(ValueError, match="SOHOA_CLAMD"):
            Settings.from_environment({"SOHOA_CLAMD": text})
