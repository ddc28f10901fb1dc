"""What the station shows of a dossier: its papers, how far they are, a verdict on every page in words one acts on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.domain.documents import SETTLED, Document, Status
from pipeline.domain.pages import Quality
from pipeline.ports import Catalogue
from pipeline.station.records import PaperRecords
from pipeline.station.tray import Looks, Tray
from pipeline.station.withdrawal import OPEN
from pipeline.understanding import OTHER
from pipeline.web.views import type_titles

#: Papers of one dossier that are shown.
MOST = 200

#: The first of these that a scan has is told; the word's key begins with ``why_``.
REASONS = ("unshown", "blur", "too_dark", "faint", "glare", "cut_off", "too_few_dpi", "skewed")


def dossier_state(
    dossier: str, catalogue: Catalogue, records: PaperRecords, tray: Tray | None, words: Mapping[str, str]
) -> dict[str, Any]:
    """All of the page that changes by itself, as JSON values; the newest paper first."""
    found = catalogue.documents(dossier=dossier, limit=MOST)
    return {"papers": [_paper(one, catalogue, records, tray, words) for one in found]}


def _paper(
    document: Document, catalogue: Catalogue, records: PaperRecords, tray: Tray | None, words: Mapping[str, str]
) -> dict[str, Any]:
    record = records.newest(document) if document.status in SETTLED - {Status.ERASED} else None
    pages = _read_pages(record, words) if record and record["pages"] else _seen_pages(document, tray, words)
    tally = catalogue.tally(document.id)
    shown = {
        "id": document.id,
        "name": document.source.name,
        "status": document.status.value,
        "said": words[f"s_{document.status.value}"],
        "type": document.type,
        "title": "" if document.type in {"", OTHER} else type_titles().get(document.type, ""),
        "revision": document.revision,
        "planned": max(tally.planned, len(pages)),
        "settled": tally.settled if document.status not in SETTLED else max(tally.planned, len(pages)),
        "pages": pages,
        "removed": _removed(record),
        "changeable": record is not None and bool(record["pages"]) and document.status not in {Status.ERASED, Status.REJECTED},
        "withdrawable": document.status in OPEN,
        "why": "",
    }
    if document.status in {Status.REJECTED, Status.FAILED}:
        shown["why"] = _why(document, record, catalogue)
    return shown


def _why(document: Document, record: Mapping[str, Any] | None, catalogue: Catalogue) -> str:
    """Why the paper did not come through: the reviewer's words, else the first problem of its record."""
    reason = catalogue.events(document.id)[-1].reason
    if document.status is Status.REJECTED and record and record["status"] == Status.REJECTED.value and record["problems"]:
        return str(record["problems"][0]["message"])
    return reason.partition(": ")[2] or reason


def _read_pages(record: Mapping[str, Any], words: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        _page(
            page["number"], Quality(page["quality"]["verdict"], tuple(page["quality"]["reasons"])), bool(page["blank"]), words
        )
        for page in record["pages"]
    ]


def _seen_pages(document: Document, tray: Tray | None, words: Mapping[str, str]) -> list[dict[str, Any]]:
    looks = tray.looks(document) if tray and document.status is not Status.ERASED else Looks()
    count = looks.source.pages if looks.source else document.source.pages
    found = []
    for number in range(1, count + 1):
        seen = looks.pages.get(number)
        shown = _page(number, seen.quality, seen.blank, words) if seen else {"number": number, "verdict": "", "said": ""}
        found.append(shown)
    return found


def _page(number: int, quality: Quality, blank: bool, words: Mapping[str, str]) -> dict[str, Any]:
    told = next((reason for reason in REASONS if reason in quality.reasons), "")
    said = words["blank_page"] if blank and quality.verdict == "good" else words[f"q_{quality.verdict}"]
    return {"number": number, "verdict": quality.verdict, "said": said, "todo": words[f"why_{told}"] if told else ""}


def _removed(record: Mapping[str, Any] | None) -> list[int]:
    ledger = record.get("ledger") if record else None
    return [one["side"] for one in ledger["sides"] if one["page"] is None] if ledger else []
