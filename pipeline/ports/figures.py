"""What reports need from outside: tallies of what the archive holds, figures that were imported, who did how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from pipeline.domain.audit import Happening
from pipeline.domain.figures import (
    DeskWork,
    DigitisedDossier,
    DocumentTally,
    InHand,
    PaperKind,
    Period,
    PersonWork,
    ReportedFigures,
    ScanWork,
    ToldOffice,
)
from pipeline.domain.reviews import LessonTally

#: Agency codes of which papers are meant; None: of all, those of no office included.
Offices = Sequence[str] | None


class Figures(Protocol):
    """Counts over the index of the bucket. Every call is one transaction.

    A document counts as digitised while it is approved or archived, also while it is read again.
    """

    def enter(self, tally: DocumentTally) -> None:
        """Hold what the newest revision of a document adds, in the place of what was held; an older one changes nothing."""

    def missing(self, limit: int) -> tuple[str, ...]:
        """Documents, ``limit`` at most, of whose newest revision nothing is held."""

    def digitised(self, kind: PaperKind, period: Period, offices: Offices) -> tuple[DigitisedDossier, ...]:
        """Dossiers that count in the period with papers of this kind, each once, on the first day that any of them counts on.

        Papers outside any dossier do not count.
        """

    def loose(self, period: Period, offices: Offices) -> int:
        """How many digitised papers count in the period that belong to no dossier."""

    def types(self, period: Period, offices: Offices) -> tuple[tuple[str, PaperKind, int], ...]:
        """How many digitised papers of each type and kind count in the period, most first."""

    def handed_in(self, period: Period, offices: Offices) -> tuple[tuple[str, str, int], ...]:
        """How many digitised components came in during the period, by office and type."""

    def desks(self, period: Period, offices: Offices) -> tuple[DeskWork, ...]:
        """What each office handed in during the period, by queue; documents whose pages went into others count there alone."""

    def scanners(self, period: Period, offices: Offices) -> tuple[ScanWork, ...]:
        """Who scanned how much of that, most first."""

    def in_hand(self, offices: Offices) -> tuple[InHand, ...]:
        """What is not settled, by office and status."""

    def people(self, period: Period, offices: Offices) -> tuple[PersonWork, ...]:
        """Who reviewed how much in the period, most first."""

    def corrections(self, period: Period, offices: Offices) -> tuple[LessonTally, ...]:
        """What reviewers made of what was read, by type and field, most often wrong first."""

    def happenings(self, actions: Sequence[str], since: datetime, until: datetime) -> tuple[Happening, ...]:
        """What the audit log has of these actions from ``since`` until before ``until``, in order."""

    def keep_reported(self, number: int, rows: Sequence[ReportedFigures], at: date) -> None:
        """Hold the rows of the ``number``-th import, each in the place of an older one of its key.

        The first delivery of a row stays: its own day, else that of the import (``at``).
        """

    def reported(self, first: str, last: str) -> tuple[ReportedFigures, ...]:
        """The rows of these months (``2026-01``), by month, office and procedure."""

    def told_offices(self, first: str, last: str) -> tuple[ToldOffice, ...]:
        """The offices of which figures of these months were reported, once for each way they are told, newest last."""

    def reported_held(self) -> int:
        """The number of the last import held; 0 where there is none."""
