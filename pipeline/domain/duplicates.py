"""Documents that are, or may be, the same paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DuplicateKind(StrEnum):
    """``file``: the same bytes; ``pages``: the same sheets scanned again; ``number``: the same number, body and day."""

    FILE = "file"
    PAGES = "pages"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An earlier ``document`` that may be the same paper; ``score`` 0..1 is the share of pages that are the same sheets.

    ``pages`` pairs the numbers of those, this document's first.
    """

    document: str
    dossier: str
    kind: DuplicateKind
    score: float = 1.0
    pages: tuple[tuple[int, int], ...] = ()
