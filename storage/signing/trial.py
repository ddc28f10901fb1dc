"""An authority for trying things out: certificates, revocation lists and time stamps that nobody else trusts.

Every certificate says so in its subject, every page that is signed with one says so in letters. Its keys lie in one folder,
and nothing of it listens on any port.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper

from pipeline.domain.secret import Secret
from pipeline.domain.signatures import SignatureRole
from storage.private_files import write_private
from storage.signing.keys import FileKey, Key
from storage.signing.revocation import Answers, GivenAnswers
from storage.signing.trust import TrustStore

#: What stands in every subject, and on every page.
NOTICE = "CHỈ ĐỂ THỬ / TEST ONLY"
_PEOPLE = {SignatureRole.DIGITISER: "Cán bộ số hóa", SignatureRole.AGENCY: "Cơ quan"}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def for_validation(self) -> asn1_x509.Certificate:
        """The certificate as pyHanko takes it."""
        return asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER))

    def packed(self, passphrase: str, chain: list[x509.Certificate]) -> bytes:
        """Both as a PKCS#12 file."""
        return pkcs12.serialize_key_and_certificates(
            NOTICE.encode(), self.key, self.certificate, chain, BestAvailableEncryption(passphrase.encode())
        )


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a certificate is for, and for how long; ``lists`` is where revocations can be looked up."""

    authority: bool = False
    time_stamps: bool = False
    since: datetime | None = None
    until: datetime | None = None
    lists: str = ""


def issue(name: str, purpose: Purpose, issuer: Issued | None = None) -> Issued:
    """A new certificate for ``name``, signed by ``issuer`` or by itself; its subject bears :data:`NOTICE`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NOTICE),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} ({NOTICE})"),
        ]
    )
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=issuer.certificate.subject if issuer else subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=purpose.since or now - _DAY,
        not_valid_after=purpose.until or now + 3650 * _DAY,
    )
    signing = issuer.key if issuer else key
    builder = _extend(builder, purpose, signing.public_key(), key.public_key())
    return Issued(key, builder.sign(signing, hashes.SHA256()))


def _extend(
    builder: x509.CertificateBuilder, purpose: Purpose, issuer: rsa.RSAPublicKey, own: rsa.RSAPublicKey
) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=not purpose.authority,
        content_commitment=not purpose.authority and not purpose.time_stamps,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=purpose.authority,
        crl_sign=purpose.authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=purpose.authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)
    )
    if purpose.time_stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if purpose.lists:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(purpose.lists)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return builder


def list_revoked(issuer: Issued, revoked: tuple[x509.Certificate, ...] = (), days: int = 7) -> asn1_crl.CertificateList:
    """The issuer's revocation list of today."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(minutes=5))
        .next_update(now + days * _DAY)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder(certificate.serial_number, now - timedelta(minutes=4))
        builder = builder.add_revoked_certificate(entry.build())
    return asn1_crl.CertificateList.load(builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER))


def stamper_of(authority: Issued) -> TimeStamper:
    """Time stamps of ``authority``, by this machine's clock, made in this very process."""
    key = asn1_keys.PrivateKeyInfo.load(authority.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    return DummyTimeStamper(authority.for_validation, key)


class TrialAuthority:
    """The trial keys of an installation, made in ``folder`` at the first use and kept there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._root = self._kept("root", "Trung tâm chứng thực", Purpose(authority=True), None)
        self._stamps = self._kept("time-stamps", "Dấu thời gian", Purpose(time_stamps=True), self._root)

    @property
    def trust(self) -> TrustStore:
        """Its root."""
        return TrustStore((self._root.for_validation,))

    @property
    def answers(self) -> Answers:
        """Its revocation list, which is empty."""
        return GivenAnswers((list_revoked(self._root),))

    @property
    def stamper(self) -> TimeStamper:
        """Its time stamps."""
        return stamper_of(self._stamps)

    def key(self, role: SignatureRole) -> Key:
        """The key of a role."""
        file, phrase = self._folder / f"{role.value}.p12", self._folder / f"{role.value}.pass"
        if not file.is_file() or not phrase.is_file():
            text = secrets.token_urlsafe(24)
            made = issue(_PEOPLE[role], Purpose(), self._root)
            write_private(phrase, text)
            packed = made.packed(text, [self._root.certificate])
            self._write(file, packed)
        return FileKey(file, Secret(phrase.read_text(encoding="utf-8")))

    def _kept(self, name: str, subject: str, purpose: Purpose, issuer: Issued | None) -> Issued:
        file = self._folder / f"{name}.pem"
        if file.is_file():
            data = file.read_bytes()
            key = load_pem_private_key(data, None)
            assert isinstance(key, rsa.RSAPrivateKey)
            return Issued(key, x509.load_pem_x509_certificate(data))
        made = issue(subject, purpose, issuer)
        key_text = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._write(file, key_text + made.certificate.public_bytes(Encoding.PEM))
        return made

    def _write(self, file: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
        part.touch(mode=0o600)
        part.write_bytes(data)
        part.replace(file)
