"""What time and events make of papers, by their type: as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path

#: The type that stands for all others.
ANY = "*"


class Effect(StrEnum):
    """What something makes of a paper; ``ASK``: somebody must look first."""

    HOLDS = "holds"
    ENDS = "ends"
    ASK = "ask"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy of some ``types``; ``newest`` is empty, :data:`OWNER_LINEAGE` alone, or keys of fields."""

    types: tuple[str, ...]
    basis: str
    without_term: Effect
    on_death: Effect
    on_change: Effect
    conditions: Effect
    newest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of an installation, by type."""

    version: str
    by_type: Mapping[str, Policy]

    def of(self, document_type: str) -> Policy:
        """That of a type."""
        return self.by_type.get(document_type) or self.by_type[ANY]


@cache
def shipped_policies() -> Policies:
    """Those that come with the product."""
    return _parse((files("pipeline.reuse") / "policies.toml").read_text(encoding="utf-8"), "policies.toml")


def load_policies(path: Path) -> Policies:
    """Those of an installation; raises ``ValueError`` for a faulty file."""
    return _parse(path.read_text(encoding="utf-8"), path.name)


_CHOICES = {
    "without_term": (Effect.HOLDS, Effect.ASK),
    "on_death": (Effect.HOLDS, Effect.ENDS, Effect.ASK),
    "on_change": (Effect.HOLDS, Effect.ENDS, Effect.ASK),
    "conditions": (Effect.TOLD, Effect.ASK),
}


def _parse(text: str, name: str) -> Policies:
    try:
        raw = tomllib.loads(text)
        policies = [_policy(one) for one in raw["policy"]]
        version = str(raw["version"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: not a file of policies: {error!r}") from error
    listed = [kind for one in policies for kind in one.types]
    twice = sorted({kind for kind in listed if listed.count(kind) > 1})
    if twice or ANY not in listed:
        raise ValueError(f"{name}: {', '.join(twice)} stand twice" if twice else f'{name}: no policy has the type "*"')
    return Policies(version, {kind: one for one in policies for kind in one.types})


def _policy(raw: dict[str, object]) -> Policy:
    effects = {key: Effect(str(raw[key])) for key in _CHOICES}
    wrong = [key for key, effect in effects.items() if effect not in _CHOICES[key]]
    if wrong or not isinstance(raw["types"], list):
        raise ValueError(f"{', '.join(wrong) or 'types'} makes no sense")
    newest = raw.get("newest", "")
    keys = tuple(map(str, newest)) if isinstance(newest, list) else (str(newest),) if newest else ()
    return Policy(tuple(map(str, raw["types"])), str(raw["basis"]), newest=keys, **effects)
