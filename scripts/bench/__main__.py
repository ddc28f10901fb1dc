"""Benches: what the flow reads and finds, and what it costs beside its peers. Prints Markdown tables.

    python -m scripts.bench text   [--made DIR] [--out DIR]    words and characters read, beside bare Tesseract
    python -m scripts.bench fields [--made DIR] [--out DIR]    types and fields found
    python -m scripts.bench calibration [--made DIR] [--out DIR] [--svg FILE]    what the confidence of words is worth
    python -m scripts.bench speed  [--pages N] [--rounds N]    CPU seconds, pages a minute and memory, beside its peers
    python -m scripts.bench geometry [--pages N]               generated pages in every direction: upright and straight?
    python -m scripts.bench size   [--pages N]                 bytes a page, in and out

``--made`` adds a folder of pages from the project's generator. ``--out`` keeps the digitised documents; what stands
there already is not read again. OCRmyPDF takes part where it is installed (or named by the variable OCRMYPDF).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.domain.findings import Classification, DocumentType, Field, Findings
from pipeline.understanding import document_types
from scripts.bench import corpora
from scripts.bench.calibration import bench_calibration
from scripts.bench.field_measures import CONFIDENT, Verdict, format_table, judge
from scripts.bench.geometry import bench_geometry
from scripts.bench.readings import digitise, place
from scripts.bench.sizes import bench_size
from scripts.bench.speed import bench_speed
from scripts.bench.texts import bench_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one bench; returns the exit status."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", choices=("text", "fields", "calibration", "geometry", "speed", "size"))
    parser.add_argument("--made", type=Path, help="a folder made by the generator")
    parser.add_argument("--out", type=Path, help="where digitised documents are kept")
    parser.add_argument("--svg", type=Path, help="where calibration draws its diagram")
    parser.add_argument("--pages", type=int, default=40, help="about how many pages to measure costs on")
    parser.add_argument("--rounds", type=int, default=2, help="how often speed measures pages a minute")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        out = options.out or folder / "out"
        if options.bench == "text":
            bench_text(out, options.made)
        elif options.bench == "fields":
            bench_fields(out, options.made)
        elif options.bench == "calibration":
            bench_calibration(out, options.made, options.svg)
        elif options.bench == "geometry":
            bench_geometry(options.pages)
        elif options.bench == "speed":
            bench_speed(folder, options.pages, options.rounds)
        else:
            bench_size(folder, options.pages)
    return 0


def bench_fields(out: Path, made: Path | None) -> None:
    """Right, wrong and missing by field, by set; and how often what is sure is right."""
    sets = {
        "real": corpora.real_fields(),
        "synthetic/office": corpora.made_fields(corpora.SHARED / "synthetic" / "office"),
        "synthetic/poor": corpora.made_fields(corpora.SHARED / "synthetic" / "poor"),
    }
    if made is not None:
        sets[f"made/{made.name}"] = corpora.made_fields(made)
    digitise([truth.file for truths in sets.values() for truth in truths], out)
    kinds = {kind.code: kind for kind in document_types()}
    for name, truths in sets.items():
        verdicts: list[Verdict] = []
        right = straight = 0
        for truth in truths:
            path = place(out, truth.file.parent) / f"{truth.file.stem}.json"
            record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
            findings = findings_of(record)
            kind = kinds[truth.type] if truth.type in kinds else by_title(truth.type, kinds.values())
            right += findings.classification.code == kind.code
            straight += record.get("status") == "approved"
            verdicts += judge(truth.file.stem, findings, truth.fields, kind, last_part=name == "real")
        print(
            f"\n### {name}: {len(truths)} documents, {right} of them of the right type, {straight} approved without a look\n"
        )
        print(format_table(verdicts))
        for verdict in verdicts:
            if verdict.outcome == "wrong" and verdict.confidence >= CONFIDENT:
                print(f"- sure but wrong: {verdict.document} {verdict.key}: {verdict.value!r}, truth {verdict.truth!r}")


def findings_of(record: dict[str, Any]) -> Findings:
    """The findings that a record tells of; an absent document is of no type and without fields."""
    kind = record.get("document_type") or {"code": "", "confidence": 0.0}
    fields = tuple(
        Field(key, tuple(raw["value"]) if isinstance(raw["value"], list) else raw["value"], raw["text"], raw["confidence"])
        for key, raw in (record.get("fields") or {}).items()
    )
    return Findings(Classification(kind["code"], kind["confidence"]), fields)


def by_title(title: str, kinds: Iterable[DocumentType]) -> DocumentType:
    """The type that bears ``title`` in any case."""
    return next(kind for kind in kinds if kind.title.casefold() == title.casefold())


if __name__ == "__main__":
    sys.exit(main())
