"""What the pages show, out of catalogue and store."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from pipeline import archive
from pipeline.domain.documents import SETTLED, Document, Event, Status
from pipeline.domain.errors import NotFoundError, UnavailableError
from pipeline.domain.validity import state_on
from pipeline.ports import Catalogue, ObjectStore, Overview, PageTally
from pipeline.understanding import field_labels
from pipeline.web.hits import Lit, lit_pages
from pipeline.web.review_views import way_upright

#: Documents listed on the state page; first problems remembered.
LATEST, REMEMBERED = 25, 2_000

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list of documents: how far its pages are, and its first problem."""

    document: Document
    tally: PageTally
    problem: str

    @property
    def pages(self) -> int:
        """Pages of the document, as far as they are known."""
        return self.document.source.pages or self.tally.planned

    @property
    def settled(self) -> int:
        """Pages done."""
        return self.pages if self.document.status in SETTLED else self.tally.settled


@dataclass(frozen=True, slots=True)
class State:
    """All of the state page; ``latest`` is None for whom no documents are shown."""

    overview: Overview
    latest: tuple[Listed, ...] | None = None

    @property
    def total(self) -> int:
        """All documents."""
        return sum(count for _, count in self.overview.by_status)


@dataclass(frozen=True, slots=True)
class DocumentView:
    """All of the page of one document; ``record`` is empty until there is one. ``labels`` name its fields.

    ``today`` is the day on which it is looked at.
    """

    document: Document
    events: tuple[Event, ...]
    tally: PageTally
    record: Mapping[str, Any]
    labels: Mapping[str, str]
    today: date

    @property
    def has_pdf(self) -> bool:
        """Whether a PDF came of it."""
        return bool(self.record.get("pdf"))

    @property
    def validity_state(self) -> str:
        """Whether the paper holds today; empty where nothing is known of its validity."""
        said = self.record.get("validity")
        return state_on(archive.validity_of_json(said), self.today).value if said else ""

    @property
    def judged(self) -> list[JudgedSet]:
        """How the file fares against each set of rules."""
        return [_judged(one) for one in self.record.get("conformity", ())]

    @property
    def settled_all(self) -> bool:
        """Whether no page is left to read."""
        return self.document.status in SETTLED

    @property
    def problems(self) -> list[Mapping[str, Any]]:
        """What is wrong with the document and with its fields; of one without a record, why it ended."""
        if self.record:
            found = [*self.record["problems"], *chain(*(field["problems"] for field in self.record["fields"].values()))]
            return list({tuple(problem.items()): problem for problem in found}.values())
        if self.document.status is Status.FAILED:
            return [{"code": "failed", "message": self.events[-1].reason, "field": None, "page": None}]
        return []


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A set of rules with what the file does not keep to, and how many rules came out how."""

    basis: str
    failed: tuple[Mapping[str, Any], ...]
    counts: Mapping[str, int]


def _judged(conformity: Mapping[str, Any]) -> JudgedSet:
    rules = conformity["rules"]
    counts = Counter(rule["outcome"] for rule in rules)
    return JudgedSet(conformity["basis"], tuple(rule for rule in rules if rule["outcome"] == "fail"), counts)


class Desk:
    """Looks things up. Records never change once written, so what was read of one is remembered."""

    def __init__(self, catalogue: Catalogue, store: ObjectStore) -> None:
        self._catalogue = catalogue
        self._store = store
        self._problems: dict[tuple[str, int], str] = {}

    def figures(self) -> State:
        """The state page without any document."""
        return State(self._catalogue.overview())

    def state(self, offices: Sequence[str] | None = None) -> State:
        """The state page with the latest documents of ``offices``; None: of all."""
        latest = tuple(
            Listed(document, self._catalogue.tally(document.id), self._first_problem(document))
            for document in self._catalogue.documents(limit=LATEST, offices=offices)
        )
        return State(self._catalogue.overview(), latest)

    def document(self, found: Document) -> DocumentView:
        """The page of one document."""
        tally, events = self._catalogue.tally(found.id), self._catalogue.events(found.id)
        labels = field_labels().get(found.type, {})
        return DocumentView(found, events, tally, self._record(found), labels, date.today())

    def fetch(self, document_id: str, name: str, path: Path) -> None:
        """An object of the newest revision of a document into the file ``path``; raises ``NotFoundError``."""
        found = self._catalogue.document(document_id)
        if found.revision == 0:
            raise NotFoundError(f"Document {document_id} has not been read yet.", advice="Tài liệu chưa đọc xong.")
        self._store.fetch(archive.revision_key(found.dossier, found.id, found.revision, name), path)

    def lit(self, document: Document, record: Mapping[str, Any], query: str) -> dict[int, tuple[Lit, ...]]:
        """The words of each page of a document that ``query`` asks for; none of a page that was not read."""
        key = archive.revision_key(document.dossier, document.id, document.revision, "alto.xml")
        texts = archive.parse_alto(self._store.get(key)) if query else ()
        return lit_pages(texts, query, {page["number"]: way_upright(page) for page in record["pages"]})

    def _record(self, document: Document) -> dict[str, Any]:
        if document.revision == 0:
            return {}
        key = archive.revision_key(document.dossier, document.id, document.revision, "record.json")
        try:
            record: dict[str, Any] = json.loads(self._store.get(key))
        except (NotFoundError, UnavailableError):
            return {}
        return record

    def _first_problem(self, document: Document) -> str:
        if document.status is Status.FAILED:
            return self._catalogue.events(document.id)[-1].reason
        if document.status not in {Status.NEEDS_REVIEW, Status.REJECTED}:
            return ""
        key = document.id, document.revision
        if key not in self._problems:
            record = self._record(document)
            if not record:
                return ""
            if len(self._problems) >= REMEMBERED:
                self._problems.clear()
            self._problems[key] = record["problems"][0]["message"] if record["problems"] else ""
        return self._problems[key]


def shown_day(iso: str) -> str:
    """An ISO date as it is written in Vietnam: 15/07/2025."""
    return "/".join(reversed(iso.split("-")))


def shown_value(value: object) -> str:
    """A value of a field as it is written in Vietnam: days as 15/07/2025, lists with semicolons."""
    if isinstance(value, list | tuple):
        return "; ".join(map(shown_value, value))
    text = str(value)
    return shown_day(text) if _DAY.fullmatch(text) else text


def pieces(snippet: str) -> Iterator[tuple[str, bool]]:
    """The parts of a snippet, each with whether it is what was asked for (between ``⟪`` and ``⟫``)."""
    for before in snippet.split("⟫"):
        plain, _, asked = before.partition("⟪")
        yield plain, False
        yield asked, True
