"""Pages: pictures of them, and what was read on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.geometry import Affine, Box, Way, hull

if TYPE_CHECKING:
    from pipeline.domain.drawings import PageDrawing

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """The picture of one page.

    ``number`` counts from 1. ``pixels`` is uint8, (height, width) grey or (height, width, 3) RGB.
    ``dpi`` is that of these pixels. ``to_scan`` leads from these pixels to those of the scan as submitted.
    """

    number: int
    pixels: Pixels
    dpi: float
    to_scan: Way = field(default_factory=Affine)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])


#: For each sign of a word, what else the engine might have read there, and how many nats less likely it is.
Choices = tuple[tuple[tuple[str, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word: NFC text without spaces, its box in scan pixels, confidence 0..1.

    ``read`` is the text as the engine read it, where something else was made of it; empty elsewhere. ``written`` says that
    it is ink of a hand, read by a reader of its own; the text is ``…`` where it could not be read. ``choices``, what
    a ``second`` reading said (empty where it found nothing, None where there was none), the ``leads`` in nats over the
    next best word in its place, by print and sentence and by the sentence alone (empty where no other was weighed), and
    whether a reader of lines has ``seen`` it, are kept only while the page is read.
    """

    text: str
    box: Box
    confidence: float
    read: str = ""
    written: bool = False
    choices: Choices = field(default=(), repr=False)
    second: str | None = field(default=None, repr=False)
    leads: tuple[float, ...] = field(default=(), repr=False)
    seen: bool = field(default=False, repr=False)


class LineRole(StrEnum):
    """What a line is on its page: the document's own text, or something laid over it later."""

    BODY = "body"
    INCOMING_STAMP = "incoming_stamp"
    COPY_STAMP = "copy_stamp"
    E_SIGNATURE = "e_signature"
    HANDWRITING = "handwriting"

    @property
    def heading(self) -> str:
        """What it is called to people, in Vietnamese."""
        return _ROLE_HEADINGS[self]


_ROLE_HEADINGS = {
    LineRole.BODY: "Nội dung văn bản",
    LineRole.INCOMING_STAMP: "Dấu công văn đến",
    LineRole.COPY_STAMP: "Dấu sao y, chứng thực",
    LineRole.E_SIGNATURE: "Chữ ký điện tử",
    LineRole.HANDWRITING: "Chữ viết tay, chữ ký hoặc con dấu không đọc được",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line in reading order; never empty. ``block`` numbers the text block it stands in."""

    words: tuple[Word, ...]
    block: int = 0
    role: LineRole = LineRole.BODY

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The smallest box around the words."""
        return hull(word.box for word in self.words)

    @property
    def confidence(self) -> float:
        """Mean confidence of the words, 0..1."""
        return sum(word.confidence for word in self.words) / len(self.words)


@dataclass(frozen=True, slots=True)
class PageText:
    """What was read on page ``number``: lines in reading order, by ``engine``.

    Lines of the document's own text come first, then what lies over it, block by block.
    """

    number: int
    lines: tuple[Line, ...]
    engine: str

    @property
    def text(self) -> str:
        """The lines joined by newlines, NFC; each block laid over the own text stands under a ``[heading]`` of its own.

        An empty line parts such a block from what stands above it.
        """
        parts = ["\n".join(line.text for line in self.own_lines)] if self.own_lines else []
        for overlay in self.overlays:
            parts.append("\n".join([f"[{overlay[0].role.heading}]", *(line.text for line in overlay)]))
        return "\n\n".join(parts)

    @property
    def own_lines(self) -> tuple[Line, ...]:
        """The lines of the document's own text."""
        return tuple(line for line in self.lines if line.role is LineRole.BODY)

    @property
    def overlays(self) -> tuple[tuple[Line, ...], ...]:
        """What lies over the document's own text: the lines of each block of one role, in their order."""
        over = [line for line in self.lines if line.role is not LineRole.BODY]
        return tuple(tuple(members) for _, members in groupby(over, key=lambda line: (line.role, line.block)))

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in reading order."""
        return tuple(word for line in self.lines for word in line.words)


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page that could not be read: data, never a lost document. ``reason`` is a code like ``page_timeout``."""

    number: int
    reason: str
    message: str = ""


class CodeFormat(StrEnum):
    """Kinds of codes for machines, as records name them."""

    QR = "qr"
    DATA_MATRIX = "data_matrix"
    AZTEC = "aztec"
    PDF417 = "pdf417"
    CODE128 = "code128"
    CODE39 = "code39"
    EAN13 = "ean13"
    EAN8 = "ean8"
    ITF = "itf"

    @property
    def corrects_errors(self) -> bool:
        """Whether what is decoded at all is right: error correction over the whole, not a digit of check or nothing."""
        return self in (CodeFormat.QR, CodeFormat.DATA_MATRIX, CodeFormat.AZTEC)


@dataclass(frozen=True, slots=True)
class PageCode:
    """A barcode or QR code: ``text`` as decoded, never guessed (it may hold control characters), box in scan pixels."""

    format: CodeFormat
    text: str
    box: Box


class PageOrigin(StrEnum):
    """Where the words of a page come from."""

    OCR = "ocr"
    TEXT_LAYER = "text_layer"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Quality:
    """Verdict on a scan: ``good``, ``fair`` or ``rescan``, with reason codes (``too_few_dpi``, ``blur``, ``too_dark``)."""

    verdict: str = "good"
    reasons: tuple[str, ...] = ()


class PictureEncoding(StrEnum):
    """How the bytes of a page picture are coded, in the words of PDF filters."""

    JPEG = "jpeg"
    CCITT_G4 = "ccitt_g4"
    FLATE = "flate"
    PNG_ROWS = "png_rows"
    LAYERS = "layers"
    DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class PictureLayer:
    """One layer of a picture: coded bytes stretched over ``box``, which lies on whole scan pixels.

    ``width`` and ``height`` are the coded pixels; ``components`` and ``bits`` as in :class:`PagePicture`. A layer with a
    ``colour`` (RGB) is one flat ink: laid where its bits are black, or over the whole box where it has no ``data``.
    """

    data: bytes
    encoding: PictureEncoding
    box: Box
    width: int
    height: int
    components: int = 1
    bits: int = 1
    colour: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture that goes into the PDF, in scan pixels, before any turning.

    ``components`` is 1 (grey or bilevel) or 3 (RGB); ``bits`` 1 or 8. For ``CCITT_G4`` a set bit is black unless
    ``black_is_1`` says otherwise in the PDF's sense (/BlackIs1). ``FLATE`` is zlib over raw rows without predictor,
    ``PNG_ROWS`` zlib over rows filtered as in a PNG. A picture of ``LAYERS`` has no ``data`` of its own: its ``layers``
    lie one upon the other, the lowest first. A ``DRAWING`` is operators in ``data``, with its images as ``layers``.
    """

    data: bytes
    encoding: PictureEncoding
    width: int
    height: int
    dpi: float
    components: int
    bits: int = 8
    black_is_1: bool = False
    layers: tuple[PictureLayer, ...] = ()

    @property
    def size(self) -> int:
        """Coded bytes in all."""
        return len(self.data) + sum(len(layer.data) for layer in self.layers)


@dataclass(frozen=True, slots=True)
class RefusedCoding:
    """A way to code a page that was tried and not taken, and what was wrong with it."""

    coding: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PictureAccount:
    """How the picture of a page came to be: its coding and bytes, and what came of holding it against the scan.

    ``ssim`` is structural similarity 0..1 (1 where nothing was lost), ``digits`` how many words with digits were compared.
    """

    coding: str
    bytes: int
    ssim: float = 1.0
    digits: int = 0
    refused: tuple[RefusedCoding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ScannedPage:
    """A page as intake found it.

    ``image`` is the scan as the eye sees it (RGB or grey, ``to_scan`` the identity: it *is* the scan).
    ``picture`` holds the source's own coded bytes where they are the whole page and may be kept as they are.
    ``layer`` is the text layer where it is sound, ``unlayered`` the boxes where the picture shows ink
    that the layer does not speak of: those must be read from the picture. ``drawing`` is the page as drawn, where it was
    drawn and can be drawn again; ``undrawn`` the code of the reason where it cannot.
    """

    image: PageImage
    picture: PagePicture | None = None
    layer: PageText | None = None
    unlayered: tuple[Box, ...] = ()
    problems: tuple[str, ...] = ()
    drawing: PageDrawing | None = None
    undrawn: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CleanPage:
    """A legible page. ``image`` is grey, upright and deskewed; its ``to_scan`` is the way back.

    ``rotation`` is the clockwise turn in degrees (0, 90, 180, 270) that makes the scan upright;
    ``skew`` the remaining clockwise tilt of the text on the turned scan, in degrees, positive where lines fall to the
    right.
    """

    image: PageImage
    rotation: int = 0
    skew: float = 0.0
    blank: bool = False
    quality: Quality = field(default_factory=Quality)


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything later steps need to know of a page; small, picklable, no pixels.

    ``width`` and ``height`` are those of the scan, in pixels. ``problems`` holds reason codes. ``seconds`` names the
    wall time of each step. ``likeness`` is the hash of what the upright page looks like, empty where it is blank.
    """

    number: int
    width: int
    height: int
    dpi: float
    content: PageText | UnreadPage
    origin: PageOrigin
    rotation: int = 0
    skew: float = 0.0
    blank: bool = False
    quality: Quality = field(default_factory=Quality)
    problems: tuple[str, ...] = ()
    seconds: tuple[tuple[str, float], ...] = ()
    codes: tuple[PageCode, ...] = ()
    picture: PictureAccount | None = None
    likeness: str = ""

    @property
    def text(self) -> PageText:
        """The words; none for an unread page."""
        if isinstance(self.content, PageText):
            return self.content
        return PageText(self.number, (), "")

    @property
    def confidence(self) -> float:
        """Mean word confidence 0..1; 1 for a blank page, 0 for an unread one."""
        if isinstance(self.content, UnreadPage):
            return 0.0
        words = self.content.words
        if not words:
            return 1.0 if self.blank else 0.0
        return sum(word.confidence for word in words) / len(words)
