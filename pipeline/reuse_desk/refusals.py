"""Refusals: each with a code, words for a clerk, and a line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.domain.audit import Action
from pipeline.domain.errors import NotEntitledError
from pipeline.domain.holdings import Reason, ReasonCode
from pipeline.domain.releases import System
from pipeline.reuse.reasons import outward, reason
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused: of which request and document, for which purpose."""

    purpose: str = ""
    procedure: str = ""
    type: str = ""
    document: str = ""
    request: str = ""
    owner: str = ""


def refusal(ports: ReusePorts, caller: System, what: Refused, reasons: Sequence[Reason]) -> NotEntitledError:
    """The error to raise, written down: its code is that of the first reason, its advice all of them in Vietnamese.

    That a secret paper is held is told to nobody; the audit log knows.
    """
    codes = list(dict.fromkeys(one.code.value for one in reasons))
    ports.auditing.note(
        Action.REUSE_REFUSAL,
        actor=caller.id,
        reason=codes[0],
        document=what.document,
        gate="release",
        codes=codes,
        agency=caller.agency,
        procedure=what.procedure,
        purpose=what.purpose,
        type=what.type,
        request=what.request,
        owner=what.owner,
    )
    if any(one.code is ReasonCode.CLASSIFIED for one in reasons):
        reasons, codes = [reason(ReasonCode.NOT_HELD)], [ReasonCode.NOT_HELD.value]
    reasons = outward(reasons)
    told = " ".join(dict.fromkeys(one.en for one in reasons))
    advice = " ".join(dict.fromkeys(one.vi for one in reasons))
    return NotEntitledError(told, code=codes[0], advice=advice)
