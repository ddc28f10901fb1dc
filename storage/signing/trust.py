"""The certificates an installation trusts: a folder, or a file, of PEM or DER."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem, x509

from pipeline.domain.errors import SigningError

_SUFFIXES = {".pem", ".crt", ".cer", ".der", ".ca-bundle"}
#: No certificate is as large as this.
_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class TrustStore:
    """``roots`` end every trusted chain; ``others`` (those that somebody else signed) only help to find the way there."""

    roots: tuple[x509.Certificate, ...] = ()
    others: tuple[x509.Certificate, ...] = ()

    def joined(self, more: TrustStore) -> TrustStore:
        """Both together."""
        return TrustStore(self.roots + more.roots, self.others + more.others)


def load_trust(path: Path | None) -> TrustStore:
    """The certificates of a folder or a file; none where there is no ``path``. Raises ``SigningError`` for what is none."""
    if path is None:
        return TrustStore()
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES) if path.is_dir() else [path]
    certificates = [certificate for file in files for certificate in _read(file)]
    return trust_of(certificates)


def trust_of(certificates: list[x509.Certificate]) -> TrustStore:
    """Those that signed themselves as roots, the rest beside them."""
    roots = tuple(one for one in certificates if one.self_issued)
    return TrustStore(roots, tuple(one for one in certificates if not one.self_issued))


def _read(file: Path) -> list[x509.Certificate]:
    try:
        if file.stat().st_size > _LARGEST:
            raise ValueError("too large")
        data = file.read_bytes()
        blocks = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        certificates = [x509.Certificate.load(block) for block in blocks]
        for one in certificates:
            str(one.subject.human_friendly)
        return certificates
    except (OSError, ValueError, TypeError) as error:
        raise SigningError(
            f"{file}: not a certificate ({error}); keep nothing but PEM or DER certificates there",
            code="bad_certificate_file",
            advice=f"Tệp {file.name} không phải chứng thư số. Quản trị viên hãy bỏ tệp này hoặc thay bằng tệp PEM, DER đúng.",
        ) from error
