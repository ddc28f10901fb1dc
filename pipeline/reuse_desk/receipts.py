"""Receipts of releases: made, signed, read back, kept in the bucket."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline import archive
from pipeline.domain.audit import Action, Happening, details_of
from pipeline.domain.findings import FieldValue
from pipeline.domain.holdings import Holding, Judgement, PrintCode
from pipeline.domain.releases import Receipt, Released, ReleaseForm, ReuseRequest
from pipeline.reuse.codes import code_of, digest_of
from pipeline.reuse.receipts import claims_of, owner_hash, receipt_of, values_hash
from pipeline.reuse_desk.scene import ReusePorts, uid_of

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Made:
    """A release ready for the books: its receipt, its line in the audit log, and the code for its prints."""

    released: Released
    receipt: Receipt
    happening: Happening
    code: PrintCode | None


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts of an installation."""

    ports: ReusePorts

    def make(
        self, request: ReuseRequest, holding: Holding, judgement: Judgement, values: Sequence[tuple[str, FieldValue]]
    ) -> Made:
        """The receipt of a release now, signed; raises ``SigningError``."""
        now, disclosure = self.ports.clock.now(), secrets.token_hex(16)
        is_pdf = request.form is ReleaseForm.PDF
        receipt = Receipt(
            id=request.id,
            issuer=self.ports.terms.issuer,
            system=request.system,
            agency=request.agency,
            document=holding.document,
            part=holding.part,
            revision=holding.revision,
            type=holding.type,
            owner=owner_hash(disclosure, holding.owners),
            form=request.form,
            fields=tuple(key for key, _ in values),
            sha256=holding.pdf_sha256 if is_pdf else values_hash(values),
            purpose=request.purpose,
            procedure=request.procedure,
            basis=request.basis,
            consent=request.consent,
            at=now,
            valid_on=judgement.on,
            valid_until=judgement.until,
            check=digest_of(self.code(request.id)) if is_pdf else "",
        )
        released = Released(
            id=request.id,
            system=request.system,
            agency=request.agency,
            document=holding.document,
            part=holding.part,
            revision=holding.revision,
            type=holding.type,
            purpose=request.purpose,
            form=request.form,
            sha256=receipt.sha256,
            at=now,
            jws=self.ports.receipts.sign(claims_of(receipt)),
            disclosure=disclosure,
            code=receipt.check,
        )
        code = PrintCode(receipt.check, holding.document, holding.part, holding.revision, now, request.system)
        return Made(released, receipt, _happening(released, receipt), code if is_pdf else None)

    def read(self, released: Released) -> Receipt:
        """The receipt of a release; raises ``ValueError`` where none of our keys signed it."""
        return receipt_of(self.ports.receipts.verify(released.jws))

    def code(self, request: str) -> str:
        """The code for prints of what is released upon a request."""
        return code_of(self.ports.terms.master.reveal(), request)

    def keep(self) -> int:
        """Put the receipts into the bucket that do not stand there yet; how many."""
        waiting = self.ports.catalogue.releases.unkept(_BATCH)
        for released in waiting:
            self.ports.store.put_once(archive.release_key(released), _rendered(released), media_type="application/json")
            self.ports.catalogue.releases.keep(released.id)
        return len(waiting)


def _rendered(released: Released) -> bytes:
    """As the bucket keeps it: whoever reads it there knows that it is kept."""
    return archive.render_reuse(replace(released, kept=True))


def _happening(released: Released, receipt: Receipt) -> Happening:
    told = details_of(
        request=released.id,
        agency=released.agency,
        procedure=receipt.procedure,
        purpose=released.purpose,
        type=released.type,
        form=released.form.value,
        fields=list(receipt.fields),
        consent=receipt.consent,
        basis=receipt.basis,
        revision_given=released.revision,
        content=released.sha256,
        receipt=hashlib.sha256(released.jws.encode()).hexdigest(),
        key=archive.release_key(released),
        sha256=hashlib.sha256(_rendered(released)).hexdigest(),
    )
    uid = uid_of("reuse_release", released.id)
    return Happening(
        uid, released.at, released.system, Action.REUSE_RELEASE.value, released.document, reason=released.purpose, details=told
    )
