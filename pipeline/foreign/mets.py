"""METS 1.x (https://www.loc.gov/standards/mets/): which files are the pages of which papers, and what is said of those.

Written for what Kitodo, OCR-D, DFG viewers and newspaper programmes export: page images and texts in file groups, pages in the
physical structure, papers in the logical one, descriptions in MODS or Dublin Core.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from pipeline.domain.folding import fold
from pipeline.foreign import refusals
from pipeline.foreign.descriptions import read_description
from pipeline.foreign.xml_reader import parted, read_xml

_METS = "http://www.loc.gov/METS/"
_NS = f"{{{_METS}}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LINK = "{http://www.w3.org/1999/xlink}"
#: What holds papers, each of its own, and is none itself.
_HOLDERS = frozenset(
    {"dossier", "folder", "file", "bundle", "box", "collection", "container", "series", "fonds", "akte", "vorgang", "ho so"}
)


@dataclass(frozen=True, slots=True)
class MetsFile:
    """A file that a METS names: its group, type, address, and how it is to be recognised."""

    id: str
    group: str
    media_type: str
    href: str
    checksum: str = ""
    checksum_type: str = ""


@dataclass(frozen=True, slots=True)
class MetsDocument:
    """A paper: the files of each of its pages in their order, what is declared of it."""

    id: str
    pages: tuple[tuple[MetsFile, ...], ...]
    declared: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MetsPackage:
    """All papers of a METS, and ``faults`` (Vietnamese): what it refers to in itself and does not have."""

    documents: tuple[MetsDocument, ...]
    files: tuple[MetsFile, ...]
    faults: tuple[str, ...] = ()


def read_mets(data: bytes, name: str) -> MetsPackage:
    """The package; raises ``RejectedInputError`` for what is no METS 1.x, or has no pages."""
    root = read_xml(data, name)
    space, tag = parted(root.tag)
    if tag != "mets" or space != _METS:
        raise refusals.foreign_namespace(name, space, "METS 1.x")
    return _Mets(root, name).package()


class _Mets:
    def __init__(self, root: Element, name: str) -> None:
        self._root = root
        self._name = name
        self._files = {file.id: file for file in _files(root)}
        self._faults: list[str] = []

    def package(self) -> MetsPackage:
        pages = dict(self._pages())
        if not pages:
            raise refusals.broken(self._name, "no page in its physical structure")
        documents = tuple(self._documents(pages))
        return MetsPackage(documents, tuple(self._files.values()), tuple(dict.fromkeys(self._faults)))

    def _pages(self) -> Iterator[tuple[str, tuple[MetsFile, ...]]]:
        """The files of each page by the id of its division, in the order that the divisions tell."""
        found = [one for one in self._divisions("PHYSICAL") if one.get("TYPE", "").lower() in {"page", "side", "leaf"}]
        if not found:
            found = [one for one in self._divisions("PHYSICAL") if one.find(f"{_NS}fptr") is not None and not _inner(one)]
        ordered = sorted(enumerate(found), key=lambda one: (_order(one[1]), one[0]))
        for place, division in ordered:
            yield division.get("ID") or f"page {place}", tuple(self._of_page(division, place + 1))

    def _of_page(self, division: Element, number: int) -> Iterator[MetsFile]:
        for one in division.iter():
            named = one.get("FILEID", "") if parted(one.tag)[1] in {"fptr", "area"} else ""
            for file_id in named.split():
                if file_id in self._files:
                    yield self._files[file_id]
                else:
                    self._faults.append(f"Trang {number} nhắc đến tệp “{file_id}” không có trong METS.")

    def _documents(self, pages: dict[str, tuple[MetsFile, ...]]) -> Iterator[MetsDocument]:
        top = next(iter(self._tops()), None)
        papers = [one for one in top if one.tag == f"{_NS}div"] if top is not None and self._holds_papers(top) else []
        links = self._links()
        taken: set[str] = set()
        for paper in papers:
            of_paper = {place for one in paper.iter(f"{_NS}div") for place in links.get(one.get("ID", ""), ())}
            shown = tuple(files for place, files in pages.items() if place in of_paper)
            taken |= of_paper
            if shown:
                yield MetsDocument(paper.get("ID", ""), shown, self._declared(paper))
        rest = tuple(files for place, files in pages.items() if place not in taken)
        if rest:
            yield MetsDocument(top.get("ID", "") if top is not None else "", rest, self._declared(top))

    def _tops(self) -> Iterator[Element]:
        for structure in self._root.iter(f"{_NS}structMap"):
            if structure.get("TYPE", "").upper() == "LOGICAL":
                yield from (one for one in structure if one.tag == f"{_NS}div")

    def _holds_papers(self, top: Element) -> bool:
        kind = " ".join(re.split(r"[\s_-]+", fold(top.get("TYPE", "")).strip()))
        return kind in _HOLDERS and _inner(top)

    def _links(self) -> dict[str, set[str]]:
        links: dict[str, set[str]] = {}
        for link in self._root.iter(f"{_NS}smLink"):
            links.setdefault(link.get(f"{_LINK}from", ""), set()).add(link.get(f"{_LINK}to", ""))
        return links

    def _divisions(self, kind: str) -> Iterator[Element]:
        structures = list(self._root.iter(f"{_NS}structMap"))
        wanted = [one for one in structures if one.get("TYPE", "").upper() == kind]
        wanted = wanted or [one for one in structures if one.get("TYPE", "").upper() != "LOGICAL"]
        for structure in wanted[:1]:
            yield from structure.iter(f"{_NS}div")

    def _declared(self, division: Element | None) -> tuple[tuple[str, str], ...]:
        """What descriptions say of a division; its label where no title is said."""
        if division is None:
            return ()
        sections = {one.get("ID", ""): one for one in self._root.iter(f"{_NS}dmdSec")}
        named = [sections[one] for one in division.get("DMDID", "").split() if one in sections]
        told = tuple(dict.fromkeys(pair for section in named for pair in read_description(section)))
        label = " ".join((division.get("LABEL") or "").split())
        return told if any(key == "title" for key, _ in told) or not label else (("title", label[:500]), *told)


def _files(root: Element) -> Iterator[MetsFile]:
    for section in root.iter(f"{_NS}fileSec"):
        yield from _of_group(section, "")


def _of_group(holder: Element, group: str) -> Iterator[MetsFile]:
    for one in holder:
        if one.tag == f"{_NS}fileGrp":
            yield from _of_group(one, one.get("USE") or one.get("ID") or group)
        elif one.tag == f"{_NS}file":
            place = one.find(f"{_NS}FLocat")
            yield MetsFile(
                one.get("ID", ""),
                one.get("USE") or group,
                one.get("MIMETYPE", "").lower(),
                (place.get(_HREF, "") if place is not None else "").strip(),
                one.get("CHECKSUM", "").strip().lower(),
                one.get("CHECKSUMTYPE", "").strip().upper(),
            )
            yield from _of_group(one, group)


def _inner(division: Element) -> bool:
    return any(one.tag == f"{_NS}div" for one in division)


def _order(division: Element) -> float:
    told = division.get("ORDER", "")
    return float(told) if told.isdecimal() else float("inf")
