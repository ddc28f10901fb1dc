"""Rule sets as TOML: those that come with the product, and those of an installation.

A set has ``code``, ``version``, ``title``, ``basis`` and ``rules``. A rule has ``id``, ``title``, ``point`` (where it stands
in the law), ``severity`` (``binding`` where the text of the law says so, ``setting`` where an installation may choose), the
``measure`` it looks at, and what it wants of it: ``at_least``, ``at_most``, ``equals`` or ``matches`` (a regular expression,
with ``wanted`` in words). ``unit`` stands behind figures.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.conformity.facts import MEASURES, Value
from pipeline.domain.findings import Severity

_SIGNS = {"at_least": "≥", "at_most": "≤", "equals": "=", "matches": ""}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it measures and what it wants; ``test`` is ``at_least``, ``at_most``, ``equals`` or ``matches``."""

    id: str
    title: str
    measure: str
    test: str
    limit: Value
    wanted: str
    unit: str = ""
    point: str = ""
    severity: Severity = Severity.SETTING

    def accepts(self, value: Value) -> bool:
        """Whether ``value`` is what the rule wants."""
        if self.test == "matches":
            return re.search(str(self.limit), str(value)) is not None
        if isinstance(value, str) or isinstance(self.limit, str):
            return str(value) == str(self.limit)
        if self.test == "equals":
            return value == self.limit
        return value >= self.limit if self.test == "at_least" else value <= self.limit


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules that stand together; ``basis`` is their legal basis."""

    code: str
    version: str
    title: str
    basis: str
    rules: tuple[Rule, ...]

    @property
    def digest(self) -> str:
        """The sha256 of all it says: the same rules, the same digest."""
        return hashlib.sha256(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@cache
def shipped_rule_sets() -> tuple[RuleSet, ...]:
    """The sets that come with the product, by file name."""
    folder = files(__package__).joinpath("rules")
    texts = sorted((path.name, path.read_text(encoding="utf-8")) for path in folder.iterdir() if path.name.endswith(".toml"))
    return tuple(parse_rule_set(text, name) for name, text in texts)


def load_rule_sets(folder: Path) -> tuple[RuleSet, ...]:
    """The shipped sets with those of ``folder`` (``*.toml``); one of the same code takes the place of a shipped one.

    Raises ``ValueError`` that names the file and what is wrong in it.
    """
    own = [parse_rule_set(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.toml"))]
    return tuple({rules.code: rules for rules in (*shipped_rule_sets(), *own)}.values())


def parse_rule_set(text: str, name: str) -> RuleSet:
    """The set in ``text``; raises ``ValueError`` that names the file and what is wrong in it."""
    try:
        data = tomllib.loads(text)
        rules = tuple(_rule(entry) for entry in data["rules"])
        made = RuleSet(data["code"], str(data["version"]), data["title"], data["basis"], rules)
    except KeyError as error:
        raise ValueError(f"{name}: {error} is missing") from error
    except (ValueError, TypeError, re.error) as error:
        raise ValueError(f"{name}: {error}") from error
    if twice := _twice(rule.id for rule in rules):
        raise ValueError(f"{name}: rule {twice!r} stands there twice")
    return made


def _rule(entry: Mapping[str, Any]) -> Rule:
    tests = [test for test in _SIGNS if test in entry]
    if len(tests) != 1:
        raise ValueError(f"rule {entry['id']!r} needs one of {', '.join(_SIGNS)}")
    if entry["measure"] not in MEASURES:
        raise ValueError(f"rule {entry['id']!r} measures {entry['measure']!r}; there are {', '.join(MEASURES)}")
    test, unit, limit = tests[0], entry.get("unit", ""), entry[tests[0]]
    if test == "matches":
        re.compile(limit)
    wanted = entry.get("wanted") or f"{_SIGNS[test]} {limit} {unit}".strip()
    return Rule(
        id=entry["id"],
        title=entry["title"],
        measure=entry["measure"],
        test=test,
        limit=limit,
        wanted=wanted,
        unit=unit,
        point=entry.get("point", ""),
        severity=Severity(entry.get("severity", "setting")),
    )


def _twice(ids: Iterable[str]) -> str:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            return one
        seen.add(one)
    return ""
