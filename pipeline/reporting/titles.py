"""How a report names things: words of a language, names of offices, procedures, types, fields and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.domain.figures import Period, agency_key
from pipeline.reporting.words import report_words


@dataclass(frozen=True, slots=True)
class Titles:
    """``offices`` by ``agency_key``; ``fields`` by type and key; what has no name is called by its code."""

    language: str = "vi"
    offices: Mapping[str, str] = field(default_factory=dict)
    procedures: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the report."""
        return report_words(self.language)

    def span(self, period: Period) -> str:
        """The period in words."""
        since, until = (f"{day:%d/%m/%Y}" for day in (period.since, period.until))
        return self.words["from_to"].format(since=since, until=until)

    def office(self, code: str, name: str = "") -> str:
        """An office by name."""
        return name or self.offices.get(agency_key(code), "") or code or self.words["no_office"]

    def procedure(self, code: str) -> str:
        """A procedure by name."""
        return self.procedures.get(code, code) if code else self.words["no_procedure"]

    def type(self, code: str) -> str:
        """A type of documents by name."""
        return self.types.get(code, code)

    def field_of(self, type_code: str, key: str) -> str:
        """A field of a type by name."""
        return self.fields.get(type_code, {}).get(key, key)

    def person(self, person: str) -> str:
        """A person by name."""
        return self.people.get(person, person)
