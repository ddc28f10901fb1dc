"""Papers that came in before: found among all documents of the installation, by file, by sheets, by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import archive
from pipeline.comparison import Version
from pipeline.custody.page_ledgers import PageLedgers
from pipeline.domain.documents import Document
from pipeline.domain.duplicates import Duplicate, DuplicateKind
from pipeline.domain.errors import NotFoundError
from pipeline.domain.findings import Findings
from pipeline.domain.pages import PageReading
from pipeline.likeness import Page, bands_of, is_same_sheet, likeness_of, split_text
from pipeline.ports import Catalogue, ObjectStore
from pipeline.reading import Assessed
from pipeline.review import note_duplicates

#: Documents looked at closely.
LOOKED_AT = 8
#: Pages of a document that are looked up; a long one is known by its first.
LOOKED_UP = 40
#: Share of the pages of the shorter document that must be the same sheets.
SAME_SHARE = 0.5

_NUMBERS = ("so_ky_hieu", "so")
_DAYS = ("ngay_ban_hanh", "ngay_cap", "ngay_dang_ky")
_BODIES = ("co_quan_ban_hanh", "co_quan_cap", "noi_cap")
#: Fields of which a paper has one value: two sure ones that differ are two papers.
_TELLING = (*_NUMBERS, *_DAYS, "so_dinh_danh", "ho_ten", "ngay_sinh", "ma_ho_so")
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Looks for earlier documents of the same paper."""

    store: ObjectStore
    catalogue: Catalogue

    def noted(
        self,
        document: Document,
        made: Assessed,
        readings: Sequence[PageReading],
        before: Version | None,
        *,
        preview: bool = False,
    ) -> tuple[Assessed, tuple[Duplicate, ...]]:
        """What was made of a document, with what may be the same paper; a ``preview`` writes nothing.

        What a human approved ``before`` is not asked about again.
        """
        pages = pages_of(made.text, [reading.likeness for reading in readings])
        found = (self.look if preview else self.find)(document, made.findings, pages)
        settled = before.problems if before is not None and before.earlier is not None and before.earlier.confirmed else ()
        status, problems = note_duplicates(made.status, made.problems, found, dossier=document.dossier, settled=settled)
        return replace(made, status=status, problems=problems), found

    def find(self, document: Document, findings: Findings | None, pages: Sequence[Page]) -> tuple[Duplicate, ...]:
        """What came in before ``document`` and may be the same paper, strongest first; ``pages`` without blank ones.

        The document can be found by others from now on.
        """
        bands = bands_by_page(pages)
        self.catalogue.likenesses.enter(document.id, bands)
        return self._look(document, findings, pages, bands)

    def look(self, document: Document, findings: Findings | None, pages: Sequence[Page]) -> tuple[Duplicate, ...]:
        """What :meth:`find` finds; nothing is written."""
        return self._look(document, findings, pages, bands_by_page(pages))

    def _look(
        self, document: Document, findings: Findings | None, pages: Sequence[Page], bands: Mapping[int, Sequence[int]]
    ) -> tuple[Duplicate, ...]:
        likenesses = self.catalogue.likenesses
        found: list[Duplicate] = []
        kin = self._kin(document)
        for other in filter(None, map(self._document, likenesses.same_file(document.source.sha256))):
            if other.id not in kin and _came_before(other, document):
                found.append(Duplicate(other.id, other.dossier, DuplicateKind.FILE))
        known = {one.document for one in found} | kin
        wanted = [band for page in list(bands)[:LOOKED_UP] for band in bands[page]]
        for other_id in likenesses.candidates(document.id, wanted, LOOKED_AT):
            if other_id not in known and (same := self._same_sheets(document, findings, pages, other_id)):
                found.append(same)
        return (*found, *(one for one in self._same_number(document, findings) if one.document not in kin))

    def _kin(self, document: Document) -> frozenset[str]:
        """The documents that pages of this one went to or came from: they are parts of it, not the same paper."""
        changes = PageLedgers(self.store).of(document).changes
        return frozenset(change.document for change in changes if change.document)

    def _same_sheets(
        self, document: Document, findings: Findings | None, pages: Sequence[Page], other_id: str
    ) -> Duplicate | None:
        other = self._document(other_id)
        if other is None or not _came_before(other, document) or (record := self._record(other)) is None:
            return None
        if _tell_apart(findings, record.findings):
            return None
        theirs = self._pages(other, record)
        pairs = tuple(_match(pages, theirs))
        share = len(pairs) / max(1, min(len(pages), len(theirs)))
        if share < SAME_SHARE:
            return None
        return Duplicate(other.id, other.dossier, DuplicateKind.PAGES, round(min(1.0, share), 4), pairs)

    def _same_number(self, document: Document, findings: Findings | None) -> Iterator[Duplicate]:
        mine = _identity(findings)
        if mine is None:
            return
        for other_id in self.catalogue.likenesses.same_number(mine[0], LOOKED_AT):
            other = self._document(other_id)
            if other is None or not _came_before(other, document) or (record := self._record(other)) is None:
                continue
            if other.source.sha256 != document.source.sha256 and _identity(record.findings) == mine:
                yield Duplicate(other.id, other.dossier, DuplicateKind.NUMBER)

    def _document(self, document_id: str) -> Document | None:
        try:
            return self.catalogue.document(document_id)
        except NotFoundError:
            return None

    def _record(self, document: Document) -> archive.RecordSummary | None:
        """The newest record; None where there is none (yet)."""
        if document.revision == 0:
            return None
        try:
            return archive.parse_record(self.store.get(self._key(document, "record.json")))
        except NotFoundError:
            return None

    def _pages(self, document: Document, record: archive.RecordSummary) -> tuple[Page, ...]:
        try:
            text = self.store.get(self._key(document, "text.txt")).decode()
        except NotFoundError:
            return ()
        return pages_of(text, record.likenesses)

    @staticmethod
    def _key(document: Document, name: str) -> str:
        return archive.revision_key(document.dossier, document.id, document.revision, name)


def pages_of(text: str, pictures: Sequence[str]) -> tuple[Page, ...]:
    """The pages of ``text.txt`` with the hashes of their ``pictures``; blank ones are left out."""
    paired = enumerate(zip(split_text(text), pictures, strict=False), 1)
    return tuple(Page(number, told, picture) for number, (told, picture) in paired if told.strip() or picture)


def bands_by_page(pages: Sequence[Page]) -> Mapping[int, tuple[int, ...]]:
    """The bands of each page, by its number."""
    return {page.number: bands_of(page.text, page.picture) for page in pages}


def _came_before(other: Document, document: Document) -> bool:
    return (other.received_at, other.id) < (document.received_at, document.id)


def _match(mine: Sequence[Page], theirs: Sequence[Page]) -> Iterator[tuple[int, int]]:
    """The pages that are the same sheets, each once, the likest first where one is like several."""
    left = list(theirs)
    for page in mine:
        same = [other for other in left if is_same_sheet(page, other)]
        if same:
            best = max(same, key=lambda other: likeness_of(page, other))
            left.remove(best)
            yield page.number, best.number


def _identity(findings: Findings | None) -> tuple[str, str, str] | None:
    """Number, day and body, as they are compared; None where a paper lacks one, or a file holds several papers."""
    if findings is None or len(findings.components) > 1:
        return None
    parts = [next((_value(findings, key) for key in keys if _value(findings, key)), "") for keys in (_NUMBERS, _DAYS, _BODIES)]
    return (parts[0], parts[1], parts[2]) if all(parts) else None


def _value(findings: Findings, key: str) -> str:
    field = findings.field(key)
    return "".join(str(field.value).split()).casefold() if field else ""


def _tell_apart(mine: Findings | None, theirs: Findings | None) -> bool:
    """Whether a field that both papers are sure of says that they are two."""
    if mine is None or theirs is None or len(mine.components) > 1 or len(theirs.components) > 1:
        return False
    if mine.classification.code != theirs.classification.code:
        return False
    for key in _TELLING:
        one, other = mine.field(key), theirs.field(key)
        if one and other and min(one.confidence, other.confidence) >= _SURE and _value(mine, key) != _value(theirs, key):
            return True
    return False
