"""Signatures on what is archived: the digitiser's before a revision is sealed, the agency's on one that was approved.

Signing gives other bytes every time. So what an earlier try has signed and kept, before it was killed, is taken over
wherever it is this very file with signatures behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline import archive
from pipeline.archive.signatures import SignedPdf, sign_record
from pipeline.composition import PDF_VERSION
from pipeline.conformity import DerivedPdf, RuleSet, judge_signatures
from pipeline.domain.documents import Document, Status
from pipeline.domain.errors import SigningError, StageError
from pipeline.domain.signatures import Signature, SignatureRole
from pipeline.ports import Signer
from pipeline.revisions import Revisions, sha256_of
from pipeline.rooms import room_in

_PDF = "document.pdf"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signs here; None where nobody does."""

    digitiser: Signer | None = None
    agency: Signer | None = None


@dataclass(frozen=True, slots=True)
class SignedRevision:
    """What became of a document that was to be signed; ``already``: it had been before."""

    document: str
    revision: int
    signatures: tuple[Signature, ...] = ()
    already: bool = False


@dataclass(frozen=True, slots=True)
class Signing:
    """The signatures of an installation, on its revisions."""

    revisions: Revisions
    signers: Signers
    scratch: Path
    rule_sets: tuple[RuleSet, ...] = ()

    def keep_composed(self, document: Document, composed: Path) -> tuple[archive.PdfEntry, tuple[Signature, ...]]:
        """Keep what was composed as the PDF of the next revision, signed where a digitiser signs here.

        Raises what :meth:`Signer.sign` raises, and ``StageError`` where a PDF of another reading stands there.
        """
        if self.signers.digitiser is None:
            entry = self.revisions.keep(document, _PDF, composed)
            return archive.PdfEntry(entry.name, entry.sha256, entry.bytes), ()
        return self._keep_signed(document, composed, self.signers.digitiser)

    def sign_as_agency(self, document_id: str, *, officer: str) -> SignedRevision:
        """Put the agency's signature on an approved document: a new revision, of which nothing but the PDF is another.

        ``officer`` is who asked for it. May be repeated at any time. Raises ``NotFoundError``, ``SigningError``
        (``not_approved``, ``no_agency_key``, and what :meth:`Signer.sign` raises), ``UnavailableError``.
        """
        signer = self.signers.agency
        if signer is None:
            raise SigningError(
                "no key of the agency is set (SOHOA_SIGN_AGENCY_KEY)",
                code="no_agency_key",
                advice="Chưa cấu hình khóa ký của cơ quan. Quản trị viên hãy đặt SOHOA_SIGN_AGENCY_KEY.",
            )
        document = self.revisions.catalogue.document(document_id)
        before = self._approved_record(document)
        summary = archive.parse_record(before)
        if SignatureRole.AGENCY in summary.signed_by:
            return SignedRevision(document.id, document.revision, already=True)
        assert summary.pdf is not None, "a document that was approved has a PDF"
        with room_in(self.scratch, "signing") as folder:
            pdf = folder / "digitised.pdf"
            self._fetch(document, document.revision, pdf)
            if sha256_of(pdf) != summary.pdf.sha256:
                raise _altered(document)
            entry, signatures = self._keep_signed(document, pdf, signer)
        self.copy_objects(document, summary.objects)
        self._seal(document, before, entry, signatures, officer)
        return SignedRevision(document.id, document.revision + 1, signatures)

    def keep_approved(
        self, document: Document, record: archive.RecordSummary
    ) -> tuple[archive.PdfEntry, tuple[Signature, ...]]:
        """Keep the PDF of the newest revision as that of the next one, by the same bytes.

        Where a digitiser signs here and nobody has signed it, with that signature behind them, which is then returned. Raises
        what :meth:`Signer.sign` raises, and ``StageError`` where what is stored is not what ``record`` says.
        """
        assert record.pdf is not None, "a document that is reviewed has a PDF"
        with room_in(self.scratch, "signing") as folder:
            pdf = folder / "approved.pdf"
            self._fetch(document, document.revision, pdf)
            if sha256_of(pdf) != record.pdf.sha256:
                raise _altered(document)
            if self.signers.digitiser is not None and not record.signed_by:
                return self._keep_signed(document, pdf, self.signers.digitiser)
            if self.revisions.keep(document, _PDF, pdf).sha256 != record.pdf.sha256:
                raise _altered(document)
        return record.pdf, ()

    def _approved_record(self, document: Document) -> bytes:
        if document.status not in {Status.APPROVED, Status.ARCHIVED}:
            raise SigningError(
                f"{document.id} is {document.status.value}: an agency signs what was approved",
                code="not_approved",
                advice="Tài liệu chưa được duyệt nên cơ quan chưa ký được. Hãy duyệt tài liệu rồi ký.",
            )
        return self.revisions.store.get(_key(document, document.revision, "record.json"))

    def _keep_signed(self, document: Document, pdf: Path, signer: Signer) -> tuple[archive.PdfEntry, tuple[Signature, ...]]:
        """Keep ``pdf`` with the signer's signature as that of the next revision."""
        signed = pdf.with_name("signed.pdf")
        if not self._standing(document, pdf, signed):
            signatures = signer.sign(pdf, signed, at=self.revisions.clock.now())
            entry = self.revisions.keep(document, _PDF, signed)
            if entry.sha256 == sha256_of(signed):
                return archive.PdfEntry(_PDF, entry.sha256, entry.bytes, signed=True), signatures
            self._standing(document, pdf, signed)
        signatures = signer.signatures(signed)
        return archive.PdfEntry(_PDF, sha256_of(signed), signed.stat().st_size, bool(signatures)), signatures

    def _standing(self, document: Document, pdf: Path, signed: Path) -> bool:
        """Whether an earlier try has kept a PDF for the next revision, which then is in ``signed``.

        Raises ``StageError`` where that is not ``pdf`` with something behind it; of a first revision every try counts.
        """
        if self.revisions.store.stat(_key(document, document.revision + 1, _PDF)) is None:
            return False
        self._fetch(document, document.revision + 1, signed)
        if document.revision == 0 or _begins_with(signed, pdf):
            return True
        raise StageError(
            f"{_key(document, document.revision + 1, _PDF)} is another PDF, begun and never sealed; remove it, then try again",
            code="unsealed_revision",
            advice="Còn tệp của một lần đọc dở. Quản trị viên hãy xóa tệp đó rồi làm lại.",
        )

    def _fetch(self, document: Document, revision: int, path: Path) -> None:
        self.revisions.store.fetch(_key(document, revision, _PDF), path)

    def copy_objects(self, document: Document, objects: tuple[archive.ObjectEntry, ...]) -> None:
        """Have what stands beside the PDF stand beside that of the next revision as well; what lies elsewhere stays there."""
        for entry in objects:
            if "/" in entry.name:
                continue
            data = self.revisions.store.get(_key(document, document.revision, entry.name))
            if self.revisions.keep(document, entry.name, data).sha256 != entry.sha256:
                raise _altered(document)

    def _seal(
        self, document: Document, before: bytes, entry: archive.PdfEntry, signatures: tuple[Signature, ...], officer: str
    ) -> None:
        signed = as_signed(entry, signatures, self.rule_sets)
        now = self.revisions.clock.now()
        data = sign_record(before, signed, status=document.status.value, at=now)
        text = self.revisions.store.get(_key(document, document.revision, "text.txt")).decode()
        self.revisions.seal_signed(document, data, text, officer=officer, serial=signatures[-1].certificate.serial)


def as_signed(entry: archive.PdfEntry, signatures: tuple[Signature, ...], rule_sets: Iterable[RuleSet]) -> SignedPdf:
    """The PDF with its signatures, and how rules find both."""
    roles = [one.role for one in signatures]
    derived = DerivedPdf(
        entry.path,
        entry.bytes,
        PDF_VERSION,
        archive.CONFORMANCE,
        roles.count(SignatureRole.DIGITISER),
        roles.count(SignatureRole.AGENCY),
    )
    return SignedPdf(entry.sha256, entry.bytes, signatures, judge_signatures(derived, rule_sets))


def _key(document: Document, revision: int, name: str) -> str:
    return archive.revision_key(document.dossier, document.id, revision, name)


def _begins_with(longer: Path, shorter: Path) -> bool:
    with longer.open("rb") as one, shorter.open("rb") as other:
        while chunk := other.read(_CHUNK):
            if one.read(len(chunk)) != chunk:
                return False
        return bool(one.read(1))


def _altered(document: Document) -> StageError:
    return StageError(
        f"{document.id}: what is stored is not what its record says; see `sohoa verify`",
        code="object_altered",
        advice="Tệp trong kho không khớp với bản ghi nên không ký. Hãy chạy lệnh: sohoa verify, rồi báo quản trị viên.",
    )
