"""What is declared of dossiers, in the bucket: one object for each declaration, written once, the newest counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from pipeline import archive
from pipeline.custody.auditing import Notes
from pipeline.domain.audit import Action
from pipeline.domain.dossier_sheets import DossierSheet
from pipeline.domain.errors import NotEntitledError
from pipeline.ports import Clock, ObjectStore
from pipeline.ports.archive import AuditLog


@dataclass(frozen=True, slots=True)
class DossierSheets:
    """The declarations of all dossiers."""

    store: ObjectStore
    log: AuditLog
    clock: Clock

    def newest(self, dossier: str) -> DossierSheet:
        """What was declared last; one without number where nothing was."""
        keys = [entry.key for entry in self.store.list(archive.sheet_prefix(dossier))]
        return archive.parse_sheet(self.store.get(keys[-1])) if keys else DossierSheet(dossier)

    def declare(self, sheet: DossierSheet, *, actor: str) -> DossierSheet:
        """Keep ``sheet`` as the next one behind that of its number, which is the one that was looked at.

        Nothing is written where it says the same. Raises ``NotEntitledError`` where somebody has declared something since. The
        audit log tells of it without names.
        """
        before = self.newest(sheet.dossier)
        if before.number != sheet.number:
            raise _changed_meanwhile(sheet.dossier)
        made = replace(sheet, number=before.number + 1, actor=actor, at=self.clock.now().isoformat())
        if replace(made, number=before.number, actor=before.actor, at=before.at) == before:
            return before
        data = archive.render_sheet(made)
        key = archive.sheet_key(made.dossier, made.number)
        if not self.store.put_once(key, data, media_type="application/json"):
            raise _changed_meanwhile(sheet.dossier)
        told = {"key": key, "sha256": hashlib.sha256(data).hexdigest(), "procedure": made.procedure}
        Notes(self.log, self.clock).note(Action.DOSSIER, actor=actor, reason="declared", document=made.dossier, **told)
        return made

    def erase(self, dossier: str, *, actor: str, reason: str) -> None:
        """Forget all declarations of a dossier that holds no document any more."""
        keys = [entry.key for entry in self.store.list(archive.sheet_prefix(dossier))]
        erased = {key: hashlib.sha256(self.store.get(key)).hexdigest() for key in keys}
        if erased:
            Notes(self.log, self.clock).note(Action.ERASE, actor=actor, reason=reason, document=dossier, erased=erased)
        for key in keys:
            self.store.remove(key)


def _changed_meanwhile(dossier: str) -> NotEntitledError:
    return NotEntitledError(
        f"somebody else has declared something of dossier {dossier} meanwhile",
        code="changed_meanwhile",
        advice="Người khác vừa sửa thủ tục hoặc chủ hồ sơ. Xem lại rồi lưu tiếp.",
    )
