"""Lists that an installation imports, in the bucket and in the catalogue; a file of one, where there are no servers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline import archive
from pipeline.custody.auditing import Auditing
from pipeline.domain.audit import Action
from pipeline.domain.procedures import Procedure, ProcedureChanges, merge_lists
from pipeline.ports import Catalogue, Clock, ObjectStore

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Registers:
    """The lists of an installation."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock

    def import_procedures(self, path: Path, *, partial: bool = False) -> ProcedureChanges:
        """Make the table in ``path`` the list of procedures; what it changes, nothing where it was imported before.

        With ``partial`` what the table lacks stays in force. The bucket keeps every list; the catalogue holds the newest.
        Raises ``RejectedInputError`` for a faulty table, ``UnavailableError``.
        """
        data = path.read_bytes()
        listed = archive.parse_table(data, path.name)
        for _ in range(_TRIES):
            number, known = self._newest()
            now = self.clock.now()
            merged, changes = merge_lists(known, listed, day=now.date().isoformat(), partial=partial)
            if not changes.any:
                self.catalogue.keep_procedures(number, merged)
                return changes
            made = archive.ProcedureList(merged, path.name, hashlib.sha256(data).hexdigest(), now.isoformat())
            rendered = archive.render_procedure_list(made)
            key = archive.procedures_key(number + 1)
            if self.store.put_once(key, rendered, media_type="application/json"):
                told = {"key": key, "sha256": hashlib.sha256(rendered).hexdigest()}
                Auditing(self.store, self.catalogue.audit, self.clock).note(
                    Action.IMPORT, actor="sohoa", reason=path.name, **told
                )
                self.catalogue.keep_procedures(number + 1, merged)
                return changes
        raise RuntimeError(f"{path.name}: {_TRIES} other imports came in between; try again")

    def restore(self) -> int:
        """Put the newest list of the bucket into the catalogue; how many procedures it holds."""
        number, known = self._newest()
        if number:
            self.catalogue.keep_procedures(number, known)
        return len(known)

    def listed(self, number: int) -> tuple[Procedure, ...]:
        """The ``number``-th list with all that it says, by code; raises ``NotFoundError``."""
        return archive.parse_procedure_list(self.store.get(archive.procedures_key(number))).procedures

    def _newest(self) -> tuple[int, tuple[Procedure, ...]]:
        """The number of the newest list and all it holds; 0 and nothing where there is none."""
        keys = [entry.key for entry in self.store.list(archive.PROCEDURES_PREFIX)]
        number = max((int(key.removeprefix(archive.PROCEDURES_PREFIX)[1:-5]) for key in keys), default=0)
        if not number:
            return 0, ()
        return number, archive.parse_procedure_list(self.store.get(archive.procedures_key(number))).procedures


@dataclass(frozen=True, slots=True)
class ProcedureFile:
    """The procedures of the table in ``path``, read when first asked for; raises ``RejectedInputError`` for a faulty one."""

    path: Path

    def procedures(self) -> tuple[Procedure, ...]:
        """All of them, by code."""
        return _read_table(self.path, self.path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read_table(path: Path, changed: int) -> tuple[Procedure, ...]:
    return archive.parse_table(path.read_bytes(), path.name)
