"""The bench of checks: silent on right papers, and how many misread digits they find, with what suggestions.

Nothing is read: the fields of invented documents are checked as they are, then with one digit of one field changed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.domain.findings import Field, FieldValue
from pipeline.understanding import document_types
from pipeline.understanding.checks import check_fields
from pipeline.understanding.checks.slips import Change, change_digits
from scripts.corpus import TYPES, invent_fields
from scripts.corpus.chance import Chance, Split

#: The day on which all papers are taken to be received; none is made out later.
RECEIVED = date(2026, 11, 22)
#: Value types whose digits are changed.
_KINDS = ("id12", "date", "code", "phone", "tax_code", "money_vnd", "int", "area")
#: How sure every value is taken to be.
_SURE = 0.95
_OTHER = "khac"


@dataclass
class Tally:
    """Misread values of one key: all, those a check spoke against, those with the truth offered first, or at all."""

    misread: int = 0
    caught: int = 0
    first: int = 0
    offered: int = 0


@dataclass
class Outcome:
    """Papers checked, the alarms on right ones by code, CPU seconds of checking these, and tallies of misread ones by key."""

    papers: int = 0
    alarms: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    tallies: dict[str, Tally] = field(default_factory=dict)


def bench_checks(count: int) -> None:
    """Print what checks make of ``count`` invented documents of every type, right ones and misread ones."""
    for name, alike in (("any digit for any other", False), ("digits that look alike", True)):
        outcome = run_checks(count, alike=alike)
        print("\n".join(report(name, outcome)))


def run_checks(count: int, *, alike: bool, split: Split = "tune") -> Outcome:
    """What checks make of ``count`` documents of every type.

    ``alike``: the wrong digits are drawn as engines take one for another (by the table that suggestions are weighed with, so
    these figures flatter them), else all alike likely.
    """
    outcome = Outcome()
    for code in TYPES:
        if code == _OTHER:
            continue
        for seed in range(1, count + 1):
            _run_paper(outcome, code, invent_fields(code, seed, split=split), Chance(f"{code}/{seed}/checks"), alike=alike)
    return outcome


def _run_paper(outcome: Outcome, code: str, truth: Mapping[str, FieldValue], chance: Chance, *, alike: bool) -> None:
    begun = time.process_time()
    checked = check_fields(code, as_fields(truth), RECEIVED)
    outcome.seconds += time.process_time() - begun
    outcome.papers += 1
    outcome.alarms.update(problem.code for found in checked for problem in found.problems)
    for key in misreadable(code, truth):
        wrong = _misread(str(truth[key]), chance, alike=alike, dated=key.startswith("ngay_"))
        if wrong is None:
            continue
        value: FieldValue = int(wrong) if isinstance(truth[key], int) else wrong
        found = {one.key: one for one in check_fields(code, as_fields({**truth, key: value}), RECEIVED)}[key]
        tally = outcome.tallies.setdefault(key, Tally())
        tally.misread += 1
        tally.caught += bool(found.problems)
        offered = [one.value for one in found.suggestions]
        tally.first += bool(offered) and offered[0] == truth[key]
        tally.offered += truth[key] in offered


def as_fields(truth: Mapping[str, FieldValue]) -> list[Field]:
    """``truth`` as if it had been read."""
    return [Field(key, value, str(value), _SURE) for key, value in truth.items()]


def misreadable(code: str, truth: Mapping[str, FieldValue]) -> list[str]:
    """The keys of ``truth`` whose values have digits that count."""
    kinds = {spec.key: spec.type for kind in document_types() if kind.code == code for spec in kind.fields}
    return [key for key, value in truth.items() if kinds.get(key) in _KINDS and any(sign.isdigit() for sign in str(value))]


def _misread(text: str, chance: Chance, *, alike: bool, dated: bool) -> str | None:
    """``text`` with one digit changed; None where no change leaves a date."""
    changes = [change for change in change_digits(text) if not dated or _is_date(change)]
    if not changes:
        return None
    if not alike:
        return chance.pick(changes).value
    return chance.random.choices(changes, [change.weight for change in changes])[0].value


def _is_date(change: Change) -> bool:
    try:
        date.fromisoformat(change.value)
    except ValueError:
        return False
    return True


def report(name: str, outcome: Outcome) -> Iterator[str]:
    """The lines of a Markdown section."""
    alarms = ", ".join(f"{code} {count}" for code, count in outcome.alarms.items()) or "none"
    each = 1000 * outcome.seconds / max(1, outcome.papers)
    yield f"\n### {name}: {outcome.papers} papers; alarms on right ones: {alarms}; {each:.2f} ms of CPU a paper\n"
    yield "| field | misread | caught | truth offered first | truth offered |"
    yield "|---|---|---|---|---|"
    total = Tally(*(sum(getattr(one, part) for one in outcome.tallies.values()) for part in Tally.__dataclass_fields__))
    for key, one in (*sorted(outcome.tallies.items()), ("**all**", total)):
        shares = [f"{got / max(1, one.misread):.2f}" for got in (one.caught, one.first, one.offered)]
        yield f"| {key} | {one.misread} | {' | '.join(shares)} |"
