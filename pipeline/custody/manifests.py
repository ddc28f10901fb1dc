"""Manifests of dossiers in the bucket: one object for each change, written once, each naming the hash of the one before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pipeline import archive
from pipeline.domain.errors import StageError
from pipeline.ports import Clock, ObjectStore

_TRIES = 200


@dataclass(frozen=True, slots=True)
class Manifests:
    """The manifests of all dossiers."""

    store: ObjectStore
    clock: Clock

    def enter(self, dossier: str, entry: archive.ManifestEntry) -> None:
        """Make ``entry`` part of the manifest of its dossier; nothing is written where it stands there already.

        Others may write at the same time: each change has the number behind the last, and only one gets it. In a dossier too
        large for complete lists a repeated step may write an entry again, which says the same.
        """
        prefix = archive.manifest_prefix(dossier, entry.document)
        number = self.newest(prefix)
        for _ in range(_TRIES):
            before, digest = self._read(prefix, number, dossier)
            if before.entries.get(entry.document) == entry:
                return
            made = before.after(entry, at=self.clock.now().isoformat(), previous=digest)
            key = archive.manifest_key(prefix, made.number)
            if self.store.put_once(key, archive.render_manifest(made), media_type="application/json"):
                return
            number += 1
        raise StageError(f"{prefix}: {_TRIES} other changes came in between; the step is to be repeated")

    def newest(self, prefix: str) -> int:
        """The number of the newest manifest; 0 where there is none. They are numbered without gaps."""
        high = 1
        while self.store.stat(archive.manifest_key(prefix, high)) is not None:
            high *= 2
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            if self.store.stat(archive.manifest_key(prefix, middle)) is None:
                high = middle
            else:
                low = middle
        return low

    def _read(self, prefix: str, number: int, dossier: str) -> tuple[archive.Manifest, str]:
        """The manifest, and its sha256; an empty one for number 0."""
        if number == 0:
            return archive.Manifest(dossier), ""
        key = archive.manifest_key(prefix, number)
        data = self.store.get(key)
        try:
            return archive.parse_manifest(data), hashlib.sha256(data).hexdigest()
        except ValueError as error:
            advice = "Bản kê của hồ sơ bị hỏng. Hãy chạy lệnh: sohoa verify, rồi báo quản trị viên."
            raise StageError(f"{key}: {error}; see `sohoa verify`", code="manifest_broken", advice=advice) from error
