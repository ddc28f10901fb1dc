"""Fields of pages written by hand, the type being known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.findings import Classification, Field
from pipeline.domain.pages import PageCode
from pipeline.understanding.fields import Extract, extract_fields
from pipeline.understanding.kinds.classification import Reading
from pipeline.understanding.sheets import make_sheet
from tests.written_pages import Written, write_page


def extract_of(code: str, *pages: Sequence[Written], codes: tuple[PageCode, ...] = ()) -> Extract:
    """What is found on ``pages`` of a document of type ``code``, ``codes`` on each of them."""
    sheets = [make_sheet(replace(write_page(lines, number), codes=codes)) for number, lines in enumerate(pages, 1)]
    return extract_fields(sheets, Reading(Classification(code, 0.99), sheets[0]))


def field_of(code: str, key: str, *pages: Sequence[Written], codes: tuple[PageCode, ...] = ()) -> Field:
    """The field ``key``, which must be there."""
    found = {field.key: field for field in extract_of(code, *pages, codes=codes).fields}
    return found[key]
