"""What MODS and Dublin Core say of a paper, as names and values: told to people beside what was read, never believed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.foreign.xml_reader import parted

_MODS = "http://www.loc.gov/mods/v3"
_DUBLIN = frozenset({"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"})
_DUBLIN_NAMES = {
    "title": "title",
    "date": "date",
    "created": "date",
    "issued": "date",
    "identifier": "identifier",
    "creator": "creator",
    "publisher": "creator",
    "type": "type",
}
_MODS_NAMES = {
    "identifier": "identifier",
    "recordIdentifier": "identifier",
    "shelfLocator": "shelf",
    "dateIssued": "date",
    "dateCreated": "date",
    "namePart": "creator",
    "displayForm": "creator",
    "genre": "type",
}
_MOST_EACH, _LONGEST = 5, 500


def read_description(section: Element) -> Iterator[tuple[str, str]]:
    """Title, dates, identifiers, creators, type and shelf that a ``dmdSec`` tells, each once, five of a name at most."""
    count: dict[str, int] = {}
    for name, text in dict.fromkeys(_told(section)):
        count[name] = count.get(name, 0) + 1
        if count[name] <= _MOST_EACH:
            yield name, text


def _told(section: Element) -> Iterator[tuple[str, str]]:
    related = {id(one) for other in section.iter(f"{{{_MODS}}}relatedItem") for one in other.iter()}
    for one in section.iter():
        if id(one) in related or not isinstance(one.tag, str):
            continue
        space, tag = parted(one.tag)
        if space == _MODS and tag == "titleInfo":
            parts = (_text(one.find(f"{{{_MODS}}}{part}")) for part in ("nonSort", "title", "subTitle", "partNumber"))
            text = " ".join(filter(None, parts))
            name: str | None = "title"
        else:
            name = _MODS_NAMES.get(tag) if space == _MODS else _DUBLIN_NAMES.get(tag) if space in _DUBLIN else None
            text = _text(one)
        if name and text:
            yield name, text


def _text(one: Element | None) -> str:
    whole = "" if one is None else " ".join("".join(one.itertext()).split())
    plain = "".join(sign for sign in unicodedata.normalize("NFC", whole) if unicodedata.category(sign) not in {"Cc", "Cs"})
    return plain[:_LONGEST]
