"""The whole bucket, once, in the order of its keys: the audit log, dossiers, originals, lists, and whatever else is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote

from pipeline import archive
from pipeline.archive.keys import NO_DOSSIER
from pipeline.domain.batches import BatchFile
from pipeline.domain.documents import Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.releases import Released
from pipeline.ports import Catalogue, ObjectInfo, ObjectStore
from pipeline.rooms import room_in
from pipeline.verification.damage import Damage, Finding
from pipeline.verification.documents import Folder, check_document
from pipeline.verification.dossiers import Listed, read_manifests
from pipeline.verification.log import check_log
from pipeline.verification.scene import Findings, Fixity, Report, Scene, Witnesses


@dataclass(frozen=True, slots=True)
class Scope:
    """What is examined: all, or one ``dossier`` (its code); objects written before ``since`` are not hashed again."""

    dossier: str | None = None
    since: datetime | None = None


def verify(
    store: ObjectStore,
    catalogue: Catalogue,
    scratch: Path,
    report: Report,
    scope: Scope = Scope(),
    seen: Callable[[str, int], None] = lambda _key, _size: None,
) -> Iterator[Finding]:
    """What is wrong with the archive, as it is found; ``report`` says at the end what was looked at.

    Nothing is changed. Memory stays bounded whatever the archive holds: witnesses wait in ``scratch``. Raises
    ``UnavailableError`` where the store or the catalogue is away.
    """
    with room_in(scratch, "verify") as folder, closing(Witnesses(folder)) as witnesses:
        scene = Scene(Fixity(store, report, seen), catalogue, witnesses, scope.since)
        found = _check_dossier(scope.dossier, scene) if scope.dossier is not None else _check_all(scene)
        for finding in found:
            report.findings[finding.damage.value] += 1
            yield finding


def _check_all(scene: Scene) -> Findings:
    yield from check_log(scene)
    for top, listed in groupby(scene.store.list(""), key=lambda info: info.key.partition("/")[0]):
        if top == "dossiers":
            yield from _check_dossiers(listed, scene)
        elif top == "originals":
            yield from _check_originals(listed, scene)
        elif top == "reference":
            yield from _check_reference(listed, scene)
        elif top in {"releases", "owners"}:
            yield from _check_kept(listed, scene)
        elif top == "audit":
            yield from (_stray(info) for info in listed if not info.key.startswith(_LOG))
        elif top == "foreign":
            scene.report.note("texts of other programs", _check_foreign(listed, scene))
        elif top in {"batches", "openings"}:
            scene.report.note(f"objects of {top}", _note_sources(listed, scene))
        elif top == "working":
            scene.report.note("objects in work", sum(1 for _ in listed))
        else:
            yield from map(_stray, listed)
    yield from _compare(scene)


_LOG = (archive.SEGMENTS_PREFIX, archive.ANCHORS_PREFIX)


#: The folders of numbered lists.
_LISTS = frozenset({archive.PROCEDURES_PREFIX, archive.ENTITLEMENTS_PREFIX, archive.EXCLUSIONS_PREFIX, archive.FIGURES_PREFIX})


def _check_dossier(code: str, scene: Scene) -> Findings:
    """One dossier by itself, with the originals that its documents name; the catalogue says what was received."""
    after = ""
    while listed := scene.catalogue.walk(after=after, dossier=code):
        after = listed[-1].id
        for document in listed:
            scene.witnesses.tell("document", "told", f"{code}\n{document.id}", document.source.sha256)
    prefix = archive.document_prefix(code, "x").rpartition("x/")[0]
    yield from _check_dossiers(scene.store.list(prefix), scene)
    for kind, key, told, found in scene.witnesses.differences():
        if kind == "original":
            info = scene.store.stat(archive.original_key(key))
            if info is None:
                yield Finding(Damage.OBJECT_MISSING, archive.original_key(key), "the original of a document")
            elif scene.is_due(info):
                yield from _check_original(info, scene)
        elif kind == "document":
            yield from _judge(kind, key, told, found, scene)


def _check_dossiers(objects: Iterator[ObjectInfo], scene: Scene) -> Findings:
    for dossier, listed in groupby(objects, key=lambda info: info.key.split("/", 2)[1]):
        prefix = f"dossiers/{dossier}/"
        known = Listed() if dossier == NO_DOSSIER else read_manifests(f"{prefix}manifest/", scene)
        yield from known.findings
        there: set[str] = set()
        for name, group in groupby(listed, key=lambda info: info.key.removeprefix(prefix).partition("/")[0]):
            objects_here = {info.key: info for info in group}
            if name == "manifest" and dossier != NO_DOSSIER:
                continue
            if name == "sheet" and dossier != NO_DOSSIER:
                for key in objects_here:
                    scene.witnesses.tell("object", "found", key, scene.fixity.digest(key))
                scene.report.note("declarations of dossiers", len(objects_here))
                continue
            if f"{prefix}{name}" in objects_here:
                yield from map(_stray, objects_here.values())
                continue
            there.add(name)
            yield from _check_folder(Folder(f"{prefix}{name}/", objects_here), known, scene)
        for document in sorted(known.entries.keys() - there):
            yield from _check_folder(Folder(f"{prefix}{document}/", {}), known, scene)


def _check_folder(folder: Folder, known: Listed, scene: Scene) -> Findings:
    """A document whose objects were listed; one at fault is looked at once more, since workers go on meanwhile."""
    if folder.objects and not any(map(scene.is_due, folder.objects.values())):
        scene.report.note("documents unchanged since")
        return
    report = scene.report
    report.documents += bool(folder.objects)
    report.revisions += len(folder.records)
    report.erased += f"{folder.prefix}erased.json" in folder.objects
    if any(_look_at(folder, known, scene)):
        fresh = Folder(folder.prefix, {info.key: info for info in scene.store.list(folder.prefix)})
        yield from _look_at(fresh, None, scene)


def _look_at(folder: Folder, known: Listed | None, scene: Scene) -> Findings:
    """What is wrong with a document; its manifests are read anew where they are not ``known``, or its own."""
    alone = folder.prefix.startswith(f"dossiers/{NO_DOSSIER}/")
    home = folder.prefix if alone else f"{folder.prefix.rstrip('/').rpartition('/')[0]}/"
    if known is None or alone:
        known = read_manifests(f"{home}manifest/", scene)
    if alone:
        yield from known.findings
    yield from check_document(folder, known.entries.get(folder.id), known.places.get(folder.id, ""), scene)


def _check_originals(objects: Iterator[ObjectInfo], scene: Scene) -> Findings:
    for info in objects:
        name = info.key.rpartition("/")[2]
        if archive.original_key(name) != info.key:
            yield _stray(info)
            continue
        scene.witnesses.tell("original", "found", name)
        if scene.is_due(info):
            yield from _check_original(info, scene)


def _check_original(info: ObjectInfo, scene: Scene) -> Findings:
    found, name = scene.fixity.digest(info.key), info.key.rpartition("/")[2]
    if found != name:
        yield Finding(Damage.OBJECT_ALTERED, info.key, f"its sha256 is {found[:12]}…, not the one that it is named by")


def _check_reference(objects: Iterator[ObjectInfo], scene: Scene) -> Findings:
    for folder, listed in groupby(objects, key=lambda info: info.key.rpartition("/")[0]):
        prefix, number = f"{folder}/", 0
        for info in listed:
            if prefix not in _LISTS:
                yield _stray(info)
                continue
            number += 1
            while info.key > archive.list_key(prefix, number):
                missing = archive.list_key(prefix, number)
                yield Finding(Damage.OBJECT_MISSING, missing, f"the lists go on with {info.key}")
                number += 1
            scene.witnesses.tell("object", "found", info.key, scene.fixity.digest(info.key))


def _check_kept(objects: Iterator[ObjectInfo], scene: Scene) -> Findings:
    """What was released, and what befell owners: each is told of in the audit log."""
    for info in objects:
        scene.report.note("releases and what befell owners")
        scene.witnesses.tell("object", "found", info.key, scene.fixity.digest(info.key))
    yield from ()


def _note_sources(objects: Iterator[ObjectInfo], scene: Scene) -> int:
    """How many objects there are; the files that batches were taken from are known, whether or not documents are of them."""
    count = 0
    for count, info in enumerate(objects, 1):  # noqa: B007
        if info.key.startswith(archive.BATCHES_PREFIX) and "/files/" in info.key:
            file = archive.parse_batch_file(scene.store.get(info.key))
            for sha256 in file.sources:
                if scene.store.stat(archive.original_key(sha256)) is not None or not _is_erased(file, scene):
                    scene.witnesses.tell("original", "told", sha256)
    return count


def _check_foreign(objects: Iterator[ObjectInfo], scene: Scene) -> int:
    """How many texts of other programs there are; records name them, and they name the files that they were taken from."""
    count = 0
    for count, info in enumerate(objects, 1):  # noqa: B007
        scene.witnesses.tell("object", "found", info.key, scene.fixity.digest(info.key))
        for file in archive.parse_foreign(scene.store.get(info.key)).files:
            scene.witnesses.tell("original", "told", file.sha256)
    return count


def _is_erased(file: BatchFile, scene: Scene) -> bool:
    """Whether a paper that was cut out of a stack has been erased: the stack went with it."""
    documents = (one for part in file.parts for one in scene.catalogue.likenesses.same_file(part.sha256))
    return any(scene.catalogue.document(one).status is Status.ERASED for one in documents)


def _compare(scene: Scene) -> Findings:
    """What the audit log and the records tell, against what was found."""
    for kind, key, told, found in scene.witnesses.differences():
        yield from _judge(kind, key, told, found, scene)


def _judge(kind: str, key: str, told: set[str], found: set[str], scene: Scene) -> Findings:
    if kind == "original":
        yield from _judge_original(key, found, scene)
    elif kind == "object":
        yield from _judge_object(key, told, found, scene)
    elif kind == "document":
        yield from _judge_document(key, told, found, scene)
    elif kind == "record":
        yield from _judge_record(key, told, found, scene)


def _judge_object(key: str, told: set[str], found: set[str], scene: Scene) -> Findings:
    """A list or a hold, against the records that were made with it and the audit log that tells of it."""
    if not told:
        dossier, document = key.split("/")[1:3] if key.startswith("dossiers/") else ("", "")
        document = unquote(dossier) if document == "sheet" else document
        if document and not any(one.told.get("key") == key for one in scene.catalogue.audit.happenings(document)):
            yield Finding(Damage.OBJECT_EXTRA, key, "the audit log does not know of it", document)
        elif key.startswith(archive.RELEASES_PREFIX) and _release_of(key, scene) is None:
            yield Finding(Damage.OBJECT_EXTRA, key, "nothing was released under this name")
    elif not found:
        if not _is_on_its_way(key, scene):
            yield Finding(Damage.OBJECT_MISSING, key, "records or the audit log name it")
    else:
        yield Finding(Damage.OBJECT_ALTERED, key, "records or the audit log name another sha256")


def _is_on_its_way(key: str, scene: Scene) -> bool:
    """Whether it is a receipt that is to be put into the bucket within the next minute."""
    released = _release_of(key, scene) if key.startswith(archive.RELEASES_PREFIX) else None
    return released is not None and not released.kept


def _release_of(key: str, scene: Scene) -> Released | None:
    """What the catalogue knows of the release whose receipt has this key."""
    return scene.catalogue.releases.released(key.rpartition("/")[2].removesuffix(".json"))


def _judge_original(sha256: str, found: set[str], scene: Scene) -> Findings:
    key = archive.original_key(sha256)
    if not found:
        if scene.store.stat(key) is None:
            yield Finding(Damage.OBJECT_MISSING, key, "the original of a document")
    elif scene.since is None and not _is_coming(sha256, scene):
        yield Finding(Damage.OBJECT_EXTRA, key, "no document is of this file")


def _is_coming(sha256: str, scene: Scene) -> bool:
    """Whether one of the newest documents, come while all this was looked at, is of this file."""
    return any(document.source.sha256 == sha256 for document in scene.catalogue.documents(limit=1000))


def _judge_document(key: str, told: set[str], found: set[str], scene: Scene) -> Findings:
    dossier, _, document = key.partition("\n")
    place = archive.received_key(dossier, document)
    if not found and not scene.since:
        erased = scene.store.stat(archive.tombstone_key(dossier, document))
        if scene.store.stat(place) is None and erased is None:
            where = f"dossier {dossier}" if dossier else "no dossier"
            yield Finding(Damage.DOCUMENT_MISSING, place, f"received for {where}, and nothing of it is there", document)
    elif found and not told:
        if not scene.catalogue.audit.happenings(document):
            yield Finding(Damage.DOCUMENT_EXTRA, place, "the audit log does not know of its reception", document)
    elif found and told and not found <= told:
        yield Finding(Damage.OBJECT_ALTERED, place, "the audit log says that another file was received", document)


def _judge_record(key: str, told: set[str], found: set[str], scene: Scene) -> Findings:
    document, _, revision = key.partition(" ")
    if not told or key in scene.faulty or (found and found <= told):
        return
    try:
        dossier = scene.catalogue.document(document).dossier
    except NotFoundError:
        dossier = "?"
    place = archive.revision_key(dossier, document, int(revision), "record.json")
    if found:
        message = f"the audit log names another sha256 of revision {revision}"
        yield Finding(Damage.RECORD_REPLACED, place, message, document)
    elif not scene.since:
        message = f"the audit log says that revision {revision} was sealed; no such record is there"
        yield Finding(Damage.RECORD_MISSING, place, message, document)


def _stray(info: ObjectInfo) -> Finding:
    return Finding(Damage.OBJECT_EXTRA, info.key, "nothing of the product has such a name")
