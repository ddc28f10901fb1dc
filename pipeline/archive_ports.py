"""What a trustworthy archive needs from outside, beside objects and their index: the log of all that happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from pipeline.domain.audit import AuditLine, Happening, Head, Segment


class AuditLog(Protocol):
    """Happenings, sealed into a chain of lines. Every call is one transaction; one process at a time changes the chain."""

    def note(self, happening: Happening) -> None:
        """Write down what happened; one that stands there already, by its ``uid``, is not written again."""

    def happenings(self, document: str) -> tuple[Happening, ...]:
        """All that happened to a document, oldest first, sealed or not."""

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
