"""The lists of rights that an installation imports: in the bucket, one object for each import, and in the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline import archive
from pipeline.custody.auditing import Auditing
from pipeline.custody.papers import restore_rights
from pipeline.domain.audit import Action
from pipeline.domain.errors import ConflictError
from pipeline.domain.releases import RightsList
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.reuse.rights_tables import parse_entitlements, parse_exclusions
from pipeline.understanding import document_types

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to: how many ``lines`` are in force since, and whether it ``changed`` anything."""

    lines: int
    changed: bool


@dataclass(frozen=True, slots=True)
class RightsRegisters:
    """The lists of entitlements and of excluded types. Each import is the whole list: what it lacks is in force no more."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock

    def import_entitlements(self, path: Path, *, actor: str) -> Imported:
        """Make the file at ``path`` the list of entitlements; raises ``RejectedInputError`` for a faulty one."""
        data = path.read_bytes()
        types = {kind.code: frozenset(one.key for one in kind.fields) for kind in document_types()}
        listed = parse_entitlements(data, path.name, types)
        made = archive.EntitlementList(listed, path.name, _sha256(data), self.clock.now().isoformat())
        changed = self._keep(
            archive.ENTITLEMENTS_PREFIX, archive.render_reuse(made), actor, lambda held: held.entitlements == listed
        )
        return Imported(len(listed), changed)

    def import_exclusions(self, path: Path, *, actor: str) -> Imported:
        """Make the file at ``path`` the list of excluded types; raises ``RejectedInputError`` for a faulty one."""
        data = path.read_bytes()
        listed = parse_exclusions(data, path.name, {kind.code for kind in document_types()})
        made = archive.ExclusionList(listed, path.name, _sha256(data), self.clock.now().isoformat())
        changed = self._keep(
            archive.EXCLUSIONS_PREFIX, archive.render_reuse(made), actor, lambda held: held.exclusions == listed
        )
        return Imported(len(listed), changed)

    def _keep(self, prefix: str, rendered: bytes, actor: str, is_held: Callable[[RightsList], bool]) -> bool:
        for _ in range(_TRIES):
            if is_held(restore_rights(self.store, self.catalogue)):
                return False
            number = archive.newest_number(prefix, [entry.key for entry in self.store.list(prefix)]) + 1
            key = archive.list_key(prefix, number)
            if self.store.put_once(key, rendered, media_type="application/json"):
                restore_rights(self.store, self.catalogue)
                Auditing(self.store, self.catalogue.audit, self.clock).note(
                    Action.IMPORT, actor=actor, reason=prefix.split("/")[1], key=key, sha256=_sha256(rendered)
                )
                return True
        raise ConflictError(f"{_TRIES} other imports came in between; try again")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
