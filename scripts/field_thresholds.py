"""From where on a field needs no human: thresholds that keep what is accepted right, from judged examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.understanding import document_types
from pipeline.understanding.traits import KINDS, kind_of

#: The share of the accepted fields that may be wrong, by kind of value.
RISK: Mapping[str, float] = dict.fromkeys(KINDS, 0.003)
#: No field is accepted below this, whatever the examples say: ink stays below it (docs/decisions/0015).
FLOOR = 0.9
#: What no field reaches.
NEVER = 1.01
#: As many fields of a kind as a type's, or a key's, own examples are weighed against.
BORROWED = 100
#: Errors that are added to those seen, for those not seen yet.
UNSEEN = 0.5


@dataclass(frozen=True, slots=True)
class Judgement:
    """A field: where it stands, its kind of value, the chance it is given, and whether it is right."""

    document: str
    type: str
    key: str
    kind: str
    chance: float
    right: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The chance needed by kind of value, by key, and by type and kind; the strictest that applies counts."""

    kinds: Mapping[str, float]
    keys: Mapping[str, float]
    types: Mapping[str, Mapping[str, float]]

    def needed(self, judgement: Judgement) -> float:
        """The chance that the field of ``judgement`` needs."""
        own = self.types.get(judgement.type, {}).get(judgement.kind, 0.0)
        return max(self.kinds[judgement.kind], self.keys.get(judgement.key, 0.0), own)


def find_thresholds(judgements: Sequence[Judgement]) -> Thresholds:
    """The lowest thresholds that keep the risk: of every kind over all types, then of each key and of each type within."""
    kinds, risks = {}, {}
    for kind in KINDS:
        ours = [one for one in judgements if one.kind == kind]
        kinds[kind] = _lowest(ours, RISK[kind], FLOOR, UNSEEN, 1.0)
        passed = [one for one in ours if one.chance >= kinds[kind]]
        risks[kind] = (sum(not one.right for one in passed) + UNSEEN) / (len(passed) + 1)
    keys: dict[str, float] = {}
    for key, kind in sorted({(one.key, one.kind) for one in judgements}):
        ours = [one for one in judgements if one.key == key]
        needed = _lowest(ours, RISK[kind], kinds[kind], BORROWED * risks[kind], BORROWED)
        if needed > kinds[kind]:
            keys[key] = needed
    types: dict[str, dict[str, float]] = {}
    for code, kind in sorted({(one.type, one.kind) for one in judgements}):
        ours = [one for one in judgements if (one.type, one.kind) == (code, kind)]
        needed = _lowest(ours, 2 * RISK[kind], kinds[kind], BORROWED * risks[kind], BORROWED)
        if needed > kinds[kind]:
            types.setdefault(code, {})[kind] = needed
    return Thresholds(kinds, keys, types)


def _lowest(judgements: Sequence[Judgement], risk: float, floor: float, wrong: float, count: float) -> float:
    """The lowest chance from ``floor`` on from where those that reach it are wrong at most as often as ``risk`` says.

    ``wrong`` of ``count`` more are thought to be among them.
    """
    able = sorted((one for one in judgements if one.chance >= floor), key=lambda one: -one.chance)
    best, errors = NEVER, wrong
    for place, one in enumerate(able, 1):
        errors += not one.right
        last = place == len(able) or able[place].chance < one.chance
        if last and errors / (place + count) <= risk:
            best = one.chance
    return floor if best < NEVER and best == able[-1].chance else round(best + 5e-5, 4) if best < NEVER else NEVER


def summarise(judgements: Sequence[Judgement], thresholds: Thresholds, asked: int) -> str:
    """A Markdown table: how many of each kind are accepted, and how many of these are right; ``asked`` fields in truth."""
    rows = ["| kind | read, no problem | threshold | accepted | wrong |", "|---|---|---|---|---|"]
    accepted = [one for one in judgements if one.chance >= thresholds.needed(one)]
    for kind in KINDS:
        ours, passed = _of(judgements, kind), _of(accepted, kind)
        wrong = sum(not one.right for one in passed)
        rows.append(f"| {kind} | {len(ours)} | {thresholds.kinds[kind]:.4f} | {len(passed)} | {wrong} |")
    wrong = sum(not one.right for one in accepted)
    rows.append(
        f"| **all** | {len(judgements)} | | {len(accepted)} ({len(accepted) / max(1, asked):.3f} of {asked}) | {wrong} |"
    )
    return "\n".join(rows)


def _of(judgements: Iterable[Judgement], kind: str) -> list[Judgement]:
    return [one for one in judgements if one.kind == kind]


def write_thresholds(path: Path, thresholds: Thresholds) -> None:
    """Put ``thresholds`` into the file at ``path``, with the kind of value of every key of the dictionary."""
    kinds = {spec.key: kind_of(spec) for found in document_types() for spec in found.fields}
    lines = [
        "# From what confidence on no human need look at a field. Written by scripts/train_fields.py (docs/decisions/0030).",
        "# The strictest of those for its kind of value, its key, and its type and kind counts; above 1 a human always looks.",
        "",
        "# The kind of value of every key of the dictionary.",
        "[keys]",
        *(f"{key} = {kind!r}".replace("'", '"') for key, kind in sorted(kinds.items())),
        "",
        "[kind_needs]",
        *(f"{kind} = {needed:.4f}" for kind, needed in thresholds.kinds.items()),
        "",
        "[key_needs]",
        *(f"{key} = {needed:.4f}" for key, needed in thresholds.keys.items()),
    ]
    for kind in document_types():
        lines += ["", f"[type_needs.{kind.code}]"]
        lines += [f"{name} = {needed:.4f}" for name, needed in thresholds.types.get(kind.code, {}).items()]
    path.write_text("\n".join(lines) + "\n", "utf-8")
