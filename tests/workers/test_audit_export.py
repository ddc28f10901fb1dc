"""An export of the audit log, and the script that checks it anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import archive
from pipeline.custody.audit_export import Export, export_audit
from pipeline.custody.auditing import Auditing
from pipeline.domain.audit import Action, canonical
from scripts import check_audit
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore


@pytest.fixture
def auditing(tmp_path: Path) -> Iterator[Auditing]:
    """A log of three days, five lines each, the last of them not over."""
    clock = FixedClock()
    with closing(SqlCatalogue("sqlite://")) as catalogue:
        made = Auditing(MemoryStore(), catalogue.audit, clock)
        for day in range(3):
            for number in range(5):
                made.note(Action.VIEW, actor="cán bộ A", reason=f"ngày {day}, việc {number}", document="d1")
            made.seal()
            if day < 2:
                clock.advance(timedelta(days=1))
        yield made


@pytest.fixture
def export(auditing: Auditing, tmp_path: Path) -> Export:
    return export_audit(auditing, "2026-01-05", "2026-01-07", tmp_path / "audit.jsonl")


def rows(export: Export) -> list[dict[str, object]]:
    return check_audit.read(str(export.lines_file))


def anchors(export: Export) -> list[dict[str, object]]:
    return check_audit.read(str(export.anchors_file))


def test_an_export_holds_the_lines_of_the_days_and_all_anchors(auditing: Auditing, export: Export, tmp_path: Path) -> None:
    assert (export.lines, export.anchors, export.waiting) == (15, 2, 0)
    middle = export_audit(auditing, "2026-01-06", "2026-01-06", tmp_path / "middle.jsonl")
    assert [row["seq"] for row in rows(middle)] == [6, 7, 8, 9, 10]
    assert list(check_audit.check(rows(middle), anchors(middle))) == []
    nothing = export_audit(auditing, "2025-01-01", "2025-01-02", tmp_path / "nothing.jsonl")
    assert nothing.lines == 0


def test_the_script_stands_alone(export: Export, root: Path, tmp_path: Path) -> None:
    alone = tmp_path / "elsewhere" / "check_audit.py"
    alone.parent.mkdir()
    alone.write_bytes((root / "scripts" / "check_audit.py").read_bytes())
    head = str(anchors(export)[0]["hash"])
    command = [sys.executable, "-I", "-S", str(alone), str(export.lines_file), "--anchors", str(export.anchors_file)]
    done = subprocess.run([*command, "--head", head], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "15 lines, 10 of them under an anchor, 2 anchors: all sound\n")
    done = subprocess.run([*command, "--head", "0" * 64], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "were rewritten" in done.stdout


def test_every_change_of_an_export_is_told(export: Export) -> None:
    lines, sealed = rows(export), anchors(export)
    changes = {
        "line 3: it was altered": [*lines[:2], {**lines[2], "actor": "ai đó"}, *lines[3:]],
        "lines 3 to 3 were removed": [*lines[:2], *lines[3:]],
        "another order": [*lines[:2], lines[3], lines[2], *lines[4:]],
        "its last line 5 is not there": [*lines[:4], *lines[5:]],
    }
    for told, changed in changes.items():
        assert any(told in one for one in check_audit.check(changed, sealed)), told


def test_a_log_rewritten_with_all_its_hashes_is_told_by_the_anchors(export: Export) -> None:
    lines = rows(export)
    previous = lines[1]["hash"]
    for line in lines[2:]:
        line |= {"actor": "ai đó", "previous": previous}
        previous = line["hash"] = check_audit.digest(line)
    assert list(check_audit.check_lines(lines)) == []
    assert any("the log was rewritten" in one for one in check_audit.check(lines, anchors(export)))


def test_anchors_that_were_changed_or_removed_are_told(export: Export) -> None:
    lines, (first, second) = rows(export), anchors(export)
    assert any("altered" in one for one in check_audit.check(lines, [{**first, "head": "0" * 64}, second]))
    assert any("anchors before it" in one for one in check_audit.check(lines, [second]))
    forged = {**first, "head": "0" * 64}
    forged["hash"] = check_audit.digest(forged)
    assert any("does not follow" in one for one in check_audit.check(lines, [forged, second]))


def test_a_damaged_log_is_exported_as_it_is(auditing: Auditing, tmp_path: Path) -> None:
    auditing.note(Action.VIEW, actor="cán bộ A", reason="chưa niêm phong", document="d1")
    auditing.store.put(archive.segment_key(16), b"broken")
    key = archive.anchor_key("2026-01-05")
    auditing.store.put(key, auditing.store.get(key).replace(b'"last":5', b'"last":4'))
    export = export_audit(auditing, "2026-01-05", "2026-01-07", tmp_path / "audit.jsonl")
    assert (export.lines, export.waiting) == (15, 1)
    assert any("anchor of 2026-01-05: it was altered" in one for one in check_audit.check(rows(export), anchors(export)))


def test_files_that_are_no_export_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text("{}\n")
    assert check_audit.main([str(other)]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_the_canonical_json_of_the_script_is_that_of_the_product(export: Export) -> None:
    for text in export.lines_file.read_text(encoding="utf-8").splitlines():
        assert canonical(json.loads(text)) == text
