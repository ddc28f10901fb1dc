"""Learn how often words are right for which so much speaks: the weights in ocr_models/confidence.toml.

    python -m scripts.train_confidence DIR... [--engine tesserocr] [--out ocr_models/confidence.toml] [--check DIR]

``DIR``: folders made by ``python -m scripts.corpus --split tune``. Every page is read as the product reads it, each word is
looked up in the truth, and a logistic regression is fitted to what speaks for and against it (recognition/evidence.py).
``--check`` names a folder of other pages, on which the error of calibration is printed.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_models.confidence import WEIGHTS
from pipeline.domain.pages import PageOrigin
from pipeline.intake import Bounds, inspect
from pipeline.reading import Readers, read_scan
from pipeline.recognition.evidence import FEATURES
from pipeline.settings import ENGINES
from pipeline.workbench import build_code_reader, build_digit_reader, build_engine, build_language_model
from scripts.bench import corpora
from scripts.bench.calibration import labelled_words
from scripts.bench.reliability import Judged, calibration_error

#: Strength of the pull of all weights to nothing.
PULL = 2.0

Table = tuple[NDArray[np.float64], NDArray[np.bool_]]


def read_options(description: str | None, arguments: Sequence[str] | None) -> argparse.Namespace:
    """What a training of confidence is told: ``folders``, ``engine``, ``out`` and ``check``."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="DIR", nargs="+", type=Path)
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--check", type=Path)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train; returns the exit status."""
    options = read_options(__doc__, arguments)
    readers = Readers(
        build_engine(options.engine, "vie", 100.0), build_language_model(), build_digit_reader(), build_code_reader()
    )
    evidence, right = gather((page for folder in options.folders for page in corpora.made_texts(folder)), readers)
    weights = fit(evidence, right)
    print(
        f"{len(right)} words, {right.mean():.4f} right; calibration error on these {calibration(evidence, right, weights):.4f}"
    )
    if options.check:
        others, hits = gather(corpora.made_texts(options.check), readers)
        print(f"{len(hits)} words of {options.check.name}: calibration error {calibration(others, hits, weights):.4f}")
    write(options.out, options.engine, weights, FEATURES)
    return 0


class Recorder:
    """A model that writes down the evidence it is shown and says, as the chance of each word, where it wrote it."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.float32]] = []

    def knows(self, engine: str) -> bool:
        """Whether it wants to see words of this engine: of any."""
        return bool(engine)

    def chances(self, evidence: NDArray[np.float32], features: Sequence[str], engine: str) -> Sequence[float]:
        """The numbers of the rows."""
        first = len(self.rows)
        self.rows += list(evidence)
        return [float(at) for at in range(first, len(self.rows))]


def gather(pages: Iterable[corpora.PageTruth], readers: Readers) -> Table:
    """What speaks for each word of ``pages``, and whether it is right; mended and handwritten words are left out."""
    places, right = [], []
    recorder = Recorder()
    readers = replace(readers, confidence=recorder)
    for page in pages:
        kind = inspect(page.file, page.name, Bounds()).media_type
        reading = read_scan(page.file, kind, page.page, bounds=Bounds(), readers=readers, profile="nd30").reading
        if reading.origin is not PageOrigin.OCR:
            continue
        for word, hit in labelled_words(page.text, reading.text, own=page.own, beside=page.beside):
            if not (word.read or word.written):
                places.append(int(word.confidence))
                right.append(hit)
    return np.array(recorder.rows, np.float64)[places], np.array(right, bool)


def fit(evidence: NDArray[np.float64], right: NDArray[np.bool_], pull: float = PULL, turns: int = 30) -> NDArray[np.float64]:
    """The weights of the logistic regression, by Newton's method with a ``pull`` to nothing."""
    weights = np.zeros(evidence.shape[1])
    for _ in range(turns):
        chances = 1.0 / (1.0 + np.exp(-(evidence @ weights)))
        slope = evidence.T @ (chances - right) + pull * weights
        curve = (evidence * (chances * (1 - chances))[:, None]).T @ evidence + pull * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def calibration(evidence: NDArray[np.float64], right: NDArray[np.bool_], weights: NDArray[np.float64]) -> float:
    """How far the chances that ``weights`` give are off, in ten even bins."""
    chances = 1.0 / (1.0 + np.exp(-(evidence @ weights)))
    return calibration_error(Judged(chances.tolist(), right.tolist()).equal_bins(10))


def write(path: Path, engine: str, weights: NDArray[np.float64], features: Sequence[str]) -> None:
    """Put the weights of ``engine`` into the file at ``path``, beside those of other engines."""
    tables = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    tables[engine] = {name: round(float(weight), 4) for name, weight in zip(features, weights, strict=True)}
    lines = ["# What speaks for and against words, by who reads. Written by scripts/train_confidence.py and train_witness.py."]
    for name, table in sorted(tables.items()):
        lines += ["", f"[{name}]", *(f'"{feature}" = {weight}' for feature, weight in table.items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
