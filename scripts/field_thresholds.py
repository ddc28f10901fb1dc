"""From where on a field needs no human: thresholds that keep what is accepted right, from judged examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.domain.findings import DocumentType
from pipeline.understanding import document_types
from pipeline.understanding.trust.traits import KINDS, kind_of

#: The share of all accepted fields that may be wrong; a third less than what is promised (3 in 1,000), for thresholds are
#: found on the very examples that they are measured on.
RISK = 0.002
#: The share of the accepted fields of one kind, key or type that may be wrong.
KIND_RISK: Mapping[str, float] = {**dict.fromkeys(KINDS, 0.005), "digits": 0.001, "register": 0.001, "prose": 0.008}
PART_RISK = 0.015
#: Types of values, those first in which a slip does most harm.
_HARM = (
    "id12", "id9", "tax_code", "code", "name", "date", "money_vnd", "area", "int", "year", "phone", "address", "text", "list",
)  # fmt: skip
#: No field is accepted below this, whatever the examples say: ink stays below it (docs/decisions/0015).
FLOOR = 0.9
#: What no field reaches.
NEVER = 1.01
#: As many fields of a kind as a type's, or a key's, own examples are weighed against.
BORROWED = 100
#: Errors that are added to those seen of each kind, for those not seen yet.
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
    """The thresholds that accept most and keep the risk: of all kinds together, then of each key and of each type within."""
    keys = dict.fromkeys(_hopeless(judgements), NEVER)
    judgements = [one for one in judgements if one.key not in keys]
    kinds = _share_risk({kind: _ranked(judgements, kind) for kind in KINDS})
    risks = {}
    for kind in KINDS:
        passed = [one for one in judgements if one.kind == kind and one.chance >= kinds[kind]]
        risks[kind] = (sum(not one.right for one in passed) + UNSEEN) / (len(passed) + 1)
    for key, kind in sorted({(one.key, one.kind) for one in judgements}):
        needed = _lowest([one for one in judgements if one.key == key], kinds[kind], risks[kind])
        if needed > kinds[kind]:
            keys[key] = needed
    types: dict[str, dict[str, float]] = {}
    for code, kind in sorted({(one.type, one.kind) for one in judgements}):
        needed = _lowest([one for one in judgements if (one.type, one.kind) == (code, kind)], kinds[kind], risks[kind])
        if needed > kinds[kind]:
            types.setdefault(code, {})[kind] = needed
    return Thresholds(kinds, keys, types)


def heed_strangers(thresholds: Thresholds, strangers: Sequence[Judgement]) -> Thresholds:
    """``thresholds`` raised for the kinds of ``strangers`` to what these need by themselves to be as seldom wrong."""
    alone = _share_risk({kind: _ranked(strangers, kind) for kind in KINDS}, whole=max(KIND_RISK.values()))
    asked = {one.kind for one in strangers}
    kinds = {kind: max(needed, alone[kind]) if kind in asked else needed for kind, needed in thresholds.kinds.items()}
    return replace(thresholds, kinds=kinds)


def _hopeless(judgements: Sequence[Judgement]) -> list[str]:
    """The keys of which even the surer half of those that are sure is wrong again and again: nothing learnt tells which."""
    found = []
    for key in sorted({one.key for one in judgements}):
        able = sorted((one for one in judgements if one.key == key and one.chance >= FLOOR), key=lambda one: -one.chance)
        surer = able[: (len(able) + 1) // 2]
        if sum(not one.right for one in surer) >= max(3, 0.1 * len(surer)):
            found.append(key)
    return found


def _ranked(judgements: Iterable[Judgement], kind: str) -> list[Judgement]:
    return sorted((one for one in judgements if one.kind == kind and one.chance >= FLOOR), key=lambda one: -one.chance)


def _share_risk(ranked: Mapping[str, Sequence[Judgement]], whole: float = RISK) -> dict[str, float]:
    """The threshold of every kind: where one more error buys most fields, it is let in, as long as the risks are kept.

    ``whole``: the share of all that may be wrong.
    """
    runs = {kind: _runs(ours) for kind, ours in ranked.items()}
    taken = dict.fromkeys(ranked, 0)

    def wrong_and_count(kind: str, runs_taken: int) -> tuple[int, int]:
        return sum(wrong for _, wrong in runs[kind][:runs_taken]), sum(count for count, _ in runs[kind][:runs_taken])

    def bearable(kind: str, more: int) -> bool:
        wrong, count = wrong_and_count(kind, taken[kind] + more)
        totals = [wrong_and_count(one, taken[one] + (more if one == kind else 0)) for one in ranked]
        errors = sum(part[0] for part in totals) + UNSEEN
        own = (wrong + UNSEEN) / (count + 1) <= KIND_RISK[kind]
        return own and errors / (sum(part[1] for part in totals) + 1) <= whole

    while True:
        offers = [
            (sum(count for count, _ in runs[kind][taken[kind] : taken[kind] + more]) / more, kind, more)
            for kind in ranked
            for more in range(1, len(runs[kind]) - taken[kind] + 1)
            if bearable(kind, more)
        ]
        if not offers:
            break
        _, kind, more = max(offers)
        taken[kind] += more
    counts = {kind: wrong_and_count(kind, taken[kind])[1] for kind in ranked}
    return {kind: _between(ours, counts[kind]) for kind, ours in ranked.items()}


def _runs(ranked: Sequence[Judgement]) -> list[tuple[int, int]]:
    """Stretches of ``ranked``, each as long as all but those with its first chance are right: their counts and errors."""
    runs: list[tuple[int, int]] = []
    for place, one in enumerate(ranked):
        tied = place > 0 and ranked[place - 1].chance == one.chance
        if not runs or (not one.right and not tied):
            runs.append((1, int(not one.right)))
        else:
            count, wrong = runs[-1]
            runs[-1] = (count + 1, wrong + (not one.right))
    return runs


def _between(ranked: Sequence[Judgement], count: int) -> float:
    """What the first ``count`` of ``ranked`` reach and the next does not."""
    if count == 0:
        return NEVER
    if count == len(ranked):
        return FLOOR
    return max(FLOOR, round((ranked[count - 1].chance + ranked[count].chance) / 2, 4))


def _lowest(judgements: Sequence[Judgement], floor: float, risk: float) -> float:
    """The lowest chance from ``floor`` on from where those that reach it are seldom enough wrong, thought of with others.

    ``risk``: how often those others, :data:`BORROWED` of them, are wrong.
    """
    able = sorted((one for one in judgements if one.chance >= floor), key=lambda one: -one.chance)
    kept, errors = 0, BORROWED * risk
    for place, one in enumerate(able, 1):
        errors += not one.right
        last = place == len(able) or able[place].chance < one.chance
        if last and errors / (place + BORROWED) <= PART_RISK:
            kept = place
    return floor if kept == len(able) else _between(able, kept)


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


def _quoted(found: DocumentType) -> str:
    return ", ".join(f'"{spec.key}"' for spec in found.fields if not spec.required)


def write_thresholds(path: Path, thresholds: Thresholds) -> None:
    """Put ``thresholds`` into the file at ``path``, with the kind of value of every key of the dictionary."""
    specs = {spec.key: spec for found in document_types() for spec in found.fields}
    by_harm = sorted(specs.values(), key=lambda spec: (_HARM.index(spec.type), KINDS.index(kind_of(spec)), spec.key))
    lines = [
        "# From what confidence on no human need look at a field. Written by scripts/train_fields.py (docs/decisions/0030).",
        "# The strictest of those for its kind of value, its key, and its type and kind counts; above 1 a human always looks.",
        "",
        "# The kind of value of every key of the dictionary, those first in which a slip does most harm.",
        "[keys]",
        *(f'{spec.key} = "{kind_of(spec)}"' for spec in by_harm),
        "",
        "# What papers of a type may lack.",
        "[optional]",
        *(f"{found.code} = [{_quoted(found)}]" for found in document_types()),
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
