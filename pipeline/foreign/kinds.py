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
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)

#: Of how many bytes at the beginning of a file its kind is told.
WINDOW = 65_536


def kind_of(path: Path) -> Kind | None:
    """What the file is; None for anything else, and for what cannot be opened."""
    if not may_tell(path.name):
        return None
    try:
        with path.open("rb") as file:
            return kind_by(path.name, file.read(WINDOW))
    except OSError:
        return None


def may_tell(name: str) -> bool:
    """Whether a file of this name may be of one of the kinds."""
    return name.lower().endswith(_SUFFIXES)


def kind_by(name: str, head: bytes) -> Kind | None:
    """What a file of this name is that begins with ``head`` (``WINDOW`` bytes, or all there are); None for anything else."""
    if not may_tell(name):
        return None
    root = _root_of(head)
    if root == b"html" or name.lower().endswith((".hocr", ".hocr.html", ".hocr.htm")):
        return Kind.HOCR if b"ocr_page" in head or b"ocr-system" in head else None
    return {b"mets": Kind.METS, b"alto": Kind.ALTO}.get(root)


def _root_of(head: bytes) -> bytes:
    """The name of the first element, in small letters; empty where there is none. Looks at each byte a few times at most."""
    at = head.find(b"<")
    while at >= 0:
        if head.startswith(b"<?", at):
            at = head.find(b"?>", at)
        elif head.startswith(b"<!--", at):
            at = head.find(b"-->", at + 4)
        elif head[at : at + 9].upper() == b"<!DOCTYPE":
            declared = _DOCTYPE.match(head, at)
            at = declared.end() - 1 if declared else -1
        elif found := _ROOT.match(head, at):
            return found[1].lower()
        else:
            at += 1
        at = head.find(b"<", at) if at >= 0 else -1
    return b""


def stem_of(name: str) -> str:
    """What a name is without that which says that words stand in the file."""
    lower = name.lower()
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if lower.endswith(suffix)), name)
