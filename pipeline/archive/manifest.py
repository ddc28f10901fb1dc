"""The manifest of a dossier, schema ``sohoa.manifest/1``: which documents it holds, and the hash of the record of each.

There is one object for each change, and each names the sha256 of the one before. As long as a dossier has few documents every
object lists them all (``complete``); of a large one it lists what changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

SCHEMA = "sohoa.manifest/1"

#: Documents up to which every manifest lists all.
LISTED = 200


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """A document at its newest revision: the sha256 of its record, of its receipt, of its original.

    ``erased`` is the sha256 of the tombstone that stands for its content, empty where it was not erased.
    """

    document: str
    revision: int
    record_sha256: str
    receipt_sha256: str
    original_sha256: str
    erased: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A dossier after its ``number``-th change, made ``at`` (ISO 8601); ``previous`` is empty for the first.

    ``entries`` are by document; ``complete``: all there are, else only those that changed.
    """

    dossier: str
    number: int = 0
    at: str = ""
    previous: str = ""
    complete: bool = True
    entries: Mapping[str, ManifestEntry] = field(default_factory=dict)

    def after(self, entry: ManifestEntry, *, at: str, previous: str) -> Manifest:
        """The next manifest, with ``entry`` new or in the place of an older one; ``previous`` is the sha256 of this one."""
        entries = {**self.entries, entry.document: entry}
        complete = self.complete and len(entries) <= LISTED
        if not complete:
            entries = {entry.document: entry}
        return replace(self, number=self.number + 1, at=at, previous=previous, complete=complete, entries=entries)


def render_manifest(manifest: Manifest) -> bytes:
    """UTF-8 JSON, one key order for ever."""
    listed = [asdict(entry) for _, entry in sorted(manifest.entries.items())]
    raw = {
        "schema": SCHEMA,
        "dossier": manifest.dossier,
        "number": manifest.number,
        "at": manifest.at,
        "previous_sha256": manifest.previous or None,
        "complete": manifest.complete,
        "documents": [{**raw, "erased": raw["erased"] or None} for raw in listed],
    }
    return (json.dumps(raw, ensure_ascii=False, indent=1) + "\n").encode()


def parse_manifest(data: bytes) -> Manifest:
    """The manifest; raises ``ValueError`` for other bytes."""
    try:
        raw: dict[str, Any] = json.loads(data)
        if raw["schema"] != SCHEMA:
            raise ValueError(raw["schema"])
        entries = [ManifestEntry(**{**one, "erased": one["erased"] or ""}) for one in raw["documents"]]
        return Manifest(
            dossier=raw["dossier"],
            number=raw["number"],
            at=raw["at"],
            previous=raw["previous_sha256"] or "",
            complete=raw["complete"],
            entries={entry.document: entry for entry in entries},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a {SCHEMA}: {error!r}") from error
