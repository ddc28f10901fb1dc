"""Releases: nothing leaves that is not valid, not entitled, or not wanted; judged anew each time, noted before it does."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline.domain.audit import Action, Happening, details_of
from pipeline.domain.errors import ConflictError, NotFoundError
from pipeline.domain.findings import FieldValue
from pipeline.domain.holdings import Holding, Judgement, Kept, ReasonCode
from pipeline.domain.releases import Release, ReleaseForm, RequestScene, RequestState, ReuseRequest, System, Wanted
from pipeline.ports.reuse import StaleJudgementError
from pipeline.reuse.reasons import outward, reason
from pipeline.reuse_desk.contents import AlteredError, Span, check_pdf, stream_pdf, values_of
from pipeline.reuse_desk.gate import Gate
from pipeline.reuse_desk.receipts import Receipts
from pipeline.reuse_desk.scene import ReusePorts

_TRIES = 10

#: Values by field.
_Values = tuple[tuple[str, FieldValue], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The PDF that was released upon a ``request``, judged anew a moment ago."""

    request: ReuseRequest
    holding: Holding


@dataclass(frozen=True, slots=True)
class Releasing:
    """Lets out what was asked for; a request of another system is not found."""

    ports: ReusePorts

    def release(self, caller: System, request: str, *, link: bool) -> Release:
        """As of :meth:`pipeline.reuse_desk.requests.Requests.release`."""
        for _ in range(_TRIES):
            scene = self._scene(caller, request)
            kept, judgement = Gate(self.ports).judged_anew(caller, scene)
            values = self._values(caller, scene.request, kept)
            try:
                return self._released(scene, kept, judgement, values, link=link)
            except StaleJudgementError:
                continue
        raise ConflictError(f"request {request}: the paper changed {_TRIES} times while it was released; try again")

    def content(self, caller: System, request: str) -> Content:
        """The PDF of a request that was released, where it may leave still and stands there as archived.

        Raises ``NotFoundError`` where no PDF was released, and as :meth:`release` does. What leaves then is to be asked for at
        once.
        """
        scene = self._scene(caller, request)
        kept, _ = Gate(self.ports).judged_anew(caller, scene)
        found = scene.request
        if found.state is not RequestState.RELEASED or found.form is not ReleaseForm.PDF:
            raise NotFoundError(f"no PDF was released upon request {request!r}")
        try:
            self.ports.intact.check(kept.holding, self.ports.store, self.ports.clock.now())
        except AlteredError as error:
            raise self._damaged(caller, found, kept) from error
        return Content(found, kept.holding)

    def stream(self, content: Content, span: Span | None = None) -> Iterator[bytes]:
        """Its bytes in pieces, or those of ``span``; the whole is held against its hash before the last piece leaves."""
        self._note(self._fetch(content.request, "stream"))
        if span is None:
            return stream_pdf(content.holding, self.ports.store)
        return self.ports.store.read_span(content.holding.pdf_key, span.first, span.length)

    def lead(self, content: Content) -> str:
        """A link of the store by which it is fetched at once."""
        url = self._url(content.holding, self.ports.terms.redirect)
        self._note(self._fetch(content.request, "redirect"))
        return url

    def _scene(self, caller: System, request: str) -> RequestScene:
        scene = self.ports.catalogue.releases.scene(request)
        if scene.request.system != caller.id:
            raise NotFoundError(f"no request {request!r}")
        return scene

    def _values(self, caller: System, request: ReuseRequest, kept: Kept) -> _Values:
        """The values, where values are wanted; refused where the bucket no longer holds what was archived."""
        try:
            if request.form is ReleaseForm.PDF:
                check_pdf(kept.holding, self.ports.store)
                return ()
            values = values_of(kept.holding, request.fields, self.ports.store)
        except AlteredError as error:
            raise self._damaged(caller, request, kept) from error
        if not values:
            wanted, why = Wanted(request.purpose, request.procedure), reason(ReasonCode.FIELDS_NOT_HELD)
            raise Gate(self.ports).refusal(caller, wanted, kept, [why], request)
        return values

    def _damaged(self, caller: System, request: ReuseRequest, kept: Kept) -> Exception:
        wanted, why = Wanted(request.purpose, request.procedure), reason(ReasonCode.DAMAGED)
        return Gate(self.ports).refusal(caller, wanted, kept, [why], request)

    def _released(self, scene: RequestScene, kept: Kept, judgement: Judgement, values: _Values, *, link: bool) -> Release:
        receipts, request, standing = Receipts(self.ports), scene.request, scene.released
        is_pdf = request.form is ReleaseForm.PDF
        life = self.ports.terms.link
        url = self._url(kept.holding, life) if is_pdf and link else ""
        fetched = (self._fetch(request, "link"),) if url else ()
        receipt = None
        if standing is None:
            made = receipts.make(request, kept.holding, judgement, values)
            standing = self.ports.catalogue.releases.release(made.released, kept, (made.happening, *fetched), made.code)
            receipt = made.receipt if standing is made.released else None
        else:
            self._note(*fetched)
        given = Release(
            replace(request, state=RequestState.RELEASED),
            receipt or receipts.read(standing),
            standing.jws,
            standing.disclosure,
            values,
            notes=outward(judgement.notes),
        )
        if not is_pdf:
            return given
        given = replace(given, notes=judgement.notes, bytes=kept.holding.pdf_bytes, check_code=receipts.code(request.id))
        return replace(given, url=url, url_until=self.ports.clock.now() + life) if url else given

    def _url(self, holding: Holding, life: timedelta) -> str:
        return self.ports.store.link(holding.pdf_key, life, f"{holding.document}.pdf")

    def _note(self, *happenings: Happening) -> None:
        for one in happenings:
            self.ports.catalogue.audit.note(one)

    def _fetch(self, request: ReuseRequest, way: str) -> Happening:
        told = details_of(request=request.id, agency=request.agency, way=way)
        happened = (self.ports.clock.now(), request.system, Action.REUSE_FETCH.value, request.document)
        return Happening(secrets.token_hex(16), *happened, reason=request.purpose, details=told)
