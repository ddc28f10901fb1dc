"""The structure of a document: what a screen reader reads, and in which order (ISO 32000-1, 14.6 to 14.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.composition.container import Name, PdfFile, PdfValue, Ref
from pipeline.composition.metadata import printable
from pipeline.domain.findings import Evidence


@dataclass(frozen=True, slots=True)
class Part:
    """One of the documents in a file: its title, the numbers of its pages, ascending, and where its headings stand."""

    title: str
    pages: tuple[int, ...]
    headings: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """A marked piece of a page: the standard type ``kind``, what it is called, what is said in place of a figure."""

    kind: str
    title: str = ""
    spoken: str = ""


@dataclass(slots=True)
class _Branch:
    """A part of the tree while its leaves are written."""

    title: str
    ref: Ref
    leaves: list[PdfValue] = field(default_factory=list)


class StructureTree:
    """The tags of a document, written page by page: the document, its parts, their paragraphs in reading order."""

    def __init__(self, pdf: PdfFile, parts: Sequence[Part]) -> None:
        self._pdf = pdf
        self._root, self._document = pdf.reserve(), pdf.reserve()
        self._branches = [_Branch(part.title, pdf.reserve()) for part in parts]
        self._branch_of = {number: branch for part, branch in zip(parts, self._branches, strict=True) for number in part.pages}
        self._parents: list[PdfValue] = []

    def add_page(self, number: int, page: Ref, elements: Sequence[Element]) -> int:
        """Write the tags of a page, whose marked pieces are numbered from 0; returns the page's /StructParents."""
        branch = self._branch_of.get(number) or self._stray()
        refs = [self._pdf.add(_leaf(element, branch.ref, page, place)) for place, element in enumerate(elements)]
        branch.leaves.extend(refs)
        key = len(self._parents) // 2
        self._parents += [key, self._pdf.add(refs)]
        return key

    def close(self) -> Ref:
        """Write what the pages hang on; returns the root of the tree."""
        for branch in self._branches:
            entries: dict[str, PdfValue] = {"S": Name("Part"), "P": self._document, "K": branch.leaves}
            self._pdf.add({**entries, "T": printable(branch.title)}, branch.ref)
        branches = [branch.ref for branch in self._branches]
        self._pdf.add({"Type": Name("StructElem"), "S": Name("Document"), "P": self._root, "K": branches}, self._document)
        root: dict[str, PdfValue] = {
            "Type": Name("StructTreeRoot"),
            "K": self._document,
            "ParentTree": self._pdf.add({"Nums": self._parents}),
            "ParentTreeNextKey": len(self._parents) // 2,
        }
        return self._pdf.add(root, self._root)

    def _stray(self) -> _Branch:
        """The branch of pages that belong to the part before them, or to none."""
        if not self._branches:
            self._branches.append(_Branch("", self._pdf.reserve()))
        return self._branches[-1]


def _leaf(element: Element, parent: Ref, page: Ref, place: int) -> dict[str, PdfValue]:
    entries: dict[str, PdfValue] = {"S": Name(element.kind), "P": parent, "Pg": page, "K": place}
    if element.title:
        entries["T"] = printable(element.title)
    if element.spoken:
        entries["Alt"] = printable(element.spoken)
    return entries


def mark(place: int, element: Element, content: Sequence[str]) -> Iterator[str]:
    """The operators of ``content`` as the piece of its page that is numbered ``place``."""
    yield f"/{element.kind} <</MCID {place}>> BDC"
    yield from content
    yield "EMC"


def mark_artifact(content: Sequence[str]) -> Iterator[str]:
    """The operators of ``content`` as something that is not read out."""
    yield "/Artifact BMC"
    yield from content
    yield "EMC"


def render_labels(parts: Sequence[Part], pages: int) -> dict[str, PdfValue]:
    """The page labels (ISO 32000-1, 12.4.2): 1, 2, 3; where the file holds several documents, 1.1, 1.2, 2.1, ..."""
    if len(parts) < 2:
        return {"Nums": [0, {"S": Name("D")}]}
    rows: list[PdfValue] = []
    owner = {number: (order, place) for order, part in enumerate(parts, 1) for place, number in enumerate(part.pages, 1)}
    following: tuple[int, int] | None = None
    for number in range(1, pages + 1):
        order, place = owner.get(number, following or (1, 1))
        if (order, place) != following:
            rows += [number - 1, {"S": Name("D"), "P": f"{order}.", "St": place}]
        following = (order, place + 1)
    return {"Nums": rows}


def write_outline(pdf: PdfFile, parts: Sequence[Part], pages: Sequence[Ref]) -> Ref | None:
    """Write the outline (ISO 32000-1, 12.3.3), an entry for each part with its pages; None where there is no part."""
    shown = [part for part in parts if part.pages and 1 <= part.pages[0] <= len(pages)]
    if not shown:
        return None
    root, refs = pdf.reserve(), [pdf.reserve() for _ in shown]
    for place, part in enumerate(shown):
        target: list[PdfValue] = [pages[part.pages[0] - 1], Name("Fit")]
        entry: dict[str, PdfValue] = {"Title": printable(_entry_title(part)), "Parent": root, "Dest": target}
        if place:
            entry["Prev"] = refs[place - 1]
        if place + 1 < len(refs):
            entry["Next"] = refs[place + 1]
        pdf.add(entry, refs[place])
    return pdf.add({"Type": Name("Outlines"), "First": refs[0], "Last": refs[-1], "Count": len(refs)}, root)


def _entry_title(part: Part) -> str:
    return f"{part.title} ({page_words(part.pages)})"


def page_words(pages: Sequence[int]) -> str:
    """Page numbers as people say them: ``trang 3``, ``trang 1–3, 5``."""
    runs: list[list[int]] = []
    for number in pages:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "trang " + ", ".join(f"{first}–{last}" if last > first else f"{first}" for first, last in runs)
