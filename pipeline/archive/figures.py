"""Imported figures, schema ``sohoa.figures/1``: one object for each import, its rows as they were told."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipeline.domain.figures import Level, Month, ReportedFigures

SCHEMA = "sohoa.figures/1"


@dataclass(frozen=True, slots=True)
class FiguresImport:
    """An import: its rows, the file they came in, when."""

    rows: tuple[ReportedFigures, ...]
    name: str
    sha256: str
    imported_at: str


def render_figures(made: FiguresImport) -> bytes:
    """UTF-8 JSON."""
    raw = {
        "schema": SCHEMA,
        "imported_at": made.imported_at,
        "source": {"name": made.name, "sha256": made.sha256},
        "rows": [_row(row) for row in made.rows],
    }
    return json.dumps(raw, ensure_ascii=False, indent=1).encode()


def parse_figures_import(data: bytes) -> FiguresImport:
    """The import that :func:`render_figures` wrote; raises ``ValueError`` for bytes that are none."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    return FiguresImport(tuple(map(_as_row, raw["rows"])), raw["source"]["name"], raw["source"]["sha256"], raw["imported_at"])


def _row(row: ReportedFigures) -> dict[str, Any]:
    delivered = row.delivered.isoformat() if row.delivered else None
    return {**asdict(row), "month": str(row.month), "level": row.level.value, "delivered": delivered}


def _as_row(raw: dict[str, Any]) -> ReportedFigures:
    delivered = date.fromisoformat(raw["delivered"]) if raw["delivered"] else None
    return ReportedFigures(**{**raw, "month": Month.parse(raw["month"]), "level": Level(raw["level"]), "delivered": delivered})
