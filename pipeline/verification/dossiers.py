"""The manifests of a dossier: followed from the first to the last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from pipeline import archive
from pipeline.verification.damage import Damage, Finding
from pipeline.verification.scene import Scene


@dataclass(slots=True)
class Listed:
    """What the manifests of a dossier say: the newest entry of each document, where it stands, and what is wrong."""

    entries: dict[str, archive.ManifestEntry] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)


def read_manifests(prefix: str, scene: Scene) -> Listed:
    """What the manifests under ``prefix`` say together."""
    listed, digest = Listed(), ""
    for info in scene.store.list(prefix):
        key, number = info.key, len(listed.keys) + 1
        while key > archive.manifest_key(prefix, number) and number < _number_in(key, prefix):
            lost = archive.manifest_key(prefix, number)
            listed.findings.append(Finding(Damage.MANIFEST_MISSING, lost, f"the manifests go on with {key}"))
            listed.keys.add(lost)
            number, digest = number + 1, "?"
        if key != archive.manifest_key(prefix, number):
            listed.findings.append(Finding(Damage.OBJECT_EXTRA, key, "no manifest has this name"))
            continue
        listed.keys.add(key)
        digest = _read(key, digest, listed, scene)
    return listed


def _read(key: str, before: str, listed: Listed, scene: Scene) -> str:
    """Take over what one manifest says; returns its sha256. ``before`` is that of the one before, ``?`` where it is lost."""
    data = scene.fixity.get(key)
    try:
        manifest = archive.parse_manifest(data)
    except ValueError as error:
        listed.findings.append(Finding(Damage.MANIFEST_REPLACED, key, str(error)))
        return "?"
    if before not in {"?", manifest.previous}:
        earlier = archive.manifest_key(key.rpartition("/")[0] + "/", max(1, manifest.number - 1))
        message = f"{key} names {manifest.previous[:12] or 'none'} as the one before, which is {before[:12] or 'none'}"
        listed.findings.append(Finding(Damage.MANIFEST_REPLACED, earlier, message))
    for document, entry in manifest.entries.items():
        listed.entries[document], listed.places[document] = entry, key
    if manifest.complete and (lost := listed.entries.keys() - manifest.entries.keys()):
        listed.findings.append(Finding(Damage.MANIFEST_REPLACED, key, f"it no longer lists {', '.join(sorted(lost))}"))
    return hashlib.sha256(data).hexdigest()


def _number_in(key: str, prefix: str) -> int:
    name = key.removeprefix(prefix)
    return int(name[1:-5]) if name[:1] == "m" and name[-5:] == ".json" and name[1:-5].isdecimal() else 0
