"""Of papers of one lineage only the newest counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.domain.documents import Status
from pipeline.domain.holdings import OWNER_LINEAGE, Holding, Kept, Reason, ReasonCode, StandingKind, id_key, name_key
from pipeline.reuse.reasons import reason

_SURE = frozenset({Status.APPROVED, Status.ARCHIVED})
_NOTHING = frozenset({Status.REJECTED, Status.FAILED, Status.ERASED})
_AGAINST = frozenset({StandingKind.REVOKED, StandingKind.SUPERSEDED, StandingKind.EXCLUDED, StandingKind.DOUBTED})


def newer_papers(kept: Kept, on: date) -> Iterator[tuple[bool, Reason]]:
    """Newer papers of the lineage, issued by the day ``on``: whether it is uncertain that they take the place, and the reason.

    A paper whose day of issue is unknown may be newer than any.
    """
    holding = kept.holding
    mine = _issued(holding)
    for other in kept.siblings:
        its = other.holding
        same = _ties(holding, its)
        if other.status in _NOTHING or same is None or _is_same_paper(holding, its):
            continue
        day = _issued(its)
        if mine and day and not mine < day <= on.isoformat():
            continue
        if mine and day and same and _is_sure(other):
            yield False, reason(ReasonCode.SUPERSEDED_BY_NEWER, document=its.document, day=day)
        else:
            yield True, reason(ReasonCode.NEWER_UNCERTAIN, document=its.document)


def _ties(one: Holding, other: Holding) -> bool | None:
    """Whether two papers of a lineage belong together for certain; None where they do not."""
    if one.lineage != OWNER_LINEAGE:
        return True
    ids = [{id_key(owner) for owner in held.owners if owner.id12} for held in (one, other)]
    if ids[0] & ids[1]:
        return True
    nameless = [{name_key(owner) for owner in held.owners if not owner.id12} - {""} for held in (one, other)]
    named = [{name_key(owner) for owner in held.owners} - {""} for held in (one, other)]
    return False if nameless[0] & named[1] or nameless[1] & named[0] else None


def _is_same_paper(one: Holding, other: Holding) -> bool:
    return bool(one.paper) and one.paper == other.paper


def _is_sure(other: Kept) -> bool:
    """Whether a newer paper is beyond doubt."""
    held = other.holding
    doubtful = held.validity is None or held.validity.doubtful or held.marks or held.unsure or held.signature_broken
    said = any(word.kind in _AGAINST for word in other.standings)
    return other.status in _SURE and not doubtful and not said


def _issued(holding: Holding) -> str:
    return holding.validity.issued if holding.validity else ""
