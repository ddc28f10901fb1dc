"""All thresholds of the decision in one place. Conservative: a human look costs seconds, a wrong id a citizen's case."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from pipeline.domain.findings import Field, FieldOrigin

#: What a document that is none of the known types is called.
OTHER = "khac"
#: From here on the type needs no confirmation.
CERTAIN_TYPE = 0.9
#: A page whose words were read with less on average must be looked at.
BLURRED_PAGE = 0.7
#: No value that was read passes below this; ink stays below it (docs/decisions/0015).
FLOOR = 0.9
#: What no value reaches: of such a field nothing is known.
NEVER = 1.01
#: What a human typed in or a code on the paper carried needs no second look.
_TRUSTED = frozenset({FieldOrigin.HUMAN, FieldOrigin.QR, FieldOrigin.BARCODE})
#: Problems that are worth saying but hold no document back.
TRIVIAL = frozenset({"page_blank"})


@dataclass(frozen=True)
class Thresholds:
    """The confidence that fields need: by kind of value, by key, by type and kind; ``keys`` tells the kind of each key.

    ``keys`` stand in the order of what a slip in them costs, the worst first; ``optional`` are those that a type may lack.
    """

    keys: Mapping[str, str]
    optional: Mapping[str, Sequence[str]]
    kind_needs: Mapping[str, float]
    key_needs: Mapping[str, float]
    type_needs: Mapping[str, Mapping[str, float]]

    def needed(self, key: str, code: str) -> float:
        """What the field ``key`` needs in a document of the type ``code``: the strictest of all that applies."""
        kind = self.keys.get(key, "")
        own = self.type_needs.get(code, {}).get(kind, 0.0)
        return max(FLOOR, self.kind_needs.get(kind, NEVER), self.key_needs.get(key, 0.0), own)

    def rank(self, key: str, code: str) -> tuple[bool, int]:
        """Where problems of the field ``key`` of the type ``code`` stand: required fields first, then by what a slip costs."""
        order = self._order
        return key in self.optional.get(code, ()), order.get(key, -1 if not key else len(order))

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {key: place for place, key in enumerate(self.keys)}


@cache
def thresholds() -> Thresholds:
    """Those that come with the product, learnt by ``scripts/train_fields.py``."""
    data = tomllib.loads(files(__package__).joinpath("thresholds.toml").read_text(encoding="utf-8"))
    return Thresholds(data["keys"], data["optional"], data["kind_needs"], data["key_needs"], data["type_needs"])


def needed_confidence(field: Field, code: str = "") -> float:
    """The confidence below which a human looks at ``field`` of a document of the type ``code``."""
    return 0.0 if field.origin in _TRUSTED else thresholds().needed(field.key, code)


def is_accepted(field: Field, code: str = "") -> bool:
    """Whether no human need look at ``field``: nothing is wrong with it, and it is sure enough."""
    return not field.problems and field.confidence >= needed_confidence(field, code)


def was_sure(field: Field) -> bool:
    """Whether an earlier reading, whatever its thresholds were, was sure of ``field``."""
    return not field.problems and (field.origin in _TRUSTED or field.confidence >= FLOOR)


def shown(field: Field) -> str:
    """The value of ``field`` as a message quotes it, at most 60 signs."""
    value = "; ".join(field.value) if isinstance(field.value, tuple) else str(field.value)
    return value if len(value) <= 60 else f"{value[:57]}…"
