"""Stacks of the generator in files, with the truth about them beside; what stands there already is not made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.batches.cutting import Cut
from pipeline.domain.batches import SidePlan, SideRole
from scripts.corpus.stacks import MadeStack, StackSide, make_stack

#: Papers in a stack; each has about two pages, and every third stack backs.
PAPERS = 8


@dataclass(frozen=True, slots=True)
class Lane:
    """A stack in its file, with the truth about its sides."""

    path: Path
    sides: tuple[StackSide, ...]

    @property
    def separated(self) -> bool:
        """Whether separators lie between its papers."""
        return any(side.role == "separator" for side in self.sides)

    @property
    def begins(self) -> frozenset[int]:
        """The sides, from 0, on which papers begin."""
        return frozenset(at for at, side in enumerate(self.sides) if side.begins)

    @property
    def types(self) -> tuple[str, ...]:
        """The types of its papers."""
        return tuple(side.type for side in self.sides if side.begins)


def lay_stacks(folder: Path, name: str, pages: int, *, separators: bool, first: int = 1) -> Iterator[Lane]:
    """Stacks of held-out papers with so many sides in all, each as ``<name> <seed>.pdf``; seeds count from ``first``."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = folder.with_name(f"{folder.name}-truth")
    truths.mkdir(exist_ok=True)
    made, seed = 0, first
    while made < pages:
        lane = _lane(folder / f"{name} {seed:04d}.pdf", truths, seed, separators=separators)
        yield lane
        made += len(lane.sides)
        seed += 1


def _lane(path: Path, truths: Path, seed: int, *, separators: bool) -> Lane:
    """The stack in its file; it is whole where its truth stands."""
    truth = truths / f"{path.stem}.json"
    if not truth.exists():
        _write(path, truth, make_stack(PAPERS, seed, split="held_out", separators=separators))
    return Lane(path, tuple(StackSide(**side) for side in json.loads(truth.read_text(encoding="utf-8"))))


def _write(path: Path, truth: Path, stack: MadeStack) -> None:
    part = truth.with_suffix(".part.pdf")
    stack.save(part).replace(path)
    part = truth.with_suffix(".part")
    part.write_text(json.dumps([asdict(side) for side in stack.sides], ensure_ascii=False), encoding="utf-8")
    part.replace(truth)


def begins_of(sides: tuple[SidePlan, ...]) -> frozenset[int]:
    """The sides, from 0, on which papers begin: the first page of each part."""
    first: dict[int, int] = {}
    for at, side in enumerate(sides):
        if side.role is SideRole.PAGE:
            first.setdefault(side.part, at)
    return frozenset(first.values())


def begins_in(cut: Cut) -> frozenset[int]:
    """The same of a cut that was not kept."""
    return begins_of(cut.sides)
