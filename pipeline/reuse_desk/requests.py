"""Requests, previews and releases: nothing leaves that is not valid, not entitled, or not wanted."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.domain.audit import Action, Happening, canonical, details_of
from pipeline.domain.errors import ConflictError, NotFoundError
from pipeline.domain.findings import FieldValue
from pipeline.domain.holdings import Holding, Judgement, Kept, Reason, ReasonCode
from pipeline.domain.plain import plain
from pipeline.domain.releases import (
    Preview,
    Release,
    Released,
    ReleaseForm,
    RequestState,
    ReuseRequest,
    System,
    Wanted,
)
from pipeline.ports.reuse import StaleJudgementError
from pipeline.reuse.entitlement import Call, Grant, Wish, grant, lines_for
from pipeline.reuse.reasons import outward, reason
from pipeline.reuse_desk.checks import best_of, check_owner, title_of
from pipeline.reuse_desk.contents import AlteredError, check_pdf, stream_pdf, values_of
from pipeline.reuse_desk.receipts import Receipts
from pipeline.reuse_desk.refusals import Refused, refusal
from pipeline.reuse_desk.scene import ReusePorts, uid_of

_TRIES = 10


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
        granted = self._grant(caller, wanted, kept)
        self._insist(caller, wanted, kept, self._against(kept, granted.form))
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
        for _ in range(_TRIES):
            found = self.find(caller, request)
            kept, judgement = self._judged_anew(caller, found)
            values = self._contents(caller, found, kept)
            try:
                return self._released(found, kept, judgement, values, link=link)
            except StaleJudgementError:
                continue
        raise ConflictError(f"request {request}: the paper changed {_TRIES} times while it was released; try again")

    def stream(self, caller: System, request: str) -> Iterator[bytes]:
        """The PDF of a released request in pieces, judged anew before the first; raises as :meth:`release` does."""
        found = self.find(caller, request)
        kept, _ = self._judged_anew(caller, found)
        if found.state is not RequestState.RELEASED or found.form is not ReleaseForm.PDF:
            raise NotFoundError(f"no PDF was released upon request {request!r}")
        self._contents(caller, found, kept)
        self._note_fetch(found, "stream")
        return stream_pdf(kept.holding, self.ports.store)

    def released(self, document: str) -> tuple[Released, ...]:
        """Who fetched a document, oldest first."""
        return self.ports.catalogue.releases.fetchers(document)

    def _find(self, caller: System, wanted: Wanted) -> Kept:
        """The paper that is meant; nobody learns whether there is one unless they are entitled to papers of its type."""
        kind = wanted.type
        if wanted.document:
            named = self._kept(wanted.document, wanted.part)
            kind = named.holding.type if named else ""
        if not kind or not lines_for(self._call(caller, wanted, kind), self.ports.catalogue.rights.current().entitlements):
            raise self._refusal(caller, wanted, None, [reason(ReasonCode.NOT_ENTITLED, agency=caller.agency)])
        held = self._candidates(wanted, kind)
        if not held:
            raise self._refusal(caller, wanted, None, [reason(ReasonCode.NOT_HELD)])
        judged = [(one, self.ports.judge(one, self.ports.today)) for one in held]
        kept, _ = best_of(judged)
        others = [
            one for one, its in judged if its.is_reusable and one.holding.document not in {kept.holding.document, *kept.same}
        ]
        if others and not wanted.document:
            several = ", ".join(one.holding.document for one in (kept, *others))
            raise self._refusal(caller, wanted, None, [reason(ReasonCode.SEVERAL_HELD, text=several)])
        return kept

    def _candidates(self, wanted: Wanted, kind: str) -> tuple[Kept, ...]:
        if wanted.owner is None:
            named = self._kept(wanted.document, wanted.part) if wanted.document else None
            return (named,) if named else ()
        check_owner(wanted.owner)
        held = self.ports.catalogue.holdings.of_owner(wanted.owner, [kind])
        place = wanted.document, wanted.part
        return tuple(one for one in held if not wanted.document or (one.holding.document, one.holding.part) == place)

    def _grant(self, caller: System, wanted: Wanted, kept: Kept) -> Grant:
        wish = Wish(wanted.form, wanted.fields, wanted.consent, kept.by_name)
        granted = grant(
            self._call(caller, wanted, kept.holding.type), wish, self.ports.catalogue.rights.current().entitlements
        )
        if granted.refusal is not None:
            raise self._refusal(caller, wanted, kept, [granted.refusal])
        return granted

    def _against(self, kept: Kept, form: ReleaseForm) -> list[Reason]:
        """What stands against the paper leaving today in this form."""
        judgement = self.ports.judge(kept, self.ports.today)
        if not judgement.is_reusable:
            return list(judgement.reasons)
        return [reason(ReasonCode.SEVERAL_IN_FILE)] if form is ReleaseForm.PDF and kept.holding.part else []

    def _judged_anew(self, caller: System, request: ReuseRequest) -> tuple[Kept, Judgement]:
        """The paper as it is now, with everything that entitled to it holding still."""
        wanted = Wanted(
            request.purpose,
            request.procedure,
            request.document,
            request.part,
            form=request.form,
            fields=request.fields,
            consent=request.consent,
        )
        kept = self._kept(request.document, request.part)
        if kept is None:
            raise self._refusal(caller, wanted, None, [reason(ReasonCode.ERASED)], request)
        if self.ports.clock.now() > request.until:
            raise self._refusal(caller, wanted, kept, [reason(ReasonCode.REQUEST_EXPIRED)], request)
        self._grant(caller, wanted, replace(kept, by_name=request.by_name))
        self._insist(caller, wanted, kept, self._against(kept, request.form), request)
        standing = self.ports.catalogue.releases.released(request.id)
        if standing is not None and standing.revision != kept.holding.revision:
            raise self._refusal(caller, wanted, kept, [reason(ReasonCode.REVISED)], request)
        return kept, self.ports.judge(kept, self.ports.today)

    def _contents(self, caller: System, request: ReuseRequest, kept: Kept) -> tuple[tuple[str, FieldValue], ...]:
        """The values, where values are wanted; refused where the bucket no longer holds what was archived."""
        wanted = Wanted(request.purpose, request.procedure)
        try:
            if request.form is ReleaseForm.PDF:
                check_pdf(kept.holding, self.ports.store)
                return ()
            values = values_of(kept.holding, request.fields, self.ports.store)
        except AlteredError as error:
            raise self._refusal(caller, wanted, kept, [reason(ReasonCode.DAMAGED)], request) from error
        if not values:
            raise self._refusal(caller, wanted, kept, [reason(ReasonCode.FIELDS_NOT_HELD)], request)
        return values

    def _released(
        self,
        request: ReuseRequest,
        kept: Kept,
        judgement: Judgement,
        values: tuple[tuple[str, FieldValue], ...],
        *,
        link: bool,
    ) -> Release:
        receipts, releases = Receipts(self.ports), self.ports.catalogue.releases
        standing = releases.released(request.id)
        if standing is None:
            made = receipts.make(request, kept.holding, judgement, values)
            standing = releases.release(made.released, kept, made.happening, made.code)
        receipt = receipts.read(standing)
        done = replace(self.ports.catalogue.releases.request(request.id), state=RequestState.RELEASED)
        given = Release(done, receipt, standing.jws, standing.disclosure, values, notes=outward(judgement.notes))
        if request.form is not ReleaseForm.PDF:
            return given
        given = replace(given, notes=judgement.notes, bytes=kept.holding.pdf_bytes, check_code=receipts.code(request.id))
        return self._linked(given, kept.holding) if link else given

    def _linked(self, given: Release, holding: Holding) -> Release:
        life = self.ports.terms.link
        url = self.ports.store.link(holding.pdf_key, life, f"{holding.document}.pdf")
        self._note_fetch(given.request, "link")
        return replace(given, url=url, url_until=self.ports.clock.now() + life)

    def _note_fetch(self, request: ReuseRequest, way: str) -> None:
        self.ports.auditing.note(
            Action.REUSE_FETCH,
            actor=request.system,
            reason=request.purpose,
            document=request.document,
            request=request.id,
            agency=request.agency,
            way=way,
        )

    def _kept(self, document: str, part: int) -> Kept | None:
        found = self.ports.catalogue.holdings.of_document(document)
        return next((one for one in found if one.holding.part == part), None)

    def _call(self, caller: System, wanted: Wanted, kind: str) -> Call:
        return Call(caller.agency, wanted.procedure, kind, wanted.purpose, self.ports.today)

    def _insist(
        self,
        caller: System,
        wanted: Wanted,
        kept: Kept,
        against: Sequence[Reason],
        request: ReuseRequest | None = None,
    ) -> None:
        if against:
            raise self._refusal(caller, wanted, kept, against, request)

    def _refusal(
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
