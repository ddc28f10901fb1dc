"""What stands between a request and a paper: the lists, what the paper is worth, what a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.domain.holdings import Judgement, Kept, Reason, ReasonCode
from pipeline.domain.releases import ReleaseForm, RequestScene, ReuseRequest, RightsList, System, Wanted
from pipeline.reuse.entitlement import Call, Grant, Wish, grant
from pipeline.reuse.reasons import reason
from pipeline.reuse_desk.refusals import Refused, refusal
from pipeline.reuse_desk.scene import ReusePorts


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets papers out. Every refusal is ``NotEntitledError`` (``code`` of :class:`ReasonCode`, ``advice``) and audited."""

    ports: ReusePorts

    def call(self, caller: System, wanted: Wanted, kind: str) -> Call:
        """Who asks for papers of a type, today."""
        return Call(caller.agency, wanted.procedure, kind, wanted.purpose, self.ports.today)

    def grant(self, caller: System, wanted: Wanted, kept: Kept, rights: RightsList) -> Grant:
        """What the lists give; raises ``NotEntitledError``."""
        wish = Wish(wanted.form, wanted.fields, wanted.consent, kept.by_name)
        granted = grant(self.call(caller, wanted, kept.holding.type), wish, rights.entitlements)
        if granted.refusal is not None:
            raise self.refusal(caller, wanted, kept, [granted.refusal])
        return granted

    def against(self, kept: Kept, form: ReleaseForm, judgement: Judgement) -> list[Reason]:
        """What stands against the paper leaving in this form."""
        if not judgement.is_reusable:
            return list(judgement.reasons)
        return [reason(ReasonCode.SEVERAL_IN_FILE)] if form is ReleaseForm.PDF and kept.holding.part else []

    def judged_anew(self, caller: System, scene: RequestScene) -> tuple[Kept, Judgement]:
        """The paper as it is now, with everything that entitled to it holding still; raises ``NotEntitledError``."""
        request = scene.request
        wanted = Wanted(
            request.purpose,
            request.procedure,
            request.document,
            request.part,
            form=request.form,
            fields=request.fields,
            consent=request.consent,
        )
        kept = part_of(scene.kept, request.part)
        if kept is None:
            raise self.refusal(caller, wanted, None, [reason(ReasonCode.ERASED)], request)
        if self.ports.clock.now() > request.until:
            raise self.refusal(caller, wanted, kept, [reason(ReasonCode.REQUEST_EXPIRED)], request)
        self.grant(caller, wanted, replace(kept, by_name=request.by_name), scene.rights)
        judgement = self.ports.judge(kept, self.ports.today, scene.rights)
        self.insist(caller, wanted, kept, self.against(kept, request.form, judgement), request)
        if scene.released is not None and scene.released.revision != kept.holding.revision:
            raise self.refusal(caller, wanted, kept, [reason(ReasonCode.REVISED)], request)
        return kept, judgement

    def insist(
        self,
        caller: System,
        wanted: Wanted,
        kept: Kept,
        against: Sequence[Reason],
        request: ReuseRequest | None = None,
    ) -> None:
        """Nothing where nothing stands against it; else raises ``NotEntitledError``."""
        if against:
            raise self.refusal(caller, wanted, kept, against, request)

    def refusal(
        self,
        caller: System,
        wanted: Wanted,
        kept: Kept | None,
        reasons: Sequence[Reason],
        request: ReuseRequest | None = None,
    ) -> Exception:
        """The error; an open request stays open, for what stands against it may pass."""
        what = Refused(
            wanted.purpose,
            wanted.procedure,
            kept.holding.type if kept else wanted.type,
            kept.holding.document if kept else wanted.document,
            request.id if request else "",
            self.ports.owner_mark(wanted.owner),
        )
        return refusal(self.ports, caller, what, reasons)


def part_of(found: Sequence[Kept], part: int) -> Kept | None:
    """The paper of this place in its file."""
    return next((one for one in found if one.holding.part == part), None)
