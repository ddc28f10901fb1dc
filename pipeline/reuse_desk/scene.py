"""What the services of reuse work with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from pipeline.custody.auditing import Auditing
from pipeline.domain.secret import Secret
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.ports.reuse import ReceiptSigner, WebhookSender


@dataclass(frozen=True, slots=True)
class Terms:
    """What an installation chooses: ``issuer`` names it in receipts; links to PDFs live for ``link``, requests ``request``.

    ``master`` is what the secrets of webhooks are derived from.
    """

    issuer: str = "sohoa"
    link: timedelta = timedelta(seconds=120)
    request: timedelta = timedelta(minutes=30)
    master: Secret = field(default_factory=Secret, repr=False)


@dataclass(frozen=True, slots=True)
class ReusePorts:
    """All that reuse needs from outside."""

    store: ObjectStore
    catalogue: Catalogue
    clock: Clock
    receipts: ReceiptSigner
    sender: WebhookSender
    terms: Terms = field(default_factory=Terms)

    @property
    def auditing(self) -> Auditing:
        """The audit log."""
        return Auditing(self.store, self.catalogue.audit, self.clock)
