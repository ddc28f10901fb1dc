"""What a file holds, told by what was found in it: its documents, their titles, and what its metadata say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.composition.metadata import PdfMetadata
from pipeline.composition.structure import Part
from pipeline.domain.documents import Source
from pipeline.domain.findings import Component, Evidence, Findings
from pipeline.domain.pages import PageReading
from pipeline.domain.syllables import bare

#: Where the number of a paper stands, and where what it is about.
_NUMBERS, _SUBJECT = ("so_ky_hieu", "so", "so_phat_hanh"), "trich_yeu"
_ISSUER, _ISSUED = "co_quan_ban_hanh", "ngay_ban_hanh"
#: A title of a viewer's window and of an entry of the outline; what is longer is cut off between two words.
_LONGEST_TITLE = 180


def parts_of(findings: Findings, readings: Sequence[PageReading], titles: Mapping[str, str], name: str) -> tuple[Part, ...]:
    """The documents of a file called ``name`` that ``findings`` speak of; ``titles`` names the types by their codes."""
    pages = tuple(reading.number for reading in readings)
    components = findings.components or (Component(pages, findings),)
    by_number = {reading.number: reading for reading in readings}
    parts = []
    for component in components:
        kind = titles.get(component.findings.classification.code, "")
        first = by_number.get(component.pages[0]) if component.pages else None
        title = _title(component.findings, kind) or name
        parts.append(Part(title, component.pages, _headings(component.findings, first, kind)))
    return tuple(parts)


def describe_contents(
    source: Source, findings: Findings, parts: Sequence[Part], titles: Mapping[str, str], created: datetime
) -> PdfMetadata:
    """What the metadata of the PDF made from ``source`` say of it."""
    title = parts[0].title if parts else source.name
    if len(parts) > 1:
        title = f"{title} và {len(parts) - 1} tài liệu khác"
    code = findings.classification.code
    kinds = [titles.get(each.findings.classification.code, "") for each in findings.components] or [titles.get(code, "")]
    numbers = [_number(each.findings) for each in findings.components] or [_number(findings)]
    return PdfMetadata(
        title=title,
        subject=_value(findings, _SUBJECT),
        keywords=tuple(dict.fromkeys(word for word in (*kinds, *numbers) if word)),
        created=created,
        identifier=f"sha256:{source.sha256}",
        author=_value(findings, _ISSUER),
        issued=_value(findings, _ISSUED),
        kind=code,
        number=_number(findings),
        dossier=findings.dossier_code,
        source_name=source.name,
    )


def _title(findings: Findings, kind: str) -> str:
    number, subject = _number(findings), _value(findings, _SUBJECT)
    head = " số ".join(word for word in (kind, number) if word)
    title = ": ".join(word for word in (head, subject) if word)
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _number(findings: Findings) -> str:
    return next((value for key in _NUMBERS if (value := _value(findings, key))), "")


def _value(findings: Findings, key: str) -> str:
    found = findings.field(key)
    return str(found.value) if found and isinstance(found.value, str | int) else ""


def _headings(findings: Findings, first: PageReading | None, kind: str) -> tuple[Evidence, ...]:
    """Where the name of the type and the subject stand on the first page."""
    subject = findings.field(_SUBJECT)
    found = [place for place in subject.evidence if first and place.page == first.number] if subject else []
    if first and kind:
        lines = (line for line in first.text.own_lines if bare(line.text).strip() == bare(kind))
        found += [Evidence(first.number, line.box) for line in lines]
    return tuple(found)
