"""Whether papers are held, and what they are worth: the "don't ask again" list of a one-stop desk."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.domain.audit import Action
from pipeline.domain.documents import Owner, Status
from pipeline.domain.errors import NotFoundError, RejectedInputError
from pipeline.domain.holdings import Judgement, Kept, Reason, ReasonCode, State
from pipeline.domain.releases import (
    CheckAnswer,
    CheckQuestion,
    ComponentAnswer,
    Entitlement,
    Held,
    ReleaseForm,
    System,
)
from pipeline.reuse.entitlement import Call, lines_for, types_of
from pipeline.reuse.reasons import outward, reason
from pipeline.reuse_desk.scene import ReusePorts
from pipeline.understanding import type_titles

#: Types that one question may name.
MOST_TYPES = 100

_ID12 = re.compile(r"\d{12}")

#: Nothing of these is held: the file was of no use, or nobody may know of it.
_NOTHING = frozenset({Status.REJECTED, Status.FAILED, Status.ERASED})

#: The least bad first, where nothing can be reused.
_MILDEST = (
    State.UNAPPROVED,
    State.DOUBTFUL,
    State.NOT_YET,
    State.EXPIRED,
    State.SUPERSEDED,
    State.REVOKED,
    State.EXCLUDED,
    State.ERASED,
)


@dataclass(frozen=True, slots=True)
class Validity:
    """What papers are worth."""

    ports: ReusePorts

    def judge(self, document: str, on: date | None = None, *, part: int = 0) -> Judgement:
        """What the paper is worth on a day (today); the first of several in its file unless it is said which.

        Raises ``NotFoundError``.
        """
        day = on or self.ports.today
        found = self.ports.catalogue.holdings.of_document(document)
        kept = next((one for one in found if not part or one.holding.part == part), None)
        if kept is not None:
            return self.ports.judge(kept, day)
        status = self.ports.catalogue.document(document).status
        if part and found:
            raise NotFoundError(f"document {document!r} has no part {part}")
        erased = status is Status.ERASED
        why = reason(ReasonCode.ERASED if erased else ReasonCode.NOT_APPROVED)
        return Judgement(document, part, day, State.ERASED if erased else State.UNAPPROVED, (why,))


@dataclass(frozen=True, slots=True)
class Checks:
    """Answers to what is held."""

    ports: ReusePorts

    def check(self, caller: System, question: CheckQuestion) -> CheckAnswer:
        """For each component: held and reusable, held but not (why), or not held. Audited.

        What the caller is not entitled to is answered ``not_entitled`` without looking. Raises ``RejectedInputError`` for a
        question that names nobody (``owner_missing``) or nothing (``types_missing``).
        """
        check_owner(question.owner)
        rights = self.ports.catalogue.rights.current()
        entitlements = rights.entitlements
        types = question.types or types_of(question.procedure, question.purpose, question.on, entitlements)
        if not types or len(types) > MOST_TYPES:
            raise RejectedInputError(
                f"the question names {len(types)} types of papers; 1 to {MOST_TYPES} are answered",
                code="types_missing",
                advice="Câu hỏi phải nêu loại giấy tờ, hoặc mã thủ tục có trong danh mục quyền khai thác.",
            )
        lines = {kind: lines_for(self._call(caller, question, kind), entitlements) for kind in dict.fromkeys(types)}
        entitled = [kind for kind, allowed in lines.items() if allowed]
        held = self.ports.catalogue.holdings.of_owner(question.owner, entitled) if entitled else ()
        judged = [
            self._judged(one, _told(self.ports.judge(one, question.on, rights)), lines[one.holding.type])
            for one in held
            if one.status not in _NOTHING
        ]
        components = tuple(
            self._component(kind, [one for one in judged if one[0].holding.type == kind], allowed)
            for kind, allowed in lines.items()
        )
        answer = CheckAnswer(
            secrets.token_hex(16), self.ports.clock.now(), question.on, question.procedure, question.purpose, components
        )
        self._note(caller, question, answer)
        return answer

    def _call(self, caller: System, question: CheckQuestion, kind: str) -> Call:
        """Entitlement is that of today, whatever day is asked about."""
        return Call(caller.agency, question.procedure, kind, question.purpose, self.ports.today)

    def _component(self, kind: str, judged: Sequence[tuple[Kept, Judgement]], lines: Sequence[Entitlement]) -> ComponentAnswer:
        title = title_of(kind)
        if not lines:
            why = reason(ReasonCode.NOT_ENTITLED, agency="")
            told = f"Cơ quan không được hỏi về {title} cho thủ tục và mục đích này."
            return ComponentAnswer(kind, title, Held.NOT_ENTITLED, told, f"{title}: not entitled to know.", reasons=(why,))
        known = [one for one in judged if not any(why.code is ReasonCode.CLASSIFIED for why in one[1].reasons)]
        if not known:
            told = f"Kho chưa có {title}; công dân cần nộp."
            return ComponentAnswer(kind, title, Held.NOT_HELD, told, f"{title}: not held; ask the citizen for it.")
        kept, found = best_of(known)
        reusable = [one for one, its in known if its.is_reusable]
        notes = found.notes + _others(kept, reusable)
        forms = tuple(dict.fromkeys(line.form for line in lines if _may_leave(kept, line.form)))
        vietnamese, english = explain(title, found)
        return ComponentAnswer(
            type=kind,
            title=title,
            held=Held.REUSABLE if found.is_reusable else Held.NOT_REUSABLE,
            vi=vietnamese,
            en=english,
            document=found.document,
            part=found.part,
            until=found.until,
            reasons=found.reasons,
            notes=notes,
            forms=forms if found.is_reusable else (),
            consent=all(line.consent for line in lines),
        )

    def _judged(self, kept: Kept, found: Judgement, lines: Sequence[Entitlement]) -> tuple[Kept, Judgement]:
        """The paper and its judgement, doubtful where no line gives papers that are known by a name only."""
        if not kept.by_name or any(line.by_name for line in lines):
            return kept, found
        why = (*found.reasons, reason(ReasonCode.OWNER_BY_NAME))
        state = State.DOUBTFUL if found.is_reusable else found.state
        return kept, replace(found, state=state, reasons=why)

    def _note(self, caller: System, question: CheckQuestion, answer: CheckAnswer) -> None:
        self.ports.auditing.note(
            Action.CHECK,
            actor=caller.id,
            reason=question.purpose,
            check=answer.id,
            agency=caller.agency,
            procedure=question.procedure,
            purpose=question.purpose,
            on=question.on.isoformat(),
            owner=self.ports.owner_mark(question.owner),
            answers=[[one.type, one.held.value] for one in answer.components],
            documents=[one.document for one in answer.components if one.document],
        )


def _told(found: Judgement) -> Judgement:
    """The judgement as it may be told: a check shows nothing that stands on a paper."""
    return replace(found, reasons=outward(found.reasons), notes=outward(found.notes))


def best_of(judged: Sequence[tuple[Kept, Judgement]]) -> tuple[Kept, Judgement]:
    """The paper that serves best: one that can be reused, the newest of those; else the one with the least against it."""

    def rank(one: tuple[Kept, Judgement]) -> tuple[object, ...]:
        kept, found = one
        mild = -1 if found.is_reusable else _MILDEST.index(found.state)
        issued = kept.holding.validity.issued if kept.holding.validity else ""
        return -mild, issued, kept.holding.document, -kept.holding.part

    return max(judged, key=rank)


def _others(kept: Kept, reusable: Sequence[Kept]) -> tuple[Reason, ...]:
    """That more papers of the type can be reused, beside the one that was chosen and its copies."""
    others = [one.holding.document for one in reusable if one.holding.document not in {kept.holding.document, *kept.same}]
    return (reason(ReasonCode.SEVERAL_HELD, text=", ".join(others)),) if others else ()


def _may_leave(kept: Kept, form: ReleaseForm) -> bool:
    """Whether a paper can leave in this form: of a file with several papers no PDF."""
    return form is ReleaseForm.FIELDS or kept.holding.part == 0


def explain(title: str, found: Judgement) -> tuple[str, str]:
    """What a clerk reads of a paper that is held, Vietnamese and English."""
    against = [" ".join(one) for one in (_words(found.reasons, "vi"), _words(found.reasons, "en"))]
    if not found.is_reusable:
        return f"Kho có {title} nhưng chưa dùng lại được. {against[0]}", f"{title}: held, but not reusable. {against[1]}"
    vietnamese = f", dùng được đến {found.until:%d/%m/%Y}" if found.until else ""
    english = f" until {found.until.isoformat()}" if found.until else ""
    return f"Kho có {title}{vietnamese}. Không yêu cầu nộp lại.", f"{title}: held, reusable{english}. Do not ask for it again."


def _words(reasons: Sequence[Reason], language: str) -> list[str]:
    return [getattr(one, language) for one in reasons]


def check_owner(owner: Owner) -> None:
    """Nothing where ``owner`` names somebody; else raises ``RejectedInputError``."""
    if owner.id12 and not _ID12.fullmatch(owner.id12):
        raise RejectedInputError(
            "a personal id has 12 digits", code="owner_faulty", advice="Số định danh cá nhân gồm đúng 12 chữ số."
        )
    if not owner.id12 and not (owner.name and owner.birth_date):
        raise RejectedInputError(
            "the question names nobody: a personal id, or a name and a birth date",
            code="owner_missing",
            advice="Hãy nêu số định danh cá nhân, hoặc họ tên và ngày sinh.",
        )


def title_of(kind: str) -> str:
    """What papers of a type are called; the type itself where it is unknown."""
    return type_titles().get(kind, kind)
