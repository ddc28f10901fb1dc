"""The searchable PDF/A-2b: one page after the other, straight to disk."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from pipeline.composition.colour import srgb_profile
from pipeline.composition.container import Name, PdfFile, PdfValue, Ref, render_number
from pipeline.composition.drawing import draw_picture, write_picture
from pipeline.composition.metadata import PdfMetadata, describe, printable, render_xmp
from pipeline.composition.placement import PlacedWord, natural_width, place
from pipeline.composition.structure import Element, Part, StructureTree, mark, mark_artifact, render_labels, write_outline
from pipeline.composition.typeface import Cut, Typeface
from pipeline.domain.errors import CompositionError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, LineRole, PagePicture, PageReading

#: Page sides that ISO 19005-2, 6.1.13 allows, in units.
_SHORTEST, _LONGEST = 3.0, 14400.0
_POINTS_PER_INCH = 72.0
#: What a picture that does not say its resolution is taken for.
_ASSUMED_DPI = 200.0
#: How many letters a string may have (two bytes each; the standard allows 32,767 bytes).
_LONGEST_STRING = 8000
#: The least size and the least stretch that are written: nothing may shrink to zero.
_LEAST = 0.01
#: Words whose baselines are closer than this part of the font size are on one height to pdfium.
_SAME_HEIGHT = 0.6
#: How far apart, in parts of the font size, lines are set that lie upon each other: nearer, and pdf.js joins their words.
_APART = 0.65
#: A line that lies under a heading's box by more than this part of its own is a heading.
_MOSTLY = 0.5


def compose(
    pages: Iterable[tuple[PagePicture, PageReading]], metadata: PdfMetadata, path: Path, parts: Sequence[Part] = ()
) -> None:
    """Write the pages as one PDF/A-2b to ``path``, whole or not at all, replacing what stands there.

    ``parts`` are the documents it holds, one where nothing else is said.
    Pages are taken one at a time; nothing of a page is kept once it is written. The same pages and metadata give the
    same bytes. Raises ``CompositionError`` where there are no pages or on an ``OSError``; anything else that ``pages``
    raises goes through.
    """
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        with _open(part) as target:
            _write_document(pages, metadata, target, parts)
        part.replace(path)
    except OSError as error:
        raise CompositionError(
            f"cannot write {path.name}: {error}",
            advice="Không ghi được tệp PDF. Hãy kiểm tra dung lượng đĩa và quyền ghi của thư mục kết quả rồi chạy lại.",
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _open(part: Path) -> BinaryIO:
    return part.open("xb", buffering=1 << 20)


def _write_document(
    pages: Iterable[tuple[PagePicture, PageReading]], metadata: PdfMetadata, target: BinaryIO, parts: Sequence[Part]
) -> None:
    pdf = PdfFile(target)
    sheets = _Sheets(pdf, parts or (Part(metadata.title, ()),))
    for picture, reading in pages:
        sheets.add(picture, reading)
    if not sheets.pages:
        raise CompositionError(
            "a document without pages cannot be composed",
            advice="Tài liệu không có trang nào. Hãy kiểm tra tệp gốc rồi quét lại.",
        )
    tree, tags = sheets.close()
    parts = parts or (Part(metadata.title, tuple(range(1, len(sheets.pages) + 1))),)
    profile = pdf.add_packed({"N": 3}, srgb_profile())
    xmp = render_xmp(metadata, pdf.digest)
    catalogue: dict[str, PdfValue] = {
        "Type": Name("Catalog"),
        "Version": Name("1.7"),
        "Pages": tree,
        "Lang": printable(metadata.language),
        "Metadata": pdf.add_stream({"Type": Name("Metadata"), "Subtype": Name("XML")}, xmp),
        "OutputIntents": [_output_intent(profile)],
        "ViewerPreferences": {"DisplayDocTitle": True},
        "MarkInfo": {"Marked": True},
        "StructTreeRoot": tags,
        "PageLabels": render_labels(parts, len(sheets.pages)),
    }
    outline = write_outline(pdf, parts, sheets.pages)
    if outline is not None:
        catalogue["Outlines"] = outline
    if len(parts) > 1:
        catalogue["PageMode"] = Name("UseOutlines")
    root = pdf.add(catalogue)
    pdf.close(root, pdf.add(describe(metadata)))


def _output_intent(profile: Ref) -> dict[str, PdfValue]:
    return {
        "Type": Name("OutputIntent"),
        "S": Name("GTS_PDFA1"),
        "OutputConditionIdentifier": "sRGB",
        "Info": "sRGB IEC61966-2.1",
        "DestOutputProfile": profile,
    }


@dataclass(slots=True)
class _Sheets:
    """The pages written so far, and what they share."""

    pdf: PdfFile
    parts: Sequence[Part]
    pages: list[Ref] = field(default_factory=list)
    typeface: Typeface = field(default_factory=Typeface)
    tree: Ref = field(init=False)
    fonts: Ref = field(init=False)
    tags: StructureTree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = self.pdf.reserve()
        self.fonts = self.pdf.reserve()
        self.tags = StructureTree(self.pdf, self.parts)

    def add(self, picture: PagePicture, reading: PageReading) -> None:
        """Write one page: picture, content, page object, tags."""
        scale, unit = _scales(picture)
        turned = reading.rotation % 180 != 0
        across, down = (picture.height, picture.width) if turned else (picture.width, picture.height)
        sides: list[PdfValue] = [0, 0, max(across * scale, _SHORTEST), max(down * scale, _SHORTEST)]
        drawn = list(draw_picture(picture, reading.rotation, scale))
        pieces = list(self._draw_text(picture, reading, scale))
        shown = [*mark_artifact(drawn)]
        if not pieces and not reading.blank:
            pieces, shown = [(Element("Figure", spoken=f"Ảnh của trang {reading.number}"), list(drawn))], []
        for place_of, (element, operators) in enumerate(pieces):
            shown += mark(place_of, element, operators)
        this = self.pdf.reserve()
        page: dict[str, PdfValue] = {
            "Type": Name("Page"),
            "Parent": self.tree,
            "MediaBox": sides,
            "Resources": {"XObject": write_picture(self.pdf, picture), "Font": self.fonts},
            "Contents": self.pdf.add_packed({}, "\n".join(shown).encode("ascii")),
            "Tabs": Name("S"),
        }
        if unit != 1:
            page["UserUnit"] = unit
        if pieces:
            page["StructParents"] = self.tags.add_page(reading.number, this, [element for element, _ in pieces])
        self.pages.append(self.pdf.add(page, this))

    def close(self) -> tuple[Ref, Ref]:
        """Write what the pages share; returns the tree of pages and that of tags."""
        self.pdf.add({_font_label(place): ref for place, ref in enumerate(self.typeface.fonts.values())}, self.fonts)
        self.typeface.write(self.pdf)
        tree = self.pdf.add({"Type": Name("Pages"), "Count": len(self.pages), "Kids": self.pages}, self.tree)
        return tree, self.tags.close()

    def _draw_text(self, picture: PagePicture, reading: PageReading, scale: float) -> Iterator[tuple[Element, list[str]]]:
        """The words block by block, each with its tag, in reading order."""
        if reading.width <= 0 or reading.height <= 0:
            return
        fit = scale * picture.width / reading.width
        height = (reading.width if reading.rotation % 180 else reading.height) * fit
        pen = _Pen(self, fit, height)
        heads = [head.box for part in self.parts for head in part.headings if head.page == reading.number]
        for (_, element), lines in groupby(place(reading), key=lambda placed: (placed[0].block, _tag(placed[0], heads))):
            yield element, [operator for _, words in lines for operator in pen.draw_line(words)]

    def label(self, cut: Cut) -> str:
        """The name that pages call the font of ``cut`` by."""
        if cut not in self.typeface.fonts:
            self.typeface.fonts[cut] = self.pdf.reserve()
        return _font_label(list(self.typeface.fonts).index(cut))


@dataclass(slots=True)
class _Pen:
    """Writes the words of one page; ``fit`` is units per pixel of the reading, ``height`` that of the page in units."""

    sheets: _Sheets
    fit: float
    height: float
    font: str = ""
    before: tuple[PlacedWord, ...] = ()

    def draw_line(self, words: tuple[PlacedWord, ...]) -> Iterator[str]:
        """The operators that show the words of a line."""
        yield "BT 3 Tr"
        before = self.before
        if before and abs(words[0].y - before[-1].y) < _SAME_HEIGHT * max(words[0].size, before[-1].size):
            if abs(words[0].y - before[0].y) < words[0].size and words[0].x < before[-1].x + before[-1].width:
                words = _set_apart(words, before[-1])
            else:
                yield self.draw_break(before[0])
                words = (*_set_apart(words[:1], before[-1]), *words[1:])
        yield from (self.draw(word) for word in words)
        yield "ET"
        self.before = words

    def draw(self, word: PlacedWord) -> str:
        """The operators that show ``word`` and the space behind it."""
        stretch, gap = _stretch(word.width, word.text, word.size), _stretch(word.gap, " ", word.size)
        parts = (word.text[start : start + _LONGEST_STRING] for start in range(0, len(word.text), _LONGEST_STRING))
        shown = " ".join(f"<{self.sheets.typeface.encode(part)}> Tj" for part in parts)
        return f"{self._start(word)} {stretch} Tz {shown} {gap} Tz <{self.sheets.typeface.encode(' ')}> Tj"

    def draw_break(self, start: PlacedWord) -> str:
        """A space back at the start of the line before.

        On a tilted page a line may end as low as the next begins; pdfium would take both for one line and sort it. For pdf.js
        its first word is set apart.
        """
        return f"{self._start(start)} 100 Tz <{self.sheets.typeface.encode(' ')}> Tj"

    def _start(self, word: PlacedWord) -> str:
        font = f"/{self.sheets.label(word.cut)} {_hundredths(max(_LEAST, word.size * self.fit))} Tf"
        change = "" if font == self.font else font + " "
        self.font = font
        return f"{change}1 0 0 1 {_hundredths(word.x * self.fit)} {_hundredths(self.height - word.y * self.fit)} Tm"


def _set_apart(words: tuple[PlacedWord, ...], before: PlacedWord) -> tuple[PlacedWord, ...]:
    """The words of a line that lies upon the one that ends with ``before``, moved up or down as little as will do."""
    off = words[0].y - before.y
    push = math.copysign(_APART * max(words[0].size, before.size), off) - off
    return tuple(replace(word, y=word.y + push) for word in words)


def _tag(line: Line, heads: Sequence[Box]) -> Element:
    if line.role is not LineRole.BODY:
        return Element("P", line.role.heading)
    box = line.box
    return Element("H1" if any(box.intersection(head).area > _MOSTLY * box.area for head in heads) else "P")


def _font_label(place: int) -> str:
    return f"F{place}"


def _hundredths(value: float) -> str:
    return render_number(value, 2)


def _stretch(width: float, text: str, size: float) -> str:
    return _hundredths(max(_LEAST, 100_000 * width / (natural_width(text) * size)))


def _scales(picture: PagePicture) -> tuple[float, float]:
    """Units per pixel and points per unit, so that the page prints at 100 % and no side is too long for PDF/A."""
    dpi = picture.dpi if math.isfinite(picture.dpi) and picture.dpi >= 1 else _ASSUMED_DPI
    points = _POINTS_PER_INCH / dpi
    unit = max(1, math.ceil(max(picture.width, picture.height) * points / _LONGEST))
    return points / unit, unit
