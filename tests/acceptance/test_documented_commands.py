"""Every command of README and docs, run: with papers in the house, in the order of the pages, and doing what is told of it."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import pairwise
from pathlib import Path

import pytest
import structlog

from pipeline.cli import FAILURE, OK, REJECTED, main, make_parser
from pipeline.stack import state
from tests.documentation import ROOT, Shown, blocks, shown, variants
from tests.documented_house import DocumentedHouse

#: Commands that rightly end otherwise in this house, and why.
ENDS = {
    "erase DOCUMENT --actor Nguyễn Văn A --reason Hết thời hạn bảo quản": FAILURE,  # its term has just begun
    "sign DOCUMENT...": FAILURE,  # no agency key is set; tests/workers/test_signing_flow.py signs
    "check-code DOCUMENT --qr FILE": FAILURE,  # nobody has reviewed it yet; tests/unit/test_reuse_commands.py makes codes
    "submit --declared photocopy": REJECTED,  # as is told of it: refused, nothing kept
}
#: Commands that are run elsewhere, by the test that does.
ELSEWHERE = {
    "webhooks retry DELIVERY": "tests/unit/test_reuse_commands.py",  # needs a delivery that was given up after two days
    "web --interface --processes 4 --port 8322": "tests/unit/test_web_processes.py",  # serves until it is stopped
    "webhooks retry ...": "tests/unit/test_reuse_commands.py",
    "webhooks drop ...": "tests/unit/test_reuse_commands.py",
    "webhooks drop DELIVERY --reason đã báo bằng công văn": "tests/unit/test_reuse_commands.py",
}
#: What belongs to a command that a page names with its options alone.
NAMED = {
    "submit --declared photocopy": ("submit", "scan.pdf", "--declared", "photocopy"),
    "systems add --rate": ("systems", "change", "dvc", "--rate", "60"),
}
#: What runs for as long as the house stands: `sohoa up` starts it.
SERVERS = {("worker",), ("web",), ("up",)}
#: What comes last: after all that was done to the papers everything must be in order.
LAST = ("reindex", "verify")


def commands() -> Iterator[Shown]:
    """Each once, in the order of the pages; what pages speak of only where it is a whole command."""
    known: set[tuple[str, ...]] = set()
    for one in shown():
        for words in variants(one.words) if one.program == "sohoa" else ():
            told = " ".join(words)
            key = (*words, one.output)
            if words and key not in known and words != ("down",) and (one.whole or len(words) > 1 or told in NAMED):
                known.add(key)
                yield Shown(one.page, one.program, words, one.settings, one.output, one.whole)


def spoken_of() -> set[str]:
    """The names of commands that pages speak of, without saying how they go on."""
    return {one.words[0] for one in shown() if one.program == "sohoa" and len(one.words) == 1}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentedHouse]:
    made = DocumentedHouse(tmp_path_factory.mktemp("documented"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def here(house: DocumentedHouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands run in the folder to work in, with the settings of the house and leave to post events to one host."""
    monkeypatch.chdir(house.work)
    for name, value in house.settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SOHOA_WEBHOOK_HOSTS", "tthc.bacninh.gov.vn")
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in signals.items():
        signal.signal(number, handler)
    structlog.reset_defaults()


@pytest.mark.parametrize("one", list(commands()), ids=lambda one: f"{one.page}: {one}")
def test_what_the_documentation_shows_does_what_it_says(
    one: Shown, house: DocumentedHouse, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = " ".join(one.words)
    if told in ELSEWHERE:
        assert f'"{one.words[1]}"' in (ROOT / ELSEWHERE[told]).read_text(encoding="utf-8")
        return
    if one.words in SERVERS:
        runs_already(one.words[0], house)
        return
    words = house.meant(NAMED.get(told, one.words))
    if not one.whole and not can_be_typed(words):
        words = [*words[:2], "--help"]  # a page speaks of it in passing; how it goes on stands elsewhere
    if words[0] == "watch" and one.page == "README.md":
        house.watch(words)
        return
    if words[0] == "watch":
        house.drop(words[1])
        words += ["--once", "--every", "0.1", "--settle", "0.1"]
    for name, value in one.settings:
        monkeypatch.setenv(name, value)
    code = run(words, Path(one.output).name if one.output else "")
    said = capsys.readouterr()
    assert code == ENDS.get(told, OK), f"{one.page}: sohoa {shlex.join(words)}\n{said.out}\n{said.err}"
    written = [file for option, file in pairwise(words) if option in {"--out", "--qr"}] if code == OK else []
    assert all(Path(file).exists() for file in written), written


def can_be_typed(words: list[str]) -> bool:
    try:
        make_parser().parse_args(words)
    except SystemExit as left:
        return not left.code
    return True


def run(words: list[str], output: str) -> int:
    """The exit code; what is printed goes to the file ``output``, if one is named."""
    try:
        if output:
            with Path(output).open("w", encoding="utf-8") as file, redirect_stdout(file):
                return main(words)
        return main(words)
    except SystemExit as left:
        return int(left.code or 0)


def runs_already(name: str, house: DocumentedHouse) -> None:
    running = state(house.services.settings) if house.services else None
    assert running is not None
    assert {"up": "supervisor", "worker": "batch", "web": "web"}[name] in {
        "supervisor",
        *(part.name for part in running.parts),
    }


def test_commands_that_pages_speak_of_are_run_in_some_form() -> None:
    tried = {one.words[0] for one in commands()} | {words[0] for words in SERVERS} | {*LAST, "down"}
    assert spoken_of() <= tried


def test_words_that_came_along_stand_in_the_archive_once_they_were_asked_to_be_kept(house: DocumentedHouse) -> None:
    assert house.services is not None
    (batch,) = [one for one in house.services.catalogue.batches.batches() if one.name == "Hộp 2"]
    assert main(["batch", "retry", batch.id, "--wait"]) == OK
    assert main(["export", "--batch", batch.id, "--format", "text", "--out", "ra-2"]) == OK
    (text,) = Path("ra-2").rglob("*.txt")
    assert "Số: 717/QĐ-UBND" in text.read_text(encoding="utf-8")
    assert "hop2" not in text.read_text(encoding="utf-8")


def test_the_backup_of_the_guide_comes_back_in_another_place(house: DocumentedHouse, tmp_path: Path) -> None:
    (backup,), (restore,) = (blocks("huong-dan-quan-tri.md", heading) for heading in ("Sao lưu", "Khôi phục"))
    there = Path(house.settings["SOHOA_HOME"])
    places = {"sohoa": there, "sohoa_moi": there.parent / "sohoa-moi", "sao_luu": tmp_path}
    house.shell(backup.removesuffix("sohoa up\n"), **places)
    there.rename(there.parent / "lost")
    house.shell(restore, **places)
    house.move(places["sohoa_moi"])


@pytest.mark.parametrize("name", LAST)
def test_after_all_that_the_house_is_in_order(name: str, house: DocumentedHouse, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == OK, capsys.readouterr().out


def test_the_exported_log_is_checked_offline_as_the_page_says(house: DocumentedHouse) -> None:
    (told,) = [one for one in shown() if one.words and one.words[0] == "scripts/check_audit.py"]
    assert main(["export-audit", "--from", "2026-01-01", "--to", "2030-12-31", "--out", "audit.jsonl"]) == OK
    plain = told.words[: told.words.index("--head")]
    script = (str(ROOT / plain[0]), *plain[1:])
    done = subprocess.run([sys.executable, *script], cwd=house.work, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
