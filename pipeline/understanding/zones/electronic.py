"""What the text of electronic signatures says again: who signed, and on what day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.sheets import Sheet
from pipeline.understanding.values.dates import find_dates
from pipeline.understanding.values.names import SURNAMES, parse_name

_NAMED = re.compile(
    r"(?:người ký|ký bởi|signed by)\s*[:.]\s*(?P<name>[^:\d@]{4,40}?)\s*"
    r"(?=$|email|cơ quan|thời gian|ngày ký|chức vụ|đơn vị|,)",
    re.IGNORECASE,
)


def electronic_days(sheets: Sequence[Sheet]) -> frozenset[str]:
    """The ISO days on which ``sheets`` were signed electronically."""
    return frozenset(found.iso for text in _texts(sheets) for found in find_dates(text))


def electronic_signers(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """The persons who signed ``sheets`` electronically, in title case; bodies are none."""
    names = (parse_name(match["name"]) for text in _texts(sheets) for match in _NAMED.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name and fold(name).split()[0] in SURNAMES))


def _texts(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        yield from (squeeze(text) for text in sheet.signatures)
