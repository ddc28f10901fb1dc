"""The hot folder: half-written, locked and clashing files, and a watcher that is killed again and again."""

from __future__ import annotations

import fcntl
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.batches.hot_folder import DONE, REASON, REJECTED, WORK, HotFolder
from pipeline.batches.watch import Intray
from pipeline.commands.watching import _turn
from pipeline.domain.batches import BatchState, FileState, Handling
from pipeline.domain.errors import UnavailableError
from storage.catalogue import SqlCatalogue
from tests.batch_office import BatchOffice
from tests.scripted_office import Killed


class Hot:
    """A watched folder over an installation in memory."""

    def __init__(self, folder: Path, catalogue: SqlCatalogue) -> None:
        self.office = BatchOffice(folder, catalogue)
        self.root = folder / "nóng"
        self.root.mkdir()
        self.restart()

    def restart(self) -> None:
        """Another watcher, that knows nothing."""
        self.tray = Intray(self.root, self.office.runner, Handling(split=True))
        self.folder = HotFolder(self.root, self.tray.hand_in, self.office.clock, self.tray.today, "H7")

    def drop(self, name: str, *pages: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
        return path

    def poll(self, *, rounds: int = 2, seconds: float = 6.0) -> list[str]:
        found = []
        for _ in range(rounds):
            self.office.clock.advance(timedelta(seconds=seconds))
            found += [handled.name for handled in self.folder.poll()]
        return found

    def laid(self, where: str) -> list[str]:
        home = self.root / where
        return sorted(str(one.relative_to(home)) for one in home.rglob("*") if one.is_file())


@pytest.fixture
def hot(tmp_path: Path) -> Iterator[Hot]:
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        yield Hot(tmp_path, catalogue)


def test_a_file_is_taken_once_it_is_whole_and_laid_into_done(hot: Hot) -> None:
    hot.drop("a.pdf", "một")
    assert hot.poll(rounds=1) == []
    assert hot.poll(rounds=1) == ["a.pdf"]
    assert hot.laid(DONE) == ["a.pdf"]
    assert not hot.laid(WORK)
    hot.office.finish(hot.tray.today())
    assert hot.office.words() == ["một"]


def test_a_file_that_grows_or_is_locked_or_called_unfinished_waits(hot: Hot) -> None:
    growing = hot.drop("a.pdf", "một")
    hot.drop("b.pdf.part", "hai")
    locked = hot.drop("c.pdf", "ba")
    with locked.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        hot.poll(rounds=1)
        growing.write_text(json.dumps(["một", "hai"]), encoding="utf-8")
        assert hot.poll(rounds=1) == []
        assert hot.poll(rounds=1) == ["a.pdf"]
    assert hot.poll() == ["c.pdf"]
    (hot.root / "b.pdf.part").rename(hot.root / "b.pdf")
    assert hot.poll() == ["b.pdf"]


def test_a_pdf_that_breaks_off_is_given_ten_minutes(hot: Hot) -> None:
    broken = hot.root / "a.pdf"
    broken.write_bytes(b"%PDF-1.7 half of it")
    assert hot.poll(rounds=5) == []
    broken.write_bytes(b"%PDF-1.7 half of it, and the rest %%EOF")
    hot.office.reader.inspect = lambda path, name: pytest.fail("not yet")  # type: ignore[method-assign]
    assert hot.poll(rounds=1) == []


def test_a_reject_lies_beside_its_reason_and_its_repair_is_taken(hot: Hot) -> None:
    (hot.root / "a.pdf").write_bytes(b"locked")
    assert hot.poll() == ["a.pdf"]
    assert hot.laid(REJECTED) == ["a.pdf", f"a.pdf{REASON}"]
    told = (hot.root / REJECTED / f"a.pdf{REASON}").read_text(encoding="utf-8")
    assert "Lý do: Tệp có mật khẩu." in told and "Việc cần làm" in told
    hot.drop("a.pdf", "một")
    assert hot.poll() == ["a.pdf"]
    assert hot.laid(DONE) == ["a.pdf"]
    assert hot.office.catalogue.batches.tally(hot.tray.today()).count(FileState.REPAIRED) == 1


def test_a_subfolder_is_a_dossier_and_the_same_names_never_clash(hot: Hot) -> None:
    for content in ("một", "hai", "ba"):
        hot.drop("a.pdf", content)
        hot.drop("H49.01/a.pdf", content)
        hot.poll()
    assert hot.laid(DONE) == ["H49.01/a (2).pdf", "H49.01/a (3).pdf", "H49.01/a.pdf", "a (2).pdf", "a (3).pdf", "a.pdf"]
    hot.office.finish(hot.tray.today())
    assert {document.dossier for document in hot.office.catalogue.walk(limit=50)} == {"H7", "H49.01"}
    assert sorted(hot.office.words()) == sorted(["một", "hai", "ba"] * 2)


def test_while_the_store_is_away_files_wait(hot: Hot) -> None:
    hot.drop("a.pdf", "một")
    hot.poll(rounds=1)
    hot.tray.today()
    hot.office.store.away = True
    assert hot.poll() == []
    hot.office.store.away = False
    assert hot.poll() == ["a.pdf"]


def test_a_file_that_cannot_be_laid_aside_waits_and_is_no_second_document(hot: Hot, monkeypatch: pytest.MonkeyPatch) -> None:
    hot.drop("a.pdf", "một")
    rename = Path.rename

    def held(path: Path, target: Path) -> Path:
        if DONE in Path(target).parts:
            raise PermissionError("the share says that somebody has it open")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", held)
        assert hot.poll(rounds=4) == []
    assert hot.poll() == ["a.pdf"]
    assert hot.laid(DONE) == ["a.pdf"]
    assert len(hot.office.catalogue.walk(limit=5)) == 1


def test_the_watcher_outlives_a_share_or_catalogue_that_is_away(
    hot: Hot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hot.drop("a.pdf", "một")
    hot.poll(rounds=1)
    hot.office.clock.advance(timedelta(seconds=6))
    with monkeypatch.context() as patched:
        for error in (UnavailableError("the catalogue does not answer"), OSError(116, "Stale file handle")):
            patched.setattr(hot.tray.runner.__class__, "open", lambda *_, error=error: raise_it(error))
            assert _turn(hot.tray, hot.folder) == []
    assert "does not answer" in (told := capsys.readouterr().err) and "Stale" in told
    assert (hot.root / "a.pdf").exists()
    assert len(_turn(hot.tray, hot.folder)) == 1
    assert hot.laid(DONE) == ["a.pdf"]


def raise_it(error: Exception) -> None:
    raise error


def test_each_day_is_a_batch_that_ends_with_it(hot: Hot) -> None:
    hot.drop("a.pdf", "một")
    hot.poll()
    first = hot.tray.today()
    hot.office.finish(first)
    assert hot.office.catalogue.batches.batch(first).state is BatchState.RUNNING
    hot.office.clock.advance(timedelta(days=1))
    second = hot.tray.today()
    hot.tray.close_past()
    hot.office.finish(first)
    assert (first != second, hot.office.catalogue.batches.batch(first).state) == (True, BatchState.DONE)


def test_of_500_files_dropped_in_pieces_with_clashes_and_kills_none_is_lost_or_doubled(
    hot: Hot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(500)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if chance.random() < 0.04:
            raise Killed
        moved = real(self, target)
        if chance.random() < 0.04:
            raise Killed
        return moved

    monkeypatch.setattr(Path, "rename", rename)
    wanted = [f"tờ-{number}" for number in range(500)]
    dropping = [(f"{chance.choice('abcdefgh')}{chance.randrange(4)}.pdf", word) for word in wanted]
    growing: list[tuple[Path, bytes, bytes]] = []
    kills = 0
    while dropping or growing or hot.folder._dropped() or hot.folder._taken():
        for name, word in [dropping.pop() for _ in range(min(len(dropping), chance.randrange(25)))]:
            path, data = hot.root / chance.choice(("", "H8.01")) / name, json.dumps([word]).encode()
            path.parent.mkdir(exist_ok=True)
            if path.exists():
                dropping.append((name, word))
            elif chance.random() < 0.3:
                path.write_bytes(data[:3])
                growing.append((path, data[:3], data[3:]))
            else:
                path.write_bytes(data)
        grown = [growing.pop() for _ in range(min(len(growing), chance.randrange(6)))]
        for path, begun, rest in grown:
            path.write_bytes(begun + rest)
        hot.office.clock.advance(timedelta(seconds=3))
        growing = [(path, *more) for path, *more in growing if path.exists()]
        try:
            for path, *_ in growing:
                path.touch()
                hot.folder._seen.pop(path, None)
            list(hot.folder.poll())
        except Killed:
            kills += 1
            hot.restart()
    monkeypatch.undo()
    batch = hot.tray.today()
    parts = [one.part for one in hot.office.catalogue.batches.placed(batch, limit=1000)]
    assert kills > 20
    kept = [json.loads(hot.office.store.get(archive.original_key(part.sha256))) for part in parts]
    assert sorted(word for (word,) in kept) == sorted(wanted)
    assert hot.office.catalogue.batches.tally(batch).sides == 500
    assert len(hot.laid(DONE)) == 500


WATCHER = """
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from storage.catalogue import SqlCatalogue
from tests.batch_office import BatchOffice
from pipeline import archive
from pipeline.batches.hot_folder import HotFolder, Patience
from pipeline.batches.watch import Intray
from pipeline.domain.batches import Handling
from storage.clocks import SystemClock

root, home = Path(sys.argv[1]), Path(sys.argv[2])
catalogue = SqlCatalogue(f"sqlite:///{home}/catalogue.sqlite")
office = BatchOffice(home, catalogue)
tray = Intray(root, office.runner, Handling())
folder = HotFolder(root, tray.hand_in, SystemClock(), tray.today, "H7", Patience(timedelta(0)))
print("ready", flush=True)
while True:
    for handled in folder.poll():
        print(handled.name, flush=True)
"""


def test_killed_outright_a_watcher_leaves_nothing_behind(tmp_path: Path, root: Path) -> None:
    hot, home = tmp_path / "nóng", tmp_path / "home"
    hot.mkdir()
    home.mkdir()
    for number in range(40):
        (hot / f"{number:02d}.pdf").write_text(json.dumps([f"tờ-{number}"]), encoding="utf-8")
    for kill in (8, 20, None):
        begun = subprocess.Popen([sys.executable, "-c", WATCHER, hot, home], cwd=root, stdout=subprocess.PIPE, text=True)
        assert begun.stdout is not None
        for line in begun.stdout:
            if len(list((hot / DONE).glob("*"))) >= (kill or 40) and line != "ready\n":
                break
        begun.send_signal(signal.SIGKILL)
        begun.wait()
        begun.stdout.close()
    with closing(SqlCatalogue(f"sqlite:///{home}/catalogue.sqlite")) as catalogue:
        (batch,) = catalogue.batches.batches()
        assert catalogue.batches.tally(batch.id).sides == 40
        assert len({one.part.sha256 for one in catalogue.batches.placed(batch.id)}) == 40
    assert len(list((hot / DONE).glob("*.pdf"))) == 40
