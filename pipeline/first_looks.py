"""Codes that a first look found on the pages of a file, kept beside its local copy: the reading need not look for them again.

They are known on the machine where the look was, as long as local copies are kept (:mod:`pipeline.originals`), and to the
same edition of the software. Everybody else looks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

from pipeline import archive
from pipeline.domain.pages import PageCode

_SCHEMA = "sohoa.codes/1"


def keep_codes(copy: Path, edition: str, codes: Mapping[int, tuple[PageCode, ...]]) -> None:
    """Keep the codes of pages beside ``copy``, the place of the local copy of their file, whether that is there or not.

    Pages that are not named are not known; those without codes are. What stands there already stays as it is.
    """
    place = _place(copy, edition)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    pages = {str(number): [archive.code_as_row(code) for code in found] for number, found in codes.items()}
    part = place.with_name(f".{place.name}.{uuid4().hex}.part")
    part.write_text(json.dumps({"schema": _SCHEMA, "pages": pages}, ensure_ascii=False), encoding="utf-8")
    part.replace(place)


def known_codes(copy: Path, edition: str, number: int) -> tuple[PageCode, ...] | None:
    """The codes on page ``number`` of the file whose local copy this is; None where it has to be looked for them."""
    try:
        kept = json.loads(_place(copy, edition).read_bytes())
        rows = kept["pages"].get(str(number)) if kept["schema"] == _SCHEMA else None
        return None if rows is None else tuple(map(archive.code_of_row, rows))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _place(copy: Path, edition: str) -> Path:
    return copy.with_name(f"{copy.name}.{edition[:16] or 'none'}.codes")
