"""Pages from the scanner that nobody has handed in yet outlive the process that took them."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from pipeline.domain.errors import NotFoundError, StageError
from pipeline.domain.pages import Quality
from pipeline.domain.people import Role
from pipeline.scan_views import Glance, ScanViewer, Sight
from pipeline.station.feeder import Feeder, bind
from pipeline.station.feeding import NOTE, Feeding, Insertion, left_behind
from pipeline.station.scanner import Ending, SaneScanner, ScanWish, scans_into
from tests.reviewed_office import DOSSIER
from tests.scripted_scanner import ScriptedScanner
from tests.unit.test_web_station import post, station_house, until

#: Seconds after which what must come about is thought never to.
PATIENCE = 60

needs_sane = pytest.mark.skipif(shutil.which("scanimage") is None, reason="scanimage (sane-utils) is not on this machine")


class Looking:
    """Finds every page good."""

    def glance(self, sight: Sight) -> Glance:
        """What is made of a page."""
        return Glance(Quality())


def wait_for(over: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not over():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def feeder_in(scratch: Path, scanner: SaneScanner | ScriptedScanner, taken: list[tuple[str, int]]) -> Feeder:
    """A feeder that notes of what is handed in the dossier, and how many pages it has."""

    def hand_in(path: Path, feeding: Feeding) -> None:
        with Image.open(path) as bound:
            taken.append((feeding.code, getattr(bound, "n_frames", 1)))

    return Feeder(scanner, cast(ScanViewer, Looking()), scratch, hand_in)


def scan_for_ever(scratch: Path) -> None:
    """What the process does that is killed: a slow scanner lays one page after the other down."""
    slow = SaneScanner("test", ("--read-delay=yes", "--read-delay-duration=20000"))
    feeder_in(scratch, slow, []).begin(DOSSIER, "tam", ScanWish(200, "Gray", feeder=True))
    time.sleep(PATIENCE)


@needs_sane
def test_after_the_process_was_killed_its_pages_wait_for_somebody_to_go_on(tmp_path: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=scan_for_ever, args=[tmp_path])
    child.start()
    wait_for(lambda: len(list(tmp_path.glob("feeder-*/page-*.tif"))) >= 2)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    (folder,) = tmp_path.glob("feeder-*")
    pid = int((folder / "scanner.pid").read_text())
    taken: list[tuple[str, int]] = []
    feeder = feeder_in(tmp_path, SaneScanner("test"), taken)
    assert not scans_into(pid, folder), "nothing lays pages down any more behind our back"
    found = feeder.feeding(DOSSIER)
    assert found is not None
    assert (found.ending, found.actor, found.wish) == (Ending.INTERRUPTED, "tam", ScanWish(200, "Gray", feeder=True))
    count = len(found.pages)
    assert count >= 2
    wait_for(lambda: len(found.glances) == count)
    feeder.finish(DOSSIER)
    assert taken == [(DOSSIER, count)]
    assert not folder.exists()
    assert feeder.feeding(DOSSIER) is None
    feeder.close()


def test_a_house_that_starts_again_shows_what_waits_and_takes_it_once(tmp_path: Path) -> None:
    with station_house(tmp_path, scanner=ScriptedScanner((2, Ending.JAMMED))) as house:
        post(house.signed_in("tam", Role.OPERATOR), "/station/scan", code=DOSSIER, feeder="true")
        until(house, lambda: house.house.feeder.waits_for == DOSSIER)
        scratch = house.scratch
        taken: list[tuple[str, int]] = []
        again = feeder_in(scratch, ScriptedScanner((3, Ending.DONE)), taken)
        assert again.waits_for == DOSSIER
        again.go_on(DOSSIER).result(PATIENCE)
        assert taken == [(DOSSIER, 5)]
        assert feeder_in(scratch, ScriptedScanner(), taken).waits_for == ""


def test_what_waits_is_shown_where_one_begins_to_whoever_may_see_it(tmp_path: Path) -> None:
    with station_house(tmp_path, scanner=ScriptedScanner((2, Ending.JAMMED))) as house:
        browser = house.signed_in("tam", Role.OPERATOR)
        assert "trang chờ bạn quyết định" not in browser.get("/station").text
        post(browser, "/station/scan", code=DOSSIER, feeder="true")
        until(house, lambda: house.house.feeder.waits_for == DOSSIER)
        assert "trang chờ bạn quyết định" in browser.get("/station").text
        other = house.signed_in("khác", Role.OPERATOR, offices=("000.00.17.H05",))
        assert "trang chờ bạn quyết định" not in other.get("/station").text
        refused = post(other, "/station/scan", code="000.00.17.H05-260105-0001").json()["error"]
        assert DOSSIER not in refused


def test_pages_wait_as_well_when_the_process_ends_in_good_order(tmp_path: Path) -> None:
    feeder = feeder_in(tmp_path, ScriptedScanner((2, None)), [])
    feeder.begin(DOSSIER, "tam", ScanWish(feeder=True), Insertion("d1", 2, "1.1", "sót trang"))
    wait_for(lambda: len(getattr(feeder.feeding(DOSSIER), "pages", ())) == 2)
    feeder.close()
    (left,) = left_behind(tmp_path)
    assert (left.into, len(left.pages)) == (Insertion("d1", 2, "1.1", "sót trang"), 2)


def test_runs_that_brought_nothing_leave_nothing_and_what_nobody_understands_stays(tmp_path: Path) -> None:
    empty = tmp_path / "feeder-empty"
    strange = tmp_path / "feeder-strange"
    for folder in (empty, strange):
        folder.mkdir()
    Feeding(DOSSIER, "tam", ScanWish(), empty).note()
    (strange / NOTE).write_text('{"code": 1}')
    (strange / "page-0001.tif").write_bytes(b"a page")
    scanner = ScriptedScanner()
    assert feeder_in(tmp_path, scanner, []).waits_for == ""
    assert scanner.ended == [empty]
    assert (empty.exists(), (strange / "page-0001.tif").exists()) == (False, True)


def test_a_page_that_was_cut_off_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    feeder = feeder_in(tmp_path, ScriptedScanner((2, Ending.STOPPED)), [])
    feeder.begin(DOSSIER, "tam", ScanWish()).result(PATIENCE)
    found = feeder.feeding(DOSSIER)
    assert found is not None
    found.pages[1].write_bytes(b"cut off")
    feeder.finish(DOSSIER)
    assert "quét bị hỏng" in found.told
    assert feeder.feeding(DOSSIER) is found
    with pytest.raises(StageError):
        bind(found.pages, tmp_path / "x.tif", 200)
    feeder.drop(DOSSIER)
    with pytest.raises(NotFoundError):
        feeder.finish(DOSSIER)
