"""The audit log as files that an auditor takes along: lines and anchors, as JSON Lines."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline import archive
from pipeline.custody.auditing import Auditing, day_bounds
from pipeline.domain.audit import canonical, line_as_json
from pipeline.domain.errors import StageError


@dataclass(frozen=True, slots=True)
class Export:
    """What was written: the files, how many lines and anchors, and how many happenings are not sealed yet."""

    lines_file: Path
    anchors_file: Path
    lines: int
    anchors: int
    waiting: int


def export_audit(auditing: Auditing, since: str, until: str, out: Path) -> Export:
    """Write the lines of what happened from the day ``since`` to ``until`` to ``out``, and all anchors beside it.

    Lines in between that happened on other days are written as well, so that the chain has no gap. They are those of the
    catalogue: whether they are what was sealed, the anchors tell (``scripts/check_audit.py``). A damaged log is exported as it
    is.
    """
    bounds = day_bounds(since, until)
    with suppress(StageError):
        auditing.seal()
    anchors_file = out.with_name(f"{out.stem}.anchors.jsonl")
    span, lines = auditing.log.span(*bounds), 0
    with out.open("w", encoding="utf-8") as file:
        for line in auditing.log.lines(*span) if span else ():
            file.write(f"{canonical(line_as_json(line))}\n")
            lines += 1
    anchors = 0
    with anchors_file.open("w", encoding="utf-8") as file:
        for entry in auditing.store.list(archive.ANCHORS_PREFIX):
            file.write(" ".join(auditing.store.get(entry.key).decode(errors="replace").split("\n")).strip() + "\n")
            anchors += 1
    return Export(out, anchors_file, lines, anchors, auditing.log.waiting()[0])
