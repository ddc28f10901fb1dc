"""What review needs from outside: who has what on the desk, drafts, the queue, what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pipeline.domain.reviews import Claim, Concern, Lesson, LessonTally, Passed, Step, Waiting


class Reviews(Protocol):
    """The desks of all reviewers. Every call is one transaction; safe from many processes at once."""

    def claim(self, document: str, holder: str, at: datetime, until: datetime) -> Claim:
        """Put the document on the desk of ``holder``, or keep it there until later; where another has it, that claim."""

    def take_over(self, document: str, holder: str, at: datetime, until: datetime) -> Claim | None:
        """Put the document on the desk of ``holder``, whoever has it; returns the open claim of another that ends so."""

    def release(self, document: str, holder: str) -> None:
        """Take the document off the desk of ``holder``."""

    def claim_on(self, document: str) -> Claim | None:
        """The last claim on the document, open or not."""

    def add_step(self, step: Step) -> Step:
        """Write down a step, numbered; steps undone before it can no longer be done again."""

    def undo(self, document: str, revision: int) -> Step | None:
        """Undo the last step that counts; the step, None where there is none."""

    def redo(self, document: str, revision: int) -> Step | None:
        """Do the first step again of those undone; the step, None where there is none."""

    def steps(self, document: str, revision: int) -> tuple[Step, ...]:
        """All steps of the draft upon a revision, oldest first, those undone included."""

    def let_pass(self, passed: Passed) -> None:
        """Note that a reader let a draft pass, in the place of what the same reader let pass before."""

    def passed(self, document: str, revision: int) -> tuple[Passed, ...]:
        """Who let the draft pass so far, oldest first."""

    def forget_draft(self, document: str) -> None:
        """Drop claim, steps and passes of a document that was decided about."""

    def note_concern(self, document: str, concern: Concern) -> None:
        """Hold what makes the document urgent, or risky to let pass, in the place of what was held."""

    def queue(self, offices: Sequence[str] | None, limit: int) -> tuple[Waiting, ...]:
        """At most ``limit`` documents that need review, of these ``offices`` (None: of all): station first, then by risk."""

    def waiting(self, document: str) -> Waiting | None:
        """The document as the queue shows it; None where it does not need review."""

    def keep_lessons(self, document: str, revision: int, lessons: Sequence[Lesson]) -> None:
        """Hold what was learnt from one revision, without the values; once."""

    def tallies(self, since: datetime, until: datetime) -> tuple[LessonTally, ...]:
        """What was learnt from ``since`` until before ``until``, by type and field, most often wrong first."""

    def lessons_at(self, since: datetime, until: datetime) -> tuple[tuple[str, int], ...]:
        """The documents and revisions from which something was learnt in that time, in order of time."""
