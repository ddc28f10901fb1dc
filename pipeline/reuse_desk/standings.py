"""Words on documents: revoked, superseded, excluded, doubted, and taken back; and what befell their owners."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline import archive
from pipeline.domain.audit import Action, Happening, details_of
from pipeline.domain.documents import Document
from pipeline.domain.errors import ConflictError, RejectedInputError
from pipeline.domain.holdings import (
    Exclusion,
    Judgement,
    Kept,
    OwnerEvent,
    ReasonCode,
    Standing,
    StandingKind,
    State,
)
from pipeline.domain.outbox import EventKind, ReuseEvent
from pipeline.reuse.reasons import OF_EXCLUSION
from pipeline.reuse_desk.checks import check_owner
from pipeline.reuse_desk.scene import ReusePorts, uid_of
from pipeline.understanding import document_types

_TRIES = 20

_K = StandingKind

#: Words of which the last one counts.
_GROUPS = (
    frozenset({_K.REVOKED, _K.SUPERSEDED, _K.RESTORED}),
    frozenset({_K.EXCLUDED, _K.INCLUDED}),
    frozenset({_K.DOUBTED, _K.CLEARED}),
)

#: Words that take something back: where nothing was said there is nothing to take back.
_BACK = frozenset({_K.RESTORED})

#: What other systems are told of a word.
_EVENTS = {
    _K.REVOKED: EventKind.DOCUMENT_REVOKED,
    _K.SUPERSEDED: EventKind.DOCUMENT_SUPERSEDED,
    _K.RESTORED: EventKind.DOCUMENT_RESTORED,
    _K.EXCLUDED: EventKind.DOCUMENT_REVOKED,
    _K.INCLUDED: EventKind.DOCUMENT_RESTORED,
    _K.DOUBTED: EventKind.DOCUMENT_DOUBTED,
    _K.CLEARED: EventKind.DOCUMENT_RESTORED,
}

#: Words that are heeded of the document alone, not of others that are the same paper.
_OWN = frozenset({_K.DOUBTED, _K.CLEARED})


#: What befalls an owner and ends papers.
_BEFALLEN = frozenset({ReasonCode.OWNER_DIED, ReasonCode.OWNER_CHANGED})

#: What others were told of, and what stays though one word is taken back.
_LASTING = _BEFALLEN | {
    ReasonCode.ERASED,
    ReasonCode.REVOKED,
    ReasonCode.REVOKED_AS_COPY,
    ReasonCode.SUPERSEDED,
    ReasonCode.DOUBTED,
    *OF_EXCLUSION.values(),
}


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says: ``kind``, why, by which law, from which day on; ``other`` as of :class:`Standing`."""

    kind: StandingKind
    reason: str
    basis: str
    actor: str
    since: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Revocations:
    """Says what documents are worth. Each word is an object of the bucket, written once, and an event for all who fetched.

    All raise ``NotFoundError`` for an unknown document, ``RejectedInputError`` without reason or basis (``basis_missing``).
    The same said again changes nothing.
    """

    ports: ReusePorts

    def revoke(self, document: str, *, reason: str, basis: str, actor: str, since: str = "") -> Standing:
        """The paper holds no more from the day ``since`` on (ISO; empty: it never did)."""
        return self._say(document, Word(_K.REVOKED, reason, basis, actor, since))

    def supersede(self, document: str, by: str, *, reason: str, basis: str, actor: str, since: str = "") -> Standing:
        """Document ``by`` takes its place."""
        if document == by or self.ports.catalogue.document(by).id != by:
            raise _faulty("a document does not replace itself", "same_document", "Tài liệu không thể thay cho chính nó.")
        return self._say(document, Word(_K.SUPERSEDED, reason, basis, actor, since, by))

    def restore(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """It was revoked or superseded wrongly."""
        return self._say(document, Word(_K.RESTORED, reason, basis, actor))

    def exclude(self, document: str, exclusion: Exclusion, *, reason: str, basis: str, actor: str) -> Standing:
        """It is not for reuse."""
        return self._say(document, Word(_K.EXCLUDED, reason, basis, actor, other=exclusion.value))

    def include(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """It is for reuse after all."""
        return self._say(document, Word(_K.INCLUDED, reason, basis, actor))

    def doubt(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """Something about it must be looked into first."""
        return self._say(document, Word(_K.DOUBTED, reason, basis, actor))

    def clear(self, document: str, *, reason: str, basis: str, actor: str) -> Standing:
        """It was looked into, and holds."""
        return self._say(document, Word(_K.CLEARED, reason, basis, actor))

    def of(self, document: str) -> tuple[Standing, ...]:
        """All that was said of it, oldest first."""
        return self.ports.catalogue.holdings.standings(document)

    def befall(self, told: OwnerEvent) -> bool:
        """Take in what a register tells of a person; False where it was told before.

        Whoever fetched a paper that no longer holds therefore, or holds again, is told.
        """
        check_owner(told.owner)
        if told.now is not None:
            check_owner(told.now)
        _check_day(told.day)
        key, data = archive.owner_event_key(told.id), archive.render_reuse(told)
        before = {one.holding.document: one for one in self._papers(told)}
        if not self.ports.store.put_once(key, data, media_type="application/json"):
            told, data = archive.parse_reuse(OwnerEvent, self.ports.store.get(key)), self.ports.store.get(key)
        sha256 = hashlib.sha256(data).hexdigest()
        details = details_of(kind=told.kind.value, basis=told.basis, key=key, sha256=sha256)
        happening = Happening(
            uid_of("owner_event", told.id), told.at, told.actor, Action.OWNER_EVENT.value, reason=told.kind, details=details
        )
        fresh = self.ports.catalogue.holdings.befall(told, happening)
        self._tell_changed(told, before)
        return fresh

    def _papers(self, told: OwnerEvent) -> tuple[Kept, ...]:
        return self.ports.catalogue.holdings.of_owner(told.owner, [kind.code for kind in document_types()])

    def _tell_changed(self, told: OwnerEvent, before: dict[str, Kept]) -> None:
        """An event for each paper that was worth something before and is not now, or against which nothing stands any more."""
        today = self.ports.today
        for kept in self._papers(told):
            was = before.get(kept.holding.document)
            if was is None:
                continue
            found = _change(self.ports.judge(was, today), self.ports.judge(kept, today))
            if found is not None:
                self.ports.catalogue.outbox.enter(_event(kept, found[0], self.ports, told.id, code=found[1]))

    def _say(self, document_id: str, word: Word) -> Standing:
        document = self.ports.catalogue.document(document_id)
        if not word.reason.strip() or not word.basis.strip():
            advice = "Phải nêu lý do và căn cứ (số văn bản) của quyết định này."
            raise _faulty("a word on a document needs a reason and a legal basis", "basis_missing", advice)
        if word.since:
            _check_day(word.since)
        for _ in range(_TRIES):
            said = self.of(document_id)
            last = _last_like(said, word.kind)
            if _is_said(last, word):
                assert last is not None
                return last
            made = self._standing(document_id, len(said) + 1, word)
            key = archive.standing_key(document.dossier, document_id, made.number)
            if not self.ports.store.put_once(key, archive.render_reuse(made), media_type="application/json"):
                self._enter(document, archive.parse_reuse(Standing, self.ports.store.get(key)), key)
                continue
            self._enter(document, made, key)
            return made
        raise ConflictError(f"document {document_id}: {_TRIES} others said something at the same time; look, and try again")

    def _standing(self, document: str, number: int, word: Word) -> Standing:
        return Standing(
            document,
            number,
            word.kind,
            word.actor,
            word.reason.strip(),
            word.basis.strip(),
            self.ports.clock.now(),
            word.since,
            word.other,
        )

    def _enter(self, document: Document, made: Standing, key: str) -> None:
        """Into the catalogue, the audit log and the outbox at once; may be repeated."""
        digest = hashlib.sha256(archive.render_reuse(made)).hexdigest()
        told = details_of(
            kind=made.kind.value,
            number=made.number,
            key=key,
            sha256=digest,
            basis=made.basis,
            other=made.other,
            since=made.since,
        )
        uid = uid_of("standing", document.id, made.number)
        happening = Happening(uid, made.at, made.actor, Action.STANDING.value, document.id, reason=made.reason, details=told)
        self.ports.catalogue.holdings.say(made, happening, tuple(self._events(document, made)))

    def _events(self, document: Document, made: Standing) -> Iterator[ReuseEvent]:
        """What others are told: of the document, and of others that are the same paper."""
        kind = _EVENTS.get(made.kind)
        if kind is None or (made.kind is _K.CLEARED and not self._was_doubted(document.id, made.number)):
            return
        own = self._kept(document.id)
        if kind is EventKind.DOCUMENT_RESTORED and own and not any(self._holds_again(kept, made) for kept in own):
            return
        code = made.other if made.kind is _K.EXCLUDED else made.kind.value
        other = made.other if made.kind is _K.SUPERSEDED else ""
        uid = uid_of("event", document.id, made.number)
        yield ReuseEvent(0, uid, kind, made.at, document.dossier, document.id, document.type, document.revision, other, code)
        if made.kind in _OWN or (made.kind is _K.EXCLUDED and made.other != Exclusion.CLASSIFIED):
            return
        for same in sorted({one for kept in self._kept(document.id) for one in kept.same} - {other}):
            for kept in self._kept(same)[:1]:
                if kind is EventKind.DOCUMENT_RESTORED and not self._holds_again(kept, made):
                    continue
                yield _event(kept, kind, self.ports, uid, other=other, code=ReasonCode.REVOKED_AS_COPY)

    def _was_doubted(self, document: str, number: int) -> bool:
        """Whether somebody had said that it must be looked into when the word of this number was said."""
        last = _last_like([one for one in self.of(document) if one.number < number], _K.DOUBTED)
        return last is not None and last.kind is _K.DOUBTED

    def _holds_again(self, kept: Kept, made: Standing) -> bool:
        """Whether nothing else that was told of stands against a paper, once ``made`` is said of it or of a copy."""
        if kept.holding.document == made.document:
            after = replace(kept, standings=(*kept.standings, made))
        else:
            after = replace(kept, copies=(*kept.copies, made))
        return not {why.code for why in self.ports.judge(after, self.ports.today).reasons} & _LASTING

    def _kept(self, document: str) -> Sequence[Kept]:
        return self.ports.catalogue.holdings.of_document(document)


def _change(earlier: Judgement, now: Judgement) -> tuple[EventKind, ReasonCode] | None:
    """What is told of a paper that was judged so before something befell its owner, and is judged so now."""
    before, after = {why.code for why in earlier.reasons}, {why.code for why in now.reasons}
    if relieved := sorted((before - after) & _BEFALLEN):
        return None if after & _LASTING else (EventKind.DOCUMENT_RESTORED, relieved[0])
    befallen = sorted((after - before) & _BEFALLEN)
    if now.is_reusable or not (earlier.is_reusable or befallen):
        return None
    kind = EventKind.DOCUMENT_DOUBTED if now.state is State.DOUBTFUL else EventKind.DOCUMENT_REVOKED
    return kind, befallen[0] if befallen else now.reasons[0].code


def _event(kept: Kept, kind: EventKind, ports: ReusePorts, cause: str, *, other: str = "", code: str = "") -> ReuseEvent:
    held = kept.holding
    uid = uid_of("event", cause, held.document)
    at = ports.clock.now()
    return ReuseEvent(0, uid, kind, at, held.dossier, held.document, held.type, held.revision, other, code)


def _last_like(said: Sequence[Standing], kind: StandingKind) -> Standing | None:
    group = next(one for one in _GROUPS if kind in one)
    return next((one for one in reversed(said) if one.kind in group), None)


def _is_said(last: Standing | None, word: Word) -> bool:
    if last is None:
        return False
    return (last.kind, last.other, last.since) == (word.kind, word.other, word.since)


def _check_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        advice = "Ngày phải viết theo dạng 2026-01-31."
        raise _faulty(f"{text!r} is no day like 2026-01-31", "day_faulty", advice) from error


def _faulty(message: str, code: str, advice: str) -> RejectedInputError:
    return RejectedInputError(message, code=code, advice=advice)
