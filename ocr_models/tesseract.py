"""Tesseract through pytesseract: one killable child process a reading, on one core."""

from __future__ import annotations

import os
import tempfile
from collections import ChainMap
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import pytesseract
from pytesseract import pytesseract as wrapper

from ocr_models.model_files import digest_models, find_models, missing_language, missing_program
from ocr_models.tsv import parse_lines
from pipeline.domain.errors import RecognitionError
from pipeline.domain.geometry import Box
from pipeline.domain.pages import Line, PageImage, Pixels
from pipeline.ports import EngineInfo

#: Longest side Tesseract takes (it keeps lengths in 16 bits).
LONGEST_SIDE = 32767

#: Page segmentation modes: one line, one block of text.
SINGLE_LINE, SINGLE_BLOCK = 7, 6

#: The least resolution Tesseract believes.
LEAST_DPI = 70

# pytesseract hands this mapping to its child. Without the limit Tesseract starts threads that
# triple its CPU time for the same wall time; the variable must not leak into our own process.
wrapper.environ = ChainMap({"OMP_THREAD_LIMIT": "1"}, os.environ)


class TesseractEngine:
    """Reads pages with the Tesseract installed on this machine.

    ``timeout`` in seconds bounds one reading; ``psm`` is the page segmentation mode of whole pages.
    """

    def __init__(self, language: str = "vie", timeout: float = 100.0, psm: int = 3) -> None:
        self.language = language
        self.timeout = timeout
        self.psm = psm

    @cached_property
    def info(self) -> EngineInfo:
        """Name, version and language; raises ``UnavailableError`` where the program or the language is missing."""
        try:
            version = str(pytesseract.get_tesseract_version())
        except (pytesseract.TesseractNotFoundError, OSError, SystemExit) as error:
            raise missing_program() from error
        self._check_language(self.language)
        return EngineInfo("tesseract", version, (self.language,), digest_models(find_models(), self.language))

    def read(self, image: PageImage, *, region: Box | None = None, single_line: bool = False) -> tuple[Line, ...]:
        """The lines of ``image`` or of its ``region``, in Tesseract's order, boxes in pixels of ``image``."""
        left, top, pixels = crop_region(image, region)
        if pixels.size == 0:
            return ()
        psm = choose_segmentation(self.psm, region, single_line=single_line)
        config = f"--oem 1 --psm {psm} --dpi {told_dpi(image.dpi)} -c tessedit_do_invert=0 -c tessedit_create_tsv=1"
        with self._running(self.language), _picture_file(pixels) as path:
            table = wrapper.run_and_get_output(
                str(path), extension="tsv", lang=self.language, config=config, timeout=self.timeout
            )
        return parse_lines(table, left, top)

    def upright(self, image: PageImage) -> tuple[int, float]:
        """The clockwise turn that makes ``image`` upright, and how sure Tesseract is; (0, 0) without text."""
        try:
            with self._running("osd"), _picture_file(image.pixels) as path:
                found = pytesseract.image_to_osd(
                    str(path),
                    config=f"--dpi {told_dpi(image.dpi)}",
                    output_type=pytesseract.Output.DICT,
                    timeout=self.timeout,
                )
        except RecognitionError:
            return 0, 0.0
        return int(found.get("rotate", 0)), float(found.get("orientation_conf", 0.0))

    @contextmanager
    def _running(self, language: str) -> Iterator[None]:
        try:
            yield
        except pytesseract.TesseractNotFoundError as error:
            raise missing_program() from error
        except pytesseract.TesseractError as error:
            self._check_language(language)
            raise RecognitionError(f"tesseract failed with status {error.status}: {error.message}") from error
        except RuntimeError as error:
            raise took_too_long(self.timeout) from error
        except (OSError, UnicodeDecodeError) as error:
            raise RecognitionError(f"tesseract gave no readable result: {error}") from error

    def _check_language(self, language: str) -> None:
        if language not in pytesseract.get_languages():
            raise missing_language(language)


def took_too_long(seconds: float) -> RecognitionError:
    """The error for a reading that was stopped after ``seconds``."""
    return RecognitionError(
        f"tesseract took longer than {seconds:g} s and was stopped",
        code="page_timeout",
        advice="Trang này đọc quá lâu: hãy quét lại ở 300 dpi, đen trắng hoặc màu, rồi gửi lại.",
    )


def choose_segmentation(whole_page: int, region: Box | None, *, single_line: bool) -> int:
    """The page segmentation mode for a reading: of one line, of one block of text, or, of all, ``whole_page``."""
    return SINGLE_LINE if single_line else whole_page if region is None else SINGLE_BLOCK


def told_dpi(dpi: float) -> int:
    """The resolution Tesseract is told: it does not believe less than 70."""
    return max(LEAST_DPI, round(dpi))


def crop_region(image: PageImage, region: Box | None) -> tuple[int, int, Pixels]:
    """Left, top and pixels of ``region`` (the whole image without one); raises ``RecognitionError`` for endless pictures."""
    if max(image.pixels.shape[:2]) > LONGEST_SIDE:
        raise RecognitionError(f"page {image.number} is longer than {LONGEST_SIDE} pixels; scan it at 300 dpi")
    if region is None:
        return 0, 0, image.pixels
    left, top = max(0, int(region.left)), max(0, int(region.top))
    right, bottom = min(image.width, int(np.ceil(region.right))), min(image.height, int(np.ceil(region.bottom)))
    return left, top, image.pixels[top : max(top, bottom), left : max(left, right)]


@contextmanager
def _picture_file(pixels: Pixels) -> Iterator[Path]:
    # PGM and PPM are written as they lie in memory; coding a PNG costs as much as half a reading.
    height, width = pixels.shape[:2]
    kind = "P5" if pixels.ndim == 2 else "P6"
    with tempfile.TemporaryDirectory(prefix="sohoa-ocr-") as folder:
        path = Path(folder) / ("page.pgm" if pixels.ndim == 2 else "page.ppm")
        with path.open("wb") as file:
            file.write(f"{kind}\n{width} {height}\n255\n".encode())
            file.write(np.ascontiguousarray(pixels).data)
        yield path
