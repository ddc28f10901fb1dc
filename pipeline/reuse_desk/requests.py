"""Requests, previews and releases: nothing leaves that is not valid, not entitled, or not wanted."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.domain.audit import Action, Happening, canonical, details_of
from pipeline.domain.errors import ConflictError, NotFoundError
from pipeline.domain.holdings import Kept, ReasonCode
from pipeline.domain.plain import plain
from pipeline.domain.releases import Preview, Release, Released, RequestState, ReuseRequest, System, Wanted
from pipeline.reuse.entitlement import lines_for
from pipeline.reuse.reasons import outward, reason
from pipeline.reuse_desk.checks import best_of, check_owner, title_of
from pipeline.reuse_desk.gate import Gate, part_of
from pipeline.reuse_desk.releasing import Releasing
from pipeline.reuse_desk.scene import ReusePorts, uid_of


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of systems. Every refusal is ``NotEntitledError`` (``code`` of :class:`ReasonCode`, ``advice``) and audited.

    A request of another system is not found.
    """

    ports: ReusePorts

    def open(self, caller: System, wanted: Wanted, *, idempotency_key: str = "") -> ReuseRequest:
        """A request bound to one paper; the same key and question again is the same request.

        Raises ``NotEntitledError``, ``ConflictError`` (``idempotency_conflict``) where the key was used for another question.
        """
        digest = hashlib.sha256(canonical(plain(wanted)).encode()).hexdigest()
        known = self.ports.catalogue.releases.claimed(caller.id, idempotency_key) if idempotency_key else None
        if known is not None:
            return _same(known, digest)
        kept = self._find(caller, wanted)
        gate, rights = Gate(self.ports), self.ports.catalogue.rights.current()
        granted = gate.grant(caller, wanted, kept, rights)
        judgement = self.ports.judge(kept, self.ports.today, rights)
        gate.insist(caller, wanted, kept, gate.against(kept, granted.form, judgement))
        now = self.ports.clock.now()
        request = ReuseRequest(
            id=secrets.token_hex(16),
            system=caller.id,
            agency=caller.agency,
            document=kept.holding.document,
            part=kept.holding.part,
            type=kept.holding.type,
            purpose=wanted.purpose,
            procedure=wanted.procedure,
            form=granted.form,
            fields=granted.fields,
            consent=wanted.consent,
            basis=granted.basis,
            owner=self.ports.owner_mark(kept.holding.owners[0] if kept.holding.owners else None),
            by_name=kept.by_name,
            state=RequestState.OPEN,
            at=now,
            until=now + self.ports.terms.request,
            idempotency_key=idempotency_key,
            digest=digest,
        )
        opened = self.ports.catalogue.releases.open(request, _opening(request))
        return _same(opened, digest)

    def find(self, caller: System, request: str) -> ReuseRequest:
        """The request; raises ``NotFoundError``."""
        found = self.ports.catalogue.releases.request(request)
        if found.system != caller.id:
            raise NotFoundError(f"no request {request!r}")
        return found

    def preview(self, caller: System, request: str) -> Preview:
        """What a release would give now; refuses nothing. Raises ``NotFoundError``."""
        found = self.find(caller, request)
        kept = self._kept(found.document, found.part)
        if kept is None:
            raise NotFoundError(f"document {found.document!r} is no longer held")
        holding, judgement = kept.holding, self.ports.judge(kept, self.ports.today)
        judgement = replace(judgement, reasons=outward(judgement.reasons), notes=outward(judgement.notes))
        return Preview(found, title_of(holding.type), holding.revision, holding.pages, holding.pdf_bytes, judgement)

    def release(self, caller: System, request: str, *, link: bool = True) -> Release:
        """What was asked for, judged anew; the same receipt each time. ``link``: with a presigned URL of the PDF.

        Raises ``NotEntitledError``, ``NotFoundError``.
        """
        return Releasing(self.ports).release(caller, request, link=link)

    def stream(self, caller: System, request: str) -> Iterator[bytes]:
        """The PDF of a released request in pieces, judged anew before the first; raises as :meth:`release` does."""
        releasing = Releasing(self.ports)
        return releasing.stream(releasing.content(caller, request))

    def released(self, document: str) -> tuple[Released, ...]:
        """Who fetched a document, oldest first."""
        return self.ports.catalogue.releases.fetchers(document)

    def _find(self, caller: System, wanted: Wanted) -> Kept:
        """The paper that is meant; nobody learns whether there is one unless they are entitled to papers of its type."""
        kind = wanted.type
        if wanted.document:
            named = self._kept(wanted.document, wanted.part)
            kind = named.holding.type if named else ""
        if not kind or not lines_for(
            Gate(self.ports).call(caller, wanted, kind), self.ports.catalogue.rights.current().entitlements
        ):
            raise Gate(self.ports).refusal(caller, wanted, None, [reason(ReasonCode.NOT_ENTITLED, agency=caller.agency)])
        held = self._candidates(wanted, kind)
        if not held:
            raise Gate(self.ports).refusal(caller, wanted, None, [reason(ReasonCode.NOT_HELD)])
        judged = [(one, self.ports.judge(one, self.ports.today)) for one in held]
        kept, _ = best_of(judged)
        others = [
            one for one, its in judged if its.is_reusable and one.holding.document not in {kept.holding.document, *kept.same}
        ]
        if others and not wanted.document:
            several = ", ".join(one.holding.document for one in (kept, *others))
            raise Gate(self.ports).refusal(caller, wanted, None, [reason(ReasonCode.SEVERAL_HELD, text=several)])
        return kept

    def _candidates(self, wanted: Wanted, kind: str) -> tuple[Kept, ...]:
        if wanted.owner is None:
            named = self._kept(wanted.document, wanted.part) if wanted.document else None
            return (named,) if named else ()
        check_owner(wanted.owner)
        held = self.ports.catalogue.holdings.of_owner(wanted.owner, [kind])
        place = wanted.document, wanted.part
        return tuple(one for one in held if not wanted.document or (one.holding.document, one.holding.part) == place)

    def _kept(self, document: str, part: int) -> Kept | None:
        return part_of(self.ports.catalogue.holdings.of_document(document), part)


def _same(request: ReuseRequest, digest: str) -> ReuseRequest:
    if request.digest != digest:
        raise ConflictError(
            "the idempotency key was used for another question",
            code="idempotency_conflict",
            advice="Khóa chống lặp đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",
        )
    return request


def _opening(request: ReuseRequest) -> Happening:
    told = details_of(
        request=request.id,
        agency=request.agency,
        procedure=request.procedure,
        purpose=request.purpose,
        type=request.type,
        form=request.form.value,
        fields=list(request.fields),
        consent=request.consent,
        basis=request.basis,
        owner=request.owner,
    )
    uid = uid_of("reuse_open", request.id)
    return Happening(
        uid, request.at, request.system, Action.REUSE_OPEN.value, request.document, reason=request.purpose, details=told
    )
