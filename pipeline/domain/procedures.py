"""Administrative procedures (thủ tục hành chính), as an installation has them in its list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure: its code (``1.001193``), its name, its field, its level, and the decision that published it.

    ``components`` are the papers that it asks for, as the list words them, where it does.
    ``withdrawn`` is the ISO date from which on it is in the list no more; empty while it is. Papers of before still name it.
    """

    code: str
    name: str
    field: str = ""
    level: str = ""
    decision: str = ""
    withdrawn: str = ""
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcedureChanges:
    """What a new list changes: procedures that came (or came back), that read otherwise, that went; ``total`` in force now."""

    added: tuple[Procedure, ...] = ()
    changed: tuple[Procedure, ...] = ()
    withdrawn: tuple[Procedure, ...] = ()
    total: int = 0

    @property
    def any(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.added or self.changed or self.withdrawn)


def merge_lists(
    known: Iterable[Procedure], listed: Iterable[Procedure], *, day: str, partial: bool = False
) -> tuple[tuple[Procedure, ...], ProcedureChanges]:
    """All procedures known once ``listed`` is the list, by code, and what that changes.

    What the list lacks is withdrawn from ``day`` on, but stays known; with ``partial`` it stays in force.
    """
    before = {procedure.code: procedure for procedure in known}
    wanted = {procedure.code: procedure for procedure in listed}
    gone = {
        code: replace(procedure, withdrawn=day)
        for code, procedure in before.items()
        if code not in wanted and not procedure.withdrawn and not partial
    }
    merged = tuple(procedure for _, procedure in sorted({**before, **gone, **wanted}.items()))
    standing = {code: procedure for code, procedure in before.items() if not procedure.withdrawn}
    added = [one for code, one in sorted(wanted.items()) if code not in standing]
    changed = [one for code, one in sorted(wanted.items()) if standing.get(code, one) != one]
    total = sum(not procedure.withdrawn for procedure in merged)
    return merged, ProcedureChanges(tuple(added), tuple(changed), tuple(one for _, one in sorted(gone.items())), total)
