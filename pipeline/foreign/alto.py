"""ALTO 2, 3 and 4 of any program (https://www.loc.gov/standards/alto/): pages of lines with boxes and confidences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from pipeline.domain.foreign import ForeignPage
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word
from pipeline.foreign import refusals
from pipeline.foreign.words import clean_words, number_of
from pipeline.foreign.xml_reader import parted, read_xml

#: The last of these is what the standard was before the Library of Congress had it.
_SPACES = (
    *(f"http://www.loc.gov/standards/alto/ns-v{version}#" for version in (2, 3, 4)),
    "http://schema.ccs-gmbh.com/ALTO",
)
#: How many units an inch has; pixels have none.
_UNITS = {"pixel": 0.0, "mm10": 254.0, "inch1200": 1200.0}


def read_alto(data: bytes, name: str) -> tuple[tuple[ForeignPage, ...], str]:
    """The pages, in their order, and the program that read them; raises ``RejectedInputError`` for what is no ALTO."""
    root = read_xml(data, name)
    space, tag = parted(root.tag)
    if tag != "alto" or space not in _SPACES:
        raise refusals.foreign_namespace(name, space, "ALTO 2, 3, 4")
    unit = (root.findtext(f".//{{{space}}}MeasurementUnit") or "pixel").strip().lower()
    if unit not in _UNITS:
        raise refusals.broken(name, f"the unit {unit!r} is not pixel, mm10 or inch1200")
    pages = tuple(_page(page, number, space, _UNITS[unit]) for number, page in enumerate(root.iter(f"{{{space}}}Page"), 1))
    return pages, _software(root, space)


def _software(root: Element, space: str) -> str:
    for software in root.iter(f"{{{space}}}processingSoftware"):
        told = (software.findtext(f"{{{space}}}{part}") or "" for part in ("softwareName", "softwareVersion"))
        if found := " ".join(filter(None, (re.sub(r"\s+", " ", one).strip() for one in told))):
            return found[:200]
    return ""


def _page(page: Element, number: int, space: str, per_inch: float) -> ForeignPage:
    width, height = (max(0.0, number_of(page.get(side)) or 0.0) for side in ("WIDTH", "HEIGHT"))
    lines: list[Line] = []
    block = 0
    for area in page.iter(f"{{{space}}}TextBlock"):
        found = [Line(words, block) for line in area.iter(f"{{{space}}}TextLine") if (words := tuple(_words(line, space)))]
        lines += found
        block += bool(found)
    return ForeignPage(number, tuple(lines), width, height, per_inch)


def _words(line: Element, space: str) -> Iterator[Word]:
    for string in line.iter(f"{{{space}}}String"):
        left, top, width, height = (number_of(string.get(side)) for side in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
        if left is not None and top is not None and width is not None and height is not None and width > 0 and height > 0:
            box = Box(left, top, left + width, top + height)
            yield from clean_words(string.get("CONTENT", ""), box, number_of(string.get("WC")))
