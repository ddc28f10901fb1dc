"""Review by people: who has a document on the desk, what each of them settled step by step, and what came of it.

A document lists points that somebody has to look at. Every :class:`Step` settles one (or gives a value that nobody asked
for); a draft is what its steps add up to, and becomes a revision once it is approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.domain.findings import Evidence, FieldValue

#: The key of the point that asks for the type of a document, and the part of points about a file as a whole.
TYPE_KEY, WHOLE = "document_type", 0


class StepKind(StrEnum):
    """What somebody did at a point."""

    CONFIRM = "confirm"
    SET = "set"
    ABSENT = "absent"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class Place:
    """What a step is about: ``key`` of a field in the ``part``-th document of the file (from 1).

    :data:`TYPE_KEY` is the type of that document. In part :data:`WHOLE` the key names a problem of the file: its code, a
    colon, its page.
    """

    part: int
    key: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that ``actor`` did: ``before`` and ``after`` are the value there, None where there was or is none.

    ``seconds`` were spent at it. ``number`` counts all steps of the installation; one that is ``undone`` does not count.
    """

    number: int
    document: str
    revision: int
    place: Place
    kind: StepKind
    before: FieldValue | None
    after: FieldValue | None
    actor: str
    at: datetime
    seconds: float = 0.0
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """``holder`` has the document on the desk ``since`` then; nobody else may change it before ``until``."""

    document: str
    holder: str
    since: datetime
    until: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it still holds."""
        return at < self.until


@dataclass(frozen=True, slots=True)
class Passed:
    """``reader`` let a draft pass whose state has this ``digest``: two must, for types that need a second reader."""

    document: str
    revision: int
    reader: str
    digest: str
    at: datetime


class Verdict(StrEnum):
    """What a reviewer's look at a value came to."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    ADDED = "added"
    REMOVED = "removed"

    @classmethod
    def of(cls, read: FieldValue | None, decided: FieldValue | None) -> Verdict:
        """The verdict on what was ``read`` where it was ``decided`` so; None stands for no value."""
        if read == decided:
            return cls.CONFIRMED
        if read is None:
            return cls.ADDED
        return cls.REMOVED if decided is None else cls.CORRECTED


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was read and what a human says stands there, of one field: that from which reading may learn.

    ``text`` is what was read as printed, ``evidence`` where; ``confidence`` how sure the reading was. ``problems`` are codes.
    """

    part: int
    type: str
    key: str
    verdict: Verdict
    read: FieldValue | None
    decided: FieldValue | None
    text: str
    confidence: float
    evidence: tuple[Evidence, ...]
    origin: str
    problems: tuple[str, ...]
    actor: str
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class LessonTally:
    """How often each verdict was given on one field of one type, and the seconds spent on all."""

    type: str
    key: str
    confirmed: int = 0
    corrected: int = 0
    added: int = 0
    removed: int = 0
    seconds: float = 0.0

    @property
    def looked_at(self) -> int:
        """How often a human looked."""
        return self.confirmed + self.corrected + self.added + self.removed

    @property
    def wrong(self) -> int:
        """How often something else stood there than was read."""
        return self.corrected + self.added + self.removed


@dataclass(frozen=True, slots=True)
class Concern:
    """What a revision adds to the queue.

    ``risk`` is the harm to be expected of letting it pass unseen, ``doubts`` how many points are open, ``first`` the first of
    them in words. ``due`` is the ISO day on which the result of its dossier is due, where the paper tells, else empty.
    """

    risk: float = 0.0
    doubts: int = 0
    first: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits for review, as the queue shows it; ``due`` is the first day that a paper of its dossier tells.

    ``readers`` have let it pass: it waits for a second one.
    """

    document: str
    dossier: str
    name: str
    type: str
    station: bool
    received_at: datetime
    pages: int
    concern: Concern
    due: str = ""
    claim: Claim | None = None
    readers: tuple[str, ...] = ()


def standing(steps: Iterable[Step]) -> dict[Place, Step]:
    """The last step at each place, without those undone, in the order in which places were settled."""
    found: dict[Place, Step] = {}
    for step in steps:
        if not step.undone:
            found.pop(step.place, None)
            found[step.place] = step
    return found
