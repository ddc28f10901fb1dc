"""Splitting alone, without servers and (but for layout) without reading: many boundaries, so that it can be measured often."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.batches.cutting import Faced, cut
from pipeline.batches.looks import PoolLooker
from pipeline.domain.batches import Handling
from pipeline.settings import Settings
from pipeline.understanding import understand
from pipeline.workbench import build_pool
from scripts.bench.readings import read_documents
from scripts.bench.stacks import Lane, begins_in, lay_stacks
from scripts.bench.types import Bound, format_splitting
from scripts.corpus.stacks import KINDS

#: Sides without separators, as a share of those with: reading takes as long as looking at three times as many.
BARE = 0.3
#: The first seed: stacks that the bench of whole batches has not seen.
FIRST = 2001


def bench_splitting(folder: Path, out: Path, pages: int, *, layout: bool) -> None:
    """Print how stacks with ``pages`` sides in all are parted by the first look, and fewer without separators by layout."""
    apart = list(lay_stacks(folder / "apart", "chồng", pages, separators=True, first=FIRST))
    print("\n".join(measure_separators(apart)), flush=True)
    if layout:
        bare = list(lay_stacks(folder / "bare", "trơn", round(BARE * pages), separators=False, first=FIRST))
        print(measure_layout(bare, out), flush=True)


def measure_separators(lanes: Sequence[Lane]) -> Iterator[str]:
    """Boundaries and separators found, by kind of separator, and sides taken for what they are not."""
    handling = Handling(split=True)
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wrong: list[str] = []
    boundaries, right, made_up, spent = 0, 0, 0, 0.0
    with build_pool(Settings.from_environment()) as pool:
        looker = PoolLooker(pool)
        for lane in lanes:
            begun = time.monotonic()
            looks = looker.look(lane.path, looker.inspect(lane.path, lane.path.name), handling)
            spent += time.monotonic() - begun
            cuts = cut((Faced(1, look) for look in looks), handling)
            begins = begins_in(cuts)
            boundaries, right = boundaries + len(lane.begins), right + len(lane.begins & begins)
            made_up += len(begins - lane.begins)
            for at, (truth, plan) in enumerate(zip(lane.sides, cuts.sides, strict=True), 1):
                kind, same = truth.kind or truth.role, plan.role.value == truth.role
                there[kind] += 1
                found[kind] += same
                wrong += [] if same else [f"{lane.path.stem} {at}: {truth.role} {truth.kind} taken for {plan.role}"]
    sides = sum(there.values())
    yield f"{len(lanes)} stacks, {sides} sides, {1000 * spent / max(1, sides):.0f} ms a side: of {boundaries} boundaries "
    yield f"{right} found ({right / max(1, boundaries):.4f}), {made_up} made up.\n"
    yield "| side | there | right |\n|---|---|---|"
    for kind in (*KINDS, "page", "blank"):
        if there[kind]:
            yield f"| {kind} | {there[kind]} | {found[kind]} |"
    yield from (f"- {one}" for one in wrong[:60])


def measure_layout(lanes: Sequence[Lane], out: Path) -> str:
    """Boundaries found by what papers look like and say, without any separator."""
    read = read_documents([lane.path for lane in lanes], out)
    bounds = [
        Bound(lane.path.stem, read[lane.path], lane.types, tuple(at + 1 for at in sorted(lane.begins))) for lane in lanes
    ]
    found = [understand(one.readings) for one in bounds]
    return "\n" + format_splitting("without separators", bounds, found, every_error=True)
