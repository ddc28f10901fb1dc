"""Metadata of finished documents as lines for another system: which columns, by which names, is a file of data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.domain.documents import Document, Status
from pipeline.domain.people import office_of
from pipeline.ports import Catalogue

#: What a column may be taken from; ``fields.<key>`` beside these.
SOURCES = frozenset(
    {
        "document",
        "dossier",
        "office",
        "revision",
        "status",
        "type",
        "received_at",
        "pages",
        "source.name",
        "source.sha256",
        "pdf.sha256",
        "pdf.bytes",
        "validity.issued",
        "validity.until",
        "owners.id12",
        "owners.name",
        "fields",
    }
)

#: What is exported: what people or rules let stand.
FINISHED = frozenset({Status.APPROVED, Status.ARCHIVED})

_FIELD = re.compile(r"fields\.[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_STEP = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its ``name`` there, what it is taken from here, and what values are called there."""

    name: str
    source: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a target system wants to know of each document."""

    name: str
    title: str
    version: str
    columns: tuple[Column, ...]


def parse_layout(name: str, text: str) -> Layout:
    """The layout of a TOML file; raises ``ValueError`` naming what makes no sense in it."""
    try:
        raw = tomllib.loads(text)
        columns = tuple(Column(one["name"], one["from"], one.get("values", {})) for one in raw["column"])
        made = Layout(name, raw["title"], str(raw["version"]), columns)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{name}: {error!r} makes no layout") from error
    unknown = [one.source for one in columns if one.source not in SOURCES and not _FIELD.fullmatch(one.source)]
    names = [one.name for one in columns]
    if unknown or not columns or len(set(names)) < len(names) or not _NAME.fullmatch(name):
        raise ValueError(f"{name}: no layout; {unknown or 'its columns'} do not fit; there are {', '.join(sorted(SOURCES))}")
    return made


@cache
def shipped_layouts() -> Mapping[str, Layout]:
    """The layouts that come with the product, by name."""
    found = files("pipeline.systems").joinpath("layouts").iterdir()
    listed = [(one.name.removesuffix(".toml"), one) for one in found if one.name.endswith(".toml")]
    return {
        name: parse_layout(name, one.read_text(encoding="utf-8")) for name, one in sorted(listed, key=lambda pair: pair[0])
    }


def load_layouts(folder: Path | None) -> Mapping[str, Layout]:
    """Those that come with the product, and those of the installation in their place; raises ``ValueError``."""
    own = sorted(folder.glob("*.toml")) if folder else []
    return {**shipped_layouts(), **{one.stem: parse_layout(one.stem, one.read_text(encoding="utf-8")) for one in own}}


def finished_documents(catalogue: Catalogue, after: str, limit: int, offices: Sequence[str] | None) -> Iterator[Document]:
    """The next ``limit`` finished documents of ``offices`` behind the id ``after``."""
    given = 0
    while step := catalogue.walk(after=after, limit=_STEP, offices=offices):
        for one in step:
            if one.status in FINISHED and one.revision:
                yield one
                given += 1
            if given == limit:
                return
        after = step[-1].id


def line_of(document: Document, record: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """What the target wants to know of a document; null where it is not known."""
    made = {}
    for column in layout.columns:
        value = _value(column.source, document, record)
        made[column.name] = column.values.get(value, value) if isinstance(value, str) else value
    return made


def _value(source: str, document: Document, record: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    plain = {
        "document": document.id,
        "dossier": document.dossier,
        "office": office_of(document.dossier) or None,
        "revision": document.revision,
        "status": document.status.value,
        "type": document.type or None,
        "received_at": document.received_at.isoformat(),
        "pages": document.source.pages,
        "source.name": document.source.name,
        "source.sha256": document.source.sha256,
    }
    if source in plain:
        return plain[source]
    fields = record.get("fields") or {}
    if source == "fields":
        return {key: one["value"] for key, one in fields.items()}
    group, _, name = source.partition(".")
    if group == "fields":
        return (fields.get(name) or {}).get("value")
    if group == "owners":
        return [one[name] for one in record.get("owners") or () if one.get(name)]
    return (record.get(group) or {}).get(name)
