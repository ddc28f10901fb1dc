"""What the services of reuse work with."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.custody.auditing import Auditing
from pipeline.domain.documents import Owner
from pipeline.domain.holdings import Judgement, Kept, id_key, name_key
from pipeline.domain.local_time import local_day
from pipeline.domain.releases import RightsList
from pipeline.domain.secret import Secret
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.ports.reuse import ReceiptSigner, WebhookSender
from pipeline.reuse.judgement import judge
from pipeline.reuse.policies import Policies, shipped_policies
from pipeline.reuse_desk.contents import Intact


@dataclass(frozen=True, slots=True)
class Terms:
    """What an installation chooses: ``issuer`` names it in receipts; links to PDFs live for ``link``, requests ``request``.

    ``leads``: whoever asks for a PDF is led to the store by a link that lives for ``redirect``, else gets it from us.
    ``master`` is what secrets of webhooks, codes of releases and hashes of owners are derived from.
    """

    issuer: str = "sohoa"
    link: timedelta = timedelta(seconds=120)
    redirect: timedelta = timedelta(seconds=20)
    leads: bool = False
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
    policies: Policies = field(default_factory=shipped_policies)
    intact: Intact = field(default_factory=Intact, compare=False)

    @property
    def auditing(self) -> Auditing:
        """The audit log."""
        return Auditing(self.store, self.catalogue.audit, self.clock)

    @property
    def today(self) -> date:
        """The day it is here."""
        return local_day(self.clock.now())

    def judge(self, kept: Kept, on: date, rights: RightsList | None = None) -> Judgement:
        """What a paper is worth on a day, by the lists (``rights``, where they are known already) and policies in force."""
        return judge(kept, on, (rights or self.catalogue.rights.current()).exclusions, self.policies)

    def owner_mark(self, owner: Owner | None) -> str:
        """What stands for an owner in books and audit log: the same for the same owner, and telling nobody whose it is."""
        key = (id_key(owner) or name_key(owner)) if owner else ""
        return hmac.new(self.terms.master.reveal().encode(), key.encode(), hashlib.sha256).hexdigest()[:32] if key else ""


def uid_of(*parts: object) -> str:
    """The id of a happening or an event that is made of these, the same each time."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:32]
