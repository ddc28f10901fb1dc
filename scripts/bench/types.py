"""The bench of types and of splitting: what papers are taken for, what the probability is worth, where files are parted."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from pipeline.domain.findings import Findings
from pipeline.domain.pages import PageReading, PageText
from pipeline.understanding import document_types, understand
from scripts.bench import corpora
from scripts.bench.fields import find_kind
from scripts.bench.readings import read_documents

OTHER = "khac"
#: Bounds of the classes of probability that the table of reliability has.
CLASSES = (0.0, 0.5, 0.7, 0.9, 0.97, 1.01)


@dataclass(frozen=True, slots=True)
class Bound:
    """A file of several documents: the type and the first page of each."""

    name: str
    readings: tuple[PageReading, ...]
    types: tuple[str, ...]
    firsts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one document was taken for."""

    name: str
    truth: str
    found: str
    chance: float


def bench_types(out: Path, made: Path | None, *, only_made: bool = False, every_error: bool = False) -> None:
    """Types by set and type, how often a probability holds, and where files are parted.

    Those are files as they are, which hold one document unless the generator bound several, and rows of single documents.
    """
    for name, folder_set in _sets(made, only_made=only_made).items():
        read = read_documents([bound.file for bound in folder_set], out)
        bounds = [_bound(one, read[one.file]) for one in folder_set]
        begun = time.process_time()
        found = {bound.name: understand(bound.readings) for bound in bounds}
        seconds = time.process_time() - begun
        pages = sum(len(bound.readings) for bound in bounds)
        print(f"\n### {name}: {len(bounds)} files, {pages} pages, {1000 * seconds / max(1, pages):.1f} ms of CPU a page\n")
        told = [one for bound in bounds for one in _tell(bound, found[bound.name])]
        print("\n".join(format_types(told, every_error=every_error)))
        print("\n".join(format_reliability(told)))
        print(format_splitting("as they are", bounds, [found[bound.name] for bound in bounds], every_error=every_error))
        single = [bound for bound in bounds if len(bound.types) == 1 and bound.readings]
        if len(single) > 4:
            rows = list(compose(single, random.Random(11)))
            print(format_splitting("in rows", rows, [understand(row.readings) for row in rows], every_error=every_error))


def _sets(made: Path | None, *, only_made: bool) -> dict[str, list[corpora.FieldTruth]]:
    sets = {} if only_made else corpora.known_fields()
    if made is not None:
        sets[f"made/{made.name}"] = corpora.made_fields(made)
    return sets


def _bound(truth: corpora.FieldTruth, readings: Sequence[PageReading]) -> Bound:
    parts = truth.components or ((truth.type, 1),)
    kinds = document_types()
    return Bound(
        truth.file.stem,
        tuple(readings),
        tuple(find_kind(kind, kinds).code for kind, _ in parts),
        tuple(first for _, first in parts),
    )


def compose(bounds: Sequence[Bound], chance: random.Random) -> Iterator[Bound]:
    """Rows of two to six of the single documents ``bounds``, each used once; a third of them with blank backs."""
    left = list(bounds)
    chance.shuffle(left)
    while left:
        members = [left.pop() for _ in range(min(len(left), chance.randint(2, 6)))]
        duplex = chance.random() < 0.33
        readings: list[PageReading] = []
        firsts = []
        for member in members:
            firsts.append(len(readings) + 1)
            for page in member.readings:
                readings.append(_numbered(page, len(readings) + 1))
            if duplex and len(member.readings) % 2:
                readings.append(_blank(readings[-1], len(readings) + 1))
        types = tuple(member.types[0] for member in members)
        yield Bound("+".join(member.name for member in members), tuple(readings), types, tuple(firsts))


def _numbered(page: PageReading, number: int) -> PageReading:
    return replace(page, number=number, content=replace(page.content, number=number))


def _blank(page: PageReading, number: int) -> PageReading:
    return replace(page, number=number, content=PageText(number, (), ""), blank=True, codes=())


def firsts_of(findings: Findings) -> tuple[int, ...]:
    """The first pages of the documents that were found in a file."""
    return tuple(part.pages[0] for part in findings.components) or (1,)


def _tell(bound: Bound, findings: Findings) -> Iterator[Told]:
    """What each document of ``bound`` was taken for whose first page was found."""
    parts = {part.pages[0]: part.findings for part in findings.components} or {1: findings}
    for truth, first in zip(bound.types, bound.firsts, strict=True):
        if first in parts:
            given = parts[first].classification
            yield Told(f"{bound.name}:{first}", truth, given.code, given.confidence)


def format_types(told: Sequence[Told], *, every_error: bool = False) -> Iterable[str]:
    """A table of the types, then what was taken for what."""
    yield "| type | documents | right | taken for khac | taken for another |\n|---|---|---|---|---|"
    for truth in dict.fromkeys(one.truth for one in told):
        yield _row(truth, [one for one in told if one.truth == truth])
    yield _row("**all**", told)
    others = [one for one in told if one.truth == OTHER]
    if others:
        forced = sum(one.found != OTHER for one in others)
        yield f"\nPapers of no type taken for one: {forced} of {len(others)} ({forced / len(others):.4f})."
    mixed = Counter((one.truth, one.found) for one in told if one.truth != one.found)
    for (truth, found), count in sorted(mixed.items()):
        names = [f"{one.name} {one.chance:.2f}" for one in told if (one.truth, one.found) == (truth, found)]
        yield f"- {truth} taken for {found}: {count} ({', '.join(names if every_error else names[:6])})"


def _row(name: str, told: Sequence[Told]) -> str:
    right = sum(one.found == one.truth for one in told)
    unknown = sum(one.found == OTHER != one.truth for one in told)
    return f"| {name} | {len(told)} | {right} ({right / max(1, len(told)):.3f}) | {unknown} | {len(told) - right - unknown} |"


def format_reliability(told: Sequence[Told]) -> Iterable[str]:
    """How often types of each class of probability are right, beside what was said."""
    yield "\n| probability | documents | said | right |\n|---|---|---|---|"
    gap = 0.0
    for low, high in pairwise(CLASSES):
        members = [one for one in told if low <= one.chance < high]
        if members:
            said, right = (
                sum(one.chance for one in members) / len(members),
                sum(one.found == one.truth for one in members) / len(members),
            )
            gap += abs(said - right) * len(members) / len(told)
            yield f"| {low}–{min(1.0, high)} | {len(members)} | {said:.3f} | {right:.3f} |"
    yield f"\nExpected error of calibration: {gap:.4f}.\n"


def format_splitting(name: str, bounds: Sequence[Bound], found: Sequence[Findings], *, every_error: bool = False) -> str:
    """Boundaries found, missed and made up, and files parted rightly as a whole; the wrong ones, where asked for."""
    wanted = [set(bound.firsts) - {1} for bound in bounds]
    given = [set(firsts_of(one)) - {1} for one in found]
    hits = sum(len(one & other) for one, other in zip(wanted, given, strict=True))
    missed = sum(len(one - other) for one, other in zip(wanted, given, strict=True))
    false = sum(len(other - one) for one, other in zip(wanted, given, strict=True))
    whole = sum(one == other for one, other in zip(wanted, given, strict=True))
    lines = [
        f"Files {name}: {whole} of {len(bounds)} parted rightly; of {hits + missed} boundaries {hits} found "
        f"({hits / max(1, hits + missed):.4f}), {missed} missed, {false} made up."
    ]
    for bound, one, other in zip(bounds, wanted, given, strict=True):
        if every_error and one != other:
            parts = ", ".join(f"{first} {code}" for first, code in zip(bound.firsts, bound.types, strict=True))
            lines.append(f"- {bound.name} ({parts}): missed {sorted(one - other)}, made up {sorted(other - one)}")
    return "\n".join(lines)
