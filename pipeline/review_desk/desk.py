"""Claims, drafts and decisions: everything that people do with a document under review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline import archive, review
from pipeline.domain.audit import Action
from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import NotEntitledError, NotFoundError
from pipeline.domain.reviews import Claim, Passed, Step, Waiting
from pipeline.flow import FlowPorts
from pipeline.review_desk.approval import seal_approved
from pipeline.review_desk.cases import Case
from pipeline.review_desk.steps import Wish, bounded, decide_at


@dataclass(frozen=True, slots=True)
class Rules:
    """How an installation reviews: for how long a document stays on a desk untouched, which types need a second reader."""

    lease: timedelta = timedelta(minutes=15)
    second_reader: frozenset[str] = frozenset()


class Outcome(StrEnum):
    """What came of letting a document pass."""

    APPROVED = "approved"
    SECOND_READER = "second_reader"


class RejectionCode(StrEnum):
    """Why a reviewer sends a document back."""

    RESCAN = "rescan"
    WRONG_DOSSIER = "wrong_dossier"
    NOT_A_DOCUMENT = "not_a_document"
    DUPLICATE = "duplicate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Desk:
    """The review desk of an installation. ``actor`` and ``holder`` are ids of people.

    Whatever changes a draft raises ``NotEntitledError`` where the document is on the desk of somebody else (``claimed``), was
    read again meanwhile (``review_outdated``), or does not need review (``not_in_review``), and ``NotFoundError``.
    """

    ports: FlowPorts
    rules: Rules = field(default_factory=Rules)

    def queue(self, offices: tuple[str, ...] | None, limit: int = 2000) -> tuple[Waiting, ...]:
        """The documents that wait, the most urgent first."""
        return review.by_urgency(self.ports.catalogue.reviews.queue(offices, limit), self._now())

    def case(self, document_id: str) -> Case:
        """The document as it lies on the desk now, whoever looks at it."""
        document = self._finished(self.ports.catalogue.document(document_id))
        if document.revision == 0:
            raise NotFoundError(f"document {document_id} has not been read", advice="Tài liệu chưa đọc xong.")
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        reviews = self.ports.catalogue.reviews
        return Case(
            document,
            self.ports.store.get(key),
            reviews.steps(document.id, document.revision),
            reviews.claim_on(document.id),
            reviews.passed(document.id, document.revision),
        )

    def claim(self, document_id: str, holder: str) -> Claim:
        """Take the document on the desk, or keep it there; where another has it, their claim."""
        self._in_review(self.ports.catalogue.document(document_id))
        now = self._now()
        return self.ports.catalogue.reviews.claim(document_id, holder, now, now + self.rules.lease)

    def take_over(self, document_id: str, holder: str, *, reason: str) -> Claim | None:
        """Take the document from whoever has it, which the audit log tells; the claim that ended so, None where none did."""
        self._in_review(self.ports.catalogue.document(document_id))
        if not reason.strip():
            raise NotEntitledError("taking over needs a reason", code="no_reason", advice="Hãy nhập lý do nhận thay.")
        now = self._now()
        ended = self.ports.catalogue.reviews.take_over(document_id, holder, now, now + self.rules.lease)
        if ended is not None:
            told = {"from": ended.holder, "since": ended.since.isoformat()}
            self.ports.auditing.note(Action.TAKE_OVER, actor=holder, reason=reason.strip(), document=document_id, **told)
        return ended

    def release(self, document_id: str, holder: str) -> None:
        """Put the document back into the queue; its draft stays."""
        self.ports.catalogue.reviews.release(document_id, holder)

    def settle(self, document_id: str, revision: int, wish: Wish, *, actor: str) -> Step:
        """Do something at a place, as a step of the draft; raises also ``TypedValueError``."""
        case = self._held(document_id, revision, actor)
        decision = decide_at(case, wish)
        step = Step(
            number=0,
            document=document_id,
            revision=revision,
            place=wish.place,
            kind=decision.kind,
            before=decision.before,
            after=decision.after,
            actor=actor,
            at=self._now(),
            seconds=bounded(wish.seconds),
        )
        return self.ports.catalogue.reviews.add_step(step)

    def undo(self, document_id: str, revision: int, *, actor: str) -> Step | None:
        """Undo the last step of the draft; None where there is none."""
        self._held(document_id, revision, actor)
        return self.ports.catalogue.reviews.undo(document_id, revision)

    def redo(self, document_id: str, revision: int, *, actor: str) -> Step | None:
        """Do again what was undone last; None where nothing was."""
        self._held(document_id, revision, actor)
        return self.ports.catalogue.reviews.redo(document_id, revision)

    def approve(self, document_id: str, revision: int, *, actor: str) -> Outcome:
        """Let the draft pass: it becomes the next revision, signed by the digitiser where one signs here.

        Of types that need a second reader the first one's pass is noted, and the document goes back into the queue for
        another; whatever a reader changes must be let pass by both. Raises ``NotEntitledError`` also where points are open
        (``points_open``) or the same reader comes again (``same_reader``), and what signing raises.
        """
        case = self._held(document_id, revision, actor)
        if case.open_points:
            raise NotEntitledError(
                f"{len(case.open_points)} points of {document_id} are open",
                code="points_open",
                advice=f"Còn {len(case.open_points)} mục chưa xem. Xem hết các mục được đánh dấu rồi duyệt.",
            )
        readers = self._readers(case, actor)
        if self.needs_second_reader(case) and len(readers) < 2:
            return Outcome.SECOND_READER
        seal_approved(case, readers, self.ports)
        return Outcome.APPROVED

    def needs_second_reader(self, case: Case) -> bool:
        """Whether two people must let the document pass."""
        return any(part.kind.code in self.rules.second_reader for part in case.parts)

    def _readers(self, case: Case, actor: str) -> tuple[str, ...]:
        """Who let this draft pass, ``actor`` last; where a second reader is still needed, that of ``actor`` is noted."""
        digest = review.state_digest(case.settled)
        others = tuple(reader for reader in case.readers_of(digest) if reader != actor)
        if not self.needs_second_reader(case) or others:
            return (*others, actor)
        if actor in case.readers_of(digest):
            raise NotEntitledError(
                f"{actor} has let {case.document.id} pass already",
                code="same_reader",
                advice="Bạn đã xem tài liệu này. Loại giấy tờ này cần một người khác xem lần hai.",
            )
        document = case.document
        reviews = self.ports.catalogue.reviews
        reviews.let_pass(Passed(document.id, document.revision, actor, digest, self._now()))
        reviews.release(document.id, actor)
        return (actor,)

    def reject(self, document_id: str, code: RejectionCode, reason: str, *, actor: str) -> Document:
        """Send the document back, with the reason that the operator reads: the paper is scanned or handed in anew."""
        document = self.ports.catalogue.document(document_id)
        self._held(document_id, document.revision, actor)
        if not reason.strip():
            raise NotEntitledError("sending back needs a reason", code="no_reason", advice="Hãy nhập lý do trả lại.")
        told = f"{code.value}: {reason.strip()}"
        rejected = self.ports.catalogue.move(document_id, Status.REJECTED, actor=actor, reason=told, at=self._now())
        self.ports.catalogue.reviews.forget_draft(document_id)
        return rejected

    def reopen(self, document_id: str, *, reason: str, actor: str) -> Document:
        """Have an approved document reviewed again, because something in it turned out to be wrong."""
        document = self.ports.catalogue.document(document_id)
        if document.status is not Status.APPROVED or not reason.strip():
            raise NotEntitledError(
                f"document {document_id} is {document.status}",
                code="not_approved",
                advice="Chỉ mở lại tài liệu đã duyệt, và phải nêu lý do.",
            )
        return self.ports.catalogue.move(document_id, Status.NEEDS_REVIEW, actor=actor, reason=reason.strip(), at=self._now())

    def _held(self, document_id: str, revision: int, actor: str) -> Case:
        """The case, which ``actor`` holds and now holds for longer."""
        claim = self.claim(document_id, actor)
        if claim.holder != actor:
            raise NotEntitledError(
                f"document {document_id} is on the desk of {claim.holder}",
                code="claimed",
                advice="Người khác đang xem tài liệu này. Chọn tài liệu khác hoặc bấm “Nhận thay”.",
            )
        case = self.case(document_id)
        if case.document.revision != revision:
            raise NotEntitledError(
                f"document {document_id} has revision {case.document.revision} now, not {revision}",
                code="review_outdated",
                advice="Tài liệu đã được đọc lại. Hãy tải lại trang để xem bản mới.",
            )
        return case

    def _finished(self, document: Document) -> Document:
        """The document; where a review of it was sealed and never finished, as by a cut of power, it is finished now."""
        if document.status is not Status.NEEDS_REVIEW or document.revision < 2:
            return document
        history = self.ports.catalogue.audit.happenings(document.id)
        sealed = _last(range(len(history)), lambda n: _is_review_of(history[n].action, history[n].told, document))
        if sealed is None or any(one.after == Status.APPROVED for one in history[sealed:]):
            return document
        key = archive.revision_key(document.dossier, document.id, document.revision, archive.REVIEW_NAME)
        return self.ports.revisions.finish_review(document, archive.parse_review(self.ports.store.get(key)))

    def _in_review(self, document: Document) -> None:
        if document.status is not Status.NEEDS_REVIEW:
            raise NotEntitledError(
                f"document {document.id} is {document.status}, not to be reviewed",
                code="not_in_review",
                advice="Tài liệu này không còn chờ duyệt. Hãy quay lại danh sách.",
            )

    def _now(self) -> datetime:
        return self.ports.clock.now()


def _is_review_of(action: str, told: dict[str, object], document: Document) -> bool:
    return action == Action.REVIEW and told.get("revision") == document.revision


def _last(numbers: range, holds: Callable[[int], bool]) -> int | None:
    return next((number for number in reversed(numbers) if holds(number)), None)
