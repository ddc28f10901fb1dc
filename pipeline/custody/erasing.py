"""Legal holds and lawful erasure: the content goes, a tombstone with all its hashes stays, and the chains stay provable."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline import archive
from pipeline.custody.auditing import Auditing
from pipeline.custody.dossier_sheets import DossierSheets
from pipeline.custody.foreign_texts import ForeignTexts
from pipeline.custody.manifests import Manifests
from pipeline.custody.page_ledgers import PageLedgers
from pipeline.domain.audit import Action
from pipeline.domain.documents import SETTLED, Document, Source, Status
from pipeline.domain.errors import NotEntitledError, NotFoundError, StageError
from pipeline.domain.ledger import ChangeKind
from pipeline.ports import Catalogue, Clock, ObjectStore


@dataclass(frozen=True, slots=True)
class Erasing:
    """Holds and erases documents by the schedule of ``retention``."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock
    retention: archive.Retention

    def hold(self, document_id: str, *, held: bool, actor: str, reason: str) -> archive.Hold:
        """Put a document under legal hold, or release it; nothing new is written where it is so already.

        Raises ``NotFoundError``, ``StageError`` where others do the same at the same time.
        """
        document = self.catalogue.document(document_id)
        newest = self.newest_hold(document)
        if (newest is not None and newest.held) == held:
            return newest or archive.Hold(0, held, "", "", "")
        number = newest.number + 1 if newest else 1
        made = archive.Hold(number, held, actor, reason, self.clock.now().isoformat())
        key = archive.hold_key(document.dossier, document.id, number)
        if not self.store.put_once(key, archive.render_hold(made), media_type="application/json"):
            raise StageError(f"{key} has just been written by somebody else; look, and try again", code="hold_raced")
        told = {"key": key, "sha256": hashlib.sha256(archive.render_hold(made)).hexdigest()}
        action = Action.HOLD if held else Action.RELEASE
        self._auditing.note(action, actor=actor, reason=reason, document=document_id, **told)
        return made

    def newest_hold(self, document: Document) -> archive.Hold | None:
        """The newest word on whether a document is held; None where nothing was ever said."""
        keys = [entry.key for entry in self.store.list(archive.holds_prefix(document.dossier, document.id))]
        return archive.parse_hold(self.store.get(keys[-1])) if keys else None

    def erase(self, document_id: str, *, actor: str, reason: str, order: str = "") -> archive.Tombstone:
        """Remove the content of a document and leave a tombstone; one that was begun is brought to its end.

        ``order`` names what orders it before the term is over. Documents whose pages are all in this one, and that are kept
        for nothing else, go with it. Raises ``NotFoundError``; ``NotEntitledError`` under a hold, within the term, and while
        the document is in work.
        """
        document = self.catalogue.document(document_id)
        key = archive.tombstone_key(document.dossier, document.id)
        standing = self._tombstone(key)
        if standing is None:
            made = self._permitted(document, actor, reason, order)
            self.store.put_once(key, archive.render_tombstone(made), media_type="application/json")
            standing = self._tombstone(key)
        assert standing is not None
        changes = PageLedgers(self.store).of(document).changes if document.status is not Status.ERASED else ()
        inserted = [change for change in changes if change.kind is ChangeKind.INSERT]
        self._finish(document, standing, key)
        for other in dict.fromkeys(change.document for change in inserted):
            if other and self._is_rejected(other):
                self.erase(other, actor=actor, reason=reason, order=order or standing.basis)
        for file in {change.file for change in inserted}:
            if not self._is_needed(document, file):
                self.store.remove(archive.original_key(file))
        if document.dossier and all(one.status is Status.ERASED for one in self._of_dossier(document)):
            DossierSheets(self.store, self.catalogue.audit, self.clock).erase(document.dossier, actor=actor, reason=reason)
        return standing

    def _is_rejected(self, document_id: str) -> bool:
        try:
            return self.catalogue.document(document_id).status is Status.REJECTED
        except NotFoundError:
            return False

    def _permitted(self, document: Document, actor: str, reason: str, order: str) -> archive.Tombstone:
        """The tombstone of a document that may be erased."""
        if document.status not in SETTLED:
            raise _refused(document, "is being read", "in_work", "Tài liệu đang được xử lý. Hãy chờ xong rồi thử lại.")
        hold = self.newest_hold(document)
        if hold is not None and hold.held:
            why = f"is under a legal hold since {hold.at} ({hold.actor}: {hold.reason})"
            raise _refused(document, why, "under_hold", "Tài liệu đang bị tạm giữ theo yêu cầu pháp lý; không được tiêu hủy.")
        term = self.retention.class_of(document.type)
        last = term.last_day(document.received_at.date())
        if not order and (last is None or self.clock.now().date() <= last):
            until = f"until {last}" if last else "for ever"
            advice = f"Chưa hết thời hạn bảo quản ({term.title}). Cần văn bản cho phép tiêu hủy: dùng --order SỐ_VĂN_BẢN."
            raise _refused(document, f"is to be kept {until} ({term.id}: {term.basis})", "within_term", advice)
        return self._tombstone_of(document, actor, reason, term, order)

    def _tombstone_of(
        self, document: Document, actor: str, reason: str, term: archive.RetentionClass, order: str
    ) -> archive.Tombstone:
        receipt = self.store.get(archive.received_key(document.dossier, document.id))
        return archive.Tombstone(
            document=document.id,
            dossier=document.dossier,
            at=self.clock.now().isoformat(),
            actor=actor,
            reason=reason,
            term=term.id,
            basis=order or term.basis,
            received_at=document.received_at.isoformat(),
            receipt_sha256=hashlib.sha256(receipt).hexdigest(),
            original_sha256=document.source.sha256,
            original_kept=self._is_needed(document, document.source.sha256),
            records=tuple(self._records(document)),
        )

    def _is_needed(self, document: Document, file: str) -> bool:
        """Whether another document is of the ``file``, or shows pages of it that were merged into it."""
        same = (one for one in self.catalogue.likenesses.same_file(file) if one != document.id)
        if any(map(self._lives, same)):
            return True
        ledgers = PageLedgers(self.store)
        return any(
            other.id != document.id
            and other.status is not Status.ERASED
            and any(side.file == file for side in ledgers.of(other).sides)
            for other in self._of_dossier(document)
        )

    def _of_dossier(self, document: Document) -> Iterator[Document]:
        after = ""
        while document.dossier and (listed := self.catalogue.walk(after=after, dossier=document.dossier)):
            after = listed[-1].id
            yield from listed

    def _lives(self, document_id: str) -> bool:
        try:
            return self.catalogue.document(document_id).status is not Status.ERASED
        except NotFoundError:
            return False

    def _records(self, document: Document) -> Iterator[archive.ErasedRevision]:
        for revision in range(1, document.revision + 1):
            data = self.store.get(archive.revision_key(document.dossier, document.id, revision, "record.json"))
            record = archive.parse_record(data)
            named = [(one.name, one.sha256) for one in record.objects]
            if record.pdf:
                named.insert(0, (record.pdf.path, record.pdf.sha256))
            yield archive.ErasedRevision(revision, hashlib.sha256(data).hexdigest(), tuple(named))

    def _tombstone(self, key: str) -> archive.Tombstone | None:
        return archive.parse_tombstone(self.store.get(key)) if self.store.stat(key) is not None else None

    def _finish(self, document: Document, tombstone: archive.Tombstone, key: str) -> None:
        """Everything behind the tombstone; each step may be repeated."""
        digest = hashlib.sha256(self.store.get(key)).hexdigest()
        newest = tombstone.records[-1].sha256 if tombstone.records else ""
        entry = archive.ManifestEntry(
            document.id, len(tombstone.records), newest, tombstone.receipt_sha256, tombstone.original_sha256, digest
        )
        Manifests(self.store, self.clock).enter(document.dossier, entry)
        if document.status is not Status.ERASED:
            told = {"tombstone_sha256": digest, "basis": tombstone.basis}
            self._auditing.note(Action.ERASE, actor=tombstone.actor, reason=tombstone.reason, document=document.id, **told)
        self._remove(document, tombstone, key)
        if document.status is not Status.ERASED:
            now = self.clock.now()
            self.catalogue.move(document.id, Status.ERASED, actor=tombstone.actor, reason="erased", at=now)
        self.catalogue.restore(erased(self.catalogue.document(document.id)))

    def _remove(self, document: Document, tombstone: archive.Tombstone, key: str) -> None:
        prefix = archive.document_prefix(document.dossier, document.id)
        said = (f"{prefix}{archive.STANDINGS}", f"{prefix}{archive.PRINTS}")
        kept = (key, archive.holds_prefix(document.dossier, document.id), f"{prefix}manifest/", *said)
        doomed = [entry.key for entry in self.store.list(prefix) if not entry.key.startswith(kept)]
        doomed += [entry.key for entry in self.store.list(archive.working_prefix(document.id))]
        self.store.remove_all([*doomed, archive.rereading_key(document.id)])
        if not tombstone.original_kept:
            self._remove_foreign(document, tombstone.original_sha256)
            self.store.remove(archive.original_key(tombstone.original_sha256))
        for stack in self.catalogue.batches.stacks_of(tombstone.original_sha256):
            if not any(map(self._lives, self.catalogue.likenesses.same_file(stack))):
                self.store.remove(archive.original_key(stack))

    def _remove_foreign(self, document: Document, sha256: str) -> None:
        """What other programs said of the paper, and their files unless they tell of another paper of the dossier."""
        texts = ForeignTexts(self.store)
        others = [one for one in self._of_dossier(document) if one.id != document.id and one.status is not Status.ERASED]
        for file in texts.remove(sha256):
            if not any(file in {one.sha256 for one in told.files} for one in others if (told := texts.of(one.source.sha256))):
                self.store.remove(archive.original_key(file))

    @property
    def _auditing(self) -> Auditing:
        return Auditing(self.store, self.catalogue.audit, self.clock)


def erased(document: Document) -> Document:
    """The document without anything that says what it was about."""
    return replace(document, source=Source("", document.source.sha256, 0, ""), status=Status.ERASED, type="", former=None)


def _refused(document: Document, why: str, code: str, advice: str) -> NotEntitledError:
    return NotEntitledError(f"document {document.id} {why}; it was not erased", code=code, advice=advice)
