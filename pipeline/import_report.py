"""What an import changed, as people and programs read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from pipeline.domain.procedures import ProcedureChanges

#: Lines of each kind that are shown.
SHOWN = 10


def report_lines(changes: ProcedureChanges, name: str, *, as_json: bool) -> Iterator[str]:
    """One line for each of the first procedures that came, changed or went, and the counts; as JSON one line with all."""
    parts = {"added": changes.added, "changed": changes.changed, "withdrawn": changes.withdrawn}
    if as_json:
        told = {kind: [asdict(procedure) for procedure in found] for kind, found in parts.items()}
        yield json.dumps({"file": name, "total": changes.total, **told}, ensure_ascii=False)
        return
    for kind, found in parts.items():
        yield from (f"{kind:<10} {procedure.code}  {procedure.name}" for procedure in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"{kind:<10} … {len(found) - SHOWN:,} more"
    counts = ", ".join(f"{len(found):,} {kind}" for kind, found in parts.items())
    yield f"{changes.total:,} procedures in force: {counts if changes.any else 'nothing changed'}"
