"""Scans as browsers show them: a page as the eye sees it, upright, no wider than asked for.

Foreign files are opened in killable processes that hold nothing else; what they make is kept on this machine for a while.
"""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import signal
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

import cv2
import numpy as np
from pebble import ProcessExpired, ProcessPool

from pipeline import cleanup, intake
from pipeline.domain.documents import Source
from pipeline.domain.errors import NotFoundError, RejectedInputError, StageError
from pipeline.domain.pages import Pixels, Quality
from pipeline.forking import context_with
from pipeline.isolation import inspected
from pipeline.ports import Clock

MEDIA_TYPE = "image/webp"

T = TypeVar("T")

#: How long a view is kept on this machine.
KEPT_HERE = timedelta(hours=2)

#: Widths that are made; what is asked for is the next larger one.
WIDTHS = (240, 1240, 2480)

_QUALITY, _THUMBNAIL_QUALITY = 82, 70
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Sight:
    """What is to be shown: page ``number`` of the file ``path`` with this ``sha256``, turned clockwise by ``turn`` degrees."""

    path: Path
    sha256: str
    media_type: str
    number: int
    turn: int
    width: int


@dataclass(frozen=True, slots=True)
class Glance:
    """A first look at a page: the verdict on its scan, and whether it is blank."""

    quality: Quality
    blank: bool = False


class ScanViewer(Protocol):
    """Shows scans."""

    def view(self, sight: Sight) -> Path:
        """A WebP file; raises ``NotFoundError`` where there is no such page, ``StageError`` where it cannot be shown."""

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""

    def glance(self, sight: Sight) -> Glance:
        """The verdict on a page; its view is drawn on the way. Raises as :meth:`view` does."""


class ScanViews:
    """A pool of small killable children that draw pages; close it with :meth:`stop`."""

    def __init__(self, folder: Path, clock: Clock, bounds: intake.Bounds, *, jobs: int = 2, seconds: float = 30.0) -> None:
        """Views are kept in ``folder``; a page that takes longer than ``seconds`` is not shown."""
        self._folder = folder
        self._clock = clock
        self._seconds = seconds
        self._pool = ProcessPool(
            max_workers=jobs,
            max_tasks=500,
            initializer=_begin,
            initargs=[bounds],
            context=context_with(__name__),
        )

    def view(self, sight: Sight) -> Path:
        """A WebP file; raises ``NotFoundError`` where there is no such page, ``StageError`` where it cannot be shown."""
        path = self._path(sight)
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            _forget_old(self._folder, self._clock.now() - KEPT_HERE)
            part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            self._run(_draw, sight, part)
            part.replace(path)
        return path

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``."""
        future: Future[Source] = self._pool.schedule(_inspect, args=[path, name], timeout=self._seconds)
        return inspected(future, name)

    def glance(self, sight: Sight) -> Glance:
        """The verdict on a page; its view is drawn on the way. Raises as :meth:`view` does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(sight)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        seen: Glance = self._run(_glance, sight, part)
        part.replace(path)
        return seen

    def _path(self, sight: Sight) -> Path:
        return self._folder / f"{sight.sha256}-{sight.number}-{sight.turn}-{sight.width}.webp"

    def _run(self, function: Callable[[Sight, Path], T], sight: Sight, part: Path) -> T:
        future: Future[T] = self._pool.schedule(function, args=[sight, part], timeout=self._seconds)
        try:
            return future.result()
        except RejectedInputError as error:
            raise NotFoundError(f"page {sight.number} cannot be shown: {error.message}", advice=error.advice) from error
        except (TimeoutError, ProcessExpired, MemoryError) as error:
            raise StageError(
                f"page {sight.number} cannot be shown ({type(error).__name__})",
                code="not_shown",
                advice="Không hiển thị được ảnh của trang này. Hãy mở tệp PDF hoặc đối chiếu bản giấy.",
            ) from error

    def warm(self) -> None:
        """Start a child before the first page is asked for."""
        self._pool.schedule(_nothing)

    def stop(self) -> None:
        """End all children, whatever they are doing."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def width_for(wanted: int) -> int:
    """The width that is made where ``wanted`` is asked for."""
    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1])


class _Child:
    bounds: intake.Bounds


def _begin(bounds: intake.Bounds) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (3 * 1024**3, 3 * 1024**3))
    os.nice(1)
    cv2.setNumThreads(1)
    _Child.bounds = bounds


def _nothing() -> None:
    """Nothing; a child that was asked for it has started."""


def _draw(sight: Sight, part: Path) -> None:
    image = intake.read_page(sight.path, sight.media_type, sight.number, _Child.bounds).image
    part.write_bytes(encode_view(image.pixels, sight.turn, sight.width))


def _glance(sight: Sight, part: Path) -> Glance:
    image = intake.read_page(sight.path, sight.media_type, sight.number, _Child.bounds).image
    part.write_bytes(encode_view(image.pixels, sight.turn, sight.width))
    quality, blank = cleanup.glance(image)
    return Glance(quality, blank)


def _inspect(path: Path, name: str) -> Source:
    return intake.inspect(path, name, _Child.bounds)


def encode_view(pixels: Pixels, turn: int, width: int) -> bytes:
    """The page turned and no wider than ``width``, as WebP."""
    shown: Pixels = pixels
    across = pixels.shape[0] if turn in {90, 270} else pixels.shape[1]
    factor = min(1.0, width / across)
    if factor < 1:
        shown = cv2.resize(shown, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(np.uint8)
    if turn in _TURNS:
        shown = cv2.rotate(shown, _TURNS[turn]).astype(np.uint8)
    if shown.ndim == 3:
        shown = cv2.cvtColor(shown, cv2.COLOR_RGB2BGR).astype(np.uint8)
    quality = _THUMBNAIL_QUALITY if width <= WIDTHS[0] else _QUALITY
    done, coded = cv2.imencode(".webp", shown, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise StageError("a page could not be coded", code="not_shown")
    return coded.tobytes()


def _forget_old(folder: Path, before: datetime) -> None:
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
