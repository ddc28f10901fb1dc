"""One page, one document: steps 1 to 6 without any bookkeeping.

A page goes through steps 1 to 3 by itself (:func:`read_scan`), wherever a process is free; its document goes through
steps 4 to 6 once all its pages are settled (:func:`put_together`). ``sohoa digitise`` calls these two in a local pool,
the workers call them through :mod:`pipeline.flow`.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import archive, cleanup, composition, conformity, intake, recognition, review, understanding
from pipeline.domain.documents import Source, Status
from pipeline.domain.errors import DamagedFileError, RecognitionError, RejectedInputError
from pipeline.domain.findings import Conformity, Findings, Problem
from pipeline.domain.pages import (
    CleanPage,
    PageCode,
    PageOrigin,
    PagePicture,
    PageReading,
    PageText,
    PictureEncoding,
    ScannedPage,
    UnreadPage,
)
from pipeline.likeness import picture_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.domain.geometry import Box
    from pipeline.ports import CodeReader, ConfidenceModel, DigitReader, LanguageModel, LineReader, OcrEngine, Procedures


#: Reasons for which a page stays unread though the file may be sound.
OUR_FAULT = frozenset({"recognition_failed", "page_timeout", "killed_worker", "out_of_memory"})

#: White paper, one bit a pixel, 827 pixels (104 bytes) by 1169.
_WHITE_A4 = zlib.compress(b"\xff" * (104 * 1169))


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads a page: the OCR engine; where wanted, models that mend and weigh its words, readers of ink, codes, names."""

    engine: OcrEngine
    language: LanguageModel | None = None
    digits: DigitReader | None = None
    codes: CodeReader | None = None
    confidence: ConfidenceModel | None = None
    lines: LineReader | None = None


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page after steps 1 to 3: what was read, and the picture that goes into the PDF."""

    reading: PageReading
    picture: PagePicture


@dataclass(frozen=True, slots=True)
class Assessed:
    """A document after steps 5 and 6."""

    status: Status
    problems: tuple[Problem, ...]
    findings: Findings
    text: str


@dataclass(frozen=True, slots=True)
class Law:
    """What an installation goes by: its list of procedures, and the rule sets that its files are judged by."""

    procedures: Procedures | None = None
    rule_sets: tuple[conformity.RuleSet, ...] = field(default_factory=conformity.shipped_rule_sets)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the revision before found, with all that held it back; ``confirmed``: a human approved it as it is."""

    findings: Findings
    problems: tuple[Problem, ...]
    confirmed: bool = False


def read_scan(  # noqa: PLR0913 a page, how it is read, and what a human says of it
    path: Path,
    media_type: str,
    number: int,
    *,
    bounds: intake.Bounds,
    readers: Readers,
    profile: str,
    upright: int | None = None,
    codes: tuple[PageCode, ...] | None = None,
) -> ReadPage:
    """One page through intake, cleanup and recognition; what goes wrong with the page is data, not an exception.

    ``upright`` is the clockwise turn of the scan that a human says makes the page upright, None where nobody does. ``codes``
    are those that were found on this very page before, None where nobody looked.
    Raises ``UnavailableError`` where the engine is missing.
    """
    watch = _Stopwatch()
    try:
        with watch("intake"):
            scan = intake.read_page(path, media_type, number, bounds)
    except RejectedInputError as error:
        return unread_page(number, error.code, error.advice or error.message)
    with watch("codes"):
        if codes is None or readers.codes is None:
            codes = recognition.find_codes(scan.image, readers.codes) if readers.codes else ()
        scan = recognition.without_codes(scan, codes)
    with watch("cleanup"):
        clean = _clean(scan, readers.engine, upright)
    content: PageText | UnreadPage
    try:
        with watch("recognition"):
            ink = recognition.Ink(readers.digits, scan.image) if readers.digits else None
            content = recognition.recognise(
                clean,
                readers.engine,
                layer=scan.layer,
                unlayered=scan.unlayered,
                language=readers.language,
                ink=ink,
                names=readers.lines,
            )
            if scan.layer is None:
                content = recognition.weigh_words(content, readers.confidence, readers.language)
                content = recognition.call_witness(content, clean, scan.image, readers.lines, readers.confidence)
            content = recognition.drop_words_in_codes(content, codes, scan.layer)
    except RecognitionError as error:
        content = UnreadPage(number, error.code, error.advice or error.message)
    with watch("composition"):
        kept = composition.compress(scan, profile, _words_with_digits(content))
    reading = _reading(scan, clean, content, watch.seconds)
    blank = reading.blank and not codes
    return ReadPage(replace(reading, codes=codes, blank=blank, picture=kept.account), kept.picture)


def _words_with_digits(content: PageText | UnreadPage) -> Iterator[Box]:
    if isinstance(content, PageText):
        yield from (word.box for word in content.words if any(sign.isdigit() for sign in word.text))


def _clean(scan: ScannedPage, engine: OcrEngine, upright: int | None) -> CleanPage:
    if scan.layer is not None and not scan.unlayered:
        return CleanPage(scan.image, upright or 0)
    return cleanup.clean(scan.image, engine, upright)


def _reading(
    scan: ScannedPage, clean: CleanPage, content: PageText | UnreadPage, seconds: tuple[tuple[str, float], ...]
) -> PageReading:
    if isinstance(content, UnreadPage):
        origin = PageOrigin.UNREAD
    else:
        origin = PageOrigin.OCR if scan.layer is None else PageOrigin.TEXT_LAYER
    return PageReading(
        number=scan.image.number,
        width=scan.image.width,
        height=scan.image.height,
        dpi=scan.image.dpi,
        content=content,
        origin=origin,
        rotation=clean.rotation,
        skew=clean.skew,
        blank=clean.blank,
        quality=clean.quality,
        problems=scan.problems,
        seconds=seconds,
        likeness="" if clean.blank else picture_hash(clean.image.pixels),
    )


def unread_page(number: int, code: str, message: str) -> ReadPage:
    """A white A4 page that stands for one that could not even be opened."""
    width, height, dpi = 827, 1169, 100.0
    empty = PagePicture(_WHITE_A4, PictureEncoding.FLATE, width, height, dpi, components=1, bits=1)
    return ReadPage(PageReading(number, width, height, dpi, UnreadPage(number, code, message), PageOrigin.UNREAD), empty)


def put_together(
    source: Source,
    pages: Sequence[PageReading],
    pictures: Iterable[PagePicture],
    *,
    received_at: datetime,
    pdf: Path,
    procedures: Procedures | None = None,
) -> tuple[Assessed, tuple[conformity.KeptPicture, ...]]:
    """Composition, understanding and review of a document whose pages are all settled; writes the PDF to ``pdf``.

    Raises what :func:`assess` raises, and ``CompositionError`` where no PDF could be written.
    """
    made = assess(source, pages, received_at=received_at, procedures=procedures)
    return made, compose(source, pages, pictures, made.findings, received_at=received_at, pdf=pdf)


def assess(
    source: Source,
    pages: Sequence[PageReading],
    *,
    received_at: datetime,
    earlier: Earlier | None = None,
    procedures: Procedures | None = None,
) -> Assessed:
    """Understanding and review of a document whose pages are all settled, with what an ``earlier`` reading of it found.

    It is related to what its fields say once all is weighed; ``procedures`` is the installation's list.
    Raises ``DamagedFileError`` where not one page could be opened, ``RecognitionError`` where not one could be read.
    """
    _refuse_hopeless(source, pages)
    findings = understanding.understand(pages, today=received_at.date())
    if earlier is not None:
        findings = review.heed_earlier(findings, earlier.findings, earlier.problems, confirmed=earlier.confirmed)
    findings = understanding.relate(findings, pages, procedures)
    status, problems = review.heed_signatures(source.signed, *review.decide(pages, findings))
    return Assessed(status, problems, findings, "\n\f".join(page.text.text for page in pages) + "\n")


def compose(
    source: Source,
    pages: Sequence[PageReading],
    pictures: Iterable[PagePicture],
    findings: Findings,
    *,
    received_at: datetime,
    pdf: Path,
) -> tuple[conformity.KeptPicture, ...]:
    """Write the searchable PDF to ``pdf``, and tell how the pictures went into it; raises ``CompositionError``."""
    titles = {kind.code: kind.title for kind in understanding.document_types() if kind.code != understanding.OTHER}
    parts = composition.parts_of(findings, pages, titles, source.name)
    metadata = composition.describe_contents(source, findings, parts, titles, received_at)
    kept: list[conformity.KeptPicture] = []
    composition.compose(zip(_noted(pictures, kept), pages, strict=True), metadata, pdf, parts)
    return tuple(kept)


def _noted(pictures: Iterable[PagePicture], kept: list[conformity.KeptPicture]) -> Iterator[PagePicture]:
    """The pictures one at a time, as they are; ``kept`` remembers what rules want to know of each."""
    for picture in pictures:
        kept.append(conformity.picture_traits(picture, stand_in=picture.data == _WHITE_A4))
        yield picture


def conform(
    source: Source,
    pages: Sequence[PageReading],
    pictures: Sequence[conformity.KeptPicture],
    findings: Findings,
    pdf: archive.PdfEntry,
    rule_sets: Sequence[conformity.RuleSet],
) -> tuple[Conformity, ...]:
    """How the digitised file fares against the rules, and the papers in it against those of layout."""
    derived = conformity.DerivedPdf(pdf.path, pdf.bytes, composition.PDF_VERSION, archive.CONFORMANCE, int(pdf.signed))
    facts = conformity.Facts(source, tuple(pages), tuple(pictures), derived, max(1, len(findings.components)))
    return (*conformity.judge(facts, rule_sets), *understanding.lint_layout(findings, pages))


def _refuse_hopeless(source: Source, pages: Sequence[PageReading]) -> None:
    unread = [page.content for page in pages if isinstance(page.content, UnreadPage)]
    if len(unread) < len(pages):
        return
    reasons = sorted({page.reason for page in unread})
    message = f"{source.name}: none of its {len(pages)} pages could be read ({', '.join(reasons) or 'no pages'})"
    if set(reasons) & OUR_FAULT:
        raise RecognitionError(message, advice="Hệ thống không đọc được tài liệu này. Hãy thử lại hoặc báo quản trị.")
    raise DamagedFileError(
        message,
        code=unread[0].reason if unread else "no_pages",
        advice=unread[0].message if unread else "Tệp không có trang nào. Hãy quét lại tài liệu.",
    )


class _Stopwatch:
    """Wall seconds by step."""

    def __init__(self) -> None:
        self._seconds: list[tuple[str, float]] = []

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds.append((step, round(time.perf_counter() - begun, 4)))

    @property
    def seconds(self) -> tuple[tuple[str, float], ...]:
        return tuple(self._seconds)
