"""The readings of a sealed revision, put together again from its record and its ALTO."""

from __future__ import annotations

import json
from typing import Any

from pipeline.archive.alto import parse_alto
from pipeline.domain.geometry import Box
from pipeline.domain.pages import CodeFormat, PageCode, PageOrigin, PageReading, PageText, Quality, UnreadPage


def readings_of(record: bytes, alto: bytes) -> tuple[PageReading, ...]:
    """The pages as they were read: words, boxes, codes, turn, quality; without how long it took and how pictures were kept.

    Raises ``ValueError`` or ``KeyError`` for bytes that are no record or no ALTO.
    """
    texts = {text.number: text for text in parse_alto(alto)}
    return tuple(_reading(page, texts) for page in json.loads(record)["pages"])


def _reading(raw: dict[str, Any], texts: dict[int, PageText]) -> PageReading:
    number, origin = raw["number"], PageOrigin(raw["origin"])
    unread = origin is PageOrigin.UNREAD
    reason = raw["problems"][0] if raw["problems"] else "unread"
    return PageReading(
        number=number,
        width=raw["width"],
        height=raw["height"],
        dpi=float(raw["dpi"]),
        content=UnreadPage(number, reason) if unread else texts.get(number, PageText(number, (), "")),
        origin=origin,
        rotation=raw["rotation"],
        skew=raw["skew"],
        blank=raw["blank"],
        quality=Quality(raw["quality"]["verdict"], tuple(raw["quality"]["reasons"])),
        problems=tuple(raw["problems"]),
        codes=tuple(PageCode(CodeFormat(one["format"]), one["text"], Box(*one["box"])) for one in raw.get("codes", ())),
        likeness=raw.get("likeness") or "",
    )
