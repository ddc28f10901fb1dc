"""Killable processes that open files and read pages: a hostile file may hang, crash or swell there, nowhere else."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import structlog
from pebble import ProcessExpired, ProcessPool

from pipeline import intake
from pipeline.domain.documents import Source
from pipeline.domain.errors import DamagedFileError, SohoaError, StageError
from pipeline.domain.foreign import ForeignPage
from pipeline.first_looks import known_codes
from pipeline.foreign_pages import Scan, take_over
from pipeline.forking import context_with, keep_freed_memory
from pipeline.ports import CodeReader, ConfidenceModel, DigitReader, EngineInfo, LanguageModel, LineReader, OcrEngine
from pipeline.ports.signing import SignatureExaminer
from pipeline.reading import Readers, ReadPage, read_scan, unread_page
from pipeline.signing.examining import examine_bounded

log = structlog.get_logger(__name__)

#: Makes the engine inside a child; must be importable by name.
EngineFactory = Callable[[str, str, float], OcrEngine]

#: What records call the language model and the readers of digits, of lines and of codes, among the engine's models.
LANGUAGE_MODEL, DIGIT_MODEL, LINE_MODEL, CODE_READER, CONFIDENCE_MODEL = "syllables", "digits", "lines", "zxing", "confidence"


@dataclass(frozen=True, slots=True)
class Factories:
    """What makes the readers beside the engine inside a child; importable by name, None for what is not wanted."""

    language: Callable[[], LanguageModel] | None = None
    digits: Callable[[], DigitReader] | None = None
    codes: Callable[[], CodeReader] | None = None
    confidence: Callable[[], ConfidenceModel] | None = None
    lines: Callable[[], LineReader] | None = None
    signatures: Callable[[], SignatureExaminer] | None = None

    def make(self, engine: OcrEngine) -> Readers:
        """The engine and all that is wanted beside it."""
        language = self.language() if self.language else None
        digits = self.digits() if self.digits else None
        codes = self.codes() if self.codes else None
        confidence = self.confidence() if self.confidence else None
        return Readers(engine, language, digits, codes, confidence, self.lines() if self.lines else None)

    @property
    def names(self) -> tuple[str, ...]:
        """What records say of them."""
        made = (
            (LANGUAGE_MODEL, self.language),
            (DIGIT_MODEL, self.digits),
            (LINE_MODEL, self.lines),
            (CODE_READER, self.codes),
            (CONFIDENCE_MODEL, self.confidence),
        )
        return tuple(name for name, factory in made if factory)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: ``seconds`` of wall time a page, ``memory`` bytes of address space.

    ``engine`` reads where nobody asks for another; ``niceness`` is added to that of the process. ``copies`` is the folder of
    local copies of originals, where alone what lies beside a file is believed.
    """

    bounds: intake.Bounds
    seconds: float = 120.0
    memory: int = 6 * 1024**3
    profile: str = "nd30"
    language: str = "vie"
    engine: str = "tesserocr"
    niceness: int = 0
    copies: Path | None = None


class _Child:
    """What a child process keeps between two pages."""

    make_engine: EngineFactory
    readers: dict[str, Readers]
    limits: Limits
    factories: Factories
    edition: str


def _begin(make_engine: EngineFactory, limits: Limits, factories: Factories, edition: str = "") -> None:
    """Prepare a fresh child: bounds on memory, no Ctrl-C, one thread, its usual engine and its models."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    os.nice(limits.niceness)
    keep_freed_memory()
    cv2.setNumThreads(1)
    _Child.limits, _Child.factories, _Child.edition = limits, factories, edition
    _Child.make_engine = staticmethod(make_engine)
    engine = make_engine(limits.engine, limits.language, limits.seconds * 0.8)
    _Child.readers = {limits.engine: factories.make(engine)}


def _readers(engine: str) -> Readers:
    """The readers of this child with ``engine``, which is made at its first use; empty for the usual one."""
    limits, made = _Child.limits, _Child.readers
    name = engine or limits.engine
    if name not in made:
        other = _Child.make_engine(name, limits.language, limits.seconds * 0.8)
        made[name] = replace(made[limits.engine], engine=other)
    return made[name]


def _inspect(path: Path, name: str) -> Source:
    source = intake.inspect(path, name, _Child.limits.bounds)
    examine = _Child.factories.signatures
    if not source.signatures or examine is None:
        return source
    return replace(source, signed=examine_bounded(path, examine(), _Child.limits.seconds / 3))


def read_here(path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None) -> ReadPage:
    """Read a page in the very process of the caller, which must be a child of a :class:`PagePool`.

    Raises ``UnavailableError`` where the engine is missing.
    """
    limits = _Child.limits
    try:
        readers = _readers(engine)
        bounds, profile = limits.bounds, limits.profile
        codes = known_codes(path, _Child.edition, number) if path.parent == limits.copies else None
        return read_scan(
            path, media_type, number, bounds=bounds, readers=readers, profile=profile, upright=upright, codes=codes
        )
    except MemoryError:
        return unread_page(number, "out_of_memory", "Trang quá lớn để xử lý. Hãy quét lại ở 300 dpi.")
    except SohoaError:
        raise
    except Exception as error:  # one page that nobody foresaw must not take the others along
        log.exception("page not read", page=number)
        advice = f"Hệ thống không đọc được trang này ({type(error).__name__}). Hãy quét lại trang hoặc báo quản trị."
        return unread_page(number, "recognition_failed", advice)


def take_over_here(path: Path, media_type: str, page: ForeignPage, source: str, upright: int | None = None) -> ReadPage:
    """A page with the words of another program, in the very process of the caller, a child of a :class:`PagePool`."""
    limits = _Child.limits
    taken = None
    with contextlib.suppress(MemoryError):
        scan = Scan(path, media_type, upright)
        taken = take_over(scan, page, source, bounds=limits.bounds, readers=_readers(""), profile=limits.profile)
    return taken or read_here(path, media_type, page.number, "", upright)


def bounds_here() -> intake.Bounds:
    """The bounds on files in the very process of the caller, which must be a child of a :class:`PagePool`."""
    return _Child.limits.bounds


def codes_here() -> CodeReader | None:
    """What reads codes in the very process of the caller, a child of a :class:`PagePool`; None where nothing does."""
    return _Child.readers[_Child.limits.engine].codes


class PagePool:
    """A pool of killable children; also ``flow.PageReader``. Close it, or use it in a ``with`` block."""

    def __init__(
        self,
        make_engine: EngineFactory,
        limits: Limits,
        jobs: int,
        factories: Factories | None = None,
        edition: str = "",
    ) -> None:
        """A pool of ``jobs`` children; without ``factories`` nothing but the engine reads. ``edition`` is the software's."""
        self.jobs = jobs
        self.edition = edition
        self._infos: dict[str, EngineInfo] = {}
        self._factories = factories or Factories()
        self._limits = limits
        self._make_engine = make_engine
        self._pool = ProcessPool(
            max_workers=jobs,
            max_tasks=1000,
            initializer=_begin,
            initargs=[make_engine, limits, self._factories, edition],
            context=context_with(make_engine.__module__),
        )

    def __enter__(self) -> PagePool:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def engine(self) -> EngineInfo:
        """The usual engine of the children; what reads beside it counts among its models."""
        return self.engine_called("")

    def engine_called(self, name: str) -> EngineInfo:
        """The engine of this name, empty for the usual one; raises ``UnavailableError`` where it is missing."""
        name = name or self._limits.engine
        if name not in self._infos:
            info = self._make_engine(name, self._limits.language, self._limits.seconds).info
            self._infos[name] = replace(info, models=(*info.models, *self._factories.names))
        return self._infos[name]

    def made_with(self, engine: str) -> str:
        """What decides how ``engine`` reads here, as text: itself, its models, the edition of the software."""
        info = self.engine_called(engine)
        return " ".join((info.name, info.version, ",".join(info.models), info.digest[:16] or "-", self.edition or "-"))

    def submit(self, function: Callable[..., Any], *args: object, seconds: float | None = None) -> Future[Any]:
        """Run an importable ``function`` in a child, killed after ``seconds`` (the page's own limit by default)."""
        future: Future[Any] = self._pool.schedule(function, args=list(args), timeout=seconds or self._limits.seconds)
        return future

    def warm(self) -> None:
        """Begin to make the children, so that the first page does not wait for them; does not wait itself."""
        self.submit(bounds_here)

    def start_inspecting(self, path: Path, name: str) -> Future[Source]:
        """Begin what :meth:`inspect` waits for."""
        return self.submit(_inspect, path, name)

    def start_reading(
        self, path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None
    ) -> Future[ReadPage]:
        """Begin what :meth:`read` waits for."""
        return self.submit(read_here, path, media_type, number, engine, upright)

    def take_over(self, path: Path, media_type: str, page: ForeignPage, source: str, upright: int | None = None) -> ReadPage:
        """The page with the words that another program (``source``) read on it; read where they are of another picture."""
        return read(self.submit(take_over_here, path, media_type, page, source, upright), page.number)

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""
        return inspected(self.start_inspecting(path, name), name)

    def read(self, path: Path, media_type: str, number: int, engine: str = "", upright: int | None = None) -> ReadPage:
        """The page, read by ``engine`` (empty: the usual one); an unread one where it took too long or killed its process."""
        return read(self.start_reading(path, media_type, number, engine, upright), number)

    def stop(self) -> None:
        """End all children, whatever they are doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def inspected(future: Future[Source], name: str) -> Source:
    """The outcome of an inspection; one that never came back means a damaged file."""
    try:
        return future.result()
    except (TimeoutError, ProcessExpired, MemoryError) as error:
        raise DamagedFileError(
            f"{name}: opening the file took too long or crashed ({type(error).__name__}); scan the paper again",
            advice="Không mở được tệp này. Hãy quét lại tài liệu hoặc xuất lại tệp PDF.",
        ) from error
    except SohoaError:
        raise
    except Exception as error:
        raise StageError(
            f"{name}: opening the file failed ({type(error).__name__}: {error}); try again or report it",
            code="inspection_failed",
            advice="Hệ thống không mở được tệp này. Hãy thử lại hoặc báo quản trị.",
        ) from error


def read(future: Future[ReadPage], number: int) -> ReadPage:
    """The outcome of a reading; one that never came back means an unread page."""
    try:
        return future.result()
    except (TimeoutError, ProcessExpired) as error:
        return lost_page(error, number)


def lost_page(error: BaseException, number: int) -> ReadPage:
    """The unread page that stands for a reading that ended in ``error``; raises what is no fate of a single page."""
    if isinstance(error, TimeoutError):
        return unread_page(number, "page_timeout", "Đọc trang này quá lâu. Hãy quét lại trang ở 300 dpi.")
    if isinstance(error, ProcessExpired):
        return unread_page(number, "killed_worker", "Trang này làm máy đọc dừng đột ngột. Hãy quét lại trang.")
    raise error
