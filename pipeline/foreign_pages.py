"""Pages whose words another program read: their pictures are kept as always, nothing on them is read anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import composition, intake, recognition
from pipeline.domain.errors import RejectedInputError
from pipeline.domain.foreign import FOREIGN_TEXT, ForeignPage
from pipeline.domain.pages import CleanPage, PageOrigin, PageReading
from pipeline.likeness import picture_hash
from pipeline.reading import Readers, ReadPage, unread_page


@dataclass(frozen=True, slots=True)
class Scan:
    """A file of pages, and the turn that a human says makes the page upright."""

    path: Path
    media_type: str
    upright: int | None = None


def take_over(
    scan: Scan, page: ForeignPage, source: str, *, bounds: intake.Bounds, readers: Readers, profile: str
) -> ReadPage | None:
    """The page with the words that ``source`` read on it, told to be so; None where they are of another picture.

    Its words count as read from a picture, however they were come by: nobody has held them against it.
    """
    try:
        opened = intake.read_page(scan.path, scan.media_type, page.number, bounds)
    except RejectedInputError as error:
        return unread_page(page.number, error.code, error.advice or error.message)
    image = opened.image
    words = page.on_scan(image.width, image.height, image.dpi, source)
    if words is None:
        return None
    codes = recognition.find_codes(image, readers.codes) if readers.codes else ()
    clean = CleanPage(image, scan.upright or 0)
    content = recognition.drop_words_in_codes(recognition.recognise(clean, readers.engine, layer=words), codes)
    kept = composition.compress(opened, profile, [w.box for w in content.words if any(map(str.isdigit, w.text))])
    reading = PageReading(
        number=page.number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        content=replace(content, engine=source),
        origin=PageOrigin.OCR,
        rotation=clean.rotation,
        quality=clean.quality,
        problems=(*opened.problems, FOREIGN_TEXT),
        codes=codes,
        picture=kept.account,
        likeness=picture_hash(image.pixels),
    )
    return ReadPage(reading, kept.picture)
