"""The text layer of a PDF page, as far as it can be believed, and the ink it does not speak of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from pipeline.domain.geometry import Affine, Box, hull
from pipeline.domain.pages import Line, PageImage, PageText, Word
from pipeline.intake.glyphs import MOST_GLYPHS, Glyph, list_glyphs, list_stamp_glyphs
from pipeline.intake.ink import Ink, find_ink, find_unexplained
from pipeline.intake.mending import mend_glyphs
from pipeline.intake.pdf_objects import IMAGE, MOST_PIECES, PageFrame, Piece, shows_annotations
from pipeline.intake.reading_order import SetWord, order_lines
from pipeline.intake.soundness import is_broken, is_sound

ENGINE = "text_layer"

#: What a page is told to have whose letters were brought back from a legacy encoding.
LEGACY = "legacy_encoding"

#: A layer that explains less of the page's ink is a footer or a stamp on a scan.
_LEAST_EXPLAINED = 0.5
#: From here on the picture may be the page itself and the layer a mere addition.
_MUCH_PICTURE = 0.4
#: A word under whose box there is less ink does not show.
_LEAST_INK = 0.03
_MOST_HIDDEN = 0.2
_MOST_TURNED = 0.3
#: A gap of this many type sizes ends a word even where the layer has no space.
_WORD_GAP = 0.6


@dataclass(frozen=True, slots=True)
class Layer:
    """A text layer in pixels of the page picture: ``text`` None where it is not to be believed.

    ``unlayered`` holds the boxes where the picture shows text-like ink that the layer does not speak of; empty where there is
    no layer, for then everything must be read. ``problems`` holds codes.
    """

    text: PageText | None = None
    unlayered: tuple[Box, ...] = ()
    problems: tuple[str, ...] = ()


def read_layer(
    document: pdfium.PdfDocument, page: pdfium.PdfPage, pieces: tuple[Piece, ...], frame: PageFrame, image: PageImage
) -> Layer:
    """The words of the layer, as far as they are to be believed, and what else must be read from the picture.

    The text of stamps and filled fields counts as layer where it is sound. The page is not to be painted again.
    """
    if len(pieces) >= MOST_PIECES:
        return Layer()
    glyphs = list_glyphs(page, pieces, frame)
    shown = [glyph for glyph in glyphs if glyph.is_break or (glyph.painted and _on_page(glyph, frame))]
    painted, was_mended = mend_glyphs(shown)
    letters = [glyph for glyph in painted if not glyph.is_break]
    turned = sum(1 for glyph in letters if not glyph.upright)
    if not letters or len(glyphs) >= MOST_GLYPHS or turned > _MOST_TURNED * len(letters):
        return Layer()
    to_pixels = Affine.scale(image.width / frame.width, image.height / frame.height)
    words = tuple(_words(painted, to_pixels))
    if not is_sound(painted, [placed.word.text for placed in words]):
        return Layer()
    stamped = list_stamp_glyphs(document, page, pieces, frame, image.number) if shows_annotations(page) else ()
    stamped, _ = mend_glyphs(stamped)
    added = tuple(_words(stamped, to_pixels))
    if is_sound(stamped, [placed.word.text for placed in added]):
        words += added
        letters += [glyph for glyph in stamped if not glyph.is_break]
    pictures = sum(piece.bounds.area for piece in pieces if piece.kind == IMAGE)
    on_picture = pictures > _MUCH_PICTURE * frame.width * frame.height
    text, unlayered = _compare(words, [to_pixels.map_box(glyph.box) for glyph in letters], image, on_picture)
    return Layer(text, unlayered, (LEGACY,) if was_mended and text else ())


def _compare(
    words: Sequence[SetWord], letters: Sequence[Box], image: PageImage, on_picture: bool
) -> tuple[PageText | None, tuple[Box, ...]]:
    ink = find_ink(image)
    seen = [placed for placed in words if _shows(placed.word, ink)]
    if len(words) - len(seen) > _MOST_HIDDEN * len(words):
        return None, ()
    unlayered, explained = find_unexplained(ink, letters, all_counts=on_picture)
    if explained < _LEAST_EXPLAINED:
        return None, ()
    lines: tuple[Line, ...] = order_lines(seen, unlayered)
    return PageText(image.number, lines, ENGINE), unlayered


def _shows(word: Word, ink: Ink) -> bool:
    return ink.share(word.box) >= _LEAST_INK


def _on_page(glyph: Glyph, frame: PageFrame) -> bool:
    x, y = glyph.box.centre
    return 0 <= x <= frame.width and 0 <= y <= frame.height


def _words(glyphs: Sequence[Glyph], to_pixels: Affine) -> Iterator[SetWord]:
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and (glyph.is_break or not _continues(run[-1], glyph)):
            yield from _finished(run, to_pixels)
            run = []
        if not glyph.is_break:
            run.append(glyph)
    yield from _finished(run, to_pixels)


def _continues(before: Glyph, after: Glyph) -> bool:
    """Whether two letters that follow each other in the layer belong to one word."""
    size = max(before.size, after.size, 1.0)
    if not (before.upright and after.upright):
        return before.upright == after.upright
    gap = after.box.left - before.box.right
    return -1.5 * size < gap < _WORD_GAP * size and abs(after.baseline[1] - before.baseline[1]) < 0.6 * size


def _finished(run: Sequence[Glyph], to_pixels: Affine) -> Iterator[SetWord]:
    letters = "".join(glyph.text for glyph in run)
    text = unicodedata.normalize("NFC", "".join(one for one in letters if unicodedata.category(one) != "Cf"))
    if not text.strip():
        return
    box = to_pixels.map_box(hull(glyph.box for glyph in run))
    doubtful = any(is_broken(letter) for letter in text) or not all(glyph.mapped for glyph in run)
    confidence = 0.5 if doubtful else 1.0
    _, baseline = to_pixels.apply(*run[0].baseline)
    yield SetWord(Word(text, box, confidence), baseline, run[0].size * to_pixels.e)
