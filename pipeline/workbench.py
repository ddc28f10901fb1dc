"""Settings into what papers are read, judged and signed with. Nothing here needs a server, nor loads a server's library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path

import ocr_models
from ocr_models import (
    LogisticConfidence,
    NetDigitReader,
    NetLineReader,
    ResidentTesseract,
    SyllableModel,
    TesseractEngine,
    ZxingReader,
)
from pipeline.conformity import RuleSet, load_rule_sets, shipped_rule_sets
from pipeline.domain.errors import UnavailableError
from pipeline.domain.signatures import CertificateInfo
from pipeline.edition import edition_of
from pipeline.isolation import Factories, Limits, PagePool
from pipeline.originals import copies_in
from pipeline.ports import CodeReader, ConfidenceModel, DigitReader, LanguageModel, LineReader, OcrEngine
from pipeline.ports.signing import SignatureExaminer
from pipeline.settings import Settings
from pipeline.signing.steps import Signers

_ENGINES: dict[str, Callable[..., OcrEngine]] = {"tesserocr": ResidentTesseract, "tesseract": TesseractEngine}


def build_engine(name: str, language: str, seconds: float) -> OcrEngine:
    """The OCR engine of this ``name``; raises ``UnavailableError`` for one that this edition does not have.

    What an engine lacks shows at its first use.
    """
    if name not in _ENGINES:
        raise UnavailableError(
            f"no engine is called {name!r} here; there are: {', '.join(_ENGINES)}",
            code="engine_missing",
            advice=f"Máy này không có bộ nhận dạng “{name}”. Hãy cài bản Sohoa mới hơn trên máy này.",
        )
    return _ENGINES[name](language, timeout=seconds)


def build_language_model() -> LanguageModel:
    """The model of syllables that mends misread marks; raises ``UnavailableError`` where its file is missing."""
    return SyllableModel()


def build_digit_reader() -> DigitReader:
    """The reader of handwritten digits; its model is loaded when the first ink is seen."""
    return NetDigitReader()


def build_line_reader() -> LineReader:
    """The reader of names under strokes and seals; its model is loaded when the first is seen."""
    return NetLineReader()


def build_code_reader() -> CodeReader:
    """The reader of barcodes and QR codes."""
    return ZxingReader()


def build_confidence_model() -> ConfidenceModel:
    """What tells how likely words are right; raises ``UnavailableError`` where its weights are missing."""
    return LogisticConfidence()


def build_examiner(trust: Path | None) -> SignatureExaminer:
    """What looks at the signatures of foreign files; raises ``SigningError`` where ``trust`` holds what is no certificate."""
    from storage.signing.examination import PdfExaminer  # noqa: PLC0415  (few files are signed)
    from storage.signing.trust import load_trust  # noqa: PLC0415

    return PdfExaminer(load_trust(trust))


def accepted_authorities(settings: Settings) -> tuple[CertificateInfo, ...]:
    """Whose signatures on foreign files are trusted, by name; raises ``SigningError`` for a file that is no certificate."""
    from storage.signing.examination import certificate_info  # noqa: PLC0415
    from storage.signing.trust import load_trust  # noqa: PLC0415

    roots = load_trust(settings.signing.accepted).roots
    return tuple(sorted(map(certificate_info, roots), key=lambda one: one.subject))


def build_pool(settings: Settings, jobs: int | None = None, profile: str | None = None, *, niceness: int = 0) -> PagePool:
    """Killable children that read pages; ``niceness`` is how much they give way to everything else."""
    limits = Limits(
        bounds=settings.bounds,
        seconds=settings.page_seconds,
        memory=settings.page_memory,
        profile=profile or settings.profile,
        language=settings.language,
        engine=settings.engine,
        niceness=niceness,
        copies=copies_in(settings.home / "scratch"),
    )
    factories = Factories(
        language=build_language_model if settings.language_model and settings.language == "vie" else None,
        digits=build_digit_reader if settings.ink else None,
        codes=build_code_reader if settings.codes else None,
        confidence=build_confidence_model,
        signatures=partial(build_examiner, settings.signing.accepted),
        lines=build_line_reader if settings.lines and settings.language == "vie" else None,
    )
    edition = edition_of(Path(ocr_models.__file__).parent)
    return PagePool(build_engine, limits, jobs or settings.jobs, factories, edition)


def typeface_file() -> Path:
    """The font that sheets for people are printed with."""
    return Path(str(files("storage.signing") / "SohoaSerif-Regular.ttf"))


def build_rule_sets(settings: Settings) -> tuple[RuleSet, ...]:
    """The rule sets that files are judged by; raises ``ValueError`` for a faulty one of the installation."""
    return load_rule_sets(settings.rules) if settings.rules else shipped_rule_sets()


def build_signers(settings: Settings) -> Signers:
    """Who signs here; nobody where no key is set.

    Raises ``SigningError`` for a faulty location of a key, pass phrase file or certificate. Keys are opened at their first
    use, in this very process: none that opens foreign files ever holds one.
    """
    found = settings.signing
    if not (found.digitiser.location or found.agency.location):
        return Signers()
    from pipeline.signing.desk import open_desk  # noqa: PLC0415  (children that read pages need none of it)

    return open_desk(found, settings.home / "trial-authority")
