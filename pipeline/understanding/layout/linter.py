"""The rules of layout, and how a paper fares against each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.domain.findings import Component, Conformity, Findings, Outcome, RuleOutcome, Severity
from pipeline.domain.pages import PageReading
from pipeline.understanding.dictionary import groups
from pipeline.understanding.layout import page_shape, zones
from pipeline.understanding.layout.paper import Paper, Verdict, make_paper

_GROUP = "nd30"
CHECKS: Mapping[str, Callable[[Paper], Verdict]] = {
    "paper": page_shape.check_paper,
    "margins": page_shape.check_margins,
    "size": page_shape.check_size,
    "page_numbers": page_shape.check_page_numbers,
    "nation": zones.check_nation,
    "motto": zones.check_motto,
    "issuer": zones.check_issuer,
    "number": zones.check_number,
    "place_date": zones.check_place_date,
    "title": zones.check_title,
    "subject": zones.check_subject,
    "order": zones.check_order,
    "signer_title": zones.check_signer_title,
    "authority": zones.check_authority,
    "signer": zones.check_signer,
    "recipients": zones.check_recipients,
}


@dataclass(frozen=True, slots=True)
class LayoutRule:
    """One rule; ``not_for`` are the types it does not bind."""

    id: str
    title: str
    wanted: str
    point: str
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """All rules, with what they rest on and since when."""

    code: str
    version: str
    basis: str
    since: str
    rules: tuple[LayoutRule, ...]


@cache
def layout_rules() -> LayoutRules:
    """The rules of ``rules.toml``."""
    data = tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
    rules = tuple(LayoutRule(**{**entry, "not_for": tuple(entry.get("not_for", ()))}) for entry in data["rules"])
    return LayoutRules(data["code"], data["version"], data["basis"], data["since"], rules)


def lint_layout(findings: Findings, readings: Sequence[PageReading]) -> tuple[Conformity, ...]:
    """How each administrative paper in the file fares against the rules of layout, as hints.

    Papers of other kinds, and those from before the decree, are not judged. What may only not have been read is ``unknown``.
    """
    parts = findings.components or (Component(tuple(reading.number for reading in readings), findings),)
    judged = (_lint(part.findings, [one for one in readings if one.number in part.pages]) for part in parts)
    return tuple(one for one in judged if one is not None)


def _lint(findings: Findings, readings: Sequence[PageReading]) -> Conformity | None:
    rules, code = layout_rules(), findings.classification.code
    day = findings.field("ngay_ban_hanh")
    if groups().get(code) != _GROUP or (day is not None and str(day.value) < rules.since):
        return None
    paper = make_paper(findings, readings)
    if paper is None:
        return None
    return Conformity(rules.code, rules.version, rules.basis, tuple(_outcome(rule, paper, code) for rule in rules.rules))


def _outcome(rule: LayoutRule, paper: Paper, code: str) -> RuleOutcome:
    verdict = Verdict(Outcome.NOT_APPLICABLE) if code in rule.not_for else CHECKS[rule.id](paper)
    return RuleOutcome(
        rule.id, verdict.outcome, rule.wanted, verdict.found, verdict.pages, rule.title, rule.point, Severity.HINT
    )
