"""Whether the signatures of a PDF hold: bytes, later changes, time, trust, revocation. Nothing is ever fetched.

The indications are those of ETSI EN 319 102-1, as pyHanko finds them. A hostile file may make this run for ever or crash:
whoever examines what was handed in does so in a killable process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from asn1crypto import parser as asn1_parser
from asn1crypto import x509
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESStatus, AdESSubIndic
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel
from pyhanko.sign.validation.ades import (
    AdESBasicValidationResult,
    ades_basic_validation,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from pipeline.domain.signatures import CertificateInfo, Integrity, Revocation, SourceSignature, Trust
from storage.signing.trust import TrustStore

#: More signatures than this are not looked at.
MOST_SIGNATURES = 64
#: A key may be meant for either; the certificates of Viet Nam's authorities differ.
KEY_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)

_BROKEN = {AdESFailure.HASH_FAILURE, AdESFailure.SIG_CRYPTO_FAILURE}
_TRUST: dict[AdESSubIndic, Trust] = {
    AdESPassed.OK: Trust.TRUSTED,
    AdESFailure.REVOKED: Trust.REVOKED,
    AdESIndeterminate.REVOKED_NO_POE: Trust.REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: Trust.REVOKED,
    AdESIndeterminate.EXPIRED: Trust.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: Trust.EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: Trust.EXPIRED,
}
_WEAK = {AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE, AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE}
_Result = AdESBasicValidationResult[StandardCMSSignatureStatus]
#: What pyHanko and the parsers beneath it raise on files that make no sense.
_SENSELESS = (
    PdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
)

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Examined:
    """A signature as found; ``authority`` vouches for its time, ``long_term``: the file itself proves all that is needed.

    ``shown`` is the name that the signature gives itself, whatever its certificate says.
    """

    found: SourceSignature
    shown: str = ""
    authority: str = ""
    long_term: bool = False


class PdfExaminer:
    """Examines PDFs against the certificates in ``trust``."""

    def __init__(self, trust: TrustStore) -> None:
        self._trust = trust

    def examine(self, pdf: Path) -> tuple[SourceSignature, ...]:
        """The signatures of the PDF, in the order they were put; one that is unreadable where the file makes no sense."""
        try:
            with pdf.open("rb") as file:
                return tuple(one.found for one in examine_open(file, self._trust))
        except _SENSELESS as error:
            return (_unreadable("", error),)


def examine_open(file: BinaryIO, trust: TrustStore, *, strict: bool = False) -> tuple[Examined, ...]:
    """The signatures of an open PDF, in the order they were put; raises what parsers raise where the file makes no sense."""
    reader = PdfFileReader(file, strict=strict)
    found = list(reader.embedded_regular_signatures)[:MOST_SIGNATURES]
    return tuple(_examine(one, reader, trust) for one in found)


def certificate_info(certificate: x509.Certificate) -> CertificateInfo:
    """What people tell the certificate apart by."""
    return CertificateInfo(
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:x}",
        since=certificate.not_valid_before,
        until=certificate.not_valid_after,
    )


def common_name(certificate: x509.Certificate) -> str:
    """Who the certificate is for: the common name, else the whole subject."""
    name = certificate.subject.native.get("common_name", "")
    return name if isinstance(name, str) and name else str(certificate.subject.human_friendly)


def _examine(embedded: EmbeddedPdfSignature, reader: PdfFileReader, trust: TrustStore) -> Examined:
    try:
        embedded.compute_integrity_info()
        strict = _validate(embedded, trust, _Demands())
        return _judge(embedded, reader, trust, strict)
    except _SENSELESS as error:
        return Examined(_unreadable(str(embedded.field_name), error))


@dataclass(frozen=True, slots=True)
class _Demands:
    """What a validation asks for: proof that nothing was ``revoked``, and ``strong`` algorithms."""

    revoked: bool = True
    strong: bool = True


def _validate(embedded: EmbeddedPdfSignature, trust: TrustStore, demands: _Demands) -> _Result:
    """As of now, with the time stamp where there is one; where that leaves doubt, as of the past that archives prove."""
    spec = _spec(trust, _stored(embedded.reader, trust), demands)
    stamped = any(True for _ in extract_tst_data_iter(embedded.signer_info, signed=False))
    validation = ades_with_time_validation if stamped else ades_basic_validation
    now: _Result = asyncio.run(
        validation(embedded.signed_data, spec.signature_validation_spec, raw_digest=embedded.compute_digest())
    )
    if now.ades_subindic.status is not AdESStatus.INDETERMINATE or not embedded.reader.embedded_timestamp_signatures:
        return now
    past: _Result = asyncio.run(ades_lta_validation(embedded, spec))
    return past if past.ades_subindic is AdESPassed.OK else now


def _stored(reader: PdfFileReader, trust: TrustStore) -> LocalKnowledge:
    """What the file itself brings along to be validated by (DSS), and the certificates that help to find the way."""
    others = list(trust.others)
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return LocalKnowledge(known_certs=others)
    answers = (OCSPResponse.load(one.get_object().data) for one in store.ocsps)
    return LocalKnowledge(
        known_ocsps=[container for answer in answers for container in OCSPContainer.load_multi(answer)],
        known_crls=[CRLContainer(CertificateList.load(one.get_object().data)) for one in store.crls],
        known_certs=[*others, *store.load_certs()],
    )


def _spec(trust: TrustStore, known: LocalKnowledge, demands: _Demands) -> PdfSignatureValidationSpec:
    none = RevocationCheckingRule.NO_CHECK
    checks = RevocationCheckingPolicy.from_legacy("require") if demands.revoked else RevocationCheckingPolicy(none, none)
    weak = DisallowWeakAlgorithmsPolicy(weak_hash_algos=frozenset(), rsa_key_size_threshold=1024)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=list(trust.roots)),
        revinfo_policy=CertRevTrustPolicy(checks),
        algorithm_usage_policy=DisallowWeakAlgorithmsPolicy() if demands.strong else weak,
    )
    offline = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=offline,
            local_knowledge=known,
            key_usage_settings=KEY_USAGE,
        )
    )


def _judge(
    embedded: EmbeddedPdfSignature,
    reader: PdfFileReader,
    trust: TrustStore,
    strict: _Result,
) -> Examined:
    certificate = embedded.signer_cert
    integrity, why = _integrity(embedded, strict)
    standing, revocation = _standing(embedded, trust, strict)
    stamp = strict.api_status.timestamp_validity if strict.api_status else None
    stamped = stamp if stamp is not None and stamp.intact and stamp.valid and stamp.trusted else None
    sound = integrity is Integrity.INTACT and strict.ades_subindic is AdESPassed.OK
    found = SourceSignature(
        field=str(embedded.field_name),
        name=common_name(certificate),
        integrity=integrity,
        trust=standing if integrity is not Integrity.BROKEN else Trust.UNKNOWN,
        revocation=revocation,
        certificate=certificate_info(certificate),
        claimed_at=_zoned(embedded.self_reported_timestamp),
        stamped_at=_zoned(stamped.timestamp) if stamped else None,
        whole=embedded.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        changes=tuple(_later(embedded, reader)),
        reason=why or (strict.failure_msg or strict.ades_subindic.standard_name if not sound else ""),
    )
    authority = stamped.signing_cert.subject.human_friendly if stamped else ""
    shown = str(embedded.sig_object.get("/Name", ""))
    return Examined(found, shown, authority, long_term=sound and stamped is not None)


def _integrity(embedded: EmbeddedPdfSignature, result: _Result) -> tuple[Integrity, str]:
    status = result.api_status
    if result.ades_subindic in _BROKEN or (status is not None and not (status.intact and status.valid)):
        return Integrity.BROKEN, f"the bytes are not those that were signed ({result.ades_subindic.standard_name})"
    if result.ades_subindic is AdESFailure.FORMAT_FAILURE or status is None:
        return Integrity.UNREADABLE, result.failure_msg or result.ades_subindic.standard_name
    changes = embedded.diff_result
    if isinstance(changes, SuspiciousModification):
        return Integrity.CHANGED, str(changes)
    if _hides_something(embedded.pkcs7_content):
        return Integrity.CHANGED, "something stands in the room of the signature, behind it"
    if not embedded.summarise_integrity_info()["docmdp_ok"]:
        return Integrity.CHANGED, "changed beyond what the signature allows"
    return Integrity.INTACT, ""


def _hides_something(contents: bytes) -> bool:
    """Whether there is anything but zeros behind the signature in the room that is left for it, which nothing covers."""
    _, _, _, header, content, trailer = asn1_parser.parse(contents)
    return any(contents[len(header) + len(content) + len(trailer) :])


def _standing(embedded: EmbeddedPdfSignature, trust: TrustStore, strict: _Result) -> tuple[Trust, Revocation]:
    """With proof that nothing was revoked where the file bears it, without where it does not."""
    if not trust.roots:
        return Trust.UNKNOWN, Revocation.UNKNOWN
    if strict.ades_subindic is AdESPassed.OK:
        return Trust.TRUSTED, Revocation.GOOD
    if _TRUST.get(strict.ades_subindic) is Trust.REVOKED:
        return Trust.REVOKED, Revocation.REVOKED
    loose = _validate(embedded, trust, _Demands(revoked=False))
    standing = _TRUST.get(loose.ades_subindic)
    if loose.ades_subindic in _WEAK:
        by_any_means = _validate(embedded, trust, _Demands(revoked=False, strong=False))
        standing = Trust.WEAK if by_any_means.ades_subindic is AdESPassed.OK else _TRUST.get(by_any_means.ades_subindic)
    if standing is None:
        selfmade = embedded.signer_cert.self_signed != "no"
        standing = Trust.SELF_SIGNED if selfmade else Trust.UNTRUSTED
    return standing, Revocation.UNKNOWN


def _later(embedded: EmbeddedPdfSignature, reader: PdfFileReader) -> Iterator[str]:
    """What came after the signature, update by update."""
    signed = {one.signed_revision: str(one.field_name) for one in reader.embedded_signatures}
    for revision in range(embedded.signed_revision + 1, reader.xrefs.total_revisions):
        what = f"signature {signed[revision]}" if revision in signed else "no signature"
        yield f"update {revision}: {what}"


def _zoned(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment.tzinfo is not None else None


def _unreadable(field: str, error: BaseException) -> SourceSignature:
    reason = f"{type(error).__name__}: {error}"[:300]
    return SourceSignature(field=field, name="", integrity=Integrity.UNREADABLE, trust=Trust.UNKNOWN, reason=reason)
