"""What digital signatures need from outside: somebody who signs, and somebody who looks whether signatures hold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.domain.signatures import Signature, SignatureRole, SourceSignature


class Signer(Protocol):
    """Signs searchable PDFs in the name of the digitiser, or of the agency."""

    @property
    def role(self) -> SignatureRole:
        """In whose name."""

    def sign(self, pdf: Path, signed: Path, *, at: datetime) -> tuple[Signature, ...]:
        """Write ``pdf`` with one more signature, shown on page 1 with the time ``at``, to ``signed``, whole or not at all.

        Returns all signatures that then stand there, in order. Raises ``SigningError`` where the key, its certificate or the
        order of signatures do not allow it, ``UnavailableError`` where a token, the time-stamp authority or what knows of
        revocations is away.
        """

    def signatures(self, pdf: Path) -> tuple[Signature, ...]:
        """The signatures on what was signed here, in order; raises ``SigningError`` where one does not hold."""


class SignatureExaminer(Protocol):
    """Tells whether the signatures of a PDF hold."""

    def examine(self, pdf: Path) -> tuple[SourceSignature, ...]:
        """The signatures, in the order they were put. A hostile file may hang or crash it; nothing is ever fetched."""
