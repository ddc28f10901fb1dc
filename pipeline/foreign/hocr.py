"""hOCR of any program (https://kba.github.io/hocr-spec/1.2/), as XHTML or as the HTML that people write by hand.

It is read as HTML always: there are no entities but those that HTML names, and nothing is ever fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipeline.domain.foreign import ForeignPage
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, Word
from pipeline.foreign import refusals
from pipeline.foreign.words import clean_words
from pipeline.foreign.xml_reader import MOST_BYTES, MOST_DEPTH

_LINES = frozenset({"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat", "ocr_pageno"})
_AREAS = frozenset({"ocr_carea", "ocrx_block", "ocr_par"})
_BBOX = re.compile(r"(?:^|;)\s*bbox\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)")
_SURE = re.compile(r"(?:^|;)\s*x_(?:wconf|conf)\s+([\d.]+)")
_IMAGE = re.compile(r"(?:^|;)\s*(?:image|file)\s+(?:\"([^\"]*)\"|'([^']*)'|([^;\s]+))")
#: Elements that HTML never closes.
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


@dataclass(frozen=True, slots=True)
class HocrPage:
    """A page, and the name of the picture that it is of, where that is said."""

    page: ForeignPage
    image: str = ""


def read_hocr(data: bytes, name: str) -> tuple[tuple[HocrPage, ...], str]:
    """The pages, in their order, and the program that read them; raises ``RejectedInputError`` for what is no hOCR."""
    if len(data) > MOST_BYTES:
        raise refusals.too_large(name, MOST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusals.broken(name, "not UTF-8") from error
    reader = _Reader(name)
    reader.feed(text)
    reader.close()
    if not reader.pages:
        raise refusals.broken(name, "no ocr_page in it")
    return tuple(page.done() for page in reader.pages), reader.software


@dataclass(slots=True)
class _Page:
    number: int
    box: Box | None
    image: str
    lines: list[Line] = field(default_factory=list)
    block: int = 0

    def done(self) -> HocrPage:
        size = (self.box.right, self.box.bottom) if self.box else (0.0, 0.0)
        return HocrPage(ForeignPage(self.number, tuple(self.lines), *size), self.image)


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet: what it is to us, its box, the words and the text in it."""

    tag: str
    role: str = ""
    box: Box | None = None
    sure: float | None = None
    words: list[Word] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._name = name
        self._open: list[_Open] = []
        self.pages: list[_Page] = []
        self.software = ""

    def handle_decl(self, decl: str) -> None:
        if "[" in decl or "entity" in decl.lower():
            raise refusals.hostile(self._name, "a DTD of its own")

    def unknown_decl(self, data: str) -> None:
        if not data.startswith("CDATA["):
            raise refusals.hostile(self._name, "a declaration that HTML does not have")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "meta" and told.get("name", "").lower() == "ocr-system":
            self.software = " ".join(told.get("content", "").split())[:200]
        if tag in _VOID:
            return
        if len(self._open) >= MOST_DEPTH:
            raise refusals.hostile(self._name, f"more than {MOST_DEPTH} elements inside each other")
        self._open.append(self._begin(tag, told))

    def _begin(self, tag: str, told: dict[str, str]) -> _Open:
        title, classes = told.get("title", ""), set(told.get("class", "").split())
        box = _box(title)
        if "ocr_page" in classes:
            image = _IMAGE.search(title)
            named = next(filter(None, image.groups()), "") if image else ""
            self.pages.append(_Page(len(self.pages) + 1, box, named))
            return _Open(tag, "page")
        sure = _SURE.search(title)
        share = float(sure[1]) / 100 if sure and sure[1].count(".") < 2 and sure[1] != "." else None
        if "ocrx_word" in classes or "ocr_word" in classes:
            return _Open(tag, "word", box, share)
        if classes & _LINES:
            return _Open(tag, "line", box, share)
        if classes & _AREAS:
            return _Open(tag, "area")
        return _Open(tag, "head" if tag in {"head", "script", "style"} else "")

    def handle_endtag(self, tag: str) -> None:
        if not any(one.tag == tag for one in self._open):
            return
        while self._open:
            ended = self._open.pop()
            self._end(ended)
            if ended.tag == tag:
                return

    def close(self) -> None:
        super().close()
        while self._open:
            self._end(self._open.pop())

    def handle_data(self, data: str) -> None:
        holder = next((one for one in reversed(self._open) if one.role in {"word", "line", "head"}), None)
        if holder is not None and holder.role != "head":
            holder.text.append(data)

    def _end(self, ended: _Open) -> None:
        if not self.pages:
            return
        page = self.pages[-1]
        if ended.role == "word" and ended.box is not None:
            line = next((one for one in reversed(self._open) if one.role == "line"), None)
            words = list(clean_words("".join(ended.text), ended.box, ended.sure))
            if line is not None:
                line.words += words
            elif words:
                page.lines.append(Line(tuple(words), page.block))
        elif ended.role == "line":
            words = ended.words
            if not words and ended.box is not None:
                words = list(clean_words("".join(ended.text), ended.box, ended.sure))
            if words:
                page.lines.append(Line(tuple(words), page.block))
        elif ended.role == "area" and page.lines and page.lines[-1].block == page.block:
            page.block += 1


def _box(title: str) -> Box | None:
    found = _BBOX.search(title)
    try:
        return Box(*map(float, found.groups())) if found else None
    except ValueError:
        return None
