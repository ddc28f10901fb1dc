"""The command line of the sample generator: ``python -m scripts.corpus``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from scripts.corpus.binding import bind
from scripts.corpus.defects import LEVELS, Level
from scripts.corpus.dossier import write_dossier
from scripts.corpus.make import DPI, TYPES, make_document
from scripts.corpus.specimen import SUFFIXES


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.corpus", description="Draws invented documents with their truth.")
    parser.add_argument("--out", type=Path, help="folder for the documents; needed unless --sample-dossier is given")
    parser.add_argument("--types", default="all", help="codes of types, separated by commas, or all")
    parser.add_argument("--count", type=int, default=1, help="documents of each type")
    parser.add_argument("--level", choices=LEVELS, default="office")
    parser.add_argument("--form", choices=tuple(SUFFIXES), default="pdf", help="born_digital is clean, with the trap")
    parser.add_argument("--split", choices=("tune", "held_out"), default="tune")
    parser.add_argument("--dpi", type=int, choices=DPI)
    parser.add_argument("--by-hand", action="store_true", help="digits of forms are written by a pen, in boxes or over dots")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--bind", type=int, default=0, metavar="N", help="bind N documents of mixed types into each of --count files"
    )
    parser.add_argument("--sample-dossier", type=Path, metavar="DIR", help="write a dossier of five components to DIR")
    found = parser.parse_args(given)
    if found.out is None and found.sample_dossier is None:
        parser.error("say where to write: --out DIR or --sample-dossier DIR")
    unknown = set() if found.types == "all" else set(found.types.split(",")) - set(TYPES)
    if unknown:
        parser.error(f"unknown types: {', '.join(sorted(unknown))}; known: {', '.join(TYPES)}")
    return found


def main(given: Sequence[str] | None = None) -> int:
    """Writes what the arguments ask for, one line of print a document; 0."""
    asked = _arguments(given)
    if asked.sample_dossier is not None:
        for path in write_dossier(asked.sample_dossier):
            print(path)
    if asked.out is None:
        return 0
    if asked.bind:
        for seed in range(asked.seed, asked.seed + asked.count):
            for path in bind(asked.bind, seed, level=asked.level, split=asked.split).save(asked.out, f"bundle-{seed:04d}"):
                print(path)
        return 0
    digital = asked.form == "born_digital"
    for code in TYPES if asked.types == "all" else asked.types.split(","):
        for seed in range(asked.seed, asked.seed + asked.count):
            level: Level = "clean" if digital else asked.level
            specimen = make_document(
                code, seed, level=level, split=asked.split, dpi=asked.dpi, trap=digital, by_hand=asked.by_hand
            )
            for path in specimen.save(asked.out, f"{code}-{seed:04d}", asked.form):
                print(path)
    return 0
