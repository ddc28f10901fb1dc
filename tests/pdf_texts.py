"""The readers of PDF text that tests ask; one that is not installed skips the test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from scripts.bench import pdf_texts


def _asked(reader: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(reader)
    def ask(*args: object) -> object:
        if lacking := pdf_texts.missing(reader):
            pytest.skip(lacking)
        return reader(*args)

    return ask


by_poppler = _asked(pdf_texts.by_poppler)
by_poppler_tags = _asked(pdf_texts.by_poppler_tags)
by_pdfium = _asked(pdf_texts.by_pdfium)
by_pdfjs = _asked(pdf_texts.by_pdfjs)
READERS: dict[str, Callable[[Path], list[str]]] = {"poppler": by_poppler, "pdfium": by_pdfium, "pdf.js": by_pdfjs}
