"""The scanner of a station: pages seen as they come, stopped, gone on with, handed in as one file."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import structlog
from PIL import Image

from pipeline.domain.errors import NotEntitledError, NotFoundError, SohoaError, StageError, UnavailableError
from pipeline.domain.natures import Nature
from pipeline.scan_views import Glance, ScanViewer
from pipeline.station.feeding import PREFIX, Feeding, Insertion, left_behind
from pipeline.station.scanner import Ending, Run, Scanner, ScanWish, pages_in
from pipeline.station.tray import UNSHOWN

log = structlog.get_logger(__name__)

#: Seconds between two looks at what has come, and without a page until the scanner is thought to hang.
LOOK, PATIENCE = 0.1, 180.0

#: Takes the file with all pages over.
HandIn = Callable[[Path, Feeding], None]


class Feeder:
    """The scanner of the station, one dossier at a time. Close it with :meth:`close`.

    What came through without a hitch is handed in at once. Else it waits: somebody goes on, hands in what there is, or drops
    it. What waits when the process ends, however it ends, waits again in the next one.
    """

    def __init__(self, scanner: Scanner, viewer: ScanViewer, scratch: Path, hand_in: HandIn) -> None:
        """``scratch`` is where pages lie until they are handed in, each run in a folder of its own."""
        self._scanner = scanner
        self._viewer = viewer
        self._scratch = scratch
        self._hand_in = hand_in
        self._lock = threading.RLock()
        self._threads = ThreadPoolExecutor(3, "feeder")
        self._feeding: Feeding | None = self._left()

    def feeding(self, code: str) -> Feeding | None:
        """The papers of a dossier that are on their way; None where there are none."""
        with self._lock:
            return self._feeding if self._feeding is not None and self._feeding.code == code else None

    @property
    def waits_for(self) -> str:
        """The dossier whose pages wait for somebody to decide; empty where none do."""
        with self._lock:
            return self._feeding.code if self._feeding is not None and self._feeding.ending is not None else ""

    def begin(
        self, code: str, actor: str, wish: ScanWish, into: Insertion | None = None, *, nature: Nature = Nature.ORIGINAL
    ) -> Future[None]:
        """Scan; what comes of it is told by :meth:`feeding`. ``nature`` is what the papers are declared to be.

        Raises ``NotEntitledError`` while papers are on their way, ``ValueError`` for a wish that cannot be.
        """
        if not wish.is_possible:
            raise ValueError(f"cannot scan at {wish.resolution} dpi, {wish.mode}")
        with self._lock:
            if self._feeding is not None:
                raise _busy(self._feeding, code)
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._scratch))
            self._feeding = Feeding(code, actor, wish, folder, into, nature)
            self._feeding.note()
            return self._start(self._feeding)

    def go_on(self, code: str) -> Future[None]:
        """Scan what has not come through yet; raises ``NotFoundError`` where nothing waits."""
        with self._lock:
            return self._start(self._waiting(code))

    def stop(self, code: str) -> None:
        """Have the scanner stop; raises ``NotFoundError`` where it scans nothing of this dossier."""
        found = self.feeding(code)
        run = found.run if found is not None and found.ending is None else None
        if run is None:
            raise NotFoundError(f"nothing is scanned for {code!r}")
        run.stop()

    def finish(self, code: str) -> None:
        """Hand in what has come so far; raises ``NotFoundError`` where nothing waits."""
        with self._lock:
            self._finish(self._waiting(code))

    def drop(self, code: str) -> None:
        """Forget what has come so far; raises ``NotFoundError`` where nothing waits."""
        with self._lock:
            self._forget(self._waiting(code))

    def close(self) -> None:
        """Stop scanning; what was not handed in stays on the disk for the next process."""
        with self._lock:
            found = self._feeding
        if found is not None and found.run is not None and found.ending is None:
            found.run.stop()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _start(self, feeding: Feeding) -> Future[None]:
        feeding.run, feeding.ending, feeding.told = None, None, ""
        return self._threads.submit(self._scan, feeding)

    def _scan(self, feeding: Feeding) -> None:
        try:
            feeding.run = self._scanner.start(feeding.wish, feeding.folder, len(feeding.pages) + 1)
            ending = self._follow(feeding, feeding.run)
        except UnavailableError as error:
            ending, feeding.told = Ending.AWAY, error.advice
        with self._lock:
            feeding.ending = ending
            if ending is Ending.DONE:
                self._finish(feeding)

    def _follow(self, feeding: Feeding, run: Run) -> Ending:
        """Take every page as it comes, until the run is over; why it is."""
        last = time.monotonic()
        while True:
            ending = run.ending()
            for path in run.pages()[len(feeding.pages) :]:
                feeding.pages.append(path)
                self._threads.submit(self._look, feeding, len(feeding.pages))
                last = time.monotonic()
            if ending is not None:
                return ending
            if time.monotonic() - last > PATIENCE:
                run.stop()
                return Ending.AWAY
            time.sleep(LOOK)

    def _look(self, feeding: Feeding, number: int) -> None:
        try:
            feeding.glances[number] = self._viewer.glance(feeding.sight(number))
        except SohoaError as error:
            log.warning("page not looked at", page=number, error=error.message)
            feeding.glances[number] = Glance(UNSHOWN)

    def _waiting(self, code: str) -> Feeding:
        found = self.feeding(code)
        if found is None or found.ending is None:
            raise NotFoundError(f"nothing from the scanner waits for {code!r}")
        return found

    def _finish(self, feeding: Feeding) -> None:
        if feeding.pages:
            try:
                bound = bind(feeding.pages, feeding.folder / "scan.tif", feeding.wish.resolution)
                self._hand_in(bound, feeding)
            except SohoaError as error:
                log.warning("scanned papers wait", error=error.message)
                feeding.ending, feeding.told = Ending.STOPPED, error.advice
                feeding.into = feeding.into if isinstance(error, UnavailableError) else None
                return
        self._forget(feeding)

    def _forget(self, feeding: Feeding) -> None:
        shutil.rmtree(feeding.folder, ignore_errors=True)
        self._feeding = self._left()

    def _left(self) -> Feeding | None:
        """What an earlier process left behind, the oldest first; whatever still scans into it is ended."""
        for found in left_behind(self._scratch):
            self._scanner.end_left(found.folder)
            found.pages = list(pages_in(found.folder))
            if found.pages:
                log.warning("scanned papers are taken up again", pages=len(found.pages))
                for number in range(1, len(found.pages) + 1):
                    self._threads.submit(self._look, found, number)
                return found
            shutil.rmtree(found.folder, ignore_errors=True)
        return None


def bind(pages: list[Path], path: Path, resolution: int) -> Path:
    """The pages as one TIFF, without loss, one in memory at a time; raises ``StageError`` where one cannot be opened."""
    try:
        with Image.open(pages[0]) as first:
            first.save(
                path,
                save_all=True,
                append_images=(Image.open(page) for page in pages[1:]),
                compression="tiff_adobe_deflate",
                dpi=(resolution, resolution),
            )
    except OSError as error:
        raise StageError(
            f"a scanned page cannot be opened: {error}",
            code="scan_damaged",
            advice="Có trang quét bị hỏng, không ghép được. Bỏ lần quét này rồi quét lại.",
        ) from error
    return path


def _busy(feeding: Feeding, code: str) -> NotEntitledError:
    if feeding.code == code:
        advice = "Máy quét còn giấy tờ chưa xử lý xong của hồ sơ này."
    elif feeding.ending is None:
        advice = "Máy quét đang quét cho hồ sơ khác. Chờ quét xong."
    else:
        advice = "Máy quét còn trang chờ của hồ sơ khác. Mở hồ sơ đó từ trang Quét, nhận hoặc bỏ các trang ấy."
    return NotEntitledError("the scanner is at work", code="scanner_at_work", advice=advice)
