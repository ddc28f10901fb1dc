"""Learn how much the word of the reader of lines counts: its table in ocr_models/confidence.toml.

    python -m scripts.train_witness DIR... [--out ocr_models/confidence.toml] [--check DIR]

``DIR``: folders made by ``python -m scripts.corpus --split tune``. Every page is read as the product reads it; doubtful words
of values that the second witness is asked about (recognition/witness.py) are looked up in the truth, and a logistic regression
is fitted to what was thought of them before and what the witness says. Learn the words' own weights first.
``--check`` names a folder of other pages, on which the error of calibration is printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_models.confidence import LogisticConfidence
from pipeline.domain.pages import PageOrigin, PageText
from pipeline.intake import Bounds, inspect
from pipeline.ports import ConfidenceModel
from pipeline.reading import Readers, read_scan
from pipeline.recognition import WITNESS_FEATURES
from pipeline.workbench import (
    build_code_reader,
    build_digit_reader,
    build_engine,
    build_language_model,
    build_line_reader,
)
from scripts.bench import corpora
from scripts.bench.calibration import labelled_words
from scripts.train_confidence import Table, calibration, fit, read_options, write

#: Strength of the pull of all weights to nothing: there are few of them, and they are all borne out or not.
PULL = 0.3

#: What truths spell otherwise than readers do, m² and 1/2: nobody can bear it out.
OTHERWISE = ("m2", "⁄")


class Recorder:
    """Writes down what the witness says of words and gives as the chance of each, below nothing, where it wrote it."""

    def __init__(self, words: ConfidenceModel, witness: str) -> None:
        self.words, self.witness = words, witness
        self.rows: list[NDArray[np.float32]] = []

    def knows(self, engine: str) -> bool:
        """Whether words of this engine can be weighed, or it is the witness."""
        return engine == self.witness or self.words.knows(engine)

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str], engine: str) -> Sequence[float]:
        """The chances of an engine's words; of the witness's the numbers of the rows."""
        if engine != self.witness:
            return self.words.chances(evidence, features, engine)
        first = len(self.rows)
        self.rows += list(evidence)
        return [-1.0 - at for at in range(first, len(self.rows))]

    def take(self, page: corpora.PageTruth, text: PageText) -> tuple[list[int], list[bool]]:
        """The rows of the words of ``text`` that the witness was asked about, and whether they are right."""
        asked = [
            (-1 - int(word.confidence), hit)
            for word, hit in labelled_words(page.text, text, own=page.own, beside=page.beside)
            if word.confidence < 0 and not any(sign in word.text for sign in OTHERWISE)
        ]
        return [row for row, _ in asked], [hit for _, hit in asked]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train; returns the exit status."""
    options = read_options(__doc__, arguments)
    witness = build_line_reader()
    recorder = Recorder(LogisticConfidence(), witness.info.name)
    readers = Readers(
        build_engine(options.engine, "vie", 100.0),
        build_language_model(),
        build_digit_reader(),
        build_code_reader(),
        recorder,
        witness,
    )
    pages = (page for folder in options.folders for page in corpora.made_texts(folder))
    evidence, right = gather(pages, readers, recorder)
    weights = fit(evidence, right, PULL)
    print(
        f"{len(right)} words, {right.mean():.4f} right; calibration error on these {calibration(evidence, right, weights):.4f}"
    )
    if options.check:
        others, hits = gather(corpora.made_texts(options.check), readers, recorder)
        print(f"{len(hits)} words of {options.check.name}: calibration error {calibration(others, hits, weights):.4f}")
    write(options.out, witness.info.name, weights, WITNESS_FEATURES)
    return 0


def gather(pages: Iterable[corpora.PageTruth], readers: Readers, recorder: Recorder) -> Table:
    """What the witness says of doubtful words of ``pages``, read with the ``recorder``, and whether they are right."""
    places: list[int] = []
    right: list[bool] = []
    for page in pages:
        kind = inspect(page.file, page.name, Bounds()).media_type
        reading = read_scan(page.file, kind, page.page, bounds=Bounds(), readers=readers, profile="nd30").reading
        if reading.origin is PageOrigin.OCR:
            rows, hits = recorder.take(page, reading.text)
            places += rows
            right += hits
    return np.array(recorder.rows, np.float64)[places], np.array(right, bool)


if __name__ == "__main__":
    raise SystemExit(main())
