"""One document: its receipt, its records from the newest back to the first, and every object that they name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline import archive
from pipeline.domain.documents import SETTLED
from pipeline.domain.errors import NotFoundError
from pipeline.ports import ObjectInfo
from pipeline.verification.damage import Damage, Finding
from pipeline.verification.scene import Findings, Scene

_RECORD = re.compile(r"r(\d{4,})/record\.json")
#: What reuse keeps beside a document.
_SAID = re.compile(r"standings/s\d{4}\.json|prints/[0-9a-f]{64}\.json")


@dataclass(frozen=True, slots=True)
class Folder:
    """What the bucket holds under the ``prefix`` of a document (ends in a slash), by key."""

    prefix: str
    objects: Mapping[str, ObjectInfo]

    @property
    def id(self) -> str:
        """The document, as its key names it."""
        return self.prefix.rstrip("/").rpartition("/")[2]

    @property
    def records(self) -> dict[int, str]:
        """The records, by revision."""
        found = ((_RECORD.fullmatch(key.removeprefix(self.prefix)), key) for key in self.objects)
        return {int(match[1]): key for match, key in found if match}


def check_document(folder: Folder, entry: archive.ManifestEntry | None, place: str, scene: Scene) -> Findings:
    """What is wrong with a document; ``entry`` is what the manifest at ``place`` says of it."""
    named = {f"{folder.prefix}received.json"}
    tombstone_key = f"{folder.prefix}erased.json"
    if tombstone_key in folder.objects or (entry and entry.erased):
        yield from _check_erased(folder, entry, tombstone_key, scene)
        return
    yield from _check_receipt(folder, entry, scene)
    records = folder.records
    newest = max(max(records, default=0), entry.revision if entry else 0)
    wanted = entry.record_sha256 if entry and entry.revision == newest else ""
    if newest and not (entry and entry.revision == newest):
        yield from _check_unlisted(folder, newest, records, entry)
    for revision in range(newest, 0, -1):
        key = _record_key(folder, revision)
        named.add(key)
        data = scene.fixity.get(key)
        if not data:
            scene.faulty.add(f"{folder.id} {revision}")
            yield Finding(Damage.RECORD_MISSING, key, "the record is not there", folder.id)
            named |= {other for other in folder.objects if other.startswith(key.rpartition("/")[0])}
            wanted = ""
            continue
        digest = hashlib.sha256(data).hexdigest()
        scene.witnesses.tell("record", "found", f"{folder.id} {revision}", digest)
        if wanted and digest != wanted:
            scene.faulty.add(f"{folder.id} {revision}")
            yield _blame(folder, revision, key, digest, place if revision == newest else "", scene)
        try:
            record = archive.parse_record(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Finding(Damage.RECORD_UNREADABLE, key, f"not a record: {error!r}", folder.id)
            wanted = ""
            continue
        yield from _check_place(folder, revision, key, record)
        yield from _check_objects(folder, key, record, named, scene)
        wanted = record.previous
    yield from _check_others(folder, named, newest, scene)


def _record_key(folder: Folder, revision: int) -> str:
    """Where the record of a revision stands."""
    return f"{folder.prefix}r{revision:04d}/record.json"


def _check_receipt(folder: Folder, entry: archive.ManifestEntry | None, scene: Scene) -> Findings:
    key = f"{folder.prefix}received.json"
    data = scene.fixity.get(key)
    if not data:
        yield Finding(Damage.OBJECT_MISSING, key, "the receipt is not there", folder.id)
        return
    if entry and entry.receipt_sha256 != hashlib.sha256(data).hexdigest():
        yield Finding(Damage.OBJECT_ALTERED, key, "the receipt is not the one that the manifest names", folder.id)
    try:
        receipt = archive.parse_receipt(data)
    except (ValueError, KeyError, TypeError) as error:
        yield Finding(Damage.OBJECT_ALTERED, key, f"not a receipt: {error!r}", folder.id)
        return
    if archive.received_key(receipt.dossier, receipt.document) != key:
        yield Finding(Damage.OBJECT_ALTERED, key, f"the receipt is that of {receipt.document}", folder.id)
    scene.witnesses.tell("document", "found", f"{receipt.dossier}\n{receipt.document}", receipt.sha256)
    scene.witnesses.tell("original", "told", receipt.sha256)


def _check_unlisted(folder: Folder, newest: int, records: Mapping[int, str], entry: archive.ManifestEntry | None) -> Findings:
    listed = entry.revision if entry else 0
    for revision in range(listed + 1, newest + 1):
        if revision in records:
            message = f"no manifest lists revision {revision}"
            yield Finding(Damage.MANIFEST_MISSING, records[revision], message, folder.id)


def _blame(folder: Folder, revision: int, key: str, digest: str, place: str, scene: Scene) -> Finding:
    """Which one was replaced where a record is not what is said of it: the audit log is asked."""
    told = _told(folder.id, revision, scene)
    if place and told == {digest}:
        return Finding(Damage.MANIFEST_REPLACED, place, f"it names another record than {key}, which is sound", folder.id)
    by = place or _record_key(folder, revision + 1)
    return Finding(Damage.RECORD_REPLACED, key, f"{by} names another sha256 than {digest[:12]}…", folder.id)


def _told(document: str, revision: int, scene: Scene) -> set[str]:
    """What the audit log says that the record of a revision is."""
    lines = [one.told for one in scene.catalogue.audit.happenings(document)]
    return {told["record_sha256"] for told in lines if told.get("revision") == revision and "record_sha256" in told}


def _check_place(folder: Folder, revision: int, key: str, record: archive.RecordSummary) -> Findings:
    own = archive.revision_key(record.dossier, record.document, record.revision, "record.json")
    if own != key:
        yield Finding(Damage.RECORD_REPLACED, key, f"the record is that of {own}", folder.id)
    if revision > 1 and not record.previous:
        yield Finding(Damage.RECORD_REPLACED, key, "the record names none before it", folder.id)


def _check_objects(folder: Folder, key: str, record: archive.RecordSummary, named: set[str], scene: Scene) -> Findings:
    home = key.rpartition("/")[0]
    wanted = {one.name: one.sha256 for one in record.objects}
    if record.pdf:
        wanted[record.pdf.path] = record.pdf.sha256
    for name, sha256 in sorted(wanted.items()):
        other = f"{home}/{name}"
        named.add(other)
        info = folder.objects.get(other)
        if info is None:
            yield Finding(Damage.OBJECT_MISSING, other, f"{key} names it", folder.id)
        elif scene.is_due(info) and (found := scene.fixity.digest(other)) != sha256:
            message = f"its sha256 is {found[:12]}…, {key} says {sha256[:12]}…"
            yield Finding(Damage.OBJECT_ALTERED, other, message, folder.id)
    inserted = {side.file for side in record.ledger.sides} if record.ledger else set()
    for source in {record.source.sha256, *inserted, *(o.sha256 for o in record.objects if o.name.startswith("originals/"))}:
        scene.witnesses.tell("original", "told", source)
    for one in record.inputs:
        if one.key.startswith("reference/"):
            scene.witnesses.tell("object", "told", one.key, one.sha256)


def _check_others(folder: Folder, named: set[str], newest: int, scene: Scene) -> Findings:
    """What stands there and no record names; what a revision in work has laid down so far is no finding."""
    unsealed = f"{folder.prefix}r{newest + 1:04d}/"
    for key in sorted(folder.objects.keys() - named):
        if key.startswith(f"{folder.prefix}manifest/"):
            continue
        if key.startswith(unsealed) and _in_work(folder.id, scene):
            scene.report.note("objects of revisions in work")
        elif re.fullmatch(r"holds/h\d{4}\.json", key.removeprefix(folder.prefix)):
            scene.report.note("holds and their ends")
            scene.witnesses.tell("object", "found", key, scene.fixity.digest(key))
        elif _SAID.fullmatch(key.removeprefix(folder.prefix)):
            scene.report.note("words on documents and codes on prints")
            scene.witnesses.tell("object", "found", key, scene.fixity.digest(key))
        else:
            yield Finding(Damage.OBJECT_EXTRA, key, "no record names it", folder.id)


def _in_work(document: str, scene: Scene) -> bool:
    try:
        return scene.catalogue.document(document).status not in SETTLED
    except NotFoundError:
        return True


def _check_erased(folder: Folder, entry: archive.ManifestEntry | None, key: str, scene: Scene) -> Findings:
    """What is wrong with a document that was erased: the tombstone stands for all of it."""
    data = scene.fixity.get(key)
    if not data:
        yield Finding(Damage.OBJECT_MISSING, key, "the manifest says that the document was erased", folder.id)
        return
    try:
        tombstone = archive.parse_tombstone(data)
    except ValueError as error:
        yield Finding(Damage.OBJECT_ALTERED, key, str(error), folder.id)
        return
    if entry is None or not entry.erased:
        yield Finding(Damage.ERASURE_UNFINISHED, key, "the manifest does not know of the erasure yet", folder.id)
    elif entry.erased != hashlib.sha256(data).hexdigest():
        yield Finding(Damage.OBJECT_ALTERED, key, "the tombstone is not the one that the manifest names", folder.id)
    for other in sorted(folder.objects.keys() - {key}):
        if other.startswith(f"{folder.prefix}holds/") or _SAID.fullmatch(other.removeprefix(folder.prefix)):
            scene.witnesses.tell("object", "found", other, scene.fixity.digest(other))
        elif not other.startswith(f"{folder.prefix}manifest/"):
            yield Finding(Damage.ERASURE_UNFINISHED, other, "the document was erased, this is still there", folder.id)
    scene.witnesses.tell("document", "found", f"{tombstone.dossier}\n{tombstone.document}", tombstone.original_sha256)
    for one in tombstone.records:
        scene.witnesses.tell("record", "found", f"{tombstone.document} {one.revision}", one.sha256)
