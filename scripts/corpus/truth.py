"""What a made document says: its type, fields, text and the place of every word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | tuple[str, ...]
Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TrueWord:
    """A word, the box of its ink in scan pixels (right and bottom exclusive), its visual line and how it came there."""

    text: str
    box: Corners
    line: int
    origin: str

    def as_json(self) -> dict[str, object]:
        """The word as plain data."""
        return {"text": self.text, "box": [round(side, 1) for side in self.box], "line": self.line, "origin": self.origin}


@dataclass(frozen=True, slots=True)
class TruePage:
    """One page: size in pixels, quarter turns clockwise it was fed with, text in reading order, words.

    ``words`` are the document's own; ``beside`` holds stamps and overlaid signature text, which ``text`` leaves out.
    """

    number: int
    width: int
    height: int
    rotation: int
    text: str
    words: tuple[TrueWord, ...]
    beside: tuple[TrueWord, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The page as plain data."""
        return {
            "number": self.number,
            "width": self.width,
            "height": self.height,
            "rotation": self.rotation,
            "text": self.text,
            "words": [word.as_json() for word in self.words],
            "beside": [word.as_json() for word in self.beside],
        }


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth about one specimen; ``fields`` follow the field dictionary's keys and value types."""

    type: str
    fields: Mapping[str, Value]
    font: str
    layout: str
    split: str
    seed: int
    level: str
    defect: str
    dpi: int
    pages: tuple[TruePage, ...] = field(default=())

    @property
    def text(self) -> str:
        """The whole text, a line a paragraph."""
        return "\n".join(page.text for page in self.pages)

    def as_json(self) -> dict[str, object]:
        """The truth as plain data."""
        return {
            "type": self.type,
            "fields": {key: list(value) if isinstance(value, tuple) else value for key, value in self.fields.items()},
            "text": self.text,
            "font": self.font,
            "level": self.level,
            "dpi": self.dpi,
            "defect": self.defect,
            "layout": self.layout,
            "split": self.split,
            "seed": self.seed,
            "pages": [page.as_json() for page in self.pages],
        }
