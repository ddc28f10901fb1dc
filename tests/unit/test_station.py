"""The scanning station: codes, the scanner's folder, a SANE device, first looks."""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.cleanup import glance
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import UnavailableError
from pipeline.domain.pages import PageImage
from pipeline.intake import Bounds, inspect
from pipeline.scan_views import ScanViews, Sight
from pipeline.station import scanner as scanning
from pipeline.station.codes import clean_code, new_code
from pipeline.station.feeder import bind
from pipeline.station.folder import TAKEN, ScannerFolder
from pipeline.station.scanner import Ending, SaneRun, SaneScanner, ScanWish
from storage.catalogue import SqlCatalogue
from storage.clocks import SystemClock
from tests.drawn_pages import draw_page

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
OFFICE = "000.00.16.H05"

needs_sane = pytest.mark.skipif(shutil.which("scanimage") is None, reason="scanimage (sane-utils) is not on this machine")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" 000.00.16.h05-260105-0001 ", "000.00.16.H05-260105-0001"),
        ("https://tra-cuu.example.vn/hs/000.00.16.H05-260105-0001", "000.00.16.H05-260105-0001"),
        ("H05.16-260105-0001\n", "H05.16-260105-0001"),
    ],
)
def test_a_code_is_taken_as_typed_or_out_of_the_address_in_a_qr_code(typed: str, code: str) -> None:
    assert clean_code(typed) == code


@pytest.mark.parametrize("typed", ["", "..", "mã <script>", "a" * 80, "../../etc"])
def test_what_is_no_code_is_refused_in_words(typed: str) -> None:
    if typed == "../../etc":
        assert clean_code(typed) == "ETC"
        return
    with pytest.raises(ValueError, match="Mã hồ sơ"):
        clean_code(typed)


@pytest.mark.parametrize("database", ["memory", "postgresql"])
def test_new_codes_are_of_the_office_and_the_day_and_nobody_elses(database: str, request: pytest.FixtureRequest) -> None:
    url = "sqlite://" if database == "memory" else request.getfixturevalue("postgresql_url")
    with closing(SqlCatalogue(url)) as catalogue:
        day = f"{NOW.astimezone():%y%m%d}"
        assert new_code(OFFICE, catalogue, NOW) == f"{OFFICE}-{day}-0001"
        source = Source("a.pdf", "a" * 64, 1, "")
        catalogue.receive(Document("d", f"{OFFICE}-{day}-0041", source, Status.RECEIVED, QueueName.STATION, NOW))
        assert new_code(OFFICE, catalogue, NOW) == f"{OFFICE}-{day}-0042"
        assert new_code("000.00.17.H05", catalogue, NOW) == f"000.00.17.H05-{day}-0001"
        with pytest.raises(ValueError, match="Mã cơ quan"):
            new_code("phường", catalogue, NOW)


def test_two_desks_at_once_get_two_numbers(tmp_path: Path) -> None:
    with closing(SqlCatalogue(f"sqlite:///{tmp_path}/c.sqlite")) as catalogue, ThreadPoolExecutor(4) as desks:
        codes = list(desks.map(lambda _: new_code(OFFICE, catalogue, NOW), range(12)))
    assert len(set(codes)) == 12


def laid(folder: Path, name: str, age: float, content: bytes = b"%PDF") -> Path:
    file = folder / name
    file.write_bytes(content)
    os.utime(file, (NOW.timestamp() - age, NOW.timestamp() - age))
    return file


def test_only_whole_files_are_taken_the_oldest_first(tmp_path: Path) -> None:
    for name, age in (("b.pdf", 10), ("a.TIF", 5), ("fresh.pdf", 0.5), (".hidden.pdf", 10), ("note.txt", 10)):
        laid(tmp_path, name, age)
    laid(tmp_path, "empty.pdf", 10, b"")
    (tmp_path / "link.pdf").symlink_to(tmp_path / "note.txt")
    assert [file.name for file in ScannerFolder(tmp_path).whole(NOW)] == ["b.pdf", "a.TIF"]
    assert "fresh.pdf" in [file.name for file in ScannerFolder(tmp_path).whole(NOW + timedelta(seconds=3))]


def test_what_was_taken_is_moved_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = ScannerFolder(tmp_path)
    for content in (b"one", b"two"):
        folder.put_aside(laid(tmp_path, "scan.pdf", 10, content))
    assert folder.whole(NOW) == ()
    assert {file.name: file.read_bytes() for file in (tmp_path / TAKEN).iterdir()} == {
        "scan.pdf": b"one",
        "scan (2).pdf": b"two",
    }


#: Seconds after which a scanner is thought never to get there; generous, for slow machines.
PATIENCE = 120.0


def over(run: SaneRun) -> Ending:
    """Why a run is over, once it is."""
    deadline = time.monotonic() + PATIENCE
    while (ending := run.ending()) is None:
        assert time.monotonic() < deadline, "the scanner never ends"
        time.sleep(0.02)
    return ending


@needs_sane
def test_a_page_from_the_glass_comes_as_asked_for(tmp_path: Path) -> None:
    run = SaneScanner("test").start(ScanWish(200, "Color"), tmp_path, 1)
    assert over(run) is Ending.DONE
    (page,) = run.pages()
    source = inspect(page, "scan.tif", Bounds())
    assert (source.media_type, source.pages) == ("image/tiff", 1)
    with Image.open(page) as image:
        assert (round(image.info["dpi"][0]), image.mode) == (200, "RGB")


@needs_sane
def test_the_feeder_gives_all_that_lies_in_it_and_pages_are_numbered_on(tmp_path: Path) -> None:
    run = SaneScanner("test").start(ScanWish(200, "Gray", feeder=True), tmp_path, 4)
    assert over(run) is Ending.DONE
    assert [page.name for page in run.pages()] == [f"page-{number:04d}.tif" for number in range(4, 14)]
    assert inspect(bind(list(run.pages()), tmp_path / "scan.tif", 200), "scan.tif", Bounds()).pages == 10


@needs_sane
@pytest.mark.parametrize(
    ("status", "ending"),
    [
        ("JAMMED", Ending.JAMMED),
        ("COVER_OPEN", Ending.COVER_OPEN),
        ("NO_DOCS", Ending.EMPTY),
        ("DEVICE_BUSY", Ending.BUSY),
        ("ACCESS_DENIED", Ending.DENIED),
        ("IO_ERROR", Ending.AWAY),
    ],
)
def test_why_nothing_came_is_known(status: str, ending: Ending, tmp_path: Path) -> None:
    scanner = SaneScanner("test", (f"--read-return-value=SANE_STATUS_{status}",))
    run = scanner.start(ScanWish(200, "Gray", feeder=True), tmp_path, 1)
    assert (over(run), run.pages()) == (ending, ())


@needs_sane
def test_a_scanner_at_work_is_stopped(tmp_path: Path) -> None:
    slow = ("--read-delay=yes", "--read-delay-duration=200000")
    run = SaneScanner("test", slow).start(ScanWish(400, "Color", feeder=True), tmp_path, 1)
    run.stop()
    assert over(run) is Ending.STOPPED


@needs_sane
def test_a_scanner_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert over(SaneScanner("net:nowhere:none").start(ScanWish(), tmp_path, 1)) is Ending.AWAY


def test_a_machine_without_the_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning.shutil, "which", lambda _name: None)
    with pytest.raises(UnavailableError) as refused:
        SaneScanner("test").start(ScanWish(), tmp_path, 1)
    assert refused.value.code == "no_scanner_program"


@pytest.mark.parametrize("device", ["", "--help", "a;b", "x\ny"])
def test_what_names_no_device_is_refused(device: str) -> None:
    with pytest.raises(ValueError, match="names no scanner"):
        SaneScanner(device)


@pytest.mark.parametrize("option", ["source=ADF", "-s", "--source=a\nb", "x"])
def test_what_is_no_option_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match="no option"):
        SaneScanner("test", (option,))


@pytest.mark.parametrize("wish", [ScanWish(10), ScanWish(300, "Lineart")])
def test_what_no_scanner_is_asked_for_is_refused(wish: ScanWish, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot scan"):
        SaneScanner("test").start(wish, tmp_path, 1)


def test_a_good_page_and_a_bad_one_are_told_apart_at_a_glance() -> None:
    page = draw_page().scan.image
    good, blank = glance(page)
    assert good.verdict != "rescan"
    assert not blank
    coarse, _ = glance(PageImage(1, page.pixels[::2, ::2].copy(), page.dpi / 2))
    assert coarse.verdict == "rescan"
    assert "too_few_dpi" in coarse.reasons
    paper, empty = glance(PageImage(1, np.full((1169, 827), 250, np.uint8), 150.0))
    assert (paper.verdict, empty) == ("good", True)


def test_a_black_page_is_no_blank_paper() -> None:
    quality, _ = glance(PageImage(1, np.zeros((1169, 827), np.uint8), 150.0))
    assert (quality.verdict, quality.reasons) == ("rescan", ("too_dark",))


def test_a_page_is_drawn_and_judged_in_a_process_of_its_own(tmp_path: Path) -> None:
    Image.fromarray(draw_page().scan.image.pixels).save(tmp_path / "page.png", dpi=(150, 150))
    views = ScanViews(tmp_path / "views", SystemClock(), Bounds(), jobs=1)
    try:
        source = views.inspect(tmp_path / "page.png", "page.png")
        sight = Sight(tmp_path / "page.png", source.sha256, source.media_type, 1, 90, 240)
        assert views.glance(sight).quality.verdict != "rescan"
        with Image.open(views.view(sight)) as shown:
            assert shown.size[0] == 240
            assert shown.size[0] > shown.size[1]
    finally:
        views.stop()
