"""Learn how often fields are right and from where on no human need look: trust.toml and thresholds.toml.

    python -m scripts.train_fields READINGS DIR... [--check DIR]...

``DIR``: folders made by ``python -m scripts.corpus --split tune``; ``READINGS``: where ``scripts.bench`` keeps what was read
on their pages (pages not read yet are read). Every document is understood as the product does it, each field is looked up in
the truth, and for each kind of value a logistic regression is fitted to what speaks for it (understanding/trust/traits.py), no
weight below nothing. Thresholds come from what the regression says of documents that it was not fitted to. ``--check`` names
folders on whose fields the result is measured and that nothing is learnt from. docs/decisions/0030.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.findings import FieldSpec
from pipeline.domain.pages import PageReading
from pipeline.understanding import document_types, understand
from pipeline.understanding.phrases import phrases
from pipeline.understanding.trust.chances import learnt_chance
from pipeline.understanding.trust.traits import KINDS, TRAITS, kind_of, step_width
from pipeline.understanding.zones import recipient_names
from scripts.bench import corpora
from scripts.bench.corpora import FieldTruth
from scripts.bench.field_measures import MISSING, RIGHT, judge
from scripts.bench.fields import find_kind
from scripts.bench.readings import read_documents
from scripts.bench.reliability import Judged, calibration_error
from scripts.field_thresholds import Judgement, find_thresholds, heed_strangers, summarise, write_thresholds

ROOT = Path(__file__).resolve().parent.parent / "pipeline"
WEIGHTS = ROOT / "understanding" / "trust" / "trust.toml"
THRESHOLDS = ROOT / "review" / "thresholds.toml"
#: Strength of the pull of all weights but the base to what is thought before anything is seen.
PULL = 2.0
#: What is thought: that the log odds of all words being right speak for half of themselves, and that each sign of a misread
#: value that the examples hardly show speaks against it all the same.
HALF, ALARM = 0.5, 1.5
ALARMS = frozenset(
    (
        "clean",
        "spelt",
        "no_lost_dot",
        "no_small_word",
        "sound",
        "given_names",
        "even_lines",
        "opened",
        "no_other_spelling",
        "registered",
        "ended",
        "usual_words",
        "common_marks",
    )
)
#: So often lists are read again with half of the recipients unknown; what their documents are marked with.
STRANGE_TURNS, STRANGE = 2, " strange "
#: Parts into which the documents are dealt: each is judged by what the others taught.
PARTS = 10

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A field that was read: the document, its type, the field, its kind of value, its traits, and whether it is right.

    ``free`` where it has no problem, so that its confidence decides whether a human looks; ``ceiling`` is the most
    confidence it may have, ``stated`` what the product says now.
    """

    document: str
    type: str
    key: str
    kind: str
    traits: tuple[float, ...]
    right: bool
    free: bool
    ceiling: float
    stated: float


class Recorder:
    """Says of every field that nothing speaks against it, and keeps what it is shown, by key."""

    def __init__(self) -> None:
        self.traits: dict[str, tuple[float, ...]] = {}
        self.stated: dict[str, float] = {}

    def __call__(self, spec: FieldSpec, traits: Sequence[float]) -> float:
        """Certain."""
        self.traits[spec.key] = tuple(traits)
        self.stated[spec.key] = learnt_chance(spec, traits)
        return 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Train; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readings", type=Path, metavar="READINGS")
    parser.add_argument("folders", type=Path, metavar="DIR", nargs="+")
    parser.add_argument("--check", type=Path, metavar="DIR", action="append", default=[])
    parser.add_argument("--out", type=Path, default=ROOT, help="the folder of the package, whose two files are written")
    options = parser.parse_args(arguments)
    examples, asked = gather(options.folders, options.readings)
    examples += gather_strange_lists(options.folders, options.readings)
    weights = {kind: fit(*_table(examples, kind)) for kind in KINDS}
    judged = judge_apart(examples)
    print(f"{asked} fields asked for, {len(examples)} examples, {sum(one.right for one in examples)} of them right")
    print(_report("as it was, these fields", [one.stated for one in examples], examples))
    print(_report("learnt, each part by the others", judged, examples))
    free = [_judgement(one, chance) for one, chance in zip(examples, judged, strict=True) if one.free]
    own = [one for one in free if STRANGE not in one.document]
    thresholds = heed_strangers(find_thresholds(own), [one for one in free if STRANGE in one.document])
    print(summarise(own, thresholds, asked))
    write_weights(options.out / WEIGHTS.relative_to(ROOT), weights)
    write_thresholds(options.out / THRESHOLDS.relative_to(ROOT), thresholds)
    for folder in options.check:
        others, wanted = gather([folder], options.readings)
        chances = [_bounded(one, weights[one.kind]) for one in others]
        print(_report(folder.name, chances, others))
        free = [_judgement(one, chance) for one, chance in zip(others, chances, strict=True) if one.free]
        print(summarise(free, thresholds, wanted))
    return 0


def gather(folders: Iterable[Path], readings: Path) -> tuple[list[Example], int]:
    """The fields read in the documents of ``folders``, and how many there are in truth."""
    examples: list[Example] = []
    asked = 0
    for folder in folders:
        truths = corpora.made_fields(folder)
        read = read_documents([truth.file for truth in truths], readings)
        for truth in truths:
            found, count = _learn(truth, read[truth.file], folder.name)
            examples += found
            asked += count
    return examples, asked


def gather_strange_lists(folders: Sequence[Path], readings: Path) -> list[Example]:
    """The lists of recipients once more, as they are read where half of the recipients are on no list of ours.

    Papers of other offices name others than those we know; what a stranger is worth cannot be learnt where there is none.
    """
    found: list[Example] = []
    for turn in range(STRANGE_TURNS):
        chance = random.Random(turn)
        known = tuple(phrase for phrase in phrases("recipients") if chance.random() < HALF)
        with mock.patch.object(recipient_names, "phrases", lambda kind: known if kind == "recipients" else phrases(kind)):  # noqa: B023
            recipient_names.known_recipients.cache_clear()
            lists = [one for one in gather(folders, readings)[0] if one.kind == "list"]
        found += [replace(one, document=f"{one.document}{STRANGE}{turn}") for one in lists]
    recipient_names.known_recipients.cache_clear()
    return found


def _learn(truth: FieldTruth, pages: Sequence[PageReading], origin: str) -> tuple[list[Example], int]:
    recorder = Recorder()
    ceilings = understand(pages, today=datetime.now(UTC).date(), weigh=recorder)
    kind = find_kind(truth.type, document_types())
    specs = {spec.key: spec for spec in kind.fields}
    verdicts = judge(truth.file.stem, ceilings, truth.fields, kind)
    examples = []
    for verdict in verdicts:
        highest = ceilings.field(verdict.key)
        if verdict.outcome == MISSING or verdict.key not in recorder.traits or highest is None:
            continue
        examples.append(
            Example(
                f"{origin}/{truth.file.stem}",
                kind.code,
                verdict.key,
                kind_of(specs[verdict.key]),
                recorder.traits[verdict.key],
                verdict.outcome == RIGHT,
                not highest.problems,
                highest.confidence,
                min(highest.confidence, recorder.stated[verdict.key]),
            )
        )
    return examples, len(verdicts)


def judge_apart(examples: Sequence[Example]) -> list[float]:
    """The chance of each of ``examples`` by weights fitted to the other parts of the documents."""
    parts = [zlib.crc32(one.document.split(STRANGE)[0].encode()) % PARTS for one in examples]
    chances = [0.0] * len(examples)
    for part in range(PARTS):
        others = [one for one, its in zip(examples, parts, strict=True) if its != part]
        weights = {kind: fit(*_table(others, kind)) for kind in KINDS}
        for place, one in enumerate(examples):
            if parts[place] == part:
                chances[place] = _bounded(one, weights[one.kind])
    return chances


def fit(evidence: Numbers, right: Numbers, turns: int = 40) -> Numbers:
    """The weights of the logistic regression, by Newton's method; those that would fall below nothing are left at nothing."""
    base = len(TRAITS) - 1
    pull = np.full(len(TRAITS), PULL)
    pull[base] = 1e-3
    thought = np.array([_thought(name) for name in TRAITS])
    weights = thought.copy()
    free = np.ones(len(TRAITS), bool)

    def cost(tried: Numbers) -> float:
        score = evidence @ tried
        return float(np.sum(np.logaddexp(0.0, score) - right * score) + np.sum(pull * (tried - thought) ** 2) / 2)

    for _ in range(len(TRAITS)):
        for _ in range(turns):
            chances = 1.0 / (1.0 + np.exp(-np.clip(evidence @ weights, -30, 30)))
            slope = (evidence.T @ (chances - right) + pull * (weights - thought))[free]
            curve = (evidence * (chances * (1 - chances))[:, None]).T @ evidence + np.diag(pull)
            step = np.zeros(len(TRAITS))
            step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope)
            while cost(weights - step) > cost(weights) and np.abs(step).max() > 1e-6:
                step /= 2
            weights = weights - step
            if np.abs(step).max() < 1e-6:
                break
        below = free & (weights < 0)
        below[base] = False
        if not below.any():
            break
        free &= ~below
        weights[~free] = 0.0
    return weights


def _thought(trait: str) -> float:
    if trait.startswith("words_"):
        return HALF * step_width(trait)
    return ALARM if trait in ALARMS else 0.0


def _table(examples: Sequence[Example], kind: str) -> tuple[Numbers, Numbers]:
    ours = [one for one in examples if one.kind == kind and one.free]
    return np.array([one.traits for one in ours]), np.array([one.right for one in ours], float)


def _bounded(example: Example, weights: Numbers) -> float:
    chance = 1.0 / (1.0 + np.exp(-np.clip(np.dot(example.traits, weights), -30, 30)))
    return min(example.ceiling, float(chance))


def _judgement(example: Example, chance: float) -> Judgement:
    return Judgement(example.document, example.type, example.key, example.kind, chance, example.right)


def _report(name: str, chances: Sequence[float], examples: Sequence[Example]) -> str:
    rights = [one.right for one in examples]
    error = calibration_error(Judged(chances, rights).equal_bins(10))
    brier = float(np.mean((np.array(chances) - np.array(rights, float)) ** 2))
    return f"{name}: calibration error {error:.4f}, Brier score {brier:.4f}"


def write_weights(path: Path, weights: Mapping[str, Numbers]) -> None:
    """Put the weights of every kind of value into the file at ``path``."""
    lines = ["# What speaks for a field, by kind of value. Written by scripts/train_fields.py."]
    for kind, row in weights.items():
        pairs = [(name, float(weight)) for name, weight in zip(TRAITS, row, strict=True) if abs(weight) >= 5e-5]
        lines += ["", f"[{kind}]", *(f"{name} = {weight:.4f}" for name, weight in pairs)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
