"""How right the fields of documents are: normalised exact match by value type, and what high confidence is worth."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.domain.findings import DocumentType, Field, FieldValue, Findings
from pipeline.review.thresholds import is_accepted, thresholds
from scripts.bench.reliability import Judged, calibration_error, format_bins

#: From here on nobody looks twice at a value.
CONFIDENT = 0.9
#: Fields of which the truth may hold more lines than the product's key: only the end is compared.
_BY_LAST_PART = frozenset({"co_quan_ban_hanh", "chuc_vu_nguoi_ky"})
_OPENING = re.compile(r"^(?:v/v|về việc)\s+", re.IGNORECASE)

RIGHT, WRONG, MISSING, EXTRA = "right", "wrong", "missing", "extra"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one document against its truth; ``truth`` None where the paper has no such field.

    ``accepted`` where no human would be asked to look at it; ``free`` where it was read and has no problem.
    """

    document: str
    key: str
    outcome: str
    confidence: float = 0.0
    value: FieldValue | None = None
    truth: FieldValue | None = None
    accepted: bool = False
    free: bool = False


@dataclass
class Tally:
    """Counts of one field over many documents."""

    outcomes: Counter[str] = field(default_factory=Counter)
    confident: int = 0
    confident_wrong: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count ``verdict`` in."""
        self.outcomes[verdict.outcome] += 1
        if verdict.outcome in (RIGHT, WRONG) and verdict.confidence >= CONFIDENT:
            self.confident += 1
            self.confident_wrong += verdict.outcome == WRONG

    @property
    def accuracy(self) -> float:
        """The share that is right of those that have a truth, 0..1; 1 where none has."""
        known = sum(self.outcomes[name] for name in (RIGHT, WRONG, MISSING))
        return self.outcomes[RIGHT] / known if known else 1.0

    @property
    def precision_when_sure(self) -> float:
        """The share that is right of the values read with high confidence, 0..1; 1 where there are none."""
        return 1 - self.confident_wrong / self.confident if self.confident else 1.0


def judge(
    document: str, findings: Findings, truth: Mapping[str, FieldValue], kind: DocumentType, *, last_part: bool = False
) -> tuple[Verdict, ...]:
    """A verdict on every field of ``kind`` that ``truth`` speaks of; ``last_part`` where truth holds whole blocks."""
    types = {spec.key: spec.type for spec in kind.fields}
    verdicts = []
    for key, expected in truth.items():
        if key not in types:
            continue
        found = findings.field(key)
        loose = last_part and key in _BY_LAST_PART
        verdict = _judge_one(document, key, found, expected, types[key], loose=loose)
        accepted = found is not None and is_accepted(found, findings.classification.code)
        verdicts.append(replace(verdict, accepted=accepted, free=found is not None and not found.problems))
    return tuple(verdicts)


def _judge_one(document: str, key: str, found: Field | None, expected: FieldValue, kind: str, *, loose: bool) -> Verdict:
    if found is None:
        return Verdict(document, key, MISSING, truth=expected)
    read, wanted = normalise(found.value, kind), normalise(expected, kind)
    right = wanted == read or (loose and bool(read) and wanted.endswith(read))
    return Verdict(document, key, RIGHT if right else WRONG, found.confidence, found.value, expected)


def normalise(value: FieldValue, kind: str) -> str:
    """``value`` as it is compared: NFC, single spaces, lower case, no hanging signs; codes and digits without spaces."""
    if isinstance(value, tuple | list):
        return "|".join(normalise(part, "text") for part in value)
    text = unicodedata.normalize("NFC", str(value))
    if kind in ("code", "id12", "id9", "phone", "tax_code"):
        return re.sub(r"\s", "", text)
    text = re.sub(r"\s+", " ", text).strip()
    if kind == "area":
        return text.replace(" ", "").replace("m2", "m²").lower()
    text = re.sub(r"\s*([,;:/()–—-])\s*", r"\1", _OPENING.sub("", text))
    return text.strip(" .,;:").replace("–", "-").replace("—", "-").lower()


def tally(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """Counts by field key, in the order in which keys turn up."""
    found: dict[str, Tally] = {}
    for verdict in verdicts:
        found.setdefault(verdict.key, Tally()).add(verdict)
    return found


def overall(tallies: Iterable[Tally]) -> Tally:
    """All ``tallies`` as one."""
    total = Tally()
    for one in tallies:
        total.outcomes += one.outcomes
        total.confident += one.confident
        total.confident_wrong += one.confident_wrong
    return total


def format_table(verdicts: Sequence[Verdict]) -> str:
    """A Markdown table: right, wrong, missing and accuracy by field, and how often high confidence was right."""
    by_key = tally(verdicts)
    rows = ["| field | right | wrong | missing | accuracy | sure | sure but wrong |", "|---|---|---|---|---|---|---|"]
    for key, one in (*by_key.items(), ("**all**", overall(by_key.values()))):
        counts = " | ".join(str(one.outcomes[name]) for name in (RIGHT, WRONG, MISSING))
        rows.append(f"| {key} | {counts} | {one.accuracy:.3f} | {one.confident} | {one.confident_wrong} |")
    return "\n".join(rows)


def format_accepted(verdicts: Sequence[Verdict]) -> str:
    """A Markdown table by kind of value: fields, read, accepted and right of these; what their confidence is worth."""
    rows = ["", "| kind | fields | read | accepted | share | wrong | calibration error |", "|---|---|---|---|---|---|---|"]
    kinds = thresholds().keys
    for kind in (*dict.fromkeys(kinds.values()), "**all**"):
        ours = [one for one in verdicts if kind in (kinds.get(one.key), "**all**")]
        read = [one for one in ours if one.outcome in (RIGHT, WRONG)]
        passed = [one for one in ours if one.accepted]
        if ours:
            wrong = sum(one.outcome != RIGHT for one in passed)
            error = calibration_error(_judged(read).equal_bins(10))
            share = len(passed) / len(ours)
            rows.append(f"| {kind} | {len(ours)} | {len(read)} | {len(passed)} | {share:.3f} | {wrong} | {error:.4f} |")
    free = _judged([one for one in verdicts if one.free])
    return "\n".join((*rows, "", "Fields without a problem:", "", format_bins(free.bins(), "fields")))


def _judged(verdicts: Sequence[Verdict]) -> Judged:
    return Judged([one.confidence for one in verdicts], [one.outcome == RIGHT for one in verdicts])
