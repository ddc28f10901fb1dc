"""Signs PDFs with pyHanko: PAdES B-LT, the digitiser's signature first, the agency's last."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, Signer
from pyhanko.sign import PdfSigner as PyhankoSigner
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper

from pipeline.domain.signatures import LEVEL, Integrity, Signature, SignatureRole, Trust
from storage.signing.corners import find_place, read_sheet
from storage.signing.examination import Examined, common_name, examine_open
from storage.signing.failures import SIGNING_FAILURES, explain, out_of_order, unfit, unproven
from storage.signing.keys import Key
from storage.signing.revocation import Answers
from storage.signing.stamps import Stamp, agency_lines, digitiser_lines, lay_out
from storage.signing.trust import TrustStore

#: The form field of each role's signature; what tells our signatures apart.
FIELDS = {SignatureRole.DIGITISER: "ChuKyCanBoSoHoa", SignatureRole.AGENCY: "ChuKyCoQuan"}
_ROLES = {name: role for role, name in FIELDS.items()}
#: How far the machine's clock may be from that of the time-stamp authority.
_MOST_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs: the key, and what the page says. ``name`` empty: as the certificate has it.

    ``notice`` is a line of its own below, for what must not be mistaken for a real signature.
    """

    role: SignatureRole
    key: Key
    name: str = ""
    copy_type: str = ""
    notice: str = ""

    def lines(self, name: str, at: datetime) -> tuple[str, ...]:
        """What the page shows."""
        shown = digitiser_lines(name, at) if self.role is SignatureRole.DIGITISER else agency_lines(self.copy_type, name, at)
        return (*shown, self.notice)


@dataclass(frozen=True, slots=True)
class SigningTools:
    """What proves a signature: ``stamper`` its time, ``trust`` who may have signed, ``answers`` that nothing was revoked."""

    stamper: TimeStamper
    trust: TrustStore
    answers: Answers


#: What proves the certificates goes into the update that is signed, so that the signature covers it as well.
_WITH_THE_SIGNATURE = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)


class _Update(IncrementalPdfFileWriter):
    """An update that leaves alone what the file says of itself: it was composed here, whatever signs it."""

    def _update_meta(self) -> None:
        pass


class PdfSigner:
    """Signs in the name of ``hand``, with ``tools``."""

    def __init__(self, hand: Hand, tools: SigningTools) -> None:
        self._hand = hand
        self._stamper = tools.stamper
        self._trust = tools.trust
        self._answers = tools.answers

    @property
    def role(self) -> SignatureRole:
        """In whose name it signs."""
        return self._hand.role

    def sign(self, pdf: Path, signed: Path, *, at: datetime) -> tuple[Signature, ...]:
        """Write ``pdf`` with one more signature to ``signed``, whole or not at all; returns all that now stand there.

        Raises ``SigningError`` where key, certificate or order do not allow it, ``UnavailableError`` where the token, the
        time-stamp authority or what knows of revocations is away. A lower level than :data:`LEVEL` is never written.
        """
        self._refuse_wrong_order(pdf)
        part = signed.with_name(f".{signed.name}.part")
        try:
            shutil.copyfile(pdf, part)
            with part.open("r+b") as file:
                self._sign(file, pdf, at)
                signatures = self._proven(file, at)
            part.replace(signed)
            return signatures
        finally:
            part.unlink(missing_ok=True)

    def signatures(self, pdf: Path) -> tuple[Signature, ...]:
        """The signatures on what was signed here, in order; raises ``SigningError`` where one does not hold."""
        return read_signatures(pdf, self._trust)

    def _refuse_wrong_order(self, pdf: Path) -> None:
        roles = tuple(signature.role for signature in self.signatures(pdf))
        wanted = () if self.role is SignatureRole.DIGITISER else (SignatureRole.DIGITISER,)
        if roles != wanted:
            raise out_of_order(pdf.name, self.role, roles)

    def _sign(self, file: BinaryIO, pdf: Path, at: datetime) -> None:
        with self._hand.key.open() as signer:
            certificate = signer.signing_cert
            assert certificate is not None, "keys come with their certificate"
            usage = certificate.key_usage_value
            if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
                raise unfit(certificate.subject.human_friendly)
            name = self._hand.name or common_name(certificate)
            signer.embed_roots = False  # whoever looks has roots of his own, and nothing would cover these
            try:
                writer = _Update(file, strict=True)
                stamp, field = self._appearance(writer, pdf, name, at)
                asyncio.run(self._put(writer, signer, name, stamp, field))
            except SIGNING_FAILURES as error:
                failure = explain(error, self._hand.role)
            else:
                return
        raise failure

    def _appearance(self, writer: IncrementalPdfFileWriter, pdf: Path, name: str, at: datetime) -> tuple[Stamp, SigFieldSpec]:
        page = writer.prev.root["/Pages"]["/Kids"][0]
        unit = float(page.get("/UserUnit", 1))
        sheet = read_sheet(pdf, unit)
        layouts = lay_out(self._hand.lines(name, at), sheet)
        place = find_place(sheet, [one.block for one in layouts], at_right=self.role is SignatureRole.AGENCY)
        chosen = next(one for one in layouts if one.size == place.size)
        last = self.role is SignatureRole.AGENCY
        field = SigFieldSpec(
            FIELDS[self.role],
            box=sheet.to_page(place),  # type: ignore[arg-type]  # whole numbers are not asked for
            on_page=0,
            readable_field_name=name,
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL) if last else None,
            doc_mdp_update_value=MDPPerm.NO_CHANGES if last else None,
        )
        return Stamp(layout=chosen, place=place, turn=sheet.turn, unit=unit), field

    async def _put(
        self, writer: IncrementalPdfFileWriter, signer: Signer, name: str, stamp: Stamp, field: SigFieldSpec
    ) -> None:
        async with self._answers.context(self._trust) as context:
            metadata = PdfSignatureMetadata(
                field_name=field.sig_field_name,
                name=name,
                subfilter=SigSeedSubFilter.PADES,
                embed_validation_info=True,
                validation_context=context,
                signer_key_usage=set(),
                docmdp_permissions=MDPPerm.NO_CHANGES,
                dss_settings=_WITH_THE_SIGNATURE,
            )
            tool = PyhankoSigner(metadata, signer, timestamper=self._stamper, stamp_style=stamp, new_field_spec=field)
            await tool.async_sign_pdf(writer, in_place=True)

    def _proven(self, file: BinaryIO, at: datetime) -> tuple[Signature, ...]:
        """What stands in the file now, read anew as anybody would: every signature of ours holds, at our level."""
        file.seek(0)
        examined = examine_open(file, self._trust, strict=True)
        signatures = tuple(_as_signature(one) for one in examined)
        last = signatures[-1] if signatures else None
        if last is None or last.role is not self.role or not all(one.valid for one in signatures):
            raise unproven([one.found.reason for one in examined])
        if last.stamped_at is None or abs(last.stamped_at - at) > _MOST_SKEW:
            raise unproven([f"the clock says {at.isoformat()}, the time-stamp authority {last.stamped_at}"])
        return signatures


def read_signatures(pdf: Path, trust: TrustStore) -> tuple[Signature, ...]:
    """The signatures of a PDF composed here, in order; raises ``SigningError`` where it bears others or unsound ones."""
    try:
        with pdf.open("rb") as file:
            examined = examine_open(file, trust, strict=True)
    except (PdfError, ValueError) as error:
        raise unproven([f"{pdf.name}: {error}"]) from error
    signatures = tuple(_as_signature(one) for one in examined)
    unsound = [one.found.reason for one, signature in zip(examined, signatures, strict=True) if not signature.valid]
    if unsound:
        raise unproven(unsound)
    return signatures


def _as_signature(examined: Examined) -> Signature:
    found = examined.found
    role = _ROLES.get(found.field)
    if role is None or found.certificate is None:
        raise unproven([f"the signature {found.field or '(nameless)'} is none of ours ({found.reason})"])
    signed_at = found.claimed_at or found.stamped_at
    if signed_at is None:
        raise unproven([f"the signature {found.field} bears no time"])
    valid = examined.long_term and found.integrity is Integrity.INTACT and found.trust is Trust.TRUSTED
    return Signature(
        role=role,
        name=examined.shown or found.name,
        certificate=found.certificate,
        signed_at=signed_at,
        stamped_at=found.stamped_at,
        authority=examined.authority,
        level=LEVEL if examined.long_term else "",
        valid=valid,
    )
