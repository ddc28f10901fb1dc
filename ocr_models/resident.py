"""Tesseract's library in a child process that stays: a model is loaded once, and pictures go by pipe instead of by file.

A third cheaper than starting the program ``tesseract`` for every reading (docs/decisions/0021).
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
import weakref
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from ocr_models.model_files import digest_models, find_models, missing_language
from ocr_models.tesseract import choose_segmentation, crop_region, told_dpi, took_too_long
from ocr_models.tsv import tidy_text
from pipeline.domain.errors import RecognitionError, UnavailableError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Pixels, Word
from pipeline.ports import EngineInfo

PROGRAM = Path(__file__).with_name("resident_program.py")

#: Length of the head of an answer: a digit for how it went, ten for the number of bytes behind it.
HEAD_BYTES = 11

#: Seconds that starting and loading the models may take.
STARTING = 60.0


class ResidentTesseract:
    """Reads pages with Tesseract's library of the package ``tesserocr`` and the models installed on this machine.

    ``timeout`` in seconds bounds one reading; ``psm`` is the page segmentation mode of whole pages. The child is started at
    the first reading, ends with this process, and is started anew after it failed.
    """

    def __init__(self, language: str = "vie", timeout: float = 100.0, psm: int = 3) -> None:
        self.language = language
        self.timeout = timeout
        self.psm = psm
        self._child: _Child | None = None

    @cached_property
    def info(self) -> EngineInfo:
        """Name, version and language; raises ``UnavailableError`` where the library or a language is missing."""
        running = self._child if self._child is not None and self._child.lives else None
        child = running or _Child(self._models, self.language)
        try:
            found = json.loads(child.ask("info", np.zeros((0, 0), np.uint8), 0, 0, STARTING))
        finally:
            if running is None:
                child.end()
        for language in (*self.language.split("+"), "osd"):
            if language not in found["languages"]:
                raise missing_language(language)
        return EngineInfo("tesserocr", found["version"], (self.language,), digest_models(self._models, self.language))

    @cached_property
    def _models(self) -> Path:
        return find_models()

    def read(self, image: PageImage, *, region: Box | None = None, single_line: bool = False) -> tuple[Line, ...]:
        """The lines of ``image`` or of its ``region``, in Tesseract's order, boxes in pixels of ``image``."""
        left, top, pixels = crop_region(image, region)
        if pixels.size == 0:
            return ()
        psm = choose_segmentation(self.psm, region, single_line=single_line)
        return _as_lines(json.loads(self._ask("read", pixels, image.dpi, psm)), left, top)

    def upright(self, image: PageImage) -> tuple[int, float]:
        """The clockwise turn that makes ``image`` upright, and how sure Tesseract is; (0, 0) without text."""
        try:
            found = json.loads(self._ask("upright", image.pixels, image.dpi, 0))
        except RecognitionError:
            return 0, 0.0
        return int(found["turn"]), float(found["confidence"])

    def _ask(self, task: str, pixels: Pixels, dpi: float, psm: int) -> bytes:
        if self._child is None or not self._child.lives:
            self._child = _Child(self._models, self.language)
        try:
            return self._child.ask(task, pixels, dpi, psm, self.timeout)
        except TimeoutError as error:
            self._child.end()
            raise took_too_long(self.timeout) from error
        except OSError as error:
            self._child.end()
            raise RecognitionError(f"the process that holds tesseract ended while it read a page ({error})") from error


class _Child:
    """A running ``resident_program``."""

    def __init__(self, models: Path, language: str) -> None:
        """Start it and wait until its model is loaded; raises ``UnavailableError`` where it does not start."""
        command = [sys.executable, "-I", str(PROGRAM), str(models), language]
        environ = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environ)
        self.end = weakref.finalize(self, _end, self._process)
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        try:
            self._answer(time.monotonic() + STARTING)
        except OSError as error:
            self.end()
            raise _missing_library() from error
        except RecognitionError as error:
            self.end()
            raise missing_language(language) from error

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def ask(self, task: str, pixels: Pixels, dpi: float, psm: int, seconds: float) -> bytes:
        """The answer; raises ``TimeoutError``, ``RecognitionError`` where it could not be given, ``OSError`` where it died."""
        height, width = pixels.shape[:2]
        request = {
            "task": task,
            "width": width,
            "height": height,
            "channels": 1 if pixels.ndim == 2 else 3,
            "dpi": told_dpi(dpi),
            "psm": psm,
        }
        until = time.monotonic() + seconds
        self._requests.write(json.dumps(request).encode() + b"\n")
        self._requests.write(np.ascontiguousarray(pixels).data)
        self._requests.flush()
        return self._answer(until)

    def _answer(self, until: float) -> bytes:
        head = self._receive(HEAD_BYTES, until)
        answer = self._receive(int(head[1:]), until)
        if head[:1] != b"1":
            raise RecognitionError(f"tesseract failed: {answer.decode('utf-8', 'replace')}")
        return answer

    def _receive(self, length: int, until: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(self._answers.fileno(), length - len(received))
            if not part:
                raise BrokenPipeError("no answer")
            received += part
        return bytes(received)


def _as_lines(told: list[list[Any]], left: int, top: int) -> tuple[Line, ...]:
    """The words of the program as lines, boxes moved by (``left``, ``top``)."""
    lines: list[list[Word]] = []
    blocks: list[int] = []
    for new_block, new_line, x, y, right, bottom, confidence, signs in told:
        if new_line or not lines:
            lines.append([])
            blocks.append((blocks[-1] if blocks else 0) + bool(new_block))
        text = "".join(tidy_text(sign[0]).strip() for sign in signs)
        if text:
            choices = tuple(tuple(zip(map(tidy_text, sign[1::2]), sign[2::2], strict=True)) for sign in signs)
            box = Box(float(x + left), float(y + top), float(right + left), float(bottom + top))
            sure = min(1.0, max(0.0, confidence / 100))
            lines[-1].append(Word(text, box, sure, choices=choices if len(choices) == len(text) else ()))
    return tuple(Line(tuple(words), block) for words, block in zip(lines, blocks, strict=True) if words)


def _missing_library() -> UnavailableError:
    return UnavailableError(
        "the library of tesseract does not start; run: pip install tesserocr",
        code="engine_missing",
        advice="Thư viện Tesseract không chạy được. Quản trị viên hãy chạy: pip install tesserocr",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
