"""Legal holds: objects beside a document, one for each hold and each release, the newest of which counts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

SCHEMA = "sohoa.hold/1"


@dataclass(frozen=True, slots=True)
class Hold:
    """The ``number``-th word on a document: held, or released, by whom, when (ISO 8601) and why."""

    number: int
    held: bool
    actor: str
    reason: str
    at: str


def render_hold(hold: Hold) -> bytes:
    """UTF-8 JSON."""
    return (json.dumps({"schema": SCHEMA, **asdict(hold)}, ensure_ascii=False, indent=1) + "\n").encode()


def parse_hold(data: bytes) -> Hold:
    """The hold; raises ``ValueError`` for other bytes."""
    try:
        raw = json.loads(data)
        if raw.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        return Hold(**raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not a {SCHEMA}: {error!r}") from error
