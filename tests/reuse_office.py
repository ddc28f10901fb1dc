"""An office whose papers are held: documents without files, a clock, books in memory, receivers that follow a script."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline import archive
from pipeline.custody.papers import papers_of
from pipeline.domain.documents import Document, Owner, QueueName, Source, Status
from pipeline.domain.findings import Classification, Component, Field, Findings, Validity
from pipeline.domain.releases import Entitlement, ExcludedType, ReleaseForm, RightsList, System
from pipeline.domain.secret import Secret
from pipeline.ports import IndexEntry
from pipeline.ports.reuse import Posted
from pipeline.reuse.policies import shipped_policies
from pipeline.reuse.receipts import KIND
from pipeline.reuse_desk import (
    Checks,
    DeadLetters,
    Events,
    PrintCodes,
    Receipts,
    Requests,
    ReusePorts,
    Revocations,
    Subscriptions,
    Terms,
)
from pipeline.reuse_desk import (
    Validity as Judging,
)
from pipeline.web import make_app
from storage.catalogue import SqlCatalogue
from storage.clocks import FixedClock
from storage.memory import MemoryStore
from storage.receipt_keys import KeyedReceipts
from tests.web_house import WebHouse

AGENCY = "000.00.16.H05"
OTHER_AGENCY = "000.00.17.H05"
DESK = System("one-stop", AGENCY)
STRANGER = System("stranger", OTHER_AGENCY)
LAN = Owner("001190000001", "Nguyễn Thị Lan", "1990-05-01")
HUNG = Owner("001085000002", "Trần Văn Hùng", "1985-02-03")
PROCEDURE = "1.001193"
PURPOSE = "dang_ky_ket_hon"
BIRTH, MARITAL, PERMIT, CARD = "giay_khai_sinh", "giay_xac_nhan_hon_nhan", "giay_phep_xay_dung", "can_cuoc_cong_dan"
LAW = "Nghị định 123/2015/NĐ-CP, Điều 10"


def entitled(kind: str = BIRTH, form: ReleaseForm = ReleaseForm.PDF, **changed: object) -> Entitlement:
    """A line of the list for :data:`DESK`."""
    fields = ("ho_ten", "ngay_sinh") if form is ReleaseForm.FIELDS else ()
    return replace(Entitlement(AGENCY, PROCEDURE, kind, PURPOSE, form, LAW, fields), **changed)


@dataclass(slots=True)
class Receivers:
    """Webhooks that answer by a script: ``answers`` says what a URL answers, 204 where it does not."""

    posted: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    answers: dict[str, Posted] = field(default_factory=dict)

    def allows(self, url: str) -> str:
        return "" if url.startswith("https://") else "it does not begin with https://"

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        self.posted.append((url, body, headers))
        return self.answers.get(url, Posted(204))


class ReuseOffice:
    """Papers, and every service of reuse over them."""

    def __init__(self, folder: Path, url: str = "sqlite://", **ports: Any) -> None:
        self.catalogue = SqlCatalogue(url)
        self.store = ports.pop("store", None) or MemoryStore()
        self.clock = ports.pop("clock", None) or FixedClock()
        self.receivers = Receivers()
        receipts = KeyedReceipts(folder / "receipts.pem", kind=KIND, made=True)
        terms = Terms(issuer="https://sohoa.test", master=Secret("a secret of the office"))
        usual = ReusePorts(self.store, self.catalogue, self.clock, receipts, self.receivers, terms)
        self.ports = replace(usual, **ports)
        self.checks, self.requests = Checks(self.ports), Requests(self.ports)
        self.revocations, self.events = Revocations(self.ports), Events(self.ports)
        self.subscriptions, self.prints = Subscriptions(self.ports), PrintCodes(self.ports)
        self.receipts, self.judging = Receipts(self.ports), Judging(self.ports)
        self.letters = DeadLetters(self.ports)
        self._numbers = list(self.catalogue.rights.current().numbers)
        self._entitlements: tuple[Entitlement, ...] = ()
        self._exclusions: tuple[ExcludedType, ...] = ()

    def allow(self, *lines: Entitlement) -> None:
        """Make these the list of entitlements."""
        self._entitlements = lines
        self._numbers[0] += 1
        self._keep()

    def bar(self, *lines: ExcludedType) -> None:
        """Make these the list of excluded types."""
        self._exclusions = lines
        self._numbers[1] += 1
        self._keep()

    def _keep(self) -> None:
        self.catalogue.rights.keep(RightsList(self._entitlements, self._exclusions, (self._numbers[0], self._numbers[1])))

    def hold(
        self,
        name: str,
        kind: str = BIRTH,
        owner: Owner | None = LAN,
        *,
        issued: str = "2020-03-01",
        until: str = "",
        number: str = "",
        status: Status = Status.APPROVED,
        dossier: str = "000.00.16.H05-260105-0001",
        values: Mapping[str, str] | None = None,
        failed: Sequence[str] = (),
        parts: Sequence[str] = (),
        validity: Validity | None = None,
        revision: int = 1,
    ) -> str:
        """A document of this name, approved unless it is said otherwise; its id."""
        unlimited = kind == BIRTH and not until
        told = validity or Validity(issued=issued, until=until, unlimited=unlimited)
        known = {"ho_ten": owner.name if owner else "", "ngay_sinh": owner.birth_date if owner else ""} | dict(values or {})
        fields = tuple(Field(key, value, value, 0.99) for key, value in known.items() if value)
        fields += (Field("so", number or f"{name}/2020", number or f"{name}/2020", 0.99),)
        found = Findings(Classification(kind, 0.99), fields, owners=(owner,) if owner else (), validity=told)
        if parts:
            components = tuple(
                Component((page,), replace(found, classification=Classification(part, 0.99)))
                for page, part in enumerate(parts, 1)
            )
            found = replace(found, components=components)
        document = Document(name, dossier, _source(name), Status.RECEIVED, QueueName.BATCH, self.clock.now())
        if revision == 1:
            self.catalogue.receive(document)
        self._archive(document, found, revision, failed)
        if status is not Status.RECEIVED:
            for step in (Status.READING, status):
                self.catalogue.move(name, step, actor="sohoa", reason="test", at=self.clock.now())
        return name

    def _archive(self, document: Document, found: Findings, revision: int, failed: Sequence[str]) -> None:
        """Record, PDF, index: what a revision leaves."""
        key = archive.revision_key(document.dossier, document.id, revision, "record.json")
        pdf = f"%PDF {document.id} {revision}".encode()
        entry = archive.PdfEntry("document.pdf", hashlib.sha256(pdf).hexdigest(), len(pdf))
        record = archive.Record(
            document.source,
            Status.APPROVED,
            findings=found,
            pdf=entry,
            document=document.id,
            dossier=document.dossier,
            revision=revision,
            received_at=document.received_at.isoformat(),
        )
        data = archive.render_record(record)
        self.store.put_once(key, data)
        self.store.put_once(f"{key.rpartition('/')[0]}/document.pdf", pdf)
        summary = replace(archive.parse_record(data), failed_rules=tuple(failed))
        sha256 = hashlib.sha256(data).hexdigest()
        self.catalogue.holdings.enter(document.id, papers_of(summary, key, sha256, shipped_policies()))
        self.catalogue.index(_index_entry(document, found, revision, key, sha256))

    def revise(self, name: str, **changed: object) -> None:
        """The next revision of a document, approved."""
        document = self.catalogue.document(name)
        self.catalogue.reopen(name, engine="", queue=QueueName.BATCH, actor="sohoa", reason="again", at=self.clock.now())
        self.hold(name, revision=document.revision + 1, dossier=document.dossier, **changed)

    def pass_days(self, days: float) -> datetime:
        """Let time go by."""
        self.clock.advance(timedelta(days=days))
        return self.clock.now()

    def actions(self) -> list[str]:
        """What stands in the audit log, in order, but for statuses."""
        self.ports.auditing.seal()
        return [line.happening.action for line in self.catalogue.audit.lines() if line.happening.action != "status"]


def _source(name: str) -> Source:
    return Source(f"{name}.pdf", hashlib.sha256(name.encode()).hexdigest(), 1, "application/pdf", 1)


def _index_entry(document: Document, found: Findings, revision: int, key: str, sha256: str) -> IndexEntry:
    return IndexEntry(
        document=document.id,
        dossier=document.dossier,
        revision=revision,
        type=found.classification.code,
        status=Status.APPROVED,
        title=document.id,
        number="",
        text="",
        fields=(),
        record_key=key,
        record_sha256=sha256,
        pdf_key=f"{key.rpartition('/')[0]}/document.pdf",
        pages=1,
    )


def open_reuse(web: WebHouse, folder: Path) -> ReuseOffice:
    """Let the pages of ``web`` say what papers are worth; the office that they say it at."""
    office = ReuseOffice(folder)
    office.catalogue.close()
    office.catalogue, office.store, office.clock = web.catalogue, web.store, web.clock
    office.ports = replace(office.ports, catalogue=web.catalogue, store=web.store, clock=web.clock)
    web.house = replace(web.house, reuse=office.ports)
    web.app = make_app(web.house)
    return office
