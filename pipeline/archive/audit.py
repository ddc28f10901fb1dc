"""The audit log as objects of the bucket: segments of lines (JSON Lines), and an anchor for each day that is over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from pipeline.domain.audit import (
    Anchor,
    AuditLine,
    Segment,
    anchor_as_json,
    anchor_of_json,
    canonical,
    line_as_json,
    line_of_json,
)


def render_segment(lines: Iterable[AuditLine], day: str) -> bytes:
    """UTF-8 JSON Lines: the day it was sealed on, then its lines."""
    told = ({"day": day, "schema": "sohoa.audit/1"}, *map(line_as_json, lines))
    return "".join(f"{canonical(one)}\n" for one in told).encode()


def parse_segment(data: bytes) -> tuple[Segment, tuple[AuditLine, ...]]:
    """The segment and its lines, in the order in which they stand there; raises ``ValueError`` for other bytes."""
    try:
        heading, *rows = map(json.loads, data.decode().removesuffix("\n").split("\n"))
        lines = tuple(map(line_of_json, rows))
        return Segment(lines[0].seq, lines[-1].seq, heading["day"], hashlib.sha256(data).hexdigest()), lines
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise ValueError(f"not a segment of an audit log: {error!r}") from error


def render_anchor(anchor: Anchor) -> bytes:
    """UTF-8 JSON."""
    return f"{canonical(anchor_as_json(anchor))}\n".encode()


def parse_anchor(data: bytes) -> Anchor:
    """The anchor; raises ``ValueError`` for other bytes."""
    try:
        return anchor_of_json(json.loads(data))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not an anchor of an audit log: {error!r}") from error
