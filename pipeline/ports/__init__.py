"""What we need from outside. Adapters live in ``ocr_models`` and ``storage``; ``bootstrap`` chooses among them."""

from pipeline.ports.archive import AuditLog, Likenesses
from pipeline.ports.keeping import (
    Catalogue,
    Clock,
    Dispatcher,
    Hit,
    IndexEntry,
    Narrowing,
    ObjectInfo,
    ObjectStore,
    Overview,
    PageTally,
    PendingWork,
    Procedures,
)
from pipeline.ports.people import People
from pipeline.ports.reading import (
    NOTHING,
    NUMBER,
    UNKNOWN,
    CodeReader,
    ConfidenceModel,
    DigitReader,
    DigitReading,
    EngineInfo,
    LanguageModel,
    LineReader,
    OcrEngine,
    PrintedLine,
)
from pipeline.ports.review import Reviews
from pipeline.ports.signing import SignatureExaminer, Signer

__all__ = [
    "NOTHING",
    "NUMBER",
    "UNKNOWN",
    "AuditLog",
    "Catalogue",
    "Clock",
    "CodeReader",
    "ConfidenceModel",
    "DigitReader",
    "DigitReading",
    "Dispatcher",
    "EngineInfo",
    "Hit",
    "IndexEntry",
    "LanguageModel",
    "Likenesses",
    "LineReader",
    "Narrowing",
    "ObjectInfo",
    "ObjectStore",
    "OcrEngine",
    "Overview",
    "PageTally",
    "PendingWork",
    "People",
    "PrintedLine",
    "Procedures",
    "Reviews",
    "SignatureExaminer",
    "Signer",
]
