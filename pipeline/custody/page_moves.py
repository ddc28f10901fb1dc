"""Pages that move between the documents of a dossier: split off, merged, inserted, moved, and all of it taken back.

Files stay as they were handed in. A document that gave all of its pages away is rejected and kept, and names where they are.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import archive
from pipeline.custody.page_changes import OpenPages, open_pages, put_right
from pipeline.domain.documents import Document, QueueName, Source, Status
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.holdings import StandingKind
from pipeline.domain.ledger import LedgerChange, PageLedger, open_ledger
from pipeline.domain.natures import EXCLUDED, Nature
from pipeline.domain.page_transfers import MERGED, UNDONE, Deed, bring_in, give_away, replay, standing_deeds, take_back
from pipeline.flow import FlowPorts, Wish, ask_to_read, receive
from pipeline.revisions import ACTOR

#: Words that say whether a paper is for reuse.
_ON_NATURE = frozenset({StandingKind.EXCLUDED, StandingKind.INCLUDED})


@dataclass(frozen=True, slots=True)
class Mover:
    """Moves pages in the name of ``actor``, for ``reason``."""

    ports: FlowPorts
    actor: str
    reason: str

    def split(self, document_id: str, page: int, *, version: str = "") -> tuple[Document, Document]:
        """The document with the pages before ``page``, and a new one with the others; raises as ``change_pages`` does."""
        with open_pages(document_id, self.ports, actor=self.actor, version=version) as opened:
            _refuse_decided(opened)
            if not 2 <= page <= len(opened.ledger.order):
                raise ValueError(f"nothing is split off before page {page} of {len(opened.ledger.order)}")
            document, order = opened.document, opened.ledger.order
            deed = self._deed(document.id)
            theirs = give_away(opened.ledger, order[: page - 1], deed)
            part = f"{document.id} {document.revision} {page}"
            other = self._part(opened, theirs, part, f"(từ trang {page})")
            self.ports.sides.carried.note(other.id, other.reading, theirs, (opened.origin,))
            ask_to_read(other, self.ports)
            mine = give_away(opened.ledger, order[page - 1 :], replace(deed, document=other.id))
            return put_right(opened, mine, self.ports), other

    def merge(self, document_id: str, other_id: str, *, version: str = "", other_version: str = "") -> Document:
        """The document with all pages of the other one behind its own; the other one is rejected, and kept."""
        with ExitStack() as stack:
            opened, other = self._both(stack, document_id, other_id, version, other_version)
            ledger = self._brought(opened, other, other.ledger.order, len(opened.ledger.order) + 1, self._deed(other_id))
            made = put_right(opened, ledger, self.ports, other.origin)
            self._reject(other.document, f"{MERGED}: {document_id}: {self.reason}")
            return made

    def move(self, document_id: str, pages: tuple[int, ...], other_id: str, place: int, *, version: str = "") -> Document:
        """The other document, with these pages of the document from page ``place`` on; one page at least stays behind."""
        with ExitStack() as stack:
            opened, other = self._both(stack, document_id, other_id, version, "")
            sides, deed = opened.ledger.sides_of(pages), self._deed(other_id)
            mine = give_away(opened.ledger, sides, deed)
            theirs = self._brought(other, opened, sides, place, replace(deed, document=document_id))
            made = put_right(other, theirs, self.ports, opened.origin)
            put_right(opened, mine, self.ports, other.origin)
            return made

    def insert(self, document_id: str, path: Path, source: Source, place: int, *, version: str = "") -> Document:
        """The document with all pages of a file from page ``place`` on; ``source`` is what the file was found to be.

        The file stands in the dossier as a document of its own, with a receipt, that gave its pages away.
        """
        with open_pages(document_id, self.ports, actor=self.actor, version=version) as opened:
            _refuse_decided(opened)
            if any(side.file == source.sha256 for side in opened.ledger.sides):
                raise _refused("inserted_already", "Tệp này đã có trong giấy tờ. Nếu trang đã bị bỏ, hãy bấm Đưa lại.")
            self.ports.store.put_once(archive.original_key(source.sha256), path)
            known = receive(source, opened.document.dossier, Wish(QueueName.STATION), self.ports)
            if known.status is not Status.RECEIVED and not _is_merged(known, self.ports):
                told = f"Tệp này đã là giấy tờ “{known.source.name}” của hồ sơ. Hãy gộp hai giấy tờ."
                raise _refused("known_already", told)
            theirs = open_ledger(source.sha256, source.pages)
            deed = self._deed(known.id)
            ledger = bring_in(opened.ledger, theirs, theirs.order, place, deed, media_type=source.media_type)
            self.ports.catalogue.describe(known.id, replace(source, name=known.source.name))
            if known.status is Status.RECEIVED:
                self._reject(known, f"{MERGED}: {document_id}: {self.reason}")
            return put_right(opened, ledger, self.ports)

    def undo(self, document_id: str, *, version: str = "") -> Document:
        """The document as it was before what was done last; where pages moved, the other document as well.

        Raises ``NotEntitledError`` where nothing is left to undo, or the other one was changed since.
        """
        with ExitStack() as stack:
            opened = stack.enter_context(open_pages(document_id, self.ports, actor=self.actor, version=version))
            _refuse_decided(opened)
            last = last_deed(opened.ledger)
            if last is None:
                raise _refused("nothing_to_undo", "Không còn thay đổi nào để hoàn tác.")
            other = self.ports.catalogue.document(last[0].document) if last[0].document else None
            if other is None:
                return put_right(opened, self._before(opened, last), self.ports)
            if _is_merged(other, self.ports):
                return self._undo_merge(opened, other, last)
            partner = stack.enter_context(open_pages(other.id, self.ports, actor=self.actor))
            return self._undo_move(opened, partner, last)

    def _undo_merge(self, opened: OpenPages, other: Document, last: tuple[LedgerChange, ...]) -> Document:
        made = put_right(opened, self._before(opened, last), self.ports)
        if other.revision:
            reason, now = f"{UNDONE}: {self.reason}", self.ports.clock.now()
            self.ports.catalogue.move(other.id, Status.NEEDS_REVIEW, actor=self.actor, reason=reason, at=now)
        return made

    def _undo_move(self, opened: OpenPages, partner: OpenPages, last: tuple[LedgerChange, ...]) -> Document:
        theirs = last_deed(partner.ledger)
        if theirs is None or theirs[0].at != last[0].at:
            raise _refused("changed_since", "Giấy tờ kia đã được sửa tiếp. Hoàn tác ở giấy tờ đó trước, hoặc gộp lại.")
        _refuse_decided(partner)
        for one, other, changes in ((partner, opened, theirs), (opened, partner, last)):
            if _was_split_off(one.document, changes, self.ports):
                made = put_right(other, self._before(other, last if other is opened else theirs), self.ports, one.origin)
                self._reject(one.document, f"{UNDONE}: {self.reason}")
                return made
        put_right(partner, self._before(partner, theirs), self.ports, opened.origin)
        return put_right(opened, self._before(opened, last), self.ports, partner.origin)

    def _before(self, opened: OpenPages, last: tuple[LedgerChange, ...]) -> PageLedger:
        source, changes = opened.document.source, opened.ledger.changes
        before = replay(open_ledger(source.sha256, source.pages), changes[: changes.index(last[0])])
        return take_back(opened.ledger, before, replace(self._deed(last[0].document), undoes=last[0].at))

    def _both(
        self, stack: ExitStack, document_id: str, other_id: str, version: str, other_version: str
    ) -> tuple[OpenPages, OpenPages]:
        if document_id == other_id:
            raise ValueError("a document is not merged with itself")
        opened = stack.enter_context(open_pages(document_id, self.ports, actor=self.actor, version=version))
        other = stack.enter_context(open_pages(other_id, self.ports, actor=self.actor, version=other_version))
        if opened.document.dossier != other.document.dossier:
            raise _refused("other_dossier", "Hai giấy tờ không cùng một hồ sơ.")
        mine, theirs = (_nature(one.document, self.ports) or Nature.ORIGINAL for one in (opened, other))
        if EXCLUDED.get(mine) is not EXCLUDED.get(theirs):
            raise _refused("other_nature", "Một giấy tờ là bản chính, một là bản sao. Để riêng, không gộp trang.")
        for one in (opened, other):
            _refuse_decided(one)
            if one.document.status is Status.REJECTED:
                raise _refused("rejected", "Giấy tờ đã bị bỏ hoặc bị từ chối, không chuyển trang được.")
        return opened, other

    @staticmethod
    def _brought(into: OpenPages, out_of: OpenPages, sides: tuple[int, ...], place: int, deed: Deed) -> PageLedger:
        return bring_in(into.ledger, out_of.ledger, sides, place, deed, media_type=out_of.document.source.media_type)

    def _part(self, opened: OpenPages, ledger: PageLedger, part: str, mark: str) -> Document:
        """A new document of the same file; the one that an earlier try entered, where there was one."""
        whole, now = opened.document, self.ports.clock.now()
        stem, dot, suffix = whole.source.name.rpartition(".")
        name = f"{stem} {mark}{dot}{suffix}" if stem else f"{whole.source.name} {mark}"
        fresh = replace(
            whole,
            id=f"{now:%Y%m%d}-{secrets.token_hex(6)}",
            source=replace(whole.source, name=name),
            status=Status.RECEIVED,
            queue=QueueName.STATION,
            received_at=now,
            revision=0,
            type="",
            reading=1,
            former=None,
            made_with="",
        )
        made = self.ports.catalogue.receive(fresh, part=part)
        self.ports.revisions.keep_receipt(made, part, ledger, nature=_nature(whole, self.ports))
        return made

    def _reject(self, document: Document, reason: str) -> None:
        steps = (Status.NEEDS_REVIEW,) if document.status is Status.APPROVED else ()
        for status in (*steps, Status.REJECTED):
            self.ports.catalogue.move(document.id, status, actor=self.actor, reason=reason, at=self.ports.clock.now())
        self.ports.catalogue.reviews.forget_draft(document.id)

    def _deed(self, other: str = "") -> Deed:
        return Deed(self.ports.clock.now().isoformat(), self.actor, self.reason, other)


def last_deed(ledger: PageLedger) -> tuple[LedgerChange, ...] | None:
    """What would be undone; None where nothing is left that somebody did."""
    standing = [deed for deed in standing_deeds(ledger) if deed[0].actor != ACTOR]
    return standing[-1] if standing else None


def _was_split_off(document: Document, changes: tuple[LedgerChange, ...], ports: FlowPorts) -> bool:
    """Whether the document came to be by these very changes."""
    received = ports.ledgers.as_received(document)
    return received is not None and bool(received.changes) and received.changes[-1].at == changes[0].at


def _nature(document: Document, ports: FlowPorts) -> Nature | None:
    """What the paper is, as declared or as said of it since: pages of a copy never become those of an original."""
    words = [one for one in ports.catalogue.holdings.standings(document.id) if one.kind in _ON_NATURE]
    if not words:
        return ports.revisions.nature(document)
    excluded = words[-1].other if words[-1].kind is StandingKind.EXCLUDED else ""
    return next((one for one in (Nature.PHOTOCOPY, Nature.SHOW_ONLY) if EXCLUDED[one] == excluded), Nature.ORIGINAL)


def _is_merged(document: Document, ports: FlowPorts) -> bool:
    """Whether its pages are those of another document now."""
    if document.status is not Status.REJECTED:
        return False
    return ports.catalogue.events(document.id)[-1].reason.startswith(f"{MERGED}: ")


def _refuse_decided(opened: OpenPages) -> None:
    if opened.is_decided:
        raise _refused("decided", "Giấy tờ này người soát xét đã duyệt. Mở duyệt lại rồi mới chuyển trang được.")


def _refused(code: str, advice: str) -> NotEntitledError:
    return NotEntitledError(f"pages are not moved: {code}", code=code, advice=advice)
