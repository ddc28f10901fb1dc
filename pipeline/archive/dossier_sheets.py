"""What was declared of a dossier, schema ``sohoa.dossier_sheet/1``."""

from __future__ import annotations

import json

from pipeline.domain.documents import Owner
from pipeline.domain.dossier_sheets import DossierSheet

SCHEMA = "sohoa.dossier_sheet/1"


def render_sheet(sheet: DossierSheet) -> bytes:
    """UTF-8 JSON."""
    procedure = {"code": sheet.procedure, "name": sheet.procedure_name} if sheet.procedure else None
    return json.dumps(
        {
            "schema": SCHEMA,
            "dossier": sheet.dossier,
            "number": sheet.number,
            "procedure": procedure,
            "owner": {"name": sheet.owner.name, "id12": sheet.owner.id12 or None},
            "actor": sheet.actor,
            "at": sheet.at,
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def parse_sheet(data: bytes) -> DossierSheet:
    """The declaration; raises ``ValueError`` for bytes that are none."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    procedure = raw["procedure"] or {"code": "", "name": ""}
    return DossierSheet(
        dossier=raw["dossier"],
        number=raw["number"],
        procedure=procedure["code"],
        procedure_name=procedure["name"],
        owner=Owner(id12=raw["owner"]["id12"] or "", name=raw["owner"]["name"]),
        actor=raw["actor"],
        at=raw["at"],
    )
