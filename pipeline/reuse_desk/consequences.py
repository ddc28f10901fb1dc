"""What follows from a paper that was approved (older ones are superseded, it was asked for again) or restored."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.audit import Action, Happening, details_of
from pipeline.domain.documents import Document
from pipeline.domain.errors import NotFoundError
from pipeline.domain.holdings import Kept, ReasonCode, State
from pipeline.domain.local_time import local_day
from pipeline.domain.outbox import EventKind, ReuseEvent
from pipeline.domain.people import office_of
from pipeline.reuse_desk.scene import ReusePorts, uid_of

_APPROVED = frozenset({EventKind.DOCUMENT_APPROVED, EventKind.DOCUMENT_REVISED})


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an event leads to. May be repeated: everything has an id that is made of what it follows from."""

    ports: ReusePorts

    def draw(self, event: ReuseEvent) -> None:
        """Enter what follows from ``event``."""
        if event.kind is EventKind.DOCUMENT_RESTORED:
            self._tell_outdated(event)
        if event.kind not in _APPROVED:
            return
        for kept in self.ports.catalogue.holdings.of_document(event.document):
            for sibling in kept.siblings:
                self._supersede(kept, sibling, event)
            if event.kind is EventKind.DOCUMENT_APPROVED:
                self._note_asked_again(kept, event)

    def _supersede(self, kept: Kept, sibling: Kept, event: ReuseEvent) -> None:
        """Tell of an older paper that is no longer the newest because of this one."""
        held = sibling.holding
        older = self._kept(held.document, held.part)
        if older is None:
            return
        judged = self.ports.judge(older, self.ports.today)
        causes = {why.document for why in judged.reasons if why.code is ReasonCode.SUPERSEDED_BY_NEWER}
        if judged.state is not State.SUPERSEDED or kept.holding.document not in causes:
            return
        uid = uid_of("superseded", held.document, kept.holding.document)
        told = (held.dossier, held.document, held.type, held.revision, event.document, ReasonCode.SUPERSEDED_BY_NEWER.value)
        self.ports.catalogue.outbox.enter(ReuseEvent(0, uid, EventKind.DOCUMENT_SUPERSEDED, event.at, *told))

    def _tell_outdated(self, event: ReuseEvent) -> None:
        """Tell of a paper that was restored though a newer one has its place meanwhile, or something else is in doubt."""
        for kept in self.ports.catalogue.holdings.of_document(event.document):
            judged = self.ports.judge(kept, self.ports.today)
            causes = sorted(why.document for why in judged.reasons if why.code is ReasonCode.SUPERSEDED_BY_NEWER)
            if judged.state is State.SUPERSEDED and causes:
                self._follow(event, kept, EventKind.DOCUMENT_SUPERSEDED, causes[-1], ReasonCode.SUPERSEDED_BY_NEWER)
            elif judged.state is State.DOUBTFUL:
                why = judged.reasons[0]
                self._follow(event, kept, EventKind.DOCUMENT_DOUBTED, why.document, why.code)

    def _follow(self, event: ReuseEvent, kept: Kept, kind: EventKind, other: str, code: ReasonCode) -> None:
        """Enter what follows from ``event`` for a paper of its document."""
        held, uid = kept.holding, uid_of(kind.value.removeprefix("document."), event.document, kept.holding.part, event.id)
        told = (held.dossier, held.document, held.type, held.revision, other, code.value)
        self.ports.catalogue.outbox.enter(ReuseEvent(0, uid, kind, event.at, *told))

    def _note_asked_again(self, kept: Kept, event: ReuseEvent) -> None:
        """Note that a paper came in that was held: the same one, reusable on the day it was received."""
        document = self._document(kept.holding.document)
        if document is None:
            return
        for other in kept.same:
            before = self._document(other)
            if before is None or before.received_at >= document.received_at or before.dossier == document.dossier:
                continue
            day = local_day(document.received_at)
            if any(self.ports.judge(one, day).is_reusable for one in self.ports.catalogue.holdings.of_document(other)):
                office = office_of(document.dossier)
                told = details_of(held=other, type=kept.holding.type, office=office, dossier=document.dossier)
                uid, action = uid_of("asked_again", document.id), Action.ASKED_AGAIN.value
                noted = Happening(uid, event.at, "sohoa", action, document.id, reason="already held", details=told)
                self.ports.catalogue.audit.note(noted)
                return

    def _document(self, document: str) -> Document | None:
        """The document; None where it is gone, for what was linked to it may outlive it."""
        try:
            return self.ports.catalogue.document(document)
        except NotFoundError:
            return None

    def _kept(self, document: str, part: int) -> Kept | None:
        found = self.ports.catalogue.holdings.of_document(document)
        return next((one for one in found if one.holding.part == part), None)
