"""An office in memory whose bucket holds what is to be counted: records sealed as the product seals them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline import archive
from pipeline.domain.documents import Document, Owner, QueueName, Source, Status
from pipeline.domain.findings import Classification, Component, Findings, ProcedureRef, Validity
from pipeline.domain.pages import PageOrigin, PageReading, PageText, Quality
from pipeline.domain.reviews import Lesson, Verdict
from pipeline.ports import EngineInfo
from tests.scripted_office import Office

PROVINCE, DISTRICT, COMMUNE = "000.00.16.H05", "000.00.07.H05", "000.21.07.H05"


@dataclass(frozen=True)
class Paper:
    """A paper to be sealed: its type, its dossier, the day it came, the day it was issued, the status it ends with."""

    type: str
    dossier: str
    came: str
    issued: str = ""
    status: Status = Status.APPROVED
    procedure: str = ""
    pages: int = 1
    rescans: int = 0
    doubtful: bool = False
    parts: tuple[str, ...] = ()
    queue: QueueName = QueueName.STATION
    owners: tuple[Owner, ...] = ()
    by: str = ""


def keep(office: Office, papers: Sequence[Paper]) -> list[Document]:
    """Seal each paper as the first revision of a document of its own, some minutes after it came."""
    now = office.clock.now()
    kept = [_keep(office, number, paper) for number, paper in enumerate(papers)]
    office.clock.advance(now - office.clock.now())
    return kept


def review(office: Office, documents: Sequence[Document], people: Sequence[str]) -> None:
    """Have every third document looked at, each by the next of ``people``: three values, the last sometimes wrong."""
    for number, document in enumerate(documents[::3]):
        if document.status is not Status.APPROVED:
            continue
        at = document.received_at + timedelta(minutes=30)
        keys = ("so", "ho_ten", "ngay_sinh")
        verdicts = (Verdict.CONFIRMED, Verdict.CONFIRMED, Verdict.CORRECTED if number % 4 == 0 else Verdict.CONFIRMED)
        actor = people[number % len(people)]
        lessons = [
            Lesson(1, document.type, key, verdict, "a", "a", "a", 0.5, (), "ocr", (), actor, at, 12.0)
            for key, verdict in zip(keys, verdicts, strict=True)
        ]
        office.catalogue.reviews.keep_lessons(document.id, document.revision, lessons)


def _keep(office: Office, number: int, paper: Paper) -> Document:
    came = datetime.fromisoformat(f"{paper.came}T02:00:00").replace(tzinfo=UTC)
    source = Source(f"{number}.pdf", f"{number:064x}", 10, "application/pdf", paper.pages)
    fresh = Document(
        f"{came:%Y%m%d}-{number:012x}", paper.dossier, source, Status.RECEIVED, paper.queue, came, scanned_by=paper.by
    )
    document = office.catalogue.receive(fresh)
    office.store.put_once(archive.original_key(source.sha256), b"%PDF")
    office.ports.revisions.keep_receipt(document)
    office.catalogue.describe(document.id, source)
    office.catalogue.move(document.id, Status.READING, actor="sohoa", reason="split", at=came)
    engine = EngineInfo("scripted", "1", ("vie",))
    draft = office.ports.revisions.draft(document, paper.status, (), engine, profile="nd30", made_with="scripted 1")
    record = replace(draft, findings=_findings(paper), readings=_readings(paper))
    office.clock.advance(came + timedelta(minutes=3 + number * 7 % 55) - office.clock.now())
    office.ports.revisions.seal(document, record, "")
    return office.catalogue.document(document.id)


def _findings(paper: Paper) -> Findings:
    validity = Validity(issued=paper.issued, doubtful=paper.doubtful) if paper.issued else None
    procedure = ProcedureRef(paper.procedure, "Thủ tục", 0.9) if paper.procedure else None
    whole = Findings(Classification(paper.type, 0.99), owners=paper.owners, validity=validity, procedure=procedure)
    parts = [replace(whole, classification=Classification(kind, 0.99)) for kind in paper.parts]
    components = tuple(Component((page,), part) for page, part in enumerate(parts, start=1))
    return replace(parts[0], components=components) if parts else whole


def _readings(paper: Paper) -> tuple[PageReading, ...]:
    found = []
    for number in range(1, paper.pages + 1):
        quality = Quality("rescan", ("blurred",)) if number <= paper.rescans else Quality()
        text = PageText(number, (), "scripted")
        found.append(PageReading(number, 827, 1169, 100.0, text, PageOrigin.OCR, 0, quality=quality))
    return tuple(found)


def many(seed: int, count: int) -> list[Paper]:
    """Papers of all kinds, drawn by ``seed``: several to a dossier, results before and after it came."""
    import random

    draw = random.Random(seed)
    kinds = ("don_de_nghi", "can_cuoc_cong_dan", "giay_khai_sinh", "giay_phep_xay_dung", "cong_van", "khac", "quyet_dinh")
    papers = []
    for _ in range(count):
        office = draw.choice([PROVINCE, DISTRICT, COMMUNE, COMMUNE])
        day = datetime(2025, 4, 1, tzinfo=UTC) + timedelta(days=draw.randrange(120))
        dossier = f"{office}-{day:%y%m%d}-{draw.randrange(1, 4):04d}"
        came = day + timedelta(days=draw.choice([0, 0, 1, 12, 40]))
        issued = came - timedelta(days=draw.choice([0, 1, 5, 30, 800]))
        papers.append(
            Paper(
                type=draw.choice(kinds),
                dossier=draw.choice([dossier, dossier, dossier, dossier, "hồ sơ lẻ", f"tập {draw.randrange(9)}", ".", ""]),
                came=f"{came:%Y-%m-%d}",
                issued=draw.choice([f"{issued:%Y-%m-%d}", f"{issued:%Y-%m-%d}", ""]),
                status=draw.choice([Status.APPROVED] * 4 + [Status.NEEDS_REVIEW, Status.REJECTED]),
                procedure=draw.choice(["1.001193", "1.001193", "2.000635", ""]),
                pages=draw.randrange(1, 4),
                rescans=draw.choice([0, 0, 0, 1]),
                doubtful=draw.random() < 0.1,
                parts=draw.choice([(), (), (), ("don_de_nghi", "giay_khai_sinh")]),
                queue=draw.choice(list(QueueName)),
                by=draw.choice(["hoa", "lan", ""]),
            )
        )
    return papers
