"""What reuse keeps in the bucket: words on documents, what befell owners, receipts, codes on prints, lists of rights.

Each is an object that is written once: JSON with its schema, and the values by their names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.domain.holdings import OwnerEvent, PrintCode, Standing
from pipeline.domain.plain import plain, unplain
from pipeline.domain.releases import Entitlement, ExcludedType, Released

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EntitlementList:
    """An imported list of entitlements: where it came from, and when."""

    entitlements: tuple[Entitlement, ...]
    name: str
    sha256: str
    imported_at: str


@dataclass(frozen=True, slots=True)
class ExclusionList:
    """An imported list of excluded types: where it came from, and when."""

    exclusions: tuple[ExcludedType, ...]
    name: str
    sha256: str
    imported_at: str


_SCHEMAS: dict[type, str] = {
    Standing: "sohoa.standing/1",
    OwnerEvent: "sohoa.owner-event/1",
    Released: "sohoa.release/1",
    PrintCode: "sohoa.print-code/1",
    EntitlementList: "sohoa.entitlements/1",
    ExclusionList: "sohoa.exclusions/1",
}


def render_reuse(value: Standing | OwnerEvent | Released | PrintCode | EntitlementList | ExclusionList) -> bytes:
    """UTF-8 JSON, one key order for ever."""
    told = {"schema": _SCHEMAS[type(value)], **plain(value)}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def parse_reuse(kind: type[T], data: bytes) -> T:
    """What :func:`render_reuse` wrote; raises ``ValueError`` for other bytes."""
    schema = _SCHEMAS[kind]
    try:
        raw = json.loads(data)
        if raw.pop("schema") != schema:
            raise ValueError("another schema")
        return unplain(kind, raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a {schema}: {error!r}") from error


#: Under which each kind of list of rights lives; they end in slashes.
ENTITLEMENTS_PREFIX, EXCLUSIONS_PREFIX = "reference/entitlements/", "reference/exclusions/"

#: Under which receipts, and what befell owners, live; they end in slashes.
RELEASES_PREFIX, OWNERS_PREFIX = "releases/", "owners/"

#: The folders of words and of codes in that of a document.
STANDINGS, PRINTS = "standings/", "prints/"


def list_key(prefix: str, number: int) -> str:
    """Where the ``number``-th list of a kind lives; keys are in the order of the imports."""
    return f"{prefix}r{number:04d}.json"


def newest_number(prefix: str, keys: Sequence[str]) -> int:
    """The number of the newest of the lists under these ``keys``; 0 where there is none."""
    return max((int(key.removeprefix(prefix)[1:-5]) for key in keys), default=0)


def release_key(released: Released) -> str:
    """Where the receipt of a release lives."""
    return f"{RELEASES_PREFIX}{released.at:%Y%m}/{released.id}.json"


def owner_event_key(event: str) -> str:
    """Where what a register told under this id lives."""
    digest = hashlib.sha256(event.encode()).hexdigest()
    return f"{OWNERS_PREFIX}{digest[:2]}/{digest}.json"
