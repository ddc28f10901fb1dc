"""Facts against rules: one outcome for each rule."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.conformity.facts import MEASURES, DerivedPdf, Facts, Measured, Value
from pipeline.conformity.rule_sets import Rule, RuleSet
from pipeline.domain.documents import Source
from pipeline.domain.findings import Conformity, Outcome, RuleOutcome

#: What a signature changes of a file.
_OF_SIGNING = frozenset({"bytes", "digitiser_signatures", "agency_signatures"})


def judge(facts: Facts, rule_sets: Iterable[RuleSet]) -> tuple[Conformity, ...]:
    """How the file fares against each set; what could not be measured is ``unknown``, never passed."""
    sets = tuple(rule_sets)
    measured = {name: MEASURES[name](facts) for name in {rule.measure for rules in sets for rule in rules.rules}}
    return tuple(
        Conformity(
            rules.code, rules.version, rules.basis, tuple(_outcome(rule, measured[rule.measure]) for rule in rules.rules)
        )
        for rules in sets
    )


def judge_signatures(pdf: DerivedPdf, rule_sets: Iterable[RuleSet]) -> tuple[tuple[str, RuleOutcome], ...]:
    """The rules that tell of the PDF's size and signatures alone, judged anew, each with the code of its set."""
    facts = Facts(Source("", "", 0, ""), (), (), pdf)
    return tuple(
        (rules.code, _outcome(rule, MEASURES[rule.measure](facts)))
        for rules in rule_sets
        for rule in rules.rules
        if rule.measure in _OF_SIGNING
    )


def _outcome(rule: Rule, measured: Measured) -> RuleOutcome:
    failed = [(page, value) for page, value in measured.values if not rule.accepts(value)]
    if not measured.applicable:
        outcome = Outcome.NOT_APPLICABLE
    elif not measured.values:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.FAILED if failed else Outcome.PASSED
    return RuleOutcome(
        rule=rule.id,
        outcome=outcome,
        wanted=rule.wanted,
        found=_shown(rule, [value for _, value in failed or measured.values]),
        pages=tuple(page for page, _ in failed if page),
        title=rule.title,
        point=rule.point,
        severity=rule.severity,
    )


def _shown(rule: Rule, values: list[Value]) -> str:
    """The values in words: figures from the least to the greatest, words each once."""
    figures = [value for value in values if not isinstance(value, str)]
    if figures and len(figures) == len(values):
        ends = dict.fromkeys((min(figures), max(figures)))
        return f"{'–'.join(map(_figure, ends))} {rule.unit}".strip()
    return ", ".join(dict.fromkeys(map(str, values)))


def _figure(value: int | float) -> str:
    """A figure as Vietnamese papers write it: 1.048.576."""
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else f"{value:g}"
