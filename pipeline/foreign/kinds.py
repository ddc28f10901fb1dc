"""Which of the files beside scans another program wrote, told by how they begin, never by their names alone."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a file is that says something of scans."""

    METS = "mets"
    ALTO = "alto"
    HOCR = "hocr"


_SUFFIXES = (".alto.xml", ".hocr.html", ".hocr.htm", ".hocr", ".xml", ".xhtml", ".html", ".htm")
_WINDOW = 65_536
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]")
_SKIPPED = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)


def kind_of(path: Path) -> Kind | None:
    """What the file is; None for anything else, and for what cannot be opened."""
    if not path.name.lower().endswith(_SUFFIXES):
        return None
    try:
        with path.open("rb") as file:
            head = file.read(_WINDOW)
    except OSError:
        return None
    root = _ROOT.search(_SKIPPED.sub(b"", head.removeprefix(b"\xef\xbb\xbf")))
    name = root[1].lower() if root else b""
    if name == b"html" or path.name.lower().endswith((".hocr", ".hocr.html", ".hocr.htm")):
        return Kind.HOCR if b"ocr_page" in head or b"ocr-system" in head else None
    return {b"mets": Kind.METS, b"alto": Kind.ALTO}.get(name)


def stem_of(name: str) -> str:
    """What a name is without that which says that words stand in the file."""
    lower = name.lower()
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if lower.endswith(suffix)), name)
