"""Documents written out of the archive, and what shells are told of commands."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from pipeline import archive, bootstrap
from pipeline.archive.hocr import to_hocr
from pipeline.cli import main, make_parser
from pipeline.commands.completions import completion_of
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Office, ScriptedReader

_XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        made = Office(tmp_path, catalogue, ScriptedReader(2))
        made.reader.texts = {"scripted": "Trang <số> {} & hết\nhai dòng"}
        services = SimpleNamespace(flow=made.ports, store=made.store, catalogue=catalogue, clock=made.clock)
        monkeypatch.setattr(bootstrap, "build_services", lambda settings: services)
        yield made


def test_every_form_of_a_document_comes_out_and_it_is_written_down(office: Office, tmp_path: Path) -> None:
    document = office.submit()
    office.work()
    out = tmp_path / "ra"
    forms = [word for form in ("alto", "hocr", "text", "pdf", "record") for word in ("--format", form)]
    assert main(["export", document.id, *forms, "--out", str(out), "--actor", "an"]) == 0
    written = sorted(path.name.removeprefix(f"đơn.{document.id}") for path in (out / "H05").iterdir())
    assert written == [".alto.xml", ".hocr.html", ".json", ".pdf", ".txt"]
    told = office.catalogue.audit.happenings(document.id)[-1]
    assert (told.action, told.actor) == ("export", "an")


def test_hocr_says_what_alto_says(office: Office) -> None:
    document = office.submit()
    office.work()
    document = office.catalogue.document(document.id)
    record, alto = (
        office.store.get(archive.revision_key(document.dossier, document.id, 1, name)) for name in ("record.json", "alto.xml")
    )
    readings = archive.readings_of(record, alto)
    root = ElementTree.fromstring(to_hocr(readings, "đơn & tờ <khai>.pdf"))
    words = [span for span in root.iter(f"{_XHTML}span") if span.get("class") == "ocrx_word"]
    assert [span.text for span in words] == [word.text for page in readings for word in page.text.words]
    box = readings[0].text.words[0].box
    assert (words[0].get("title") or "").startswith(f"bbox {round(box.left)} {round(box.top)}")
    assert len([one for one in root.iter(f"{_XHTML}div") if one.get("class") == "ocr_page"]) == 2


def test_what_is_not_read_yet_cannot_be_written_out(office: Office, tmp_path: Path) -> None:
    document = office.submit()
    assert main(["export", document.id, "--out", str(tmp_path / "ra")]) == 1
    assert main(["export", "--out", str(tmp_path / "ra")]) == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command_and_option(shell: str) -> None:
    script = completion_of(shell, make_parser())
    for word in ("separators", "watch", "export", "dry-run", "retry"):
        assert re.search(rf"\b{word}\b", script)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("batch re", {"resume", "retry", "report"}),
        ("accounts reset", {"reset-password"}),
        ("accounts add --r", {"--role"}),
        ("reread --acc", {"--accepted"}),
        ("sub", {"submit"}),
    ],
)
def test_bash_completes_what_was_begun(tmp_path: Path, typed: str, offered: set[str]) -> None:
    if shutil.which("bash") is None:
        pytest.skip("no bash on this machine")
    script = tmp_path / "sohoa.bash"
    script.write_text(completion_of("bash", make_parser()), encoding="utf-8")
    words = f"sohoa {typed}"
    asked = (
        f'source {script}; COMP_WORDS=({words}); COMP_CWORD={len(typed.split())}; _sohoa; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    found = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True, cwd=tmp_path).stdout.split()
    assert offered <= set(found)
    assert all(one.startswith(typed.rsplit(maxsplit=1)[-1]) for one in found)
