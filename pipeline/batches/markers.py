"""Sheets that say where a paper begins: our separators, Patch codes, slips with the code of a dossier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from pipeline.domain.pages import CodeFormat

#: What the QR codes of our separators begin with; the digit is the version of what follows.
PREFIX = "SOHOA-TACH:1?"

#: What bars on separators of other makers say, without signs and in capitals.
_GENERIC = frozenset({"PATCHT", "PATCH2", "PATCHII", "PATCH3", "PATCHIII", "SEPARATOR", "DOCSEP", "PHANCACH", "TACHHOSO"})
_DOSSIER_CODE = re.compile(r"(?:\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(?:[.\-]\d{1,3})*-\d{6}-\d{3,6}")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Marker:
    """What a separator says of the paper behind it; all empty: only that one begins.

    ``slip``: the page that says it is itself the first of that paper.
    """

    dossier: str = ""
    type: str = ""
    operator: str = ""
    slip: bool = False

    @property
    def text(self) -> str:
        """What a separator's code holds."""
        said = {"hs": self.dossier, "loai": self.type, "nv": self.operator}
        return PREFIX + urlencode({key: value for key, value in said.items() if value})

    def joined(self, other: Marker) -> Marker:
        """What two separators in a row say: the later one outweighs the earlier."""
        return Marker(other.dossier or self.dossier, other.type or self.type, other.operator or self.operator)


def separator_in(codes: Iterable[tuple[CodeFormat, str]]) -> Marker | None:
    """What the codes on a page say where it is a separator of ours; None where it is none.

    Several codes of one sheet say the same; should they not, the page says no more than that it is a separator.
    """
    found = {marker for format_, text in codes if format_ is CodeFormat.QR and (marker := _parse(text)) is not None}
    if not found:
        return None
    return next(iter(found)) if len(found) == 1 else Marker()


def is_generic(codes: Iterable[tuple[CodeFormat, str]]) -> bool:
    """Whether bars on the page say that they part papers, in the words of other makers."""
    return any(re.sub(r"[^A-Z0-9]", "", text.upper()) in _GENERIC for _, text in codes)


def slip_in(codes: Iterable[tuple[CodeFormat, str]]) -> Marker | None:
    """The dossier whose code the page bears, as a slip does; None where there is none, or more than one."""
    found = {text.strip() for _, text in codes if _DOSSIER_CODE.fullmatch(text.strip())}
    return Marker(found.pop(), slip=True) if len(found) == 1 else None


def _parse(text: str) -> Marker | None:
    if not text.startswith(PREFIX):
        return None
    said = {key: value.strip()[:_LONGEST] for key, value in parse_qsl(text[len(PREFIX) :])}
    return Marker(said.get("hs", ""), said.get("loai", ""), said.get("nv", ""))
