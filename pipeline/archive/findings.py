"""What understanding found, as the plain JSON values of record.json, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipeline.domain.documents import Owner
from pipeline.domain.findings import (
    AddressUnits,
    Classification,
    Component,
    Conformity,
    Evidence,
    Field,
    FieldOrigin,
    FieldValue,
    Findings,
    Outcome,
    Problem,
    ProcedureRef,
    RuleOutcome,
    Severity,
    Suggestion,
    Unit,
    UnitLevel,
    UnitScheme,
    Validity,
)
from pipeline.domain.geometry import Box

Json = dict[str, Any]


def findings_as_json(found: Findings | None) -> Json:
    """The parts of a record that tell of ``found``; empty ones where nothing was understood."""
    return {
        "document_type": _type(found.classification) if found else None,
        "fields": {field.key: _field(field) for field in found.fields} if found else {},
        "owners": [_owner(owner) for owner in found.owners] if found else [],
        "validity": _validity(found.validity) if found and found.validity else None,
        "procedure": _procedure(found.procedure) if found and found.procedure else None,
        "dossier_code": found.dossier_code or None if found else None,
        "components": [_component(part) for part in found.components] if found else [],
    }


def problem_as_json(problem: Problem) -> Json:
    """One problem."""
    return {"code": problem.code, "message": problem.message, "field": problem.field, "page": problem.page}


def box_as_json(box: Box) -> list[int]:
    """Left, top, right and bottom in whole scan pixels."""
    return [round(box.left), round(box.top), round(box.right), round(box.bottom)]


def conformity_as_json(conformity: Conformity) -> Json:
    """How the file fares against a rule set, rule by rule."""
    return {
        "rule_set": conformity.rule_set,
        "version": conformity.version,
        "basis": conformity.basis,
        "rules": [
            {
                "rule": one.rule,
                "title": one.title,
                "point": one.point,
                "severity": one.severity.value,
                "outcome": one.outcome.value,
                "wanted": one.wanted,
                "found": one.found,
                "pages": list(one.pages),
            }
            for one in conformity.outcomes
        ],
    }


def failed_of_json(raw: Json) -> tuple[str, ...]:
    """The ids of the rules of conformity that the file of a record fails."""
    judged = (rule for rule_set in raw.get("conformity", ()) for rule in rule_set["rules"])
    return tuple(rule["rule"] for rule in judged if rule["outcome"] == Outcome.FAILED.value)


def _component(part: Component) -> Json:
    found = findings_as_json(part.findings)
    del found["components"]
    return {"pages": list(part.pages), **found, "problems": [problem_as_json(problem) for problem in part.findings.problems]}


def _type(found: Classification) -> Json:
    return {
        "code": found.code,
        "confidence": round(found.confidence, 4),
        "alternatives": [{"code": code, "confidence": round(p, 4)} for code, p in found.alternatives],
    }


def _field(field: Field) -> Json:
    return {
        "value": _value(field.value),
        "text": field.text,
        "confidence": round(field.confidence, 4),
        "origin": field.origin.value,
        "evidence": _evidence(field.evidence),
        "problems": [problem_as_json(problem) for problem in field.problems],
        "suggestions": [{"value": _value(one.value), "source": one.source, "reason": one.reason} for one in field.suggestions],
        "units": _units(field.units) if field.units else None,
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Json]:
    return [{"page": seen.page, "box": box_as_json(seen.box)} for seen in evidence]


def _value(value: FieldValue) -> str | int | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _units(found: AddressUnits) -> Json:
    return {
        "scheme": found.scheme.value,
        "units": [_unit(unit) for unit in found.units],
        "detail": found.detail,
        "today": [_unit(unit) for unit in found.today],
        "successors": [_unit(unit) for unit in found.successors],
        "basis": found.basis,
        "since": found.since or None,
        "note": found.note,
    }


def _unit(unit: Unit) -> Json:
    return {"code": unit.code, "name": unit.name, "level": unit.level.value}


def _owner(owner: Owner) -> Json:
    return {"id12": owner.id12 or None, "name": owner.name, "birth_date": owner.birth_date or None}


def _validity(validity: Validity) -> Json:
    return {
        "issued": validity.issued or None,
        "since": validity.since or None,
        "until": validity.until or None,
        "term": validity.term or None,
        "unlimited": validity.unlimited,
        "conditions": list(validity.conditions),
        "doubtful": validity.doubtful,
        "evidence": _evidence(validity.evidence),
    }


def _procedure(procedure: ProcedureRef) -> Json:
    return {"code": procedure.code, "name": procedure.name, "confidence": round(procedure.confidence, 4)}


def findings_of_json(raw: Json) -> Findings | None:
    """What a record, or a component in it, tells of understanding; None where nothing was understood."""
    kind = raw["document_type"]
    if kind is None:
        return None
    others = tuple((other["code"], other["confidence"]) for other in kind["alternatives"])
    validity, procedure = raw.get("validity"), raw.get("procedure")
    return Findings(
        Classification(kind["code"], kind["confidence"], others),
        tuple(_as_field(key, field) for key, field in raw["fields"].items()),
        owners=tuple(Owner(one["id12"] or "", one["name"], one["birth_date"] or "") for one in raw.get("owners", ())),
        validity=validity_of_json(validity) if validity else None,
        procedure=ProcedureRef(procedure["code"], procedure["name"], procedure["confidence"]) if procedure else None,
        components=tuple(_as_component(part) for part in raw.get("components", ())),
        dossier_code=raw.get("dossier_code") or "",
    )


def problems_of_json(raw: list[Json]) -> tuple[Problem, ...]:
    """The problems of a record, or of a part of it."""
    return tuple(Problem(problem["code"], problem["message"], problem["field"], problem["page"]) for problem in raw)


def conformity_of_json(raw: Json) -> Conformity:
    """How a record says that its file fares against a rule set."""
    rules = tuple(
        RuleOutcome(
            one["rule"],
            Outcome(one["outcome"]),
            one["wanted"],
            one["found"],
            tuple(one["pages"]),
            one.get("title", ""),
            one.get("point", ""),
            Severity(one.get("severity", "binding")),
        )
        for one in raw["rules"]
    )
    return Conformity(raw["rule_set"], raw["version"], raw["basis"], rules)


def _as_component(raw: Json) -> Component:
    found = findings_of_json(raw)
    if found is None:
        raise ValueError("a component without a type")
    return Component(tuple(raw["pages"]), replace(found, problems=problems_of_json(raw["problems"])))


def _as_field(key: str, raw: Json) -> Field:
    return Field(
        key=key,
        value=_as_value(raw["value"]),
        text=raw["text"],
        confidence=raw["confidence"],
        evidence=_as_evidence(raw["evidence"]),
        origin=FieldOrigin(raw["origin"]),
        problems=problems_of_json(raw["problems"]),
        suggestions=tuple(
            Suggestion(_as_value(one["value"]), one["source"], one["reason"]) for one in raw.get("suggestions", ())
        ),
        units=_as_units(raw["units"]) if raw.get("units") else None,
    )


def _as_evidence(raw: list[Json]) -> tuple[Evidence, ...]:
    return tuple(Evidence(seen["page"], Box(*map(float, seen["box"]))) for seen in raw)


def _as_value(raw: str | int | list[str]) -> FieldValue:
    return tuple(raw) if isinstance(raw, list) else raw


def _as_units(raw: Json) -> AddressUnits:
    units, today, successors = (tuple(map(_as_unit, raw[key])) for key in ("units", "today", "successors"))
    return AddressUnits(
        UnitScheme(raw["scheme"]), units, raw["detail"], today, successors, raw["basis"], raw["since"] or "", raw["note"]
    )


def _as_unit(raw: Json) -> Unit:
    return Unit(raw["code"], raw["name"], UnitLevel(raw["level"]))


def validity_of_json(raw: Json) -> Validity:
    """How long a record says that its paper holds."""
    return Validity(
        issued=raw["issued"] or "",
        until=raw["until"] or "",
        term=raw["term"] or "",
        unlimited=raw["unlimited"],
        conditions=tuple(raw["conditions"]),
        since=raw.get("since") or "",
        doubtful=raw.get("doubtful", False),
        evidence=_as_evidence(raw.get("evidence", [])),
    )
