"""An installation over which the documented commands are run: a stack started once, papers in it, files to hand in."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from pipeline.batches.runs import new_id
from pipeline.bootstrap import Services, build_services
from pipeline.client import make_key
from pipeline.custody.batch_books import BatchBooks
from pipeline.domain.batches import Batch, BatchState
from pipeline.domain.documents import QueueName
from pipeline.settings import Settings
from tests.documentation import MORE, ROOT
from tests.drawn_pdfs import office_pdf, register_fonts
from tests.foreign_files import kitodo

#: Seconds after which something that must come about is thought never to; generous, for slow machines.
PATIENCE = 150.0
CODE = "000.00.16.H05-260105-0001"
_DAY, _ID, _BY = "2026-01-10", "001190000001", ("--basis", "QĐ 12/QĐ-UBND", "--by", "hotich")
_WORD = ("--reason", "Cấp sai", *_BY)

#: How commands go on that the documentation leaves unfinished.
FINISHED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("accounts", "change"): ("lan.nguyen", "--role", "reviewer"),
    ("accounts", "disable"): ("lan.nguyen",),
    ("accounts", "enable"): ("lan.nguyen",),
    ("accounts", "reset-password"): ("lan.nguyen",),
    ("accounts", "reset-second-factor"): ("quantri",),
    ("owner-event", "died"): ("KS-1", "--id", _ID, "--day", _DAY, *_BY),
    ("owner-event", "renamed"): ("KS-2", "--id", _ID, "--now-name", "Trần Thị Bình", "--day", _DAY, *_BY),
    ("owner-event", "id_changed"): ("KS-3", "--id", _ID, "--now-id", "001190000099", "--day", _DAY, *_BY),
    ("owner-event", "cancelled"): ("KS-4", "--id", _ID, "--cancels", "KS-2", "--day", _DAY, *_BY),
    ("webhooks", "add"): ("dvc", "--agency", "000.00.16.H05", "--url", "https://tthc.bacninh.gov.vn/a"),
    ("webhooks", "rotate"): ("SUBSCRIPTION",),
    ("webhooks", "end"): ("SUBSCRIPTION",),
    ("systems", "add"): ("thu", "--name", "Thử", "--agency", "000.00.16.H05", "--scope", "search"),
    ("systems", "change"): ("thu", "--name", "Thử lại"),
    ("systems", "rotate"): ("thu",),
    ("systems", "disable"): ("thu",),
    ("systems", "enable"): ("thu",),
    ("import", "figures"): ("so-lieu.xlsx",),
    ("hold",): ("--actor", "Nguyễn Văn A", "--reason", "Tòa án yêu cầu"),
    ("release",): ("--actor", "Nguyễn Văn A", "--reason", "Vụ án đã kết thúc"),
    ("erase",): ("--actor", "Nguyễn Văn A", "--reason", "Tiêu hủy", "--order", "QĐ 12/QĐ-UBND"),
    ("batch", "show"): ("LÔ",),
    ("batch", "pause"): ("BEGUN",),
    ("batch", "resume"): ("LÔ",),
    ("batch", "cancel"): ("BEGUN",),
    ("batch", "retry"): ("LÔ",),
    ("batch", "report"): ("LÔ",),
    **{(word,): _WORD for word in ("reinstate", "include", "doubt", "clear", "exclude")},
}
_PLAIN = {
    "SCANS...": "scans",
    "FOLDER": "kho",
    "DIR": "ra",
    "CODE": CODE,
    "CODE...": CODE,
    "N": "2",
    "NAME": "Kho",
    "/srv/quet": "srv/quet",
    "DAY": _DAY,
}


class DocumentedHouse:
    """A data folder, a folder to work in, and what placeholders stand for there."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.settings = {"SOHOA_HOME": str(folder / "home"), "SOHOA_WEB_PORT": str(port), "SOHOA_JOBS": "1"}
        self.services: Services | None = None
        self.begun = 0
        self.erased = 0

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its programs."""
        return {name: value for name, value in os.environ.items() if not name.startswith("SOHOA_")} | self.settings

    def sohoa(self, *words: str) -> str:
        """What a command prints that must do well."""
        done = subprocess.run(
            self.command(words), cwd=self.work, env=self.programs(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def command(self, words: Sequence[str]) -> list[str]:
        """``sohoa`` as a program of its own."""
        return [sys.executable, "-m", "pipeline", *words]

    def programs(self) -> Mapping[str, str]:
        """The environment of programs that run in the folder to work in."""
        return self.environment | {"PYTHONPATH": str(ROOT)}

    def start(self) -> None:
        """Start everything, and hand in a dossier."""
        lay_out(self.work)
        self.sohoa("up")
        self.sohoa("submit", "scans", "--dossier", CODE, "--wait")
        self.services = build_services(Settings.from_environment(self.environment))

    def stop(self) -> None:
        """Stop everything."""
        if self.services is not None:
            self.services.close()
        self.sohoa("down")

    def shell(self, text: str, **places: Path) -> None:
        """Type a block of a page into a shell; ``places`` are where folders of the page (/srv/…) lie here."""
        for name, place in sorted(places.items(), key=lambda one: -len(one[0])):
            text = re.sub(rf"/srv/{re.escape(name.replace('_', '-'))}(?![\\w-])", str(place), text)
        shim = self.work / "bin" / "sohoa"
        shim.parent.mkdir(exist_ok=True)
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n')
        shim.chmod(0o755)
        told = {**self.programs(), "PATH": f"{shim.parent}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", "-ec", text], cwd=self.work, env=told, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"

    def move(self, home: Path) -> None:
        """Go on with what runs over the data in ``home``."""
        assert self.services is not None
        self.services.close()
        self.settings["SOHOA_HOME"] = str(home)
        self.services = build_services(Settings.from_environment(self.environment))

    def meant(self, words: Sequence[str]) -> list[str]:
        """The very words to type for those of the documentation."""
        words = tuple(words)
        if words in FINISHED:
            words = (*words, *FINISHED[words])
        elif words[-1] in MORE and not words[-2].startswith("--"):
            key = next((words[:length] for length in (2, 1) if words[:length] in FINISHED), ())
            words = (*words[:-1], *FINISHED.get(key, ()))
        return [self._meant(word, words, words[place - 1] if place else "") for place, word in enumerate(words)]

    def _meant(self, word: str, words: tuple[str, ...], before: str) -> str:
        if word in {"DOCUMENT", "TÀI_LIỆU", "DOCUMENT..."}:
            return self.document(erase=words[0] == "erase")
        if word in MORE:
            return _DAY if before == "--day" else "văn bản"
        if word == "FILE":
            return {"entitlements": "quyen.toml", "exclusions": "khong-dung-lai.toml"}.get(before, "ma.svg")
        special = {"NEW": lambda: self.document(1), "LÔ": self.batch, "SUBSCRIPTION": self.subscription, "BEGUN": self.begin}
        return special[word]() if word in special else _PLAIN.get(word, word)

    def document(self, place: int = 0, *, erase: bool = False) -> str:
        """The id of a document of the dossier; each that is to be erased is another one."""
        assert self.services is not None
        if erase:
            self.erased += 1
            place = 1 + self.erased
        return self.services.catalogue.walk(after="", dossier=CODE)[place].id

    def batch(self) -> str:
        """The id of a batch whose files were all taken; one is handed in where there is none."""
        assert self.services is not None
        books = self.services.catalogue.batches
        if not any(one.complete for one in books.batches()):
            self.sohoa("submit", "kho/hop1", "--batch", "Hộp 1", "--wait")
        return next(one.id for one in books.batches() if one.complete)

    def begin(self) -> str:
        """A batch that somebody was killed over before the first file was taken."""
        assert self.services is not None
        self.begun += 1
        at, clock = str(self.work / "kho" / "2018"), self.services.clock
        batch = Batch(
            new_id(clock), f"Kho {self.begun}", BatchState.RUNNING, False, clock.now(), "cli", QueueName.BATCH, (at,)
        )
        return BatchBooks(self.services.store, self.services.catalogue, clock).open(batch).id

    def subscription(self) -> str:
        """The id of a subscription in force."""
        assert self.services is not None
        return next(one.id for one in self.services.catalogue.outbox.subscriptions() if not one.ended)

    def drop(self, name: str) -> Path:
        """A hot folder with a paper in it."""
        draw(self.work / name / "roi-vao.pdf", f"Giấy thả vào {name}")
        return self.work / name

    def watch(self, words: Sequence[str]) -> None:
        """Run a hot folder until what is dropped into it was taken, then stop it as a service manager does."""
        folder = self.drop(words[1])
        running = subprocess.Popen(
            self.command([*words, "--every", "0.1", "--settle", "0.1"]), cwd=self.work, env=self.programs(), text=True
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not list(folder.glob("done/**/roi-vao.pdf")) and running.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
            assert list(folder.glob("done/**/roi-vao.pdf")), "what was dropped in was not taken"
        finally:
            running.terminate()
        assert running.wait(PATIENCE) == 0


def draw(path: Path, *lines: str) -> None:
    """A paper of one page as an office program makes it: quickly read."""

    def pen(canvas: Canvas) -> None:
        canvas.setFont("Serif", 13)
        for row, line in enumerate(lines):
            canvas.drawString(72, 760 - 24 * row, line)

    path.parent.mkdir(parents=True, exist_ok=True)
    office_pdf(path, pen)


def lay_out(work: Path) -> None:
    """The files that documented commands speak of."""
    register_fonts()
    for number in range(5):
        draw(work / "scans" / f"{number}.pdf", f"QUYẾT ĐỊNH số {number}", "Điều 1. Phê duyệt kế hoạch của xã.")
    for name in ("kho/hop1/a.pdf", "kho/2018/b.pdf", "kho/2019/c.pdf", "kho/2019/d.pdf", "truoc.pdf", "sau.pdf", "scan.pdf"):
        draw(work / name, f"THÔNG BÁO về việc {name}")
    for box in ("hop1", "hop2"):
        kitodo(work / "kho-cu" / box, pages=1, mark=box)
    kitodo(work / "giao-nop", pages=1, mark="giao-nop")
    shutil.make_archive(str(work / "giao-nop"), "zip", work / "giao-nop")
    (work / "ra").mkdir()
    head = "ma_thu_tuc\tten\tlinh_vuc\tcap\tquyet_dinh\n"
    (work / "thu-tuc.tsv").write_text(f"{head}1.001193\tĐăng ký khai sinh\tHộ tịch\tXã\tQĐ 1\n", encoding="utf-8")
    shutil.copy(work / "thu-tuc.tsv", work / "thu-tuc.csv")
    write_figures(work / "so-lieu.xlsx")
    shutil.copy(work / "so-lieu.xlsx", work / "so-lieu-thang-1.xlsx")
    for name, told in zip(("quyen.toml", "khong-dung-lai.toml"), rights(), strict=True):
        (work / name).write_text(told, encoding="utf-8")
    (work / "keys.json").write_text(make_key("csdl-2026")[1], encoding="utf-8")


def rights() -> tuple[str, str]:
    """The lists of entitlements and of exclusions that docs/reuse.md shows."""
    text = (ROOT / "docs" / "reuse.md").read_text(encoding="utf-8")
    block = text.partition("```toml\n")[2].partition("```")[0]
    entitlements, mark, exclusions = block.partition("[[exclusion]]")
    return entitlements, mark + exclusions


def write_figures(path: Path) -> None:
    """Dossiers received and solved in a month, as a province's system hands them over."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ky", "ma_co_quan", "ten_co_quan", "cap", "tiep_nhan", "da_giai_quyet"])
    sheet.append(["2026-01", "000.00.16.H05", "Sở Tư pháp", "tỉnh", 120, 100])
    book.save(path)
