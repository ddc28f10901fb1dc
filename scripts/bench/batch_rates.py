"""A batch with everything on beside ``sohoa digitise`` over the same files: pages a minute, CPU, and where it goes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from pipeline.workers.process import BATCH_NICENESS
from scripts.bench.costs import cpu_seconds
from scripts.bench.installations import COMMAND, Installation, installation
from scripts.bench.stacks import Lane, lay_stacks

#: Everything that a batch can be told to look for.
EVERYTHING = ("--split", "--slips", "--cut-a3", "--cards")
#: Children that read, in both: one for each core that is taken.
JOBS = 2


@dataclass(slots=True)
class Spent:
    """Wall and CPU seconds of one way to read a set, round by round; ``parts``: of the last round's batch, by process."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)


def bench_batch_rates(folder: Path, pages: int, rounds: int) -> None:
    """Print how a batch compares with ``sohoa digitise``, on papers alone and on stacks with separators."""
    sets = {
        "papers, no separators": list(lay_stacks(folder / "bare", "trơn", pages, separators=False, first=501)),
        "stacks with separators": list(lay_stacks(folder / "stacks", "chồng", pages, separators=True, first=501)),
    }
    all_spent: list[dict[str, Spent]] = []
    for name, lanes in sets.items():
        count = sum(len(lane.sides) for lane in lanes)
        spent = {"digitise": Spent(), "batch": Spent()}
        for turn in range(rounds):
            _digitise(lanes, folder / f"out-{turn}", spent["digitise"])
            _batch(lanes, folder / f"home-{turn}", spent["batch"])
        print("\n".join(_told(name, count, spent)), flush=True)
        all_spent.append(spent)
    alone, batch = (sum(median(spent[what].wall) for spent in all_spent) for what in ("digitise", "batch"))
    print(f"\nOver both sets a batch has {alone / batch:.2f} of the throughput.")


def _digitise(lanes: Sequence[Lane], out: Path, spent: Spent) -> None:
    """As nice as the workers of batches are, so that whatever else runs takes as much from both."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    files = [str(lane.path) for lane in lanes]
    command = [*COMMAND, "digitise", *files, "--out", str(out), "--jobs", str(JOBS), "--json"]
    begun = time.monotonic()
    spent.cpu.append(cpu_seconds(["nice", "-n", str(BATCH_NICENESS), *command], out / "log"))
    spent.wall.append(time.monotonic() - begun)
    shutil.rmtree(out, ignore_errors=True)


def _batch(lanes: Sequence[Lane], home: Path, spent: Spent) -> None:
    shutil.rmtree(home, ignore_errors=True)
    with installation(home, SOHOA_JOBS=str(JOBS)) as made:
        before, begun = made.cpu_seconds(), time.monotonic()
        own = _take_in(made, [str(lane.path) for lane in lanes], home.with_suffix(".log"))
        spent.wall.append(time.monotonic() - begun)
        after = made.cpu_seconds()
        spent.parts = {name: after[name] - before.get(name, 0.0) for name in after} | {"submit": own}
        spent.cpu.append(sum(spent.parts.values()))
    shutil.rmtree(home, ignore_errors=True)


def _take_in(made: Installation, files: Sequence[str], log: Path) -> float:
    """CPU seconds of the command and of its children that look at pages; it ends when all is read."""
    command = [*COMMAND, "submit", *files, "--dossier", "H1", "--batch", "bench", *EVERYTHING, "--wait"]
    return cpu_seconds(command, log, made.environment)


def _told(name: str, pages: int, spent: dict[str, Spent]) -> list[str]:
    """A table of both, the ratio of their rates, and the batch's CPU by process."""
    lines = [f"\n{name}: {pages} sides, {JOBS} processes that read\n"]
    lines.append("| what | wall s, by round | pages a minute | CPU s a page |\n|---|---|---|---|")
    for what, one in spent.items():
        walls = ", ".join(f"{wall:.0f}" for wall in one.wall)
        lines.append(f"| {what} | {walls} | {60 * pages / median(one.wall):.1f} | {median(one.cpu) / pages:.2f} |")
    pairs = zip(spent["digitise"].wall, spent["batch"].wall, strict=True)
    rates = [alone / batch for alone, batch in pairs]
    lines.append(f"\nA batch has {median(rates):.2f} of the throughput ({', '.join(f'{rate:.2f}' for rate in rates)}).")
    parts = sorted(spent["batch"].parts.items(), key=lambda part: -part[1])
    lines.append("Its CPU seconds, last round: " + ", ".join(f"{part} {seconds:.1f}" for part, seconds in parts) + ".")
    return lines
