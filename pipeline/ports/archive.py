"""What a trustworthy archive needs from outside, beside objects and their index.

The log of all that happened, and what finds papers that came in twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from pipeline.domain.audit import AuditLine, Happening, Head, Segment
from pipeline.domain.duplicates import Duplicate


class AuditLog(Protocol):
    """Happenings, sealed into a chain of lines. Every call is one transaction; one process at a time changes the chain."""

    def note(self, happening: Happening) -> None:
        """Write down what happened; one that stands there already, by its ``uid``, is not written again."""

    def happenings(self, document: str) -> tuple[Happening, ...]:
        """All that happened to a document, oldest first, sealed or not."""

    def find(self, uids: Sequence[str]) -> Mapping[str, Happening]:
        """The happenings of these ``uid``s; unknown ones are left out."""

    def head(self) -> Head:
        """The last sealed line."""

    def waiting(self) -> tuple[int, datetime | None]:
        """How many happenings are not sealed yet, and when the oldest of them was."""

    def seal(self, day: str, limit: int) -> int:
        """Give the oldest happenings, ``limit`` at most, the next places in the chain, as one segment; how many."""

    def unkept(self) -> tuple[Segment, ...]:
        """The segments that are not known to stand in the bucket, oldest first."""

    def keep(self, first: int, sha256: str) -> None:
        """Note that the segment stands in the bucket."""

    def release(self, first: int) -> None:
        """Take the lines of an unkept segment, and of those behind it, out of the chain again."""

    def absorb(self, segment: Segment, lines: Sequence[AuditLine]) -> None:
        """Take over a segment that the bucket holds; what stands here unsealed by the same ``uid`` gets its place."""

    def unanchored(self, before: str) -> tuple[Segment, ...]:
        """The segments of days before ``before`` that stand in the bucket and that no anchor names, oldest first."""

    def anchor(self, day: str, first: int, last: int) -> None:
        """Note that the anchor of ``day`` names the segments of these lines."""

    def last_anchor(self) -> str:
        """The day of the newest anchor; empty where there is none."""

    def lines(self, first: int = 1, last: int | None = None) -> Iterator[AuditLine]:
        """The sealed lines from ``first`` to ``last`` (None: to the end), in order."""

    def span(self, since: datetime, until: datetime) -> tuple[int, int] | None:
        """The first and the last sealed line of what happened from ``since`` until before ``until``; None: nothing did."""


class Likenesses(Protocol):
    """An index of what pages look like and say, and the links between documents that may be the same paper."""

    def enter(self, document: str, pages: Mapping[int, Sequence[int]]) -> None:
        """Hold the bands of each page of a document, in the place of what was held of it."""

    def candidates(self, document: str, wanted: Sequence[int], limit: int) -> tuple[str, ...]:
        """The documents that share most of the ``wanted`` bands, without ``document``; bands of forms do not count."""

    def same_file(self, sha256: str) -> tuple[str, ...]:
        """The documents of a file, oldest first."""

    def same_number(self, number: str, limit: int) -> tuple[str, ...]:
        """The documents with this number, written in any way."""

    def link(self, document: str, found: Sequence[Duplicate]) -> None:
        """Hold what a document is a duplicate of, in the place of what was held."""

    def linked(self, document: str) -> tuple[Duplicate, ...]:
        """What may be the same paper as a document, whichever of them came first; its own page comes first in each pair."""
