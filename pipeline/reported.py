"""Figures that the province's system reported: every import in the bucket, the newest of each row in the catalogue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline import archive
from pipeline.custody.auditing import Auditing
from pipeline.domain.audit import Action
from pipeline.domain.figures import ReportedFigures
from pipeline.domain.local_time import local_day
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.reporting.contradictions import Contradiction, contradictions
from pipeline.reporting.imported import parse_figures

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Import:
    """What a table changes: rows that are new, that read otherwise, that are as they were; what does not agree in it.

    What does not agree is told of the months of the table, with all that is held of them.
    """

    added: int
    changed: int
    unchanged: int
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class ReportedImports:
    """The imports of an installation."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock

    def import_table(self, path: Path, *, dry_run: bool = False) -> Import:
        """Hold the rows of the table in ``path``; with ``dry_run`` only tell what that would change.

        Raises ``RejectedInputError`` for a faulty table, of which nothing is held then; ``UnavailableError``.
        """
        data = path.read_bytes()
        rows = parse_figures(data, path.name)
        found = self._compare(rows)
        if dry_run or not (found.added or found.changed):
            return found
        now = self.clock.now()
        made = archive.FiguresImport(rows, path.name, hashlib.sha256(data).hexdigest(), now.isoformat())
        rendered = archive.render_figures(made)
        for _ in range(_TRIES):
            self.restore()
            number = self._newest() + 1
            key = archive.list_key(archive.FIGURES_PREFIX, number)
            if self.store.put_once(key, rendered, media_type="application/json"):
                told = {"key": key, "sha256": hashlib.sha256(rendered).hexdigest()}
                auditing = Auditing(self.store, self.catalogue.audit, self.clock)
                auditing.note(Action.IMPORT, actor="sohoa", reason=path.name, **told)
                self.catalogue.figures.keep_reported(number, rows, local_day(now))
                return found
        raise RuntimeError(f"{path.name}: {_TRIES} other imports came in between; try again")

    def restore(self) -> int:
        """Put the imports of the bucket into the catalogue that it does not hold yet, in their order; how many."""
        held = self.catalogue.figures.reported_held()
        numbers = range(held + 1, self._newest() + 1)
        for number in numbers:
            found = archive.parse_figures_import(self.store.get(archive.list_key(archive.FIGURES_PREFIX, number)))
            self.catalogue.figures.keep_reported(number, found.rows, local_day(datetime.fromisoformat(found.imported_at)))
        return len(numbers)

    def _newest(self) -> int:
        keys = [entry.key for entry in self.store.list(archive.FIGURES_PREFIX)]
        return max((int(key.removeprefix(archive.FIGURES_PREFIX)[1:-5]) for key in keys), default=0)

    def _compare(self, rows: Sequence[ReportedFigures]) -> Import:
        months = sorted({row.month for row in rows})
        held = self.catalogue.figures.reported(str(months[0].previous), str(months[-1].next))
        known = {row.key: row for row in held}
        added = sum(row.key not in known for row in rows)
        same = sum(row.key in known and _is_same(known[row.key], row) for row in rows)
        together = {**known, **{row.key: row for row in rows}}
        found = tuple(one for one in contradictions(together.values()) if months[0] <= one.month <= months[-1].next)
        return Import(added, len(rows) - added - same, same, found)


def _is_same(held: ReportedFigures, row: ReportedFigures) -> bool:
    """Whether the row says what is held; only an earlier day of delivery than is held would change it."""
    sooner = row.delivered is not None and held.delivered is not None and row.delivered < held.delivered
    return _said(held) == _said(row) and not sooner


def _said(row: ReportedFigures) -> tuple[object, ...]:
    """What a row says, wherever it stands; when it came is another matter."""
    counts = (row.received, row.solved, row.carried_over, row.pending, row.on_time, row.components, row.results)
    return row.level, row.name, *counts


def import_lines(found: Import, name: str, *, dry_run: bool, as_json: bool) -> list[str]:
    """What an import came to, as people and programs read it."""
    if as_json:
        told = [
            {"code": one.code, "month": str(one.month), "office": one.office, "message": one.message, "lines": one.lines}
            for one in found.contradictions
        ]
        counts = {"added": found.added, "changed": found.changed, "unchanged": found.unchanged}
        return [json.dumps({"file": name, "dry_run": dry_run, **counts, "contradictions": told}, ensure_ascii=False)]
    lines = [f"  {one.month.shown} {one.office or 'tổng'}: {one.message}{_where(one)}" for one in found.contradictions]
    head = [f"{len(lines)} điều cần kiểm tra lại trong số liệu:"] if lines else []
    verb = "sẽ nhập (thử, chưa ghi)" if dry_run else "đã nhập"
    return [*head, *lines, f"{verb}: {found.added} dòng mới, {found.changed} dòng đổi, {found.unchanged} dòng như cũ"]


def _where(one: Contradiction) -> str:
    return f" (dòng {', '.join(map(str, one.lines))})" if one.lines else ""
