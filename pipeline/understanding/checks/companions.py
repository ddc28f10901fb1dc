"""Documents of one file that speak of the same person: what one says against what another says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from pipeline.domain.findings import Component, Field, Suggestion
from pipeline.domain.syllables import canonical
from pipeline.understanding.checks.papers import CERTAIN, DOUBTED
from pipeline.understanding.checks.people import ROLES, Role
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.messages import describe

#: Ids that differ in no more digits than this are one id, misread, where names and birth dates are the same.
_MISREAD = 2


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody whom the document at ``place`` speaks of; values as text, empty where it does not say."""

    place: int
    role: Role
    number: str
    birth: str
    name: str


def check_companions(components: Sequence[Component]) -> tuple[Component, ...]:
    """``components`` of a file, their values doubted where another of them says something else of the same person.

    The same id with another birth date or name; or the same name and birth date with an id that differs in one digit or two.
    """
    checked = list(components)
    persons = [person for place, one in enumerate(components) for person in _persons(place, one)]
    for one, other in combinations(persons, 2):
        if one.place == other.place:
            continue
        for part in _disagreements(one, other):
            keys = getattr(one.role, part), getattr(other.role, part)
            for person, key, witness, said in ((one, keys[0], other, keys[1]), (other, keys[1], one, keys[0])):
                checked[person.place] = _doubted(checked[person.place], key, components[witness.place], said)
    return tuple(checked)


def _persons(place: int, component: Component) -> Iterator[_Person]:
    values = {found.key: str(found.value) for found in component.findings.fields}
    for role in ROLES:
        if role.name in values or role.number in values:
            yield _Person(place, role, *(values.get(key, "") for key in (role.number, role.birth, role.name)))


def _disagreements(one: _Person, other: _Person) -> Iterator[str]:
    """The parts that two documents tell differently of somebody who is the same."""
    same_name = bool(one.name) and _plain(one.name) == _plain(other.name)
    if one.number and one.number == other.number:
        if one.birth and other.birth and one.birth != other.birth:
            yield "birth"
        if one.name and other.name and not same_name:
            yield "name"
    elif same_name and _is_misread(one.number, other.number) and (one.birth == other.birth or not (one.birth and other.birth)):
        yield "number"


def _is_misread(one: str, other: str) -> bool:
    if not one or len(one) != len(other):
        return False
    return sum(first != second for first, second in zip(one, other, strict=True)) <= _MISREAD


def _plain(name: str) -> str:
    return " ".join(canonical(word) for word in name.split())


def _doubted(component: Component, key: str, witness: Component, said: str) -> Component:
    """``component`` with the field ``key`` doubted for what ``witness`` says, unless a human or a code gave it."""
    found, told = component.findings.field(key), witness.findings.field(said)
    if found is None or told is None or found.origin in CERTAIN:
        return component
    specs = {spec.key: spec for spec in document_type(component.findings.classification.code).fields}
    page = told.evidence[0].page if told.evidence else witness.pages[0]
    place = f"giấy tờ khác trong cùng tệp (trang {page})"
    problem = describe("sources_disagree", specs[key], text=str(told.value), page=_page(found), place=place)
    suggestion = Suggestion(told.value, "page", f"Giá trị ghi ở {place}.")
    doubted = replace(
        found,
        confidence=min(found.confidence, DOUBTED),
        problems=(*found.problems, problem),
        suggestions=(suggestion, *(one for one in found.suggestions if one.value != told.value)),
    )
    fields = tuple(doubted if one.key == key else one for one in component.findings.fields)
    return replace(component, findings=replace(component.findings, fields=fields))


def _page(found: Field) -> int | None:
    return found.evidence[0].page if found.evidence else None
