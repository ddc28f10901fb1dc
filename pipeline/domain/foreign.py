"""What other programs read on pages before they came here, and what catalogues said of the papers: told, never believed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageText, Word

#: What a page is told to have whose words another program read, and nobody has held against its picture.
FOREIGN_TEXT = "foreign_text"

#: However sure another program is: how often such words are right was measured by nobody.
MOST_SURE = 0.85
#: How sure words are of which nothing is said.
UNKNOWN = 0.5
#: Pictures whose sides are so much out of proportion to each other are not the same picture.
_MOST_DISTORTED = 0.02


@dataclass(frozen=True, slots=True)
class ForeignPage:
    """The lines of page ``number`` (from 1), boxes in units of which the picture has ``width`` by ``height``.

    A size of 0 is unknown; ``per_inch`` then tells how many units an inch has, 0: they are pixels of the picture.
    """

    number: int
    lines: tuple[Line, ...]
    width: float = 0.0
    height: float = 0.0
    per_inch: float = 0.0

    @property
    def words(self) -> int:
        """How many words there are."""
        return sum(len(line.words) for line in self.lines)

    def on_scan(self, width: int, height: int, dpi: float, engine: str) -> PageText | None:
        """The words in pixels of a scan of this size, no surer than :data:`MOST_SURE`; None where it is another picture.

        What lies outside of the scan is cut off at its edge; words wholly outside are left out.
        """
        across, down = dpi / self.per_inch if self.per_inch else 1.0, dpi / self.per_inch if self.per_inch else 1.0
        if self.width > 0 and self.height > 0:
            across, down = width / self.width, height / self.height
            if abs(across / down - 1.0) > _MOST_DISTORTED:
                return None
        lines = tuple(filter(None, (_placed(line, across, down, width, height) for line in self.lines)))
        return PageText(self.number, lines, engine)


def _placed(line: Line, across: float, down: float, width: int, height: int) -> Line | None:
    words = tuple(_on_page(word, across, down, width, height) for word in line.words)
    kept = tuple(word for word in words if word.box.width > 0 and word.box.height > 0)
    return replace(line, words=kept) if kept else None


def _on_page(word: Word, across: float, down: float, width: int, height: int) -> Word:
    box = word.box
    left, right = (min(max(value * across, 0.0), float(width)) for value in (box.left, box.right))
    top, bottom = (min(max(value * down, 0.0), float(height)) for value in (box.top, box.bottom))
    return replace(word, box=Box(left, top, right, bottom), confidence=min(word.confidence, MOST_SURE))


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file that says something of a paper, kept as it came."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ForeignText:
    """What came with a paper: words in ``format`` (``alto``, ``hocr``, ``text_layer``) by ``software``; no pages: none.

    ``kept``: they are taken for the words of the paper, and its pages are not read; else they are only remembered.
    ``declared`` is what a catalogue says: title, date, identifier, and the like, as name and value. ``files`` said it.
    """

    format: str = ""
    software: str = ""
    pages: tuple[ForeignPage, ...] = ()
    kept: bool = False
    declared: tuple[tuple[str, str], ...] = ()
    files: tuple[ForeignFile, ...] = field(default=())

    @property
    def source(self) -> str:
        """What is named where the words are used: the format, and the program that wrote it."""
        return f"{self.format}: {self.software or '?'}"

    @property
    def words(self) -> int:
        """How many words there are on all pages."""
        return sum(page.words for page in self.pages)

    def page(self, number: int) -> ForeignPage | None:
        """What was read on a page; None where nothing was."""
        return next((page for page in self.pages if page.number == number and page.lines), None)
