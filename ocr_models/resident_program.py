"""Tesseract's library in a program of its own, which stays: pictures in by the pipe, words out by the pipe.

Run as a script by :mod:`ocr_models.resident`. It imports nothing of the project, so that it starts fast and stays small,
and keeps the library (and the codecs its wheel brings along) out of the processes of the product.

A request is a line of JSON (see :meth:`ocr_models.resident.ResidentTesseract`) and the pixels, row by row.
The answer is a digit (1 where it went well, else 0), ten digits (how many bytes follow) and the bytes: JSON, or what
went wrong.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
from typing import Any, BinaryIO

import tesserocr

#: prctl(2): the signal this process gets when the one that started it dies.
PR_SET_PDEATHSIG = 1

SYMBOL, WORD = tesserocr.RIL.SYMBOL, tesserocr.RIL.WORD

#: ``lstm_choice_mode``: what else each sign may be.
CHOICES_OF_SIGNS = "2"

#: Points of a sign's confidence for one nat: the library counts 100 less five for each.
POINTS = 5.0

#: Choices less likely than the sign read by more than so many nats are left out.
FARTHEST = 18.0

#: Kinds of page segmentation: only orientation.
PSM_OSD_ONLY = 0


Request = dict[str, Any]


class Library:
    """The recogniser and, once asked for, the finder of orientation; each loads its model once."""

    def __init__(self, folder: str, language: str) -> None:
        """Load the model of ``language`` from ``folder``; raises ``RuntimeError`` where it is missing."""
        self._folder = folder
        self._reader = tesserocr.PyTessBaseAPI(path=folder, lang=language, oem=tesserocr.OEM.LSTM_ONLY)
        self._reader.SetVariable("tessedit_do_invert", "0")
        self._reader.SetVariable("lstm_choice_mode", CHOICES_OF_SIGNS)
        self._finder: Any = None

    def info(self, request: Request, pixels: bytes) -> bytes:
        """Version of the library and the languages it finds."""
        version = tesserocr.tesseract_version().split("\n")[0].split()[-1]
        return json.dumps({"version": version, "languages": tesserocr.get_languages(self._folder)[1]}).encode()

    def read(self, request: Request, pixels: bytes) -> bytes:
        """The words of a picture in its reading order, as a list of :func:`_words`."""
        _show(self._reader, request, pixels)
        self._reader.SetPageSegMode(request["psm"])
        try:
            self._reader.Recognize()
            found = self._reader.GetIterator()
            return json.dumps(_words(found) if found else []).encode()
        finally:
            self._reader.Clear()

    def upright(self, request: Request, pixels: bytes) -> bytes:
        """The clockwise turn that makes a picture upright, and how sure that is."""
        if self._finder is None:
            self._finder = tesserocr.PyTessBaseAPI(path=self._folder, lang="osd", psm=PSM_OSD_ONLY)
        _show(self._finder, request, pixels)
        found = self._finder.DetectOrientationScript() or {}
        self._finder.Clear()
        turn = (360 - int(found.get("orient_deg", 0))) % 360
        return json.dumps({"turn": turn, "confidence": float(found.get("orient_conf", 0.0))}).encode()


def _words(at: tesserocr.PyResultIterator) -> list[list[Any]]:
    """Each word: whether it begins a block, a line, its left, top, right, bottom, its confidence 0..100, its signs."""
    words: list[list[Any]] = []
    more = not at.Empty(SYMBOL) or at.Next(SYMBOL)
    while more:
        if not words or at.IsAtBeginningOf(WORD):
            begins = [at.IsAtBeginningOf(level) for level in (tesserocr.RIL.BLOCK, tesserocr.RIL.TEXTLINE)]
            words.append([*begins, *at.BoundingBox(WORD), at.Confidence(WORD), []])
        words[-1][-1].append(_sign(at))
        more = at.Next(SYMBOL)
    return words


def _sign(at: tesserocr.PyResultIterator) -> list[Any]:
    """The sign read, then what else it may be, each as two entries: the text, and how many nats less likely it is."""
    read = at.GetUTF8Text(SYMBOL)
    choices = [(choice.GetUTF8Text(), choice.Confidence()) for choice in at.GetChoiceIterator() or ()]
    best = max((confidence for text, confidence in choices if text == read), default=100.0)
    sign = [read]
    for text, confidence in choices:
        nats = round((best - confidence) / POINTS, 1)
        if text != read and confidence > 0 and nats <= FARTHEST:
            sign += [text, nats]
    return sign


def _show(api: tesserocr.PyTessBaseAPI, request: Request, pixels: bytes) -> None:
    width, channels = request["width"], request["channels"]
    api.SetImageBytes(pixels, width, request["height"], channels, width * channels)
    api.SetSourceResolution(request["dpi"])


def serve(library: Library, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the pipe ends."""
    while head := requests.readline():
        request = json.loads(head)
        pixels = requests.read(request["width"] * request["height"] * request["channels"])
        try:
            reply(answers, getattr(library, request["task"])(request, pixels))
        except RuntimeError as error:
            reply(answers, str(error).encode(), well=False)


def reply(answers: BinaryIO, answer: bytes, *, well: bool = True) -> None:
    """Send one answer."""
    answers.write(b"%d%010d" % (well, len(answer)) + answer)
    answers.flush()


def main() -> int:
    """Serve on the standard streams; whatever the library prints goes nowhere."""
    folder, language = sys.argv[1:3]
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        library = Library(folder, language)
    except RuntimeError as error:
        reply(answers, str(error).encode(), well=False)
        return 1
    reply(answers, b"")
    serve(library, sys.stdin.buffer, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
