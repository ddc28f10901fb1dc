"""What came with a paper from other programs, as an object of the bucket: schema ``sohoa.foreign/1``."""

from __future__ import annotations

import json
from typing import Any

from pipeline.archive.keys import foreign_key, received_key
from pipeline.domain.documents import Document
from pipeline.domain.foreign import ForeignFile, ForeignPage, ForeignText
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word
from pipeline.ports import ObjectStore

SCHEMA = "sohoa.foreign/1"
#: What a record calls it among the things that its revision was made from.
FOREIGN_INPUT = "foreign text"


def render_foreign(text: ForeignText) -> bytes:
    """UTF-8 JSON; boxes and confidences as the other program wrote them."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "format": text.format,
            "software": text.software,
            "kept": text.kept,
            "declared": [{"name": name, "value": value} for name, value in text.declared],
            "files": [{"name": one.name, "sha256": one.sha256, "bytes": one.bytes} for one in text.files],
            "pages": list(map(_page_as_json, text.pages)),
        },
        ensure_ascii=False,
    ).encode()


def inputs_of(document: Document, store: ObjectStore) -> dict[str, str]:
    """The keys of what every revision of a document is made from: its receipt, and what other programs told of it."""
    keys = {"receipt": received_key(document.dossier, document.id)}
    if store.stat(foreign_key(document.source.sha256)) is not None:
        keys[FOREIGN_INPUT] = foreign_key(document.source.sha256)
    return keys


def parse_foreign(data: bytes) -> ForeignText:
    """What :func:`render_foreign` wrote; raises ``ValueError`` for bytes that are none."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    return ForeignText(
        format=raw["format"],
        software=raw["software"],
        pages=tuple(map(_page, raw["pages"])),
        kept=raw["kept"],
        declared=tuple((one["name"], one["value"]) for one in raw["declared"]),
        files=tuple(ForeignFile(one["name"], one["sha256"], one["bytes"]) for one in raw["files"]),
    )


def _page_as_json(page: ForeignPage) -> dict[str, Any]:
    lines = [{"block": line.block, "words": [_word_as_json(word) for word in line.words]} for line in page.lines]
    size = {"width": page.width, "height": page.height, "per_inch": page.per_inch}
    return {"number": page.number, **size, "lines": lines}


def _word_as_json(word: Word) -> list[Any]:
    box = word.box
    return [word.text, *(round(side, 2) for side in (box.left, box.top, box.right, box.bottom)), round(word.confidence, 4)]


def _page(raw: dict[str, Any]) -> ForeignPage:
    lines = tuple(Line(tuple(map(_word, line["words"])), line["block"]) for line in raw["lines"])
    return ForeignPage(raw["number"], lines, raw["width"], raw["height"], raw["per_inch"])


def _word(raw: list[Any]) -> Word:
    text, left, top, right, bottom, sure = raw
    return Word(text, Box(left, top, right, bottom), sure)
