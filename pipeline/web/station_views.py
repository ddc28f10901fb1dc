"""What the station shows of a dossier: its papers, how far they are, a verdict on every page in words one acts on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.custody.page_changes import version_of
from pipeline.domain.documents import SETTLED, Document, Status
from pipeline.domain.holdings import StandingKind
from pipeline.domain.natures import Nature
from pipeline.domain.page_transfers import MOVED_AWAY
from pipeline.domain.pages import Quality
from pipeline.ports import Catalogue
from pipeline.scan_views import Glance
from pipeline.station.feeder import Feeder
from pipeline.station.feeding import Feeding
from pipeline.station.first_texts import FirstTexts
from pipeline.station.procedure_shelf import ProcedureShelf, checklist
from pipeline.station.records import PaperRecords, RecentSheets
from pipeline.station.scanner import Ending
from pipeline.station.tray import Looks, Tray
from pipeline.station.withdrawal import OPEN
from pipeline.understanding import OTHER, type_titles

Words = Mapping[str, str]

#: Papers of one dossier that are shown.
MOST = 200

#: Words on documents that say whether they are for reuse.
_ON_NATURE = frozenset({StandingKind.EXCLUDED, StandingKind.INCLUDED})

#: The first of these that a scan has is told; the word's key begins with ``why_``.
REASONS = ("unshown", "blur", "too_dark", "faint", "glare", "cut_off", "too_few_dpi", "skewed")


@dataclass(frozen=True, slots=True)
class Counter:
    """What the counter knows of its dossiers. Without ``feeder`` there is no scanner."""

    catalogue: Catalogue
    records: PaperRecords
    texts: FirstTexts
    tray: Tray | None
    feeder: Feeder | None
    shelf: ProcedureShelf
    sheets: RecentSheets


def dossier_state(dossier: str, counter: Counter, words: Words) -> dict[str, Any]:
    """All of the page that changes by itself, as JSON values; the newest paper first."""
    found = counter.catalogue.documents(dossier=dossier, limit=MOST)
    papers = [_paper(one, counter, words) for one in found if not _is_elsewhere(one, counter.catalogue)]
    feeding = counter.feeder.feeding(dossier) if counter.feeder else None
    return {
        "papers": papers,
        "feeding": _feeding(feeding, words) if feeding else None,
        "needs": _needs(dossier, papers, counter),
    }


def _is_elsewhere(document: Document, catalogue: Catalogue) -> bool:
    """Whether all of its pages are shown in another document of the dossier."""
    if document.status is not Status.REJECTED:
        return False
    return catalogue.events(document.id)[-1].reason.startswith(MOVED_AWAY)


def _needs(dossier: str, papers: list[dict[str, Any]], counter: Counter) -> list[dict[str, str]]:
    """How it stands with the papers that the declared procedure asks for."""
    if counter.shelf.is_empty:
        return []
    procedure = counter.shelf.named(counter.sheets.newest(dossier).procedure)
    taken = (one["type"] for one in papers if one["status"] not in {Status.REJECTED.value, Status.ERASED.value})
    return [{"name": one.name, "need": one.need.value} for one in checklist(procedure, taken)]


def _feeding(feeding: Feeding, words: Words) -> dict[str, Any]:
    pages = [_glanced(number, feeding.glances.get(number), words) for number in range(1, len(feeding.pages) + 1)]
    ending = feeding.ending
    if ending is Ending.DONE:
        ending = None
    told = feeding.told or (words[f"scan_{ending.value}"] if ending else "")
    return {"key": feeding.key, "ending": ending.value if ending else "", "told": told, "pages": pages}


def _paper(document: Document, counter: Counter, words: Words) -> dict[str, Any]:
    record = counter.records.newest(document) if document.status is not Status.ERASED else None
    pages = _read_pages(record, words) if record and record["pages"] else _seen_pages(document, counter, words)
    tally = counter.catalogue.tally(document.id)
    settled = document.status in SETTLED
    can_change = record is not None and bool(record["pages"]) and document.status in SETTLED - {Status.ERASED, Status.REJECTED}
    shown = {
        "id": document.id,
        "name": document.source.name,
        "status": document.status.value,
        "said": words[f"s_{document.status.value}"],
        "type": document.type,
        "title": "" if document.type in {"", OTHER} else type_titles().get(document.type, ""),
        "revision": document.revision,
        "version": version_of(document),
        "planned": max(tally.planned, len(pages)),
        "settled": max(tally.planned, len(pages)) if settled else tally.settled,
        "pages": pages,
        "removed": _removed(record),
        "changeable": can_change,
        "movable": can_change and record is not None and not record["decided"],
        "undoable": can_change and record is not None and record["undoable"] and not record["decided"],
        "withdrawable": document.status in OPEN,
        "why": "",
        **_nature(document, counter, words),
    }
    if document.status in {Status.REJECTED, Status.FAILED}:
        shown["why"] = _why(document, record, counter.catalogue)
    return shown


def _nature(document: Document, counter: Counter, words: Words) -> dict[str, str]:
    """What the paper is, and the word for it: as declared where it was taken in, or as somebody said of it since."""
    nature = counter.records.nature(document)
    told = [one for one in counter.catalogue.holdings.standings(document.id) if one.kind in _ON_NATURE]
    if told and told[-1].kind is StandingKind.INCLUDED:
        nature = Nature.ORIGINAL
    elif told and nature is Nature.ORIGINAL:
        return {"nature": told[-1].other, "nature_said": words[f"excluded_{told[-1].other}"]}
    return {"nature": nature.value, "nature_said": words[f"n_{nature.value}"]}


def _why(document: Document, record: Mapping[str, Any] | None, catalogue: Catalogue) -> str:
    """Why the paper did not come through: the reviewer's words, else the first problem of its record."""
    reason = catalogue.events(document.id)[-1].reason
    if document.status is Status.REJECTED and record and record["status"] == Status.REJECTED.value and record["problems"]:
        return str(record["problems"][0]["message"])
    return reason.partition(": ")[2] or reason


def _read_pages(record: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    return [
        _page(
            page["number"], Quality(page["quality"]["verdict"], tuple(page["quality"]["reasons"])), bool(page["blank"]), words
        )
        for page in record["pages"]
    ]


def _seen_pages(document: Document, counter: Counter, words: Words) -> list[dict[str, Any]]:
    looks = counter.tray.looks(document) if counter.tray and document.status is not Status.ERASED else Looks()
    count = looks.source.pages if looks.source else document.source.pages
    read = counter.texts.of(document)
    sides = counter.records.order(document) or range(1, count + 1)
    return [
        {**_glanced(number, looks.pages.get(side), words), "text": read.get(side), "side": side}
        for number, side in enumerate(sides, 1)
    ]


def _glanced(number: int, seen: Glance | None, words: Words) -> dict[str, Any]:
    """A page that was looked at, or is about to be."""
    return _page(number, seen.quality, seen.blank, words) if seen else {"number": number, "verdict": "", "said": ""}


def _page(number: int, quality: Quality, blank: bool, words: Words) -> dict[str, Any]:
    told = next((reason for reason in REASONS if reason in quality.reasons), "")
    said = words["blank_page"] if blank and quality.verdict == "good" else words[f"q_{quality.verdict}"]
    return {"number": number, "verdict": quality.verdict, "said": said, "todo": words[f"why_{told}"] if told else ""}


def _removed(record: Mapping[str, Any] | None) -> list[int]:
    ledger = record.get("ledger") if record else None
    return [one["side"] for one in ledger["sides"] if one["page"] is None] if ledger else []
