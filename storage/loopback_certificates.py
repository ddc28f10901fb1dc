"""Certificates by which the parts of one server on loopback know each other, and keep every other local user out."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage.private_files import write_private

#: They are made anew at every start and bound to no clock: that of a small machine may be years off until it is set.
_FROM, _UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def make_certificates(folder: Path) -> tuple[Path, Path, Path]:
    """The files of a new authority's certificate, of one it signed for 127.0.0.1, and of the latter's key.

    The authority's own key is forgotten, so that nobody can ever sign another.
    """
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sohoa loopback authority")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sohoa loopback")])
    authority = (
        _begin(issuer, issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])
    certificate = (
        _begin(issuer, subject, key.public_key())
        .add_extension(names, critical=False)
        .add_extension(usages, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    files = folder / "authority.crt", folder / "loopback.crt", folder / "loopback.key"
    write_private(files[0], authority.public_bytes(Encoding.PEM).decode())
    write_private(files[1], certificate.public_bytes(Encoding.PEM).decode())
    write_private(files[2], key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
    return files


def _begin(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), _FROM, _UNTIL)
