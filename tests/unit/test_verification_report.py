"""What sohoa verify prints: every finding with what to do, and what was looked at."""

from __future__ import annotations

import io
import json

from rich.console import Console

from pipeline.verification import Damage, Finding, Report
from pipeline.verification_report import VerifyProgress, finding_lines, report_lines

FINDING = Finding(Damage.LINE_REMOVED, "", "line 3 of the catalogue: not there", lines=(3, 3))


def test_a_finding_says_where_what_and_what_to_do() -> None:
    first, second, third = finding_lines(FINDING, as_json=False)
    assert first.split() == ["audit_line_removed", "(catalogue)"]
    assert second.strip() == FINDING.message
    assert third.strip() == Damage.LINE_REMOVED.advice


def test_a_finding_is_one_line_of_json_for_programs() -> None:
    (line,) = finding_lines(FINDING, as_json=True)
    assert json.loads(line) == {
        "code": "audit_line_removed",
        "key": "",
        "message": FINDING.message,
        "document": "",
        "lines": [3, 3],
        "advice": Damage.LINE_REMOVED.advice,
    }


def test_the_end_says_what_was_looked_at() -> None:
    report = Report(objects=1200, bytes=3_400_000_000, documents=300, revisions=320, erased=1, lines=900)
    report.note("happenings not sealed yet", 2)
    sound = "\n".join(report_lines(report, as_json=False))
    assert "1,200 objects (3.4 GB) read: 300 documents, 320 revisions, 1 erased lawfully, 900 audit lines" in sound
    assert "happenings not sealed yet: 2" in sound
    assert sound.endswith("all is as it was sealed")
    report.findings[Damage.OBJECT_MISSING.value] += 2
    report.anchor = "2026-01-05 abc"
    faulty = list(report_lines(report, as_json=False))
    assert faulty[-1] == "2 findings: 2 object_missing"
    assert any("newest anchor: 2026-01-05 abc" in line for line in faulty)
    (line,) = report_lines(report, as_json=True)
    assert json.loads(line)["findings"] == {"object_missing": 2}


def test_progress_shows_objects_bytes_and_place_on_a_terminal() -> None:
    report, screen = Report(objects=5, bytes=999), io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with VerifyProgress(report, console) as progress:
        progress.seen("dossiers/H05/d1/r0001/document.pdf", 10)
    assert "5 objects, 999 B" in screen.getvalue()
    assert "dossiers/H05/d1" in screen.getvalue()
