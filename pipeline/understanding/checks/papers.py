"""A paper as checks see it: its values as text, and the rules that tie them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.domain.findings import Field, FieldOrigin, FieldSpec, FieldValue, Suggestion
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.folding import fold

#: The most confidence a field keeps after a check that speaks against it.
DOUBTED = 0.5
#: The same after a check that right papers fail now and then: somebody looks, nothing more.
HINTED = 0.85
#: The days on which papers were made out, the first of them that a type has.
PAPER_DAYS = ("ngay_ban_hanh", "ngay_cap", "ngay_dang_ky", "ngay_tiep_nhan")
#: What a human typed in or a code carried is not what was misread.
CERTAIN = frozenset({FieldOrigin.HUMAN, FieldOrigin.QR, FieldOrigin.BARCODE})

#: Values of fields as text, by key.
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold between the values of ``keys``, all of which the paper has.

    ``holds`` is asked again of values with one digit changed, so it reads nothing else of them. ``agrees`` says in
    Vietnamese what a change brings into agreement. ``others`` are values, by key, that are offered beside changed digits.
    With ``by_slip`` the rule speaks only where one digit taken for one that looks like it explains that it is broken: right
    papers break it, too, but hardly so.
    """

    code: str
    keys: tuple[str, ...]
    holds: Callable[[Values], bool]
    agrees: str = ""
    ceiling: float = DOUBTED
    others: tuple[tuple[str, Suggestion], ...] = ()
    by_slip: bool = False

    @property
    def binding(self) -> bool:
        """Whether no right paper breaks it."""
        return self.ceiling <= DOUBTED


@dataclass(frozen=True, slots=True)
class Paper:
    """The fields of a document of type ``code`` by their keys, and the day it was received."""

    code: str
    fields: Mapping[str, Field]
    specs: Mapping[str, FieldSpec]
    today: date

    @classmethod
    def of(cls, code: str, fields: Sequence[Field], today: date) -> Paper:
        """The paper with ``fields``; those that its type does not know are left out."""
        specs = {spec.key: spec for spec in document_type(code).fields}
        return cls(code, {found.key: found for found in fields if found.key in specs}, specs, today)

    def has(self, *keys: str) -> bool:
        """Whether all of ``keys`` were found."""
        return all(key in self.fields for key in keys)

    def value(self, key: str) -> str:
        """The value of ``key`` as text; empty where there is none, or several."""
        found = self.fields.get(key)
        return "" if found is None or isinstance(found.value, tuple) else str(found.value)

    def printed(self, key: str) -> str:
        """The value of ``key`` as printed; empty where there is none."""
        found = self.fields.get(key)
        return found.text if found is not None else ""

    def values(self, keys: Sequence[str]) -> Values:
        """The values of ``keys`` as text."""
        return {key: self.value(key) for key in keys}

    def is_certain(self, key: str) -> bool:
        """Whether the value came from a human or a code."""
        return self.fields[key].origin in CERTAIN

    @property
    def day_key(self) -> str:
        """The key of the day on which the paper was made out; empty where that was not found."""
        return next((key for key in PAPER_DAYS if key in self.fields), "")


def parse_day(text: str) -> date | None:
    """The day written as ISO 8601; None where ``text`` is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def as_value(found: Field, text: str) -> FieldValue:
    """``text`` as a value of the kind that ``found`` has."""
    return int(text) if isinstance(found.value, int) else text


def differ(one: str, other: str) -> Callable[[Values], bool]:
    """Whether the values of two fields differ, marks and case aside."""
    return lambda got: fold(got[one]) != fold(got[other])
