"""Rules asked of a paper: which values are doubted, and which single misread sign would set all right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.findings import Suggestion
from pipeline.understanding.checks.papers import Paper, Rule, as_value, parse_day
from pipeline.understanding.checks.slips import Change, change_digits, change_letters

#: Values offered for one field.
_OFFERED = 3
#: A change this much less likely than the likeliest is not worth offering.
_FAINT = 0.04
#: What a change is worth that breaks a rule which right papers break now and then.
_SPITE = 0.1
#: From here on two digits look alike.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Doubt:
    """A check that speaks against the field ``key``."""

    key: str
    code: str
    ceiling: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all rules together say: doubts in the order of the rules, and values that doubted fields may have instead."""

    doubts: tuple[Doubt, ...]
    suggestions: tuple[tuple[str, tuple[Suggestion, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Repair:
    key: str
    change: Change
    weight: float


def weigh_rules(paper: Paper, rules: Sequence[Rule]) -> Verdict:
    """What ``rules`` say of ``paper``."""
    standing = [rule for rule in rules if paper.has(*rule.keys)]
    broken = [rule for rule in standing if not rule.holds(paper.values(rule.keys))]
    broken = [rule for rule in broken if not rule.by_slip or _is_slip(paper, rule, standing)]
    doubts: list[Doubt] = []
    offered: dict[str, tuple[Suggestion, ...]] = {}
    for group in _groups(broken):
        repairs = _repairs(paper, group, standing) if any(rule.agrees for rule in group) else []
        explained = {repair.key for repair in repairs} | {key for rule in group for key, _ in rule.others}
        doubts += _doubts(paper, group, explained)
        for key in dict.fromkeys(key for rule in group for key in rule.keys):
            others = (each for rule in group for at, each in rule.others if at == key)
            found = {one.value: one for one in (*_suggest(paper, key, group, repairs), *others)}
            offered[key] = tuple(found.values())[:_OFFERED]
    return Verdict(tuple(doubts), tuple(offered.items()))


def _is_slip(paper: Paper, rule: Rule, standing: Sequence[Rule]) -> bool:
    """Whether one digit taken for one that looks like it explains that ``rule`` is broken."""
    return any(repair.change.weight >= _ALIKE for repair in _repairs(paper, [rule], standing))


def _groups(broken: Sequence[Rule]) -> list[list[Rule]]:
    """Broken rules that share a field stand together: one misread value may break them all."""
    groups: list[list[Rule]] = []
    for rule in broken:
        touching = [group for group in groups if any(set(rule.keys) & set(other.keys) for other in group)]
        merged = [other for group in touching for other in group] + [rule]
        groups = [group for group in groups if group not in touching] + [merged]
    return groups


def _doubts(paper: Paper, group: Sequence[Rule], explained: set[str]) -> Iterator[Doubt]:
    """Every field of the group, or, where one alone explains all that is wrong, that one."""
    bound = any(rule.binding for rule in group)
    alone = next(iter(explained)) if len(explained) == 1 and bound else ""
    for rule in group:
        open_keys = [key for key in rule.keys if not paper.is_certain(key)] or list(rule.keys)
        for key in open_keys:
            if not alone or key == alone or alone not in rule.keys:
                yield Doubt(key, rule.code, rule.ceiling)


def _repairs(paper: Paper, group: Sequence[Rule], standing: Sequence[Rule]) -> list[_Repair]:
    """Single misread signs of one field that would set the whole group right and break nothing else, likeliest first."""
    bound = [rule for rule in group if rule.binding] or list(group)
    shared = set.intersection(*(set(rule.keys) for rule in bound))
    found: list[_Repair] = []
    for key in sorted(shared):
        if paper.is_certain(key):
            continue
        touched = [rule for rule in standing if key in rule.keys]
        needed = [rule for rule in touched if rule.binding or rule in bound]
        wished = [rule for rule in touched if rule not in needed]
        values = dict(paper.values([each for rule in touched for each in rule.keys]))
        doubt = 1.02 - paper.fields[key].confidence
        for change in _changes(values[key], dated=paper.specs[key].type == "date"):
            changed = {**values, key: change.value}
            if all(rule.holds(changed) for rule in needed):
                spared = all(rule.holds(changed) for rule in wished)
                found.append(_Repair(key, change, change.weight * doubt * (1.0 if spared else _SPITE)))
    return sorted(found, key=lambda repair: -repair.weight)


def _changes(text: str, *, dated: bool) -> Iterator[Change]:
    for change in (*change_digits(text), *change_letters(text)):
        if not dated or parse_day(change.value):
            yield change


def _suggest(paper: Paper, key: str, group: Sequence[Rule], repairs: Sequence[_Repair]) -> Iterator[Suggestion]:
    own = [repair for repair in repairs if repair.key == key]
    best = repairs[0].weight if repairs else 0.0
    agrees = ", ".join(dict.fromkeys(rule.agrees for rule in group if rule.agrees and key in rule.keys))
    for repair in own:
        if repair.weight < _FAINT * best:
            break
        yield Suggestion(as_value(paper.fields[key], repair.change.value), "check", f"{_say(repair.change)} thì {agrees}.")


def _say(change: Change) -> str:
    day = parse_day(change.value)
    if day:
        return f"Nếu là ngày {day:%d/%m/%Y} (một chữ số đọc nhầm)"
    sign = "chữ số" if change.read.isdigit() else "ký tự"
    return f"Nếu {sign} thứ {change.place} là “{change.instead}” (đọc thấy “{change.read}”)"
