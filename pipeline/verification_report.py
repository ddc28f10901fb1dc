"""What ``sohoa verify`` says: findings as they come, progress, and what was looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.verification import Finding, Report


class VerifyProgress:
    """Objects and bytes read so far, on stderr; silent where that is no terminal."""

    def __init__(self, report: Report, console: Console | None = None) -> None:
        self._report = report
        self.console = console or Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
            transient=True,
        )
        self._task = self._progress.add_task("Hashing", total=None)

    def __enter__(self) -> VerifyProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def seen(self, key: str, _size: int) -> None:
        """Show that the object ``key`` has been read."""
        place = "/".join(key.split("/")[:3])
        text = f"{self._report.objects:,} objects, {_size_text(self._report.bytes)}  {place.replace('[', '(')[:60]}"
        self._progress.update(self._task, description=text)


def finding_lines(finding: Finding, *, as_json: bool) -> Iterator[str]:
    """The lines that tell of a finding."""
    if as_json:
        yield json.dumps(finding.as_json(), ensure_ascii=False)
        return
    yield f"{finding.damage.value:<24} {finding.key or '(catalogue)'}"
    yield f"{'':<24} {finding.message}"
    yield f"{'':<24} {finding.damage.advice}"


def report_lines(report: Report, *, as_json: bool) -> Iterator[str]:
    """The lines at the end."""
    if as_json:
        yield json.dumps({"code": "summary", **asdict(report), "findings": dict(report.findings)}, ensure_ascii=False)
        return
    looked = f"{report.objects:,} objects ({_size_text(report.bytes)}) read: {report.documents:,} documents"
    yield f"{looked}, {report.revisions:,} revisions, {report.erased:,} erased lawfully, {report.lines:,} audit lines"
    yield from (f"  {what}: {count:,}" for what, count in sorted(report.notes.items()))
    if report.anchor:
        yield f"  newest anchor: {report.anchor}  (keep a copy elsewhere: it vouches for all that came before)"
    if not report.findings:
        yield "all is as it was sealed"
        return
    told = ", ".join(f"{count} {code}" for code, count in sorted(report.findings.items()))
    yield f"{sum(report.findings.values())} findings: {told}"


def _size_text(size: int) -> str:
    amount, unit = float(size), "B"
    for bigger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, bigger
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
