"""What a paper is worth on a day: a pure function of what is known of it.

It heeds no place: who scanned a paper, and where, is nowhere among what is judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.domain.documents import Status
from pipeline.domain.holdings import (
    Exclusion,
    Judgement,
    Kept,
    OwnerEventKind,
    Reason,
    ReasonCode,
    Standing,
    StandingKind,
    State,
)
from pipeline.domain.natures import ARTICLE_4
from pipeline.domain.releases import ANY, ExcludedType
from pipeline.domain.validity import ValidityState, state_on
from pipeline.reuse.policies import Effect, Policies, Policy, shipped_policies
from pipeline.reuse.reasons import OF_EXCLUSION, reason
from pipeline.reuse.succession import newer_papers

#: The worst first: of what stands against a paper, the state is that of the first.
_ORDER = (
    State.ERASED,
    State.EXCLUDED,
    State.REVOKED,
    State.SUPERSEDED,
    State.EXPIRED,
    State.NOT_YET,
    State.UNAPPROVED,
    State.DOUBTFUL,
)

_UNAPPROVED = {
    Status.NEEDS_REVIEW: ReasonCode.NEEDS_REVIEW,
    Status.READING: ReasonCode.IN_WORK,
    Status.RECEIVED: ReasonCode.IN_WORK,
    Status.REJECTED: ReasonCode.NOT_APPROVED,
    Status.FAILED: ReasonCode.NOT_APPROVED,
}


@dataclass(slots=True)
class _Findings:
    """What stands against a paper, what is worth knowing, and the earliest end."""

    against: list[tuple[State, Reason]] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    ends: list[date] = field(default_factory=list)

    def oppose(self, state: State, why: Reason) -> None:
        self.against.append((state, why))


def judge(kept: Kept, on: date, exclusions: Sequence[ExcludedType] = (), policies: Policies | None = None) -> Judgement:
    """What the paper is worth ``on`` a day, by the list of excluded types and the policies (the shipped ones)."""
    found = _Findings()
    told = policies or shipped_policies()
    _judge_status(kept, found)
    _judge_exclusions(kept, on, exclusions, found)
    cleared = _judge_words(kept, on, found)
    _judge_term(kept, on, told.of(kept.holding.type), cleared=cleared, found=found)
    _judge_owners(kept, on, told, found)
    for uncertain, why in newer_papers(kept, on):
        found.oppose(State.DOUBTFUL if uncertain else State.SUPERSEDED, why)
    if not cleared:
        _judge_doubts(kept, found)
    if kept.holding.units_note:
        found.notes.append(reason(ReasonCode.UNITS_CHANGED, text=kept.holding.units_note))
    found.against.sort(key=lambda one: _ORDER.index(one[0]))
    state = found.against[0][0] if found.against else State.VALID
    reasons = tuple(dict.fromkeys(one for _, one in found.against))
    until = min(found.ends, default=None)
    return Judgement(kept.holding.document, kept.holding.part, on, state, reasons, until, tuple(dict.fromkeys(found.notes)))


def _judge_status(kept: Kept, found: _Findings) -> None:
    if kept.status is Status.ERASED:
        found.oppose(State.ERASED, reason(ReasonCode.ERASED))
    elif kept.status in _UNAPPROVED:
        found.oppose(State.UNAPPROVED, reason(_UNAPPROVED[kept.status]))


def _judge_exclusions(kept: Kept, on: date, exclusions: Sequence[ExcludedType], found: _Findings) -> None:
    holding = kept.holding
    for one in exclusions:
        if one.type in {ANY, holding.type} and (one.since or "") <= on.isoformat() <= (one.until or "9999"):
            holder = one.holder or "cơ sở dữ liệu quốc gia"
            found.oppose(State.EXCLUDED, reason(OF_EXCLUSION[one.exclusion], basis=one.basis, holder=holder))
    said = dict.fromkeys((mark, ARTICLE_4) for mark in holding.marks)
    for word in kept.standings:
        if word.kind is StandingKind.EXCLUDED:
            said[Exclusion(word.other), word.basis] = None
        elif word.kind is StandingKind.INCLUDED:
            said.clear()
    for word in _last_by_document(kept.copies, {StandingKind.EXCLUDED, StandingKind.INCLUDED}):
        if word.kind is StandingKind.EXCLUDED and word.other == Exclusion.CLASSIFIED:
            said[Exclusion.CLASSIFIED, word.basis] = None
    for exclusion, basis in said:
        found.oppose(State.EXCLUDED, reason(OF_EXCLUSION[exclusion], basis=basis, holder="?"))


_ENDINGS = frozenset({StandingKind.REVOKED, StandingKind.SUPERSEDED, StandingKind.RESTORED})


def _judge_words(kept: Kept, on: date, found: _Findings) -> bool:
    """Heed what was said of the paper; whether somebody looked into it last, and let it stand."""
    for own, words in ((True, kept.standings), (False, kept.copies)):
        for word in _last_by_document(words, _ENDINGS):
            if word.kind is StandingKind.RESTORED:
                continue
            if word.since and word.since > on.isoformat():
                found.ends.append(date.fromisoformat(word.since) - timedelta(days=1))
            elif word.kind is StandingKind.REVOKED:
                code = ReasonCode.REVOKED if own else ReasonCode.REVOKED_AS_COPY
                found.oppose(State.REVOKED, reason(code, document="" if own else word.document, basis=word.basis))
            elif word.other != kept.holding.document:
                why = reason(ReasonCode.SUPERSEDED, document=word.other, basis=word.basis)
                found.oppose(State.SUPERSEDED, why)
    doubts = [word for word in kept.standings if word.kind in {StandingKind.DOUBTED, StandingKind.CLEARED}]
    if doubts and doubts[-1].kind is StandingKind.DOUBTED:
        found.oppose(State.DOUBTFUL, reason(ReasonCode.DOUBTED, basis=doubts[-1].basis))
    return bool(doubts) and doubts[-1].kind is StandingKind.CLEARED


def _last_by_document(words: Sequence[Standing], kinds: frozenset[StandingKind] | set[StandingKind]) -> Iterator[Standing]:
    """Of each document the last word of these kinds."""
    by_document: dict[str, list[Standing]] = defaultdict(list)
    for word in words:
        if word.kind in kinds:
            by_document[word.document].append(word)
    return (said[-1] for said in by_document.values())


def _judge_term(kept: Kept, on: date, policy: Policy, *, cleared: bool, found: _Findings) -> None:
    validity = kept.holding.validity
    state = state_on(validity, on)
    if validity and validity.until and state is not ValidityState.DOUBTFUL:
        found.ends.append(date.fromisoformat(validity.until))
    if state is ValidityState.EXPIRED:
        found.oppose(State.EXPIRED, reason(ReasonCode.EXPIRED, day=validity.until if validity else "?"))
    elif state is ValidityState.NOT_YET:
        day = (validity.since or validity.issued) if validity else "?"
        found.oppose(State.NOT_YET, reason(ReasonCode.NOT_YET, day=day))
    elif state is ValidityState.DOUBTFUL:
        found.oppose(State.DOUBTFUL, reason(ReasonCode.TERM_DOUBTFUL))
    elif state is ValidityState.UNKNOWN and policy.without_term is Effect.ASK and not cleared:
        found.oppose(State.DOUBTFUL, reason(ReasonCode.TERM_UNKNOWN))
    if validity and validity.conditions:
        why = reason(ReasonCode.CONDITIONS, text="; ".join(validity.conditions))
        if policy.conditions is Effect.ASK and not cleared:
            found.oppose(State.DOUBTFUL, why)
        else:
            found.notes.append(why)


def _judge_owners(kept: Kept, on: date, policies: Policies, found: _Findings) -> None:
    policy = policies.of(kept.holding.type)
    for event in kept.owner_events:
        if event.day > on.isoformat() or event.kind is OwnerEventKind.CANCELLED:
            continue
        died = event.kind is OwnerEventKind.DIED
        effect = policy.on_death if died else policy.on_change
        why = reason(ReasonCode.OWNER_DIED if died else ReasonCode.OWNER_CHANGED, day=event.day)
        issued = kept.holding.validity.issued if kept.holding.validity else ""
        if effect is Effect.HOLDS or (not died and issued >= event.day):
            found.notes.append(why)
        else:
            found.oppose(State.EXPIRED if effect is Effect.ENDS else State.DOUBTFUL, why)
    if kept.formerly:
        found.notes.append(reason(ReasonCode.OWNER_CHANGED))


def _judge_doubts(kept: Kept, found: _Findings) -> None:
    if kept.holding.signature_broken:
        found.oppose(State.DOUBTFUL, reason(ReasonCode.SIGNATURE_BROKEN))
    if kept.holding.unsure:
        found.oppose(State.DOUBTFUL, reason(ReasonCode.FIELDS_UNSURE, text=", ".join(kept.holding.unsure)))
