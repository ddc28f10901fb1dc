"""An office in memory whose files are signed by scripted signers: a line of text behind the PDF for each signature."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.domain.errors import SohoaError
from pipeline.domain.signatures import LEVEL, CertificateInfo, Signature, SignatureRole
from pipeline.signing.steps import Signers
from tests.scripted_office import Office


class ScriptedSigner:
    """Signs with a line; ``error`` is raised instead. Every signature is another, as with real ones."""

    def __init__(self, role: SignatureRole) -> None:
        self.role = role
        self.error: SohoaError | None = None
        self.count = 0

    def sign(self, pdf: Path, signed: Path, *, at: datetime) -> tuple[Signature, ...]:
        if self.error:
            raise self.error
        self.count += 1
        shutil.copyfile(pdf, signed)
        with signed.open("ab") as file:
            file.write(f"\n%signed {self.role.value} {self.count} {at.isoformat()}".encode())
        return self.signatures(signed)

    def signatures(self, pdf: Path) -> tuple[Signature, ...]:
        lines = pdf.read_bytes().rpartition(b"%%EOF")[2].split(b"\n")
        return tuple(_signature(line.decode()) for line in lines if line.startswith(b"%signed "))


def _signature(line: str) -> Signature:
    _, role, count, at = line.split()
    certificate = CertificateInfo(f"CN={role}", "CN=Thử", f"{int(count):x}", datetime(2026, 1, 1, tzinfo=UTC))
    moment = datetime.fromisoformat(at)
    return Signature(SignatureRole(role), role, certificate, moment, moment, "CN=TSA", LEVEL, valid=True)


def give_signers(office: Office, *roles: SignatureRole) -> dict[SignatureRole, ScriptedSigner]:
    """The signers of ``roles``, at work in ``office`` from now on."""
    signers = {role: ScriptedSigner(role) for role in roles}
    both = Signers(signers.get(SignatureRole.DIGITISER), signers.get(SignatureRole.AGENCY))
    office.ports = replace(office.ports, signers=both)
    return signers
