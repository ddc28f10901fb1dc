"""A desk at which PDFs are signed: trial certificates, small composed PDFs, and who signs them."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner
from pyhanko.sign import PdfSigner as PyhankoSigner

from pipeline.composition import PdfMetadata, compose
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageOrigin, PagePicture, PageReading, PageText, PictureEncoding, Word
from pipeline.domain.secret import Secret
from pipeline.domain.signatures import SignatureRole
from storage.signing.keys import FileKey, Key
from storage.signing.pdf_signer import Hand, PdfSigner, SigningTools
from storage.signing.revocation import Answers, GivenAnswers
from storage.signing.trial import Issued, Purpose, issue, list_revoked, stamper_of
from storage.signing.trust import TrustStore

PASSPHRASE = "mật khẩu 3f9c-thật-dài"
AGENCY = "Ủy ban nhân dân phường Võ Cường, tỉnh Bắc Ninh"
DIGITISER = "Nguyễn Thị Hường"


class Desk:
    """Certificates made once; :meth:`signer` gives who signs with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = issue("Gốc", Purpose(authority=True))
        self.people = {role: issue(role.value, Purpose(), self.root) for role in SignatureRole}
        self.stamps = issue("Dấu thời gian", Purpose(time_stamps=True), self.root)
        self.trust = TrustStore((self.root.for_validation,))
        self.stamper = stamper_of(self.stamps)
        self.answers: Answers = GivenAnswers((list_revoked(self.root),))

    def key(self, who: Issued, passphrase: str = PASSPHRASE) -> Key:
        file = self.folder / f"{who.certificate.serial_number:x}.p12"
        file.write_bytes(who.packed(PASSPHRASE, [self.root.certificate]))
        file.chmod(0o600)
        return FileKey(file, Secret(passphrase))

    def hand(self, role: SignatureRole, key: Key | None = None) -> Hand:
        key = key or self.key(self.people[role])
        if role is SignatureRole.DIGITISER:
            return Hand(role, key, DIGITISER)
        return Hand(role, key, AGENCY, "Bản số hóa")

    def signer(self, role: SignatureRole, **changes: object) -> PdfSigner:
        """Who signs for ``role``; ``changes`` replace the key, the stamper, the trust or the answers."""
        key = changes.pop("key", None)
        parts = {"stamper": self.stamper, "trust": self.trust, "answers": self.answers, **changes}
        return PdfSigner(self.hand(role, key), SigningTools(**parts))

    def sign_twice(self, pdf: Path, **changes: object) -> Path:
        """The PDF with both signatures, beside ``pdf``."""
        once, twice = pdf.with_name(f"once-{pdf.name}"), pdf.with_name(f"twice-{pdf.name}")
        self.signer(SignatureRole.DIGITISER, **changes).sign(pdf, once, at=now())
        self.signer(SignatureRole.AGENCY, **changes).sign(once, twice, at=now())
        return twice


def now() -> datetime:
    """The time by the clock of the trial time stamps."""
    return datetime.now(UTC)


def compose_pdf(path: Path, pages: int = 2, draw: Callable[[np.ndarray], None] = lambda _: None) -> Path:
    """A searchable PDF/A of pages of 620 by 877 pixels at 75 dpi, with what ``draw`` paints onto their white."""
    pixels = np.full((877, 620), 255, np.uint8)
    pixels[150:160, 100:500] = 0
    draw(pixels)
    data = zlib.compress(pixels.tobytes())
    picture = PagePicture(data, PictureEncoding.FLATE, 620, 877, 75.0, components=1)
    words = tuple(Word(text, Box(100 + 90 * n, 140, 180 + 90 * n, 165), 0.9) for n, text in enumerate(("Quyết", "định", "số")))
    readings = [
        PageReading(number, 620, 877, 75.0, PageText(number, (Line(words),), "test"), PageOrigin.OCR)
        for number in range(1, pages + 1)
    ]
    metadata = PdfMetadata("Quyết định", created=datetime(2026, 3, 1, tzinfo=UTC))
    compose([(picture, reading) for reading in readings], metadata, path)
    return path


def turn_pdf(source: Path, target: Path, changes: dict[str, object]) -> Path:
    """``source`` with ``changes`` of its first page's dictionary."""
    with pikepdf.open(source) as pdf:
        for name, value in changes.items():
            pdf.pages[0].obj[name] = value
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target


def sign_foreign(desk: Desk, pdf: Path, target: Path, who: Issued, **metadata: object) -> Path:
    """``pdf`` as somebody elsewhere signs it with some other software: no time stamp, no proof of anything, no picture."""
    signer = SimpleSigner.load_pkcs12_data(who.packed("x", [desk.root.certificate]), [], b"x")
    with pdf.open("rb") as file, target.open("wb+") as out:
        writer = IncrementalPdfFileWriter(file, strict=False)
        found = PdfSignatureMetadata(field_name=f"Signature{who.certificate.serial_number:x}", **metadata)
        asyncio.run(PyhankoSigner(found, signer).async_sign_pdf(writer, output=out))
    return target
