"""Everything held of one owner: papers with what they are worth today, dossiers, what happened, who looked at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipeline import archive
from pipeline.custody.tallies import tally_of
from pipeline.domain.audit import Action, Happening
from pipeline.domain.documents import Document, Event, Owner, Status
from pipeline.domain.errors import NotFoundError
from pipeline.domain.figures import PaperKind
from pipeline.domain.findings import Findings, ProcedureRef
from pipeline.domain.holdings import Judgement, Kept
from pipeline.domain.people import office_of
from pipeline.domain.signatures import SignatureRole
from pipeline.ports import Catalogue, ObjectStore
from pipeline.repository.groups import Groups, groups
from pipeline.understanding import document_types

#: Papers of one owner that are shown, and lines of who looked at them.
MOST, MOST_ACCESSES = 200, 200

#: What tells that somebody, or some system, saw or got a paper.
_ACCESS = (Action.VIEW, Action.EXPORT, Action.REUSE_RELEASE, Action.REUSE_FETCH, Action.REUSE_REFUSAL)


@dataclass(frozen=True, slots=True)
class PaperHeld:
    """A paper of the owner: what it says, what it is worth today, what it is to its dossier.

    ``number`` is as printed; ``certified``: the agency's signature stands on the copy.
    """

    kept: Kept
    document: Document
    record: archive.RecordSummary
    findings: Findings
    judgement: Judgement
    kind: PaperKind

    @property
    def number(self) -> str:
        """Its number, as printed."""
        found = self.findings.field("so_ky_hieu") or self.findings.field("so")
        return str(found.value) if found else ""

    @property
    def certified(self) -> bool:
        """Whether the agency has signed the copy."""
        return SignatureRole.AGENCY in self.record.signed_by


@dataclass(frozen=True, slots=True)
class DossierHeld:
    """A dossier that papers of the owner came with."""

    code: str
    office: str
    since: datetime
    papers: int
    procedure: ProcedureRef | None


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to a document of the owner."""

    document: Document
    event: Event


@dataclass(frozen=True, slots=True)
class Access:
    """Who saw or got a document, when and how; ``agency`` where a system did, for ``purpose``."""

    at: datetime
    actor: str
    action: str
    what: str
    document: str
    agency: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Repository:
    """All of the page of an owner. ``known`` is how papers write who they are; ``more``: papers that are not shown."""

    owner: Owner
    known: tuple[Owner, ...]
    papers: tuple[PaperHeld, ...]
    dossiers: tuple[DossierHeld, ...]
    history: tuple[Happened, ...]
    accesses: tuple[Access, ...]
    more: int = 0

    @property
    def identity(self) -> tuple[PaperHeld, ...]:
        """Papers that say who the owner is."""
        return tuple(paper for paper in self.papers if paper.findings.classification.code in _groups().identity_types)

    @property
    def results(self) -> tuple[PaperHeld, ...]:
        """Results of the owner's dossiers."""
        return tuple(paper for paper in self._others if paper.kind is PaperKind.RESULT)

    @property
    def copies(self) -> tuple[PaperHeld, ...]:
        """Copies of what came with the owner's dossiers."""
        return tuple(paper for paper in self._others if paper.kind is PaperKind.COMPONENT)

    @property
    def _others(self) -> tuple[PaperHeld, ...]:
        return tuple(paper for paper in self.papers if paper.findings.classification.code not in _groups().identity_types)


def open_repository(
    owner: Owner,
    catalogue: Catalogue,
    store: ObjectStore,
    *,
    sees: Callable[[str], bool],
    judge: Callable[[Kept, date], Judgement],
    today: date,
) -> Repository:
    """Everything held of ``owner`` in dossiers that the asker ``sees``, the newest first; papers erased since are left out.

    ``judge`` says what a paper is worth on a day.
    """
    held = [kept for kept in catalogue.holdings.of_owner(owner, _types()) if sees(kept.holding.dossier)]
    held = [kept for kept in held if kept.status is not Status.ERASED]
    held.sort(key=lambda kept: (kept.holding.document, -kept.holding.part), reverse=True)
    papers = tuple(_papers(held[:MOST], catalogue, store, judge, today))
    documents = {paper.document.id: paper.document for paper in papers}
    return Repository(
        owner=owner,
        known=_known(owner, papers),
        papers=papers,
        dossiers=_dossiers(papers),
        history=_history(tuple(documents.values()), catalogue),
        accesses=_accesses(tuple(documents), catalogue),
        more=max(0, len(held) - MOST),
    )


def _papers(
    held: Sequence[Kept],
    catalogue: Catalogue,
    store: ObjectStore,
    judge: Callable[[Kept, date], Judgement],
    today: date,
) -> Iterator[PaperHeld]:
    for kept in held:
        holding = kept.holding
        try:
            document = catalogue.document(holding.document)
            record = archive.parse_record(store.get(holding.record_key))
        except NotFoundError:
            continue
        parts = [one.findings for one in record.findings.components] if record.findings else []
        found = parts[holding.part - 1] if holding.part and parts else record.findings
        if found is not None:
            tallied = {paper.part: paper.kind for paper in tally_of(record).papers}
            yield PaperHeld(kept, document, record, found, judge(kept, today), tallied[holding.part or 1])


def _known(owner: Owner, papers: Sequence[PaperHeld]) -> tuple[Owner, ...]:
    """How papers write the name and the birth date of the owner, each way once."""
    told = (one for paper in papers for one in paper.findings.owners if _may_be(one, owner))
    return tuple(dict.fromkeys(Owner(owner.id12, one.name, one.birth_date) for one in told))


def _dossiers(papers: Sequence[PaperHeld]) -> tuple[DossierHeld, ...]:
    found: dict[str, list[PaperHeld]] = {}
    for paper in papers:
        if paper.document.dossier not in {"", "."}:
            found.setdefault(paper.document.dossier, []).append(paper)
    return tuple(
        DossierHeld(
            code,
            office_of(code),
            min(paper.document.received_at for paper in listed),
            len(listed),
            next((paper.findings.procedure for paper in listed if paper.findings.procedure), None),
        )
        for code, listed in found.items()
    )


def _history(documents: Sequence[Document], catalogue: Catalogue) -> tuple[Happened, ...]:
    """What happened to any of the documents, the latest first."""
    found = [Happened(document, event) for document in documents for event in catalogue.events(document.id)]
    return tuple(sorted(found, key=lambda one: (one.event.at, one.document.id), reverse=True))


def _accesses(documents: Sequence[str], catalogue: Catalogue) -> tuple[Access, ...]:
    """Who saw or got any of the documents, the latest first."""
    told = [one for document in documents for one in catalogue.audit.happenings(document) if one.action in set(_ACCESS)]
    return tuple(map(_access, sorted(told, key=lambda one: (one.at, one.uid), reverse=True)[:MOST_ACCESSES]))


def _access(told: Happening) -> Access:
    details = told.told
    what = str(details.get("file") or details.get("form") or told.reason)
    agency, purpose = str(details.get("agency", "")), str(details.get("purpose", ""))
    return Access(told.at, told.actor, told.action, what, told.document, agency, purpose)


def _may_be(one: Owner, owner: Owner) -> bool:
    """Whether a paper's owner is the one asked for, not another person on the same paper."""
    if owner.id12 and one.id12:
        return one.id12 == owner.id12
    return bool(owner.name) and one.name.casefold() == owner.name.casefold() and one.birth_date == owner.birth_date


def _types() -> tuple[str, ...]:
    return tuple(kind.code for kind in document_types())


def _groups() -> Groups:
    return groups()
