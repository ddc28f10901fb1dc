"""The command line: what it parses, prints and returns."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from pipeline import bootstrap, cli, doctor, local, rereading, stack, submission
from pipeline.cli import FAILURE, INTERRUPTED, OK, REJECTED, USAGE, main, make_parser
from pipeline.doctor import Check, examine
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import DamagedFileError, NotFoundError, UnavailableError
from pipeline.flow import Wish
from pipeline.rereading import Outcome, Rereading
from pipeline.rereading_desk import Accepted, Restraint
from pipeline.settings import Settings
from pipeline.stack import ProcessId, StackState
from pipeline.submission import Entry

COMMANDS = (
    *("digitise", "submit", "reread", "sign", "up", "down", "doctor", "worker", "web", "accounts", "link"),
    *("import", "reindex", "verify", "export-audit", "hold", "release", "erase", "pages", "corrections", "report"),
    *("batch", "separators", "watch", "export", "completion"),
    *("revoke", "supersede", "reinstate", "exclude", "include", "doubt", "clear"),
    *("worth", "owner-event", "check-code", "webhooks", "systems"),
)
AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    structlog.reset_defaults()


def entry(name: str, status: Status, *, known: bool = False) -> Entry:
    source = Source(name, "ab" * 32, 3, "application/pdf")
    return Entry(name, ".", Document(f"id-{name}", ".", source, status, QueueName.BATCH, AT), known)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF")
    return path


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """What handing in comes to, without any server."""
    entries: list[Entry] = []
    reason = SimpleNamespace(reason="split was begun 3 times")
    catalogue = SimpleNamespace(events=lambda document_id: [reason])
    monkeypatch.setattr(bootstrap, "build_services", lambda settings: SimpleNamespace(settings=settings, catalogue=catalogue))
    monkeypatch.setattr(submission, "submit", lambda paths, services, queue, dossier, engine, by: iter(entries))
    monkeypatch.setattr(submission, "follow", lambda handed_in, services, progress: iter(handed_in))
    return entries


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == OK
    assert f"sohoa {command}" in capsys.readouterr().out.split("example:")[1]


def test_help_names_exactly_the_commands_there_are() -> None:
    assert set(COMMANDS) == set(make_parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]


def test_help_waits_for_no_heavy_library(root: Path) -> None:
    heavy = {"cv2", "fastapi", "minio", "sqlalchemy"}
    code = f"import sys, pipeline.cli; pipeline.cli.make_parser(); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "read",
        "submit",
        "digitise a.pdf",
        "worker --jobs 0",
        "submit a --queue x",
        "reread",
        "reread a --all",
        "reread --all --dossier b",
        "digitise a --out b --engine x",
    ],
)
def test_wrong_usage_is_exit_code_2(line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == USAGE


def test_a_path_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["submit", "nowhere.pdf"]) == USAGE
    assert "nowhere.pdf" in capsys.readouterr().err


def test_a_setting_that_makes_no_sense_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOHOA_JOBS", "many")
    assert main(["down"]) == USAGE
    assert "SOHOA_JOBS" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnavailableError("the broker is away", advice="Khởi động máy chủ."), FAILURE),
        (NotFoundError("no document"), FAILURE),
        (DamagedFileError("a.pdf is damaged"), REJECTED),
        (ValueError("no such thing"), USAGE),
        (PermissionError("may not write"), FAILURE),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_each_kind_of_error_has_its_exit_code_and_says_what_it_is(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(settings: Settings) -> bool:
        raise error

    monkeypatch.setattr(stack, "down", fail)
    assert main(["down"]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("sohoa: ")
    assert getattr(error, "advice", "") in told.err


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([Status.APPROVED, Status.NEEDS_REVIEW], OK),
        ([Status.APPROVED, Status.REJECTED], REJECTED),
        ([Status.REJECTED, Status.FAILED], FAILURE),
        ([Status.RECEIVED], OK),
    ],
)
@pytest.mark.parametrize("wait", [True, False])
def test_the_exit_code_of_submit_follows_the_worst_document(
    desk: list[Entry], scan: Path, statuses: list[Status], code: int, wait: bool
) -> None:
    desk += [entry(f"{number}.pdf", status) for number, status in enumerate(statuses)]
    assert main(["submit", str(scan), *(["--wait"] if wait else [])]) == code


@pytest.mark.parametrize("wait", [True, False])
def test_with_json_standard_output_holds_one_object_a_document_and_nothing_else(
    desk: list[Entry], scan: Path, wait: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    error = DamagedFileError("b.zip is damaged", advice="Hãy quét lại.")
    desk += [entry("a.pdf", Status.FAILED, known=True), Entry("b.zip", ".", error=error)]
    main(["submit", str(scan), "--json", *(["--wait"] if wait else [])])
    lines: list[Any] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["source"]["name"], line["status"], line["already"]) for line in lines] == [
        ("a.pdf", "failed", True),
        ("b.zip", "rejected", False),
    ]
    assert [line["problems"][0]["message"] for line in lines] == ["split was begun 3 times", "Hãy quét lại."]


def test_without_json_a_person_reads_what_became_of_each_file(
    desk: list[Entry], scan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk += [entry("a.pdf", Status.RECEIVED), entry("b.pdf", Status.APPROVED, known=True)]
    main(["submit", str(scan)])
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["received", "id-a.pdf", "a.pdf"]
    assert second.endswith("b.pdf (already there)")


def test_a_file_that_another_engine_has_read_comes_with_the_command_that_reads_it_again(
    desk: list[Entry], scan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known = entry("a.pdf", Status.APPROVED, known=True)
    desk.append(known)
    line = {
        "status": "approved",
        "document": "d1",
        "source": {"name": "a.pdf"},
        "already": True,
        "engine": {"name": "tesserocr"},
    }
    monkeypatch.setattr(submission, "as_line", lambda entry, services: line)
    main(["submit", str(scan), "--engine", "tesseract"])
    assert "sohoa reread d1 --engine tesseract" in capsys.readouterr().out
    main(["submit", str(scan), "--engine", "tesserocr"])
    assert "reread" not in capsys.readouterr().out


def test_submit_without_a_stack_says_how_to_start_one(scan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["submit", str(scan)]) == FAILURE
    assert "sohoa up" in capsys.readouterr().err


def test_up_tells_where_the_page_is_and_what_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    running = StackState(ProcessId("supervisor", 7, 1.0), (ProcessId("web", 8, 1.0),), "http://127.0.0.1:8321/", ready=True)
    monkeypatch.setattr(stack, "up", lambda settings: (running, True))
    assert main(["up"]) == OK
    assert "Sohoa is up: http://127.0.0.1:8321/" in (out := capsys.readouterr().out)
    assert "pid 8" in out
    assert main(["up", "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["parts"] == [{"name": "web", "pid": 8, "started": 1.0}]


def test_up_leaves_servers_of_ones_own_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("SOHOA_REDIS_URL", "redis://broker.example:6379/0")
    assert main(["up"]) == USAGE
    assert "sohoa worker" in capsys.readouterr().err


def test_down_where_nothing_runs_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["down"]) == OK
    assert capsys.readouterr().out.startswith("Sohoa was not running")


def test_doctor_fails_for_what_is_needed_only_and_names_the_mending_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    optional = Check("poppler", False, "not found", "apt install poppler-utils", needed=False)
    needed = Check("tesseract", False, "not found", "apt install tesseract-ocr")
    monkeypatch.setattr(doctor, "examine", lambda settings: [Check("python", True, "3.11"), optional])
    assert main(["doctor"]) == OK
    assert "mend it with: apt install poppler-utils" in capsys.readouterr().out
    monkeypatch.setattr(doctor, "examine", lambda settings: [needed])
    assert main(["doctor", "--json"]) == FAILURE
    assert json.loads(capsys.readouterr().out) == {
        "name": "tesseract", "ok": False, "found": "not found", "mend": "apt install tesseract-ocr", "needed": True,
    }  # fmt: skip


def test_doctor_finds_a_bare_machine_wanting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    checks = {check.name: check for check in examine(Settings(home=tmp_path / "home", language="vie"))}
    missing = {name for name, check in checks.items() if check.needed and not check.ok}
    assert {"tesseract", "model vie", "model osd"} <= missing
    assert "tesseract-ocr-vie" in checks["model vie"].mend
    assert checks["stack"].mend == "sohoa up"


def test_doctor_finds_a_folder_nobody_may_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    checks = {check.name: check for check in examine(Settings(home=tmp_path / "file" / "home"))}
    assert not checks["data folder"].ok


def test_the_table_of_exit_codes_has_an_answer_for_every_error_of_ours() -> None:
    assert all(any(issubclass(kind, known) for known, _ in cli.EXIT_CODES) for kind in (UnavailableError, DamagedFileError))


@pytest.fixture
def rereadings(monkeypatch: pytest.MonkeyPatch, desk: list[Entry]) -> dict[str, Any]:
    """What ``sohoa reread`` asks for, and two documents that come of it."""
    asked: dict[str, Any] = {}
    documents = [entry(name, Status.APPROVED).document for name in ("a.pdf", "b.pdf")]

    def by_workers(
        documents: object, wish: Wish, services: object, progress: object, restraint: Restraint
    ) -> Iterator[Rereading]:
        asked.update(how="workers", wish=wish, again=restraint.again, restraint=restraint)
        yield from results

    def by_itself(documents: object, engine: str, *more: Any) -> Iterator[Rereading]:
        asked.update(how="preview", engine=engine, restraint=more[-1])
        yield from results

    results = [Rereading(d, Outcome.UNCHANGED, 1) for d in documents if d]
    asked["results"] = results
    monkeypatch.setattr(rereading, "reread", by_workers)
    monkeypatch.setattr(rereading, "preview", by_itself)
    monkeypatch.setattr(rereading, "keep_previews", lambda seen, services: asked.update(kept=True) or seen)
    monkeypatch.setattr(rereading, "choose", lambda services, ids, dossier: asked.update(ids=ids, dossier=dossier))
    return asked


def test_reread_makes_revisions_by_the_batch_workers_unless_asked_otherwise(rereadings: dict[str, Any]) -> None:
    assert main(["reread", "--all"]) == OK
    assert (rereadings["how"], rereadings["wish"]) == ("workers", Wish(QueueName.BATCH, "tesserocr"))
    assert main(["reread", "x", "y", "--queue", "station", "--engine", "tesseract", "--again"]) == OK
    assert (rereadings["wish"], rereadings["ids"], rereadings["again"]) == (
        Wish(QueueName.STATION, "tesseract"),
        ["x", "y"],
        True,
    )
    assert main(["reread", "--dossier", "H05", "--diff", "--apply"]) == OK
    assert (rereadings["how"], rereadings["dossier"]) == ("workers", "H05")


def test_reread_goes_by_what_was_accepted_and_gives_way_where_asked(
    rereadings: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "doi.jsonl"
    plan.write_text('{"document": "x", "outcome": "changed", "revision": 3}\n', encoding="utf-8")
    assert main(["reread", "--accepted", str(plan), "--background", "--spare-held"]) == OK
    assert rereadings["ids"] == ("x",)
    assert rereadings["restraint"] == Restraint(False, True, {"x": Accepted(3)}, True)
    plan.write_text("")
    rereadings["ids"] = None
    assert main(["reread", "--accepted", str(plan)]) == OK
    assert rereadings["ids"] is None
    assert main(["reread", "--all", "--background", "--queue", "station"]) == USAGE
    assert "say one of them" in capsys.readouterr().err


def test_reread_with_diff_alone_has_no_worker_do_anything(rereadings: dict[str, Any]) -> None:
    assert main(["reread", "--all", "--diff", "--engine", "tesseract"]) == OK
    assert (rereadings["how"], rereadings["engine"], rereadings["kept"]) == ("preview", "tesseract", True)


def test_reread_tells_one_object_a_document_and_its_totals_aside(
    rereadings: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    rereadings["results"][0] = replace(rereadings["results"][0], outcome=Outcome.FAILED, reason="no gain")
    assert main(["reread", "--all", "--json"]) == FAILURE
    told = capsys.readouterr()
    assert [json.loads(line)["outcome"] for line in told.out.splitlines()] == ["failed", "unchanged"]
    assert "2 documents: 0 changed, 1 unchanged, 0 skipped, 1 failed" in told.err


def test_apply_goes_with_diff(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reread", "--all", "--apply"]) == USAGE
    assert "--diff" in capsys.readouterr().err


def test_an_interrupted_reread_says_how_to_go_on(
    rereadings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> Iterator[Rereading]:
        yield rereadings["results"][0]
        raise KeyboardInterrupt

    monkeypatch.setattr(rereading, "reread", interrupted)
    assert main(["reread", "--all"]) == INTERRUPTED
    told = capsys.readouterr()
    assert "1 documents" in told.out
    assert "goes on from here" in told.err


def test_the_engine_of_digitise_outweighs_the_setting(scan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines: list[str] = []
    monkeypatch.setattr(local, "digitise", lambda paths, out, settings, **_: engines.append(settings.engine) or [])
    for more in ([], ["--engine", "tesseract"]):
        assert main(["digitise", str(scan), "--out", str(scan.parent / "out"), *more]) == OK
    assert engines == ["tesserocr", "tesseract"]
