"""Pages of lists: a cursor names the place behind which the next page begins, and the list that it belongs to."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Annotated

from fastapi import Query

from pipeline.web.api.problems import ApiProblemError

#: What a page holds: usually, and at most.
USUAL, MOST = 50, 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9_-]{8,600}$", description="`next` of the page before; opaque. An unknown one is answered 404."),
]

_SUM = 8


def cursor_behind(kind: str, place: str, asked: str = "") -> str:
    """The cursor of the list ``kind``, asked for with ``asked``, behind ``place``."""
    told = json.dumps([kind, place], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sum(told, asked) + told).rstrip(b"=").decode()


def place_of(cursor: str | None, kind: str, asked: str = "") -> str:
    """The place that a cursor names, empty for none; raises a problem for one that is not of this very list."""
    if cursor is None:
        return ""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found, place = json.loads(raw[_SUM:])
    except (ValueError, TypeError) as error:
        raise ApiProblemError("not_found", reason="unknown_cursor") from error
    if found != kind or not isinstance(place, str) or _sum(raw[_SUM:], asked) != raw[:_SUM]:
        raise ApiProblemError("not_found", reason="unknown_cursor")
    return place


def _sum(told: bytes, asked: str) -> bytes:
    """Ties a cursor to what was asked: the next page is one of the same list."""
    return hashlib.sha256(told + b"\0" + asked.encode()).digest()[:_SUM]
