"""Revisions in the bucket and in the catalogue: written once, sealed by their record, restored from the bucket alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from pipeline import archive
from pipeline.comparison import Version, version_of_record
from pipeline.custody.batch_books import restore_batches
from pipeline.custody.duplicates import bands_by_page, pages_of
from pipeline.custody.manifests import Manifests
from pipeline.custody.papers import papers_of, restore_books, restore_words
from pipeline.custody.tallies import declared_procedure, tally_of
from pipeline.domain.audit import Action, Happening, details_of
from pipeline.domain.documents import SETTLED, Document, QueueName, Source, Status
from pipeline.domain.errors import NotFoundError, StageError
from pipeline.domain.findings import Problem
from pipeline.domain.ledger import PageLedger
from pipeline.domain.natures import Nature
from pipeline.domain.reviews import Verdict
from pipeline.ports import Catalogue, Clock, EngineInfo, IndexEntry, ObjectStore
from pipeline.reuse.policies import Policies, shipped_policies
from pipeline.review import concern_of

#: Who the events of the catalogue name when no person is behind them.
ACTOR = "sohoa"

_MEDIA_TYPES = {
    "document.pdf": "application/pdf",
    "text.txt": "text/plain; charset=utf-8",
    "alto.xml": "application/xml",
    "review.json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Revisions:
    """The next revision of any document: what it is made of, and how it is sealed."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock
    policies: Policies = field(default_factory=shipped_policies)

    def keep_receipt(
        self, document: Document, part: str = "", ledger: PageLedger | None = None, *, nature: Nature | None = None
    ) -> None:
        """Put down what was handed in, for the bucket alone to tell: ``part`` of a file, ``ledger``, ``nature``."""
        receipt = archive.Receipt(
            document=document.id,
            dossier=document.dossier,
            name=document.source.name,
            sha256=document.source.sha256,
            bytes=document.source.bytes,
            queue=document.queue,
            received_at=document.received_at,
            engine=document.engine,
            part=part,
            ledger=ledger,
            nature=nature,
            by=document.scanned_by,
        )
        key = archive.received_key(document.dossier, document.id)
        self.store.put_once(key, archive.render_receipt(receipt), media_type="application/json")

    def current(self, document: Document) -> Version | None:
        """What the newest revision says, with what people made of it since; None where there is none."""
        if document.revision == 0:
            return None
        return self.version(document, document.revision).as_decided(document.former or document.status)

    def version(self, document: Document, revision: int) -> Version:
        """What a revision says; raises ``NotFoundError``."""
        key = archive.revision_key(document.dossier, document.id, revision, "record.json")
        return version_of_record(archive.parse_record(self.store.get(key)), self._text(key))

    def _text(self, record_key: str) -> str:
        """The text beside a record; empty where the document was rejected and has none."""
        try:
            return self.store.get(f"{record_key.rpartition('/')[0]}/text.txt").decode()
        except NotFoundError:
            return ""

    def keep(self, document: Document, name: str, data: bytes | Path) -> archive.ObjectEntry:
        """Put an object of the next revision once; where an earlier try already did, that one counts.

        Raises ``StageError`` where what stands there is of another reading of the document, begun and never sealed.
        """
        key = archive.revision_key(document.dossier, document.id, document.revision + 1, name)
        sha256, length = _digest(data)
        if not self.store.put_once(key, data, media_type=_MEDIA_TYPES[name]):
            standing = _digest(self.store.get(key))
            if document.former is not None and standing[0] != sha256:
                raise StageError(
                    f"{key} stands there from another reading that was never sealed; remove it, then read the document again",
                    code="unsealed_revision",
                    advice="Còn tệp của một lần đọc dở. Quản trị viên hãy xóa tệp đó rồi đọc lại tài liệu.",
                )
            sha256, length = standing
        return archive.ObjectEntry(name, sha256, length)

    def draft(
        self,
        document: Document,
        status: Status,
        problems: tuple[Problem, ...],
        engine: EngineInfo,
        *,
        profile: str,
        made_with: str,
    ) -> archive.Record:
        """The record of the next revision, without pages, fields and objects."""
        return archive.Record(
            source=document.source,
            status=status,
            problems=problems,
            engine=engine,
            document=document.id,
            dossier=document.dossier,
            revision=document.revision + 1,
            previous=self._previous(document),
            received_at=document.received_at.isoformat(),
            created_at=self.clock.now().isoformat(),
            queue=document.queue.value,
            profile=profile,
            inputs=self._inputs(document),
            made_with=made_with,
            nature=self.nature(document),
        )

    def nature(self, document: Document) -> Nature | None:
        """What the paper was declared to be where it was taken in; None where nobody said, or no receipt is kept."""
        receipt = archive.receipt_of(document, self.store)
        return receipt.nature if receipt else None

    def _inputs(self, document: Document) -> tuple[archive.InputEntry, ...]:
        """The receipt, the list of procedures held, what was declared of the dossier last, what came from other programs."""
        keys = archive.inputs_of(document, self.store)
        if document.dossier and (sheets := [one.key for one in self.store.list(archive.sheet_prefix(document.dossier))]):
            keys["dossier"] = sheets[-1]
        if number := self.catalogue.procedures_held():
            keys["procedures"] = archive.procedures_key(number)
        return tuple(archive.InputEntry(name, self._sha256_at(key), key) for name, key in keys.items())

    def _sha256_at(self, key: str) -> str:
        """The sha256 of an object, as the store recorded it where it did."""
        found = self.store.stat(key)
        if found is not None and found.sha256:
            return found.sha256
        return hashlib.sha256(self.store.get(key)).hexdigest()

    def _previous(self, document: Document) -> str:
        if document.revision == 0:
            return ""
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        return hashlib.sha256(self.store.get(key)).hexdigest()

    def seal(self, document: Document, record: archive.Record, text: str) -> None:
        """Write the record, the last object of a revision, then the manifest of its dossier, then let the catalogue know.

        A record already there is the truth. Killed in between, the step is repeated, and finds what is left to do.
        """
        data = self.seal_rendered(document, record.revision, archive.render_record(record), text)
        reason = record.problems[0].code if record.problems else "finished"
        self.settle(document, archive.parse_record(data).status, reason, record.made_with)

    def seal_rendered(self, document: Document, revision: int, data: bytes, text: str) -> bytes:
        """Write the record ``data`` and make it known, without settling anything; returns the record that counts."""
        key = archive.revision_key(document.dossier, document.id, revision, "record.json")
        if not self.store.put_once(key, data, media_type="application/json"):
            data = self.store.get(key)
        self._enter(document, revision, data)
        self.catalogue.index(_entry(data, key, text))
        summary = archive.parse_record(data)
        self.catalogue.likenesses.link(document.id, summary.duplicates)
        self.catalogue.figures.enter(tally_of(summary, declared_procedure(summary, self.store)))
        self.catalogue.holdings.enter(document.id, papers_of(summary, key, _digest(data)[0], self.policies))
        self.catalogue.reviews.note_concern(document.id, concern_of(summary.findings, summary.problems))
        return data

    def seal_signed(self, document: Document, data: bytes, text: str, *, officer: str, serial: str) -> None:
        """Seal a revision that differs from the one before in its signatures alone; the log tells who had it signed."""
        number = document.revision + 1
        uid = hashlib.sha256(f"sign {document.id} {number}".encode()).hexdigest()[:32]
        details = details_of(revision=number, certificate=serial)
        signed = Happening(uid, self.clock.now(), officer, Action.SIGN.value, document.id, reason="signed", details=details)
        self.catalogue.audit.note(signed)
        self.seal_rendered(document, number, data, text)

    def seal_reviewed(self, document: Document, data: bytes, text: str, sheet: archive.ReviewSheet) -> None:
        """Seal what people made of the newest revision, and approve it in the name of the last of them.

        May be repeated; :meth:`finish_review` does what is left where it was killed in between.
        """
        number = document.revision + 1
        uid = hashlib.sha256(f"review {document.id} {number}".encode()).hexdigest()[:32]
        changed = sum(one.verdict is not Verdict.CONFIRMED for one in sheet.lessons)
        details = details_of(revision=number, readers=list(sheet.readers), looked_at=len(sheet.lessons), changed=changed)
        told = Happening(
            uid, self.clock.now(), sheet.readers[-1], Action.REVIEW.value, document.id, reason="approved", details=details
        )
        self.catalogue.audit.note(told)
        self.seal_rendered(document, number, data, text)
        self.finish_review(self.catalogue.document(document.id), sheet)

    def finish_review(self, document: Document, sheet: archive.ReviewSheet) -> Document:
        """Approve a document whose review is sealed, and keep what was learnt."""
        self.catalogue.reviews.keep_lessons(document.id, document.revision, sheet.lessons)
        self.catalogue.reviews.forget_draft(document.id)
        self.forget_working(document)
        actor, now = sheet.readers[-1], self.clock.now()
        return self.catalogue.move(document.id, Status.APPROVED, actor=actor, reason="reviewed", at=now)

    def _enter(self, document: Document, revision: int, record: bytes) -> None:
        receipt = self._sha256_at(archive.received_key(document.dossier, document.id))
        digest = hashlib.sha256(record).hexdigest()
        entry = archive.ManifestEntry(document.id, revision, digest, receipt, document.source.sha256)
        Manifests(self.store, self.clock).enter(document.dossier, entry)

    def settle(self, document: Document, status: Status, reason: str, made_with: str = "") -> None:
        """Nothing is left to do for the document: note by what it was read (empty: in vain), and forget the intermediates.

        Those of the last reading stay for a while where somebody at a counter may still put pages right: what was read then
        needs not be read again (``custody.kept_readings`` forgets them).
        """
        self.catalogue.note_reading(document.id, made_with)
        self.catalogue.move(document.id, status, actor=ACTOR, reason=reason, at=self.clock.now())
        open_still = document.queue is QueueName.STATION and status in {Status.NEEDS_REVIEW, Status.APPROVED}
        self.forget_working(document, but=document.reading if open_still else 0)

    def forget_working(self, document: Document, *, but: int = 0) -> None:
        """Remove the intermediates of all readings of the document ``but`` one."""
        kept = archive.reading_prefix(document.id, but)
        keys = [entry.key for entry in self.store.list(archive.working_prefix(document.id))]
        self.store.remove_all(key for key in keys if not key.startswith(kept))


def _digest(data: bytes | Path) -> tuple[str, int]:
    """The sha256 and the length."""
    if isinstance(data, Path):
        return sha256_of(data), data.stat().st_size
    return hashlib.sha256(data).hexdigest(), len(data)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _entry(data: bytes, key: str, text: str) -> IndexEntry:
    """What the catalogue keeps of the record ``data`` that stands under ``key``."""
    summary = archive.parse_record(data)
    fields = dict(summary.fields)
    return IndexEntry(
        document=summary.document,
        dossier=summary.dossier,
        revision=summary.revision,
        type=summary.type,
        status=summary.status,
        title=fields.get("trich_yeu") or fields.get("ho_ten") or summary.source.name,
        number=fields.get("so_ky_hieu") or fields.get("so") or fields.get("ma_ho_so") or "",
        text="\n".join((text, *(code for code in summary.codes if code.isprintable()))),
        fields=summary.fields,
        record_key=key,
        record_sha256=hashlib.sha256(data).hexdigest(),
        pdf_key=f"{key.rpartition('/')[0]}/document.pdf" if summary.pdf else "",
        pages=summary.pages,
    )


def restore_catalogue(store: ObjectStore, catalogue: Catalogue, policies: Policies | None = None) -> int:
    """Rebuild the catalogue from the bucket alone; returns how many documents it now holds.

    A document without a record is entered as ``received`` and read again by whoever sweeps next.
    """
    catalogue.clear()
    count = 0
    for folder, keys in groupby(store.list("dossiers/"), key=lambda entry: entry.key.split("/", 3)[:3]):
        names = [entry.key for entry in keys]
        receipt, tombstone = (f"{'/'.join(folder)}/{name}.json" for name in ("received", "erased"))
        restore_words(names, store, catalogue)
        if tombstone in names:
            catalogue.restore(_as_left(_as_erased(archive.parse_tombstone(store.get(tombstone))), catalogue))
            count += 1
            continue
        if receipt not in names:
            continue
        records = [key for key in names if key.endswith("/record.json")]
        received = archive.parse_receipt(store.get(receipt))
        record = _restore(_as_received(received), records[-1] if records else "", store, catalogue, received.part)
        if record is not None:
            held = papers_of(record[0], records[-1], record[1], policies or shipped_policies())
            catalogue.holdings.enter(record[0].document, held)
        _restore_lessons([key for key in names if key.endswith(f"/{archive.REVIEW_NAME}")], store, catalogue)
        count += 1
    restore_batches(store, catalogue)
    restore_books(store, catalogue)
    return count


def _as_received(receipt: archive.Receipt) -> Document:
    return Document(
        id=receipt.document,
        dossier=receipt.dossier,
        source=Source(receipt.name, receipt.sha256, receipt.bytes, ""),
        status=Status.RECEIVED,
        queue=receipt.queue,
        received_at=receipt.received_at,
        engine=receipt.engine,
        scanned_by=receipt.by,
    )


def _as_erased(tombstone: archive.Tombstone) -> Document:
    return Document(
        id=tombstone.document,
        dossier=tombstone.dossier,
        source=Source("", tombstone.original_sha256, 0, ""),
        status=Status.ERASED,
        queue=QueueName.BATCH,
        received_at=datetime.fromisoformat(tombstone.received_at),
        revision=len(tombstone.records),
    )


def _restore(
    received: Document, record_key: str, store: ObjectStore, catalogue: Catalogue, part: str
) -> tuple[archive.RecordSummary, str] | None:
    """Enter a document as its newest record and the audit log leave it; the record and its sha256."""
    if not record_key:
        catalogue.restore(_as_left(received, catalogue), part=part)
        return None
    data = store.get(record_key)
    summary = archive.parse_record(data)
    engine = summary.engine.name if summary.engine else received.engine
    sealed = replace(
        received,
        source=summary.source,
        status=summary.status,
        revision=summary.revision,
        type=summary.type,
        engine=engine,
        made_with=summary.made_with,
    )
    sides = len(summary.ledger.sides) if summary.ledger else summary.pages
    catalogue.restore(_as_left(sealed, catalogue), pages=sides, part=part)
    try:
        text = store.get(f"{record_key.rpartition('/')[0]}/text.txt").decode()
    except NotFoundError:
        text = ""
    catalogue.index(_entry(data, record_key, text))
    catalogue.likenesses.link(summary.document, summary.duplicates)
    catalogue.figures.enter(tally_of(summary, declared_procedure(summary, store)))
    catalogue.reviews.note_concern(summary.document, concern_of(summary.findings, summary.problems))
    if text:
        catalogue.likenesses.enter(summary.document, bands_by_page(pages_of(text, summary.likenesses)))
    return summary, _digest(data)[0]


def _restore_lessons(keys: Iterable[str], store: ObjectStore, catalogue: Catalogue) -> None:
    """Count again what people made of revisions; a sheet that a signature has carried along counts once."""
    counted = set()
    for key in keys:
        sheet = archive.parse_review(store.get(key))
        if sheet.reviewed not in counted:
            counted.add(sheet.reviewed)
            catalogue.reviews.keep_lessons(sheet.document, sheet.reviewed + 1, sheet.lessons)


def _as_left(document: Document, catalogue: Catalogue) -> Document:
    """The document in the status in which it was settled last, by whom it was read then; as it is where nothing is known.

    A revision sealed since, or a document handed in again, speaks for itself.
    """
    history = [one for one in catalogue.audit.happenings(document.id) if one.action == Action.STATUS]
    settled = next((one for one in reversed(history) if one.after in SETTLED), None)
    known = [one.told["revision"] for one in catalogue.audit.happenings(document.id) if "revision" in one.told]
    if settled is None or (known[-1] if known else 0) != document.revision:
        return document
    if document.revision == 0 and history[-1] is not settled:
        return document
    told = settled.told
    return replace(
        document,
        status=Status(settled.after),
        queue=QueueName(told["queue"]),
        engine=told.get("engine", ""),
        reading=told["reading"],
        made_with=told.get("made_with", ""),
    )
