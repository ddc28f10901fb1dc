"""Two readings of the same file beside each other: what differs, and whether it matters.

What matters is what people and systems go by: type, fields, status, problems, text, codes. How sure a reading was does not
count by itself; where it carries weight, it shows in the status and the problems.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.archive import RecordSummary
from pipeline.domain.documents import Status
from pipeline.domain.errors import RecognitionError
from pipeline.domain.findings import Classification, Field, Findings, Problem
from pipeline.domain.pages import PageReading, UnreadPage
from pipeline.domain.signatures import SignatureRole
from pipeline.reading import Assessed, Earlier

#: Lines of text that a difference keeps.
KEPT_LINES = 40

#: Words of a page up to which they are compared in order; beyond, a page is a bag of words.
ORDERED_WORDS = 4_000

#: What names a problem: its code, field and page; how it is worded may change.
ProblemKey = tuple[str, str | None, int | None]


@dataclass(frozen=True, slots=True)
class Version:
    """What one reading made of a document; pages of ``text`` are parted by form feeds.

    ``unread`` are the pages it could not read; ``decided`` says that the status is not what was read but what a human decided.
    """

    status: Status
    findings: Findings | None
    problems: tuple[Problem, ...]
    text: str
    codes: tuple[str, ...]
    unread: frozenset[int]
    decided: bool = False

    @property
    def earlier(self) -> Earlier | None:
        """What a later reading must heed."""
        confirmed = self.decided and self.status is Status.APPROVED
        return Earlier(self.findings, self.problems, confirmed) if self.findings else None

    def as_decided(self, status: Status) -> Version:
        """The version with the ``status`` that its document has; where it is another than was read, a human decided so."""
        if status is Status.ARCHIVED:
            status = Status.APPROVED
        if status not in {Status.NEEDS_REVIEW, Status.APPROVED, Status.REJECTED} or status is self.status:
            return self
        return replace(self, status=status, decided=True)

    @property
    def classification(self) -> Classification | None:
        """The type, None where no page was read."""
        return self.findings.classification if self.findings else None


def version_of_record(record: RecordSummary, text: str) -> Version:
    """The version that a record tells of; what people reviewed, or an agency has signed, was decided by them."""
    decided = SignatureRole.AGENCY in record.signed_by or record.is_reviewed
    return Version(record.status, record.findings, record.problems, text, record.codes, frozenset(record.unread), decided)


def version_of_reading(made: Assessed, pages: Iterable[PageReading]) -> Version:
    """The version that has just been read."""
    listed = tuple(pages)
    codes = tuple(code.text for page in listed for code in page.codes)
    unread = frozenset(page.number for page in listed if isinstance(page.content, UnreadPage))
    return Version(made.status, made.findings, made.problems, made.text, codes, unread)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with another value than before; None on the side that lacks it."""

    key: str
    before: Field | None
    after: Field | None

    @property
    def kind(self) -> str:
        """``added``, ``lost`` or ``changed``."""
        return "added" if self.before is None else "lost" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a later reading changes; ``words`` changed of ``of_words``, ``lines`` the first of a unified diff of the text.

    ``lost_pages`` were read before and are not now. ``procedure`` is the code of the procedure linked, before and after, where
    it is another, as once a list has been imported.
    """

    type: tuple[Classification | None, Classification | None] | None
    status: tuple[Status, Status] | None
    fields: tuple[FieldChange, ...]
    problems_added: tuple[ProblemKey, ...]
    problems_gone: tuple[ProblemKey, ...]
    words: int
    of_words: int
    lines: tuple[str, ...]
    more_lines: int
    text_changed: bool
    codes_changed: bool
    lost_pages: tuple[int, ...]
    procedure: tuple[str, str] | None = None

    @property
    def decides_otherwise(self) -> bool:
        """Whether type or fields are others, so that an approval given before no longer covers them."""
        return bool(self.type or self.fields)

    @property
    def matters(self) -> bool:
        """Whether the later reading is worth a revision."""
        listed = (self.type, self.status, self.fields, self.problems_added, self.problems_gone, self.procedure)
        return any(listed) or self.text_changed or self.codes_changed


def compare(before: Version, after: Version) -> Difference:
    """What ``after`` changes against ``before``."""
    types = before.classification, after.classification
    codes = tuple(found.code if found else "" for found in types)
    procedures = _procedure(before), _procedure(after)
    known, found = Counter(map(_key, before.problems)), Counter(map(_key, after.problems))
    words, of_words = _count_words(before.text, after.text)
    lines = tuple(_changed_lines(before.text, after.text)) if before.text != after.text else ()
    return Difference(
        type=types if codes[0] != codes[1] else None,
        status=(before.status, after.status) if before.status is not after.status else None,
        fields=_changed_fields(before, after),
        problems_added=tuple((found - known).elements()),
        problems_gone=tuple((known - found).elements()),
        words=words,
        of_words=of_words,
        lines=lines[:KEPT_LINES],
        more_lines=max(0, len(lines) - KEPT_LINES),
        text_changed=before.text != after.text,
        codes_changed=sorted(before.codes) != sorted(after.codes),
        lost_pages=tuple(sorted(after.unread - before.unread)),
        procedure=procedures if procedures[0] != procedures[1] else None,
    )


def weigh(before: Version, made: Assessed, pages: Sequence[PageReading]) -> tuple[Assessed, Difference]:
    """A later reading as it may stand, and what it changes.

    What a human decided stays so, and what was approved stays approved, unless type or fields read otherwise. Raises
    ``RecognitionError`` where pages that were read before are not now: such a reading is no gain.
    """
    difference = compare(before, version_of_reading(made, pages))
    if difference.lost_pages:
        numbers = ", ".join(map(str, difference.lost_pages))
        raise RecognitionError(
            f"read again, less was read than before: nothing of page {numbers}; the revision before stands",
            code="reread_lost_pages",
            advice=f"Lần đọc lại không đọc được trang {numbers} mà lần trước đọc được. Bản cũ được giữ nguyên.",
        )
    approved = before.status is Status.APPROVED
    stays = not difference.decides_otherwise if approved else before.decided
    if stays and made.status is not before.status:
        made = replace(made, status=before.status)
        difference = replace(difference, status=None)
    return made, difference


def _procedure(version: Version) -> str:
    return version.findings.procedure.code if version.findings and version.findings.procedure else ""


def _key(problem: Problem) -> ProblemKey:
    return problem.code, problem.field, problem.page


def _changed_fields(before: Version, after: Version) -> tuple[FieldChange, ...]:
    old = {field.key: field for field in before.findings.fields} if before.findings else {}
    new = {field.key: field for field in after.findings.fields} if after.findings else {}
    pairs = ((key, old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new)))
    return tuple(FieldChange(key, was, now) for key, was, now in pairs if was is None or now is None or was.value != now.value)


def _count_words(before: str, after: str) -> tuple[int, int]:
    """Words changed, and words of the longer text; page by page."""
    changed = total = 0
    for old, new in _pages(before, after):
        was, now = old.split(), new.split()
        total += max(len(was), len(now))
        if was != now:
            changed += _words_apart(was, now)
    return changed, total


def _words_apart(was: Sequence[str], now: Sequence[str]) -> int:
    if max(len(was), len(now)) > ORDERED_WORDS:
        old, new = Counter(was), Counter(now)
        return max((old - new).total(), (new - old).total())
    blocks = difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in blocks if tag != "equal")


def _pages(before: str, after: str) -> Iterable[tuple[str, str]]:
    old, new = before.split("\f"), after.split("\f")
    length = max(len(old), len(new))
    return zip(old + [""] * (length - len(old)), new + [""] * (length - len(new)), strict=True)


def _changed_lines(before: str, after: str) -> Iterable[str]:
    """A unified diff without context, page by page; line numbers count within the page."""
    for number, (old, new) in enumerate(_pages(before, after), start=1):
        if old != new:
            page = f"trang {number}"
            was, now = old.rstrip().split("\n"), new.rstrip().split("\n")
            diff = difflib.unified_diff(was, now, page, page, n=0, lineterm="")
            yield from (
                f"{line} {page}" if line.startswith("@@") else line for line in diff if line[:4] not in ("--- ", "+++ ")
            )
