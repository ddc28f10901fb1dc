"""Benches: what the flow reads and finds, and what it costs beside its peers. Prints Markdown tables.

    python -m scripts.bench text   [--made DIR] [--out DIR]    words and characters read, beside bare Tesseract
    python -m scripts.bench fields [--made DIR] [--out DIR] [--only-made] [--errors]    types and fields found
    python -m scripts.bench types  [--made DIR] [--out DIR] [--only-made] [--errors]    types by type, files parted
    python -m scripts.bench relations [--made DIR] [--out DIR] [--only-made]    owners, last days, hints on layout
    python -m scripts.bench checks [--pages N]                 checks on right and misread values, N documents a type
    python -m scripts.bench calibration [--made DIR] [--out DIR] [--svg FILE]    what the confidence of words is worth
    python -m scripts.bench speed  [--pages N] [--rounds N]    CPU seconds, pages a minute and memory, beside its peers
    python -m scripts.bench geometry [--pages N]               generated pages in every direction: upright and straight?
    python -m scripts.bench duplicates [--pages N]             sheets scanned twice, and two sheets of one form
    python -m scripts.bench size   [--pages N]                 bytes a page, in and out
    python -m scripts.bench batch  [--pages N] [--out DIR]     a batch killed three times; goes on in DIR where it was
    python -m scripts.bench splitting [--pages N] [--layout] [--out DIR]    stacks parted, without servers
    python -m scripts.bench batch-memory [--pages N] [--out DIR]    what processes take while N pages go through them
    python -m scripts.bench batch-rates [--pages N] [--rounds N]    a batch with everything on beside `sohoa digitise`
    python -m scripts.bench reuse  [--pages N] [--out DIR]     checks of what is held, over a catalogue of N documents
    python -m scripts.bench station [--pages N] [--rounds N]   what operators and reviewers wait for, by the browser's clock
    python -m scripts.bench fetch  [--rounds N]                released documents fetched by 50 clients, beside S3 itself
    python -m scripts.bench readers [--made DIR] [--out DIR]   words that readers copy out of the PDFs, one by one

``--made`` adds a folder of pages from the project's generator. ``--out`` keeps the digitised documents, or (``fields``) the
readings of their pages, of which types and fields are found anew each time; what stands there already is not read again.
OCRmyPDF takes part where it is installed (or named by the variable OCRMYPDF).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.bench.batch_memory import bench_batch_memory
from scripts.bench.batch_rates import bench_batch_rates
from scripts.bench.batches import bench_batch
from scripts.bench.calibration import bench_calibration
from scripts.bench.checks import bench_checks
from scripts.bench.duplicates import bench_duplicates
from scripts.bench.fetch import bench_fetch
from scripts.bench.fields import bench_fields
from scripts.bench.geometry import bench_geometry
from scripts.bench.readers import bench_readers
from scripts.bench.relations import bench_relations
from scripts.bench.reuse import bench_reuse
from scripts.bench.separations import bench_splitting
from scripts.bench.sizes import bench_size
from scripts.bench.speed import bench_speed
from scripts.bench.station import bench_station
from scripts.bench.texts import bench_text
from scripts.bench.types import bench_types


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one bench; returns the exit status."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    benches = (
        "text",
        "fields",
        "checks",
        "types",
        "relations",
        "duplicates",
        "calibration",
        "geometry",
        "speed",
        "size",
        "readers",
        "batch",
        "splitting",
        "batch-rates",
        "batch-memory",
        "reuse",
        "fetch",
        "station",
    )
    parser.add_argument("bench", choices=benches)
    parser.add_argument("--made", type=Path, help="a folder made by the generator")
    parser.add_argument("--only-made", action="store_true", help="fields of that folder alone")
    parser.add_argument("--errors", action="store_true", help="fields that are wrong or missing, each on a line")
    parser.add_argument("--out", type=Path, help="where digitised documents are kept")
    parser.add_argument("--svg", type=Path, help="where calibration draws its diagram")
    parser.add_argument("--pages", type=int, default=40, help="about how many pages to measure costs on")
    parser.add_argument("--layout", action="store_true", help="splitting: also of stacks without separators, which reads them")
    parser.add_argument("--rounds", type=int, default=2, help="how often speed measures pages a minute")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch)
        out = options.out or folder / "out"
        counted = {"duplicates": bench_duplicates, "checks": bench_checks, "geometry": bench_geometry}
        asked = {
            "reuse": lambda: bench_reuse(options.pages, out),
            "fetch": lambda: bench_fetch(folder, options.rounds),
            "batch": lambda: bench_batch(out, options.pages),
            "splitting": lambda: bench_splitting(options.out or folder, out, options.pages, layout=options.layout),
            "batch-memory": lambda: bench_batch_memory(out, options.pages),
            "batch-rates": lambda: bench_batch_rates(options.out or folder, options.pages, options.rounds),
        }
        if options.bench in counted:
            counted[options.bench](options.pages)
        elif options.bench == "text":
            bench_text(out, options.made)
        elif options.bench == "fields":
            bench_fields(out, options.made, only_made=options.only_made, every_error=options.errors)
        elif options.bench == "types":
            bench_types(out, options.made, only_made=options.only_made, every_error=options.errors)
        elif options.bench in asked:
            asked[options.bench]()
        elif options.bench == "relations":
            bench_relations(out, options.made, only_made=options.only_made)
        elif options.bench == "calibration":
            bench_calibration(out, options.made, options.svg)
        elif options.bench == "speed":
            bench_speed(folder, options.pages, options.rounds)
        elif options.bench == "station":
            bench_station(folder, options.pages, options.rounds)
        elif options.bench == "readers":
            bench_readers(out, options.made)
        else:
            bench_size(folder, options.pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
