"""The page ledger as plain JSON values of record.json, and back."""

from __future__ import annotations

import json
from typing import Any

from pipeline.domain.ledger import ChangeKind, LedgerChange, PageLedger, Side

Json = dict[str, Any]

#: What few changes say, and stands there only where they do.
_SELDOM = ("media_type", "document", "undoes")


def ledger_as_json(ledger: PageLedger) -> Json:
    """Every side with the page that it is now (null: none), and every change."""
    pages = {number: page for page, number in enumerate(ledger.order, 1)}
    return {
        "sides": [
            {
                "side": side.number,
                "file": side.file,
                "file_page": side.page,
                "page": pages.get(side.number),
                "blank": side.blank,
                "upright": side.upright,
                "twin": side.twin or None,
                **({"separator": True} if side.separator else {}),
                **({"media_type": side.media_type} if side.media_type else {}),
            }
            for side in ledger.sides
        ],
        "changes": [
            {
                "kind": change.kind.value,
                "sides": list(change.sides),
                "at": change.at,
                "actor": change.actor,
                "reason": change.reason,
                "turn": change.turn,
                "place": change.place,
                "file": change.file or None,
                **{key: told for key in _SELDOM if (told := getattr(change, key))},
            }
            for change in ledger.changes
        ],
    }


def ledger_of_json(raw: Json) -> PageLedger:
    """The ledger."""
    sides = tuple(
        Side(
            one["side"],
            one["file"],
            one["file_page"],
            one["upright"],
            one["twin"] or 0,
            one["blank"],
            one.get("separator", False),
            one.get("media_type", ""),
        )
        for one in raw["sides"]
    )
    placed = sorted((one["page"], one["side"]) for one in raw["sides"] if one["page"])
    changes = tuple(
        LedgerChange(
            ChangeKind(one["kind"]),
            tuple(one["sides"]),
            one["at"],
            one["actor"],
            one["reason"],
            one["turn"],
            one["place"],
            one["file"] or "",
            **{key: one[key] for key in _SELDOM if key in one},
        )
        for one in raw["changes"]
    )
    return PageLedger(sides, tuple(side for _, side in placed), changes)


def render_ledger(ledger: PageLedger) -> bytes:
    """UTF-8 JSON, for a ledger on its way into a revision."""
    return json.dumps(ledger_as_json(ledger), ensure_ascii=False).encode()


def parse_ledger(data: bytes) -> PageLedger:
    """The ledger that :func:`render_ledger` wrote."""
    return ledger_of_json(json.loads(data))
