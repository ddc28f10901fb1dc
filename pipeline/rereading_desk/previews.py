"""What reading a document again would change, in the bucket: put there by who looked, until somebody has decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline import archive
from pipeline.comparison import Difference
from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFoundError
from pipeline.domain.findings import Field
from pipeline.ports import Clock, ObjectStore
from pipeline.rereading_desk.lines import difference_as_json

SCHEMA = "sohoa.rereading/1"

#: Page, left, top, right, bottom in the pixels of the scan.
Spot = tuple[int, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Preview:
    """What reading ``document``, at its ``revision``, again by ``engine`` would change; ``made_with`` says by what exactly.

    ``change`` is what differs as plain JSON values, ``spots`` say by key where a value stands: the new one, else the old.
    ``left_by`` is who left it as it is, empty while nobody has.
    """

    document: str
    revision: int
    engine: str
    made_with: str
    at: datetime
    change: Mapping[str, Any]
    spots: Mapping[str, tuple[Spot, ...]]
    left_by: str = ""
    left_at: datetime | None = None

    @property
    def changes_values(self) -> bool:
        """Whether others who hold values of the paper would hold wrong ones."""
        return bool(self.change["type"] or self.change["fields"])

    @property
    def keys(self) -> tuple[str, ...]:
        """The fields that would read otherwise."""
        return tuple(one["key"] for one in self.change["fields"])


@dataclass(frozen=True, slots=True)
class Seen:
    """A preview as it stands in the bucket; ``digest`` is that of what was decided about, and of nothing else."""

    preview: Preview
    digest: str


def preview_of(document: Document, difference: Difference, engine: str, made_with: str, at: datetime) -> Preview:
    """What is kept of a difference that matters."""
    spots = {one.key: _spots(one.after or one.before) for one in difference.fields}
    return Preview(document.id, document.revision, engine, made_with, at, difference_as_json(difference), spots)


def _spots(field: Field | None) -> tuple[Spot, ...]:
    seen = field.evidence if field else ()
    return tuple((one.page, one.box.left, one.box.top, one.box.right, one.box.bottom) for one in seen)


@dataclass(frozen=True, slots=True)
class Previews:
    """The previews of an installation, one a document at most; every call may be repeated."""

    store: ObjectStore
    clock: Clock

    def keep(self, preview: Preview) -> None:
        """Let it wait for somebody. What somebody left as it is stays left, unless something else would change."""
        before = self.find(preview.document)
        if before is not None and before.preview.left_by and before.digest == digest_of(preview):
            return
        self._put(preview)

    def leave(self, preview: Preview, by: str) -> None:
        """Write down that somebody left the document as it is."""
        self._put(replace(preview, left_by=by, left_at=self.clock.now()))

    def forget(self, document_id: str) -> None:
        """Nothing is to be decided about the document any more."""
        self.store.remove(archive.rereading_key(document_id))

    def find(self, document_id: str) -> Seen | None:
        """What reading the document again would change; None where nobody has looked, or it was decided."""
        return self._read(archive.rereading_key(document_id))

    def walk(self, behind: str) -> Iterator[Seen]:
        """All of them behind the document ``behind`` (empty: from the first), in the order of the documents' ids."""
        last = archive.rereading_key(behind) if behind else ""
        for info in self.store.list(archive.REREADINGS_PREFIX):
            if info.key > last and (found := self._read(info.key)) is not None:
                yield found

    def _read(self, key: str) -> Seen | None:
        try:
            preview = parse_preview(self.store.get(key))
        except NotFoundError:
            return None
        return Seen(preview, digest_of(preview))

    def _put(self, preview: Preview) -> None:
        key = archive.rereading_key(preview.document)
        self.store.put(key, render_preview(preview), media_type="application/json")


def digest_of(preview: Preview) -> str:
    """What tells a preview from one that would change anything else; when it was made, and who left it, are no part of it."""
    told = [preview.document, preview.revision, preview.made_with, preview.change]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def render_preview(preview: Preview) -> bytes:
    """UTF-8 JSON."""
    raw = {
        "schema": SCHEMA,
        "document": preview.document,
        "revision": preview.revision,
        "engine": preview.engine,
        "made_with": preview.made_with,
        "at": preview.at.isoformat(),
        "change": preview.change,
        "spots": preview.spots,
        "left": {"by": preview.left_by, "at": preview.left_at.isoformat()} if preview.left_at else None,
    }
    return json.dumps(raw, ensure_ascii=False).encode()


def parse_preview(data: bytes) -> Preview:
    """What :func:`render_preview` wrote; raises ``ValueError`` for bytes that are none."""
    raw = json.loads(data)
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    left = raw["left"]
    return Preview(
        document=raw["document"],
        revision=raw["revision"],
        engine=raw["engine"],
        made_with=raw["made_with"],
        at=datetime.fromisoformat(raw["at"]),
        change=raw["change"],
        spots={key: tuple(tuple(spot) for spot in spots) for key, spots in raw["spots"].items()},
        left_by=left["by"] if left else "",
        left_at=datetime.fromisoformat(left["at"]) if left else None,
    )
