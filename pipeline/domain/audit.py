"""The audit log: what happened, line by line, each line's hash covering the one before.

::

    happening ── sealed ──► line 41 ──hash──► line 42 ──hash──► line 43 …
                            └──────────── segment ────────────┘   …   └─ one anchor a day covers all segments until then
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

#: What the first line and the first anchor name as the hash before them.
GENESIS = "0" * 64


class Action(StrEnum):
    """Kinds of happenings. ``status`` ones are the history of a document's status."""

    STATUS = "status"
    PAGES = "pages"
    DOSSIER = "dossier"
    HOLD = "hold"
    RELEASE = "release"
    ERASE = "erase"
    IMPORT = "import"
    SIGN = "sign"
    VIEW = "view"
    EXPORT = "export"
    SIGN_IN = "sign_in"
    ACCOUNT = "account"
    REFUSAL = "refusal"
    REVIEW = "review"
    TAKE_OVER = "take_over"
    CALL = "call"
    CHECK = "check"
    REUSE_OPEN = "reuse_open"
    REUSE_RELEASE = "reuse_release"
    REUSE_FETCH = "reuse_fetch"
    REUSE_REFUSAL = "reuse_refusal"
    ASKED_AGAIN = "asked_again"
    STANDING = "standing"
    OWNER_EVENT = "owner_event"
    PRINT_CODE = "print_code"
    DELIVERY_DEAD = "delivery_dead"
    SUBSCRIPTION = "subscription"
    REREADING = "rereading"


@dataclass(frozen=True, slots=True)
class Happening:
    """Who did what to which document, when and why. ``uid`` is its own, for ever.

    ``before`` and ``after`` are statuses, empty for other actions; ``details`` is JSON with sorted keys, or empty.
    """

    uid: str
    at: datetime
    actor: str
    action: str
    document: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    details: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """The details as values."""
        return dict(json.loads(self.details)) if self.details else {}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A happening in its place: ``seq`` counts from 1 without gaps, ``hash`` covers all of it and ``previous``."""

    seq: int
    happening: Happening
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the log: its number and hash; 0 and :data:`GENESIS` of an empty one."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines ``first`` to ``last``, sealed on ``day`` (ISO, UTC); ``sha256`` is that of their object in the bucket."""

    first: int
    last: int
    day: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What stood in the log when ``day`` was over: lines up to ``last``, whose hash is ``head``, in ``segments``."""

    day: str
    first: int
    last: int
    head: str
    segments: tuple[Segment, ...]
    previous: str
    hash: str = ""


def details_of(**values: object) -> str:
    """Details as they are kept: JSON with sorted keys, without empty values."""
    return canonical({key: value for key, value in values.items() if value not in ("", None)})


def canonical(value: object) -> str:
    """JSON that is the same text everywhere: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain(happenings: Iterable[Happening], head: Head) -> Iterator[AuditLine]:
    """The lines behind ``head`` that ``happenings`` make, in their order."""
    for happening in happenings:
        line = _hashed(AuditLine(head.seq + 1, happening, head.hash, ""))
        head = Head(line.seq, line.hash)
        yield line


def is_sound(line: AuditLine) -> bool:
    """Whether the hash of ``line`` is that of what it says."""
    return _hashed(line).hash == line.hash


def line_as_json(line: AuditLine) -> dict[str, Any]:
    """The line as plain JSON values; ``hash`` is the sha256 of the canonical JSON of all the others."""
    return {**_unhashed(line), "hash": line.hash}


def line_of_json(raw: dict[str, Any]) -> AuditLine:
    """The line; raises ``KeyError`` or ``ValueError`` for what is none."""
    happening = Happening(
        uid=raw["uid"],
        at=datetime.fromisoformat(raw["at"]),
        actor=raw["actor"],
        action=raw["action"],
        document=raw["document"],
        before=raw["before"],
        after=raw["after"],
        reason=raw["reason"],
        details=raw["details"],
    )
    return AuditLine(int(raw["seq"]), happening, raw["previous"], raw["hash"])


def anchored(anchor: Anchor) -> Anchor:
    """The anchor with its own hash."""
    return replace(anchor, hash=_digest(_anchor_unhashed(anchor)))


def anchor_as_json(anchor: Anchor) -> dict[str, Any]:
    """The anchor as plain JSON values; ``hash`` is the sha256 of the canonical JSON of all the others."""
    return {**_anchor_unhashed(anchor), "hash": anchor.hash}


def anchor_of_json(raw: dict[str, Any]) -> Anchor:
    """The anchor; raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is none."""
    segments = tuple(Segment(one["first"], one["last"], one["day"], one["sha256"]) for one in raw["segments"])
    return Anchor(raw["day"], raw["first"], raw["last"], raw["head"], segments, raw["previous"], raw["hash"])


def _hashed(line: AuditLine) -> AuditLine:
    return replace(line, hash=_digest(_unhashed(line)))


def _unhashed(line: AuditLine) -> dict[str, Any]:
    told = line.happening
    return {
        "seq": line.seq,
        "uid": told.uid,
        "at": told.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": told.actor,
        "action": told.action,
        "document": told.document,
        "before": told.before,
        "after": told.after,
        "reason": told.reason,
        "details": told.details,
        "previous": line.previous,
    }


def _anchor_unhashed(anchor: Anchor) -> dict[str, Any]:
    raw = asdict(anchor)
    del raw["hash"]
    return {"schema": "sohoa.anchor/1", **raw, "segments": [asdict(segment) for segment in anchor.segments]}


def _digest(value: object) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
