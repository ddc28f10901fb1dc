"""An empty page that is signed to see whether signing works."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pipeline.composition import PdfMetadata, compose
from pipeline.domain.signatures import Signature
from pipeline.ports import Signer
from pipeline.reading import unread_page
from pipeline.rooms import room_in


def try_signers(signers: Sequence[Signer]) -> tuple[Signature, ...]:
    """The signatures of ``signers`` on an empty page, one behind the other; raises what :meth:`Signer.sign` raises."""
    page = unread_page(1, "empty", "")
    made: tuple[Signature, ...] = ()
    with room_in(None, "signing") as folder:
        pdf = folder / "0.pdf"
        compose([(page.picture, page.reading)], PdfMetadata("Thử chữ ký", created=datetime.now(UTC)), pdf)
        for number, signer in enumerate(signers, 1):
            signed = folder / f"{number}.pdf"
            made = signer.sign(pdf, signed, at=datetime.now(UTC))
            pdf = signed
    return made
