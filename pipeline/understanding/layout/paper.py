"""A paper as the linter sees it: its own sheets, how they lie on the scan, and its zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.domain.findings import Findings, Outcome
from pipeline.domain.pages import PageReading
from pipeline.understanding.kinds.titles import TitleMatch, find_titles
from pipeline.understanding.sheets import Piece, Sheet, make_sheet
from pipeline.understanding.zones.header import Header, find_header
from pipeline.understanding.zones.recipients import find_heading
from pipeline.understanding.zones.signatures import Signature, find_signature

#: What is not found on a page whose words were read with less on average may only not have been read.
LEGIBLE = 0.85
_MM = 25.4


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a paper fares against one rule: what was found, in Vietnamese, and on which pages it is wrong."""

    outcome: Outcome
    found: str = ""
    pages: tuple[int, ...] = ()


PASSED, UNKNOWN = Verdict(Outcome.PASSED), Verdict(Outcome.UNKNOWN)


def failed(found: str, *pages: int) -> Verdict:
    """A verdict that something is wrong."""
    return Verdict(Outcome.FAILED, found, pages)


@dataclass(frozen=True)
class Paper:
    """One document: what was found in it, and its pages up to its signature."""

    findings: Findings
    readings: Mapping[int, PageReading]
    sheets: tuple[Sheet, ...]

    @cached_property
    def front(self) -> Sheet:
        """The sheet of its header."""
        return self.sheets[0]

    @cached_property
    def header(self) -> Header | None:
        """The header on the front sheet."""
        return find_header(self.front)

    @cached_property
    def title(self) -> TitleMatch | None:
        """The line that names the type."""
        code = self.findings.classification.code
        return next((match for match in find_titles(self.front, self.header) if match.code == code), None)

    @cached_property
    def signature(self) -> Signature | None:
        """Who signed."""
        return find_signature(self.sheets)

    @property
    def last(self) -> Sheet:
        """The sheet of the signature, or else the last one."""
        return self.signature.sheet if self.signature else self.sheets[-1]

    @cached_property
    def recipients(self) -> Piece | None:
        """The line Nơi nhận."""
        return next((found for sheet in self.sheets if (found := find_heading(sheet)) is not None), None)

    def is_legible(self, *sheets: Sheet) -> bool:
        """Whether what was not found on these sheets is not there."""
        return all(self.readings[sheet.number].confidence >= LEGIBLE for sheet in sheets)

    def has(self, key: str) -> bool:
        """Whether the field ``key`` was found."""
        return self.findings.field(key) is not None

    def missing(self, found: str, *sheets: Sheet) -> Verdict:
        """That something stands nowhere on ``sheets``, as far as they can be read."""
        return failed(found, *(sheet.number for sheet in sheets)) if self.is_legible(*sheets) else UNKNOWN

    def millimetres(self, sheet: Sheet) -> float:
        """Millimetres per pixel of ``sheet``."""
        return _MM / max(1.0, self.readings[sheet.number].dpi)


def make_paper(findings: Findings, readings: Sequence[PageReading]) -> Paper | None:
    """The paper on ``readings``, without blank pages and those that could not be read; None where no page is left.

    What is attached to it, behind its signature or under a header of its own, is no part of it.
    """
    by_number = {reading.number: reading for reading in readings if not reading.blank}
    sheets = [sheet for reading in by_number.values() if (sheet := make_sheet(reading)).pieces]
    front = next((place for place, sheet in enumerate(sheets[:3]) if _begins(sheet)), 0)
    own = sheets[front:]
    if not own:
        return None
    signature = find_signature(own)
    end = own.index(signature.sheet) + 1 if signature else len(own)
    return Paper(findings, by_number, tuple(own[:end]))


def _begins(sheet: Sheet) -> bool:
    header = find_header(sheet)
    return header is not None and header.weight >= 2
