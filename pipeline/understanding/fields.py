"""The fields of a document: every one the dictionary names for its type, by label or by zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.domain.findings import Field, FieldOrigin, FieldSpec, Problem
from pipeline.understanding.administrative import ZoneValue, read_zone
from pipeline.understanding.anchors import Anchor, find_anchors, follows, section_of
from pipeline.understanding.classification import Reading
from pipeline.understanding.confidence import CEILING, INK_CEILING, Proof, looks_inked, prove, word_confidence
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.extents import value_tokens
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.messages import describe
from pipeline.understanding.recipes import Rule, recipes
from pipeline.understanding.sheets import Sheet, Token, evidence
from pipeline.understanding.values import EXACT_TYPES, Meaning, interpret

#: A value behind a label that is believed less than this gives way to what stands in the field's zone.
_POOR = 0.6
#: What is printed, folded, where there is no value and none is wanted.
_NOTHING = ("khong thoi han", "khong co", "khong ro")


@dataclass(frozen=True, slots=True)
class Extract:
    """The fields found, what speaks for each by its key, and a problem for each value on the page that could not be read."""

    fields: tuple[Field, ...]
    problems: tuple[Problem, ...]
    proofs: Mapping[str, Proof] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """A field, and what speaks for it."""

    field: Field
    proof: Proof


def extract_fields(sheets: Sequence[Sheet], reading: Reading) -> Extract:
    """All fields of the type ``reading`` was taken for."""
    recipe = recipes()[reading.classification.code]
    specs = {spec.key: spec for spec in document_type(reading.classification.code).fields}
    anchors = find_anchors(sheets, recipe) if any(rule.labels for rule in recipe.rules) else ()
    founds: list[_Found] = []
    problems: list[Problem] = []
    for rule in recipe.rules:
        found, problem = _read(rule, specs[rule.key], sheets, reading, anchors)
        if found is not None:
            founds.append(found)
        if problem is not None:
            problems.append(problem)
    proofs = {found.field.key: found.proof for found in founds}
    return Extract(tuple(found.field for found in founds), tuple(problems), proofs)


def _read(
    rule: Rule, spec: FieldSpec, sheets: Sequence[Sheet], reading: Reading, anchors: Sequence[Anchor]
) -> tuple[_Found | None, Problem | None]:
    origin = _origin(sheets)
    labelled, seen = _by_label(rule, spec, anchors, origin)
    if labelled is not None and (labelled.field.confidence >= _POOR or not rule.zone):
        return labelled, None
    zoned = read_zone(rule.zone, sheets, reading) if rule.zone else None
    if labelled is not None and (zoned is None or zoned.value is None or zoned.confidence <= labelled.field.confidence):
        return labelled, None
    if zoned is not None and zoned.value is not None:
        return _from_zone(zoned, spec, origin), None
    if zoned is not None:
        return None, describe(zoned.code, spec, text=zoned.text, page=_page(zoned.tokens))
    text = squeeze(" ".join(token.text for token in seen))
    if seen and not any(phrase in fold(text) for phrase in _NOTHING):
        return None, describe("value_unreadable", spec, text=text, page=seen[0].page)
    return None, None


def _from_zone(zoned: ZoneValue, spec: FieldSpec, origin: FieldOrigin) -> _Found:
    assert zoned.value is not None
    confidence = round(min(CEILING, zoned.confidence), 3)
    problem = describe(zoned.code, spec, text=zoned.text, page=_page(zoned.tokens)) if zoned.code else None
    problems = (problem,) if problem else ()
    found = Field(spec.key, zoned.value, zoned.text, confidence, evidence(zoned.tokens), origin, problems)
    return _Found(found, prove(zoned.tokens, zoned.proof, exact=spec.type in EXACT_TYPES))


def _by_label(
    rule: Rule, spec: FieldSpec, anchors: Sequence[Anchor], origin: FieldOrigin
) -> tuple[_Found | None, tuple[Token, ...]]:
    """The best value that a label leads to, and the tokens of a value that made no sense."""
    best: _Found | None = None
    best_score = 0.0
    unread: tuple[Token, ...] = ()
    for anchor in anchors:
        if rule.key not in anchor.label.keys or not _in_place(rule, anchor, anchors):
            continue
        tokens, meaning = _understood(rule, spec, anchor, anchors)
        if meaning is None:
            unread = unread or tokens
            continue
        order = rule.labels.index(_printed(rule, anchor)) / (10 * len(rule.labels))
        score = anchor.score * meaning.quality - order
        if best is None or score > best_score + 0.05:
            fit = anchor.score * meaning.quality
            text = squeeze(" ".join(token.text for token in tokens))
            read = Field(rule.key, meaning.value, text, _confidence(spec, tokens, fit), evidence(tokens), origin)
            best = _Found(read, prove(tokens, Proof(fit=fit), exact=spec.type in EXACT_TYPES))
            best_score = score
    return best, unread


def _understood(
    rule: Rule, spec: FieldSpec, anchor: Anchor, anchors: Sequence[Anchor]
) -> tuple[tuple[Token, ...], Meaning | None]:
    """The tokens after ``anchor`` and what they mean; with one line more where they mean nothing by themselves."""
    tokens: tuple[Token, ...] = ()
    for force in (False, True):
        tokens = _without_remark(_trimmed(value_tokens(anchor, rule, anchors, force=force)))
        meaning = interpret(spec.type, " ".join(token.text for token in tokens), rule.key) if tokens else None
        if meaning is not None:
            return tokens, meaning
    return tokens, None


def _without_remark(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """``tokens`` without a remark in brackets that belongs to the label, such as (ghi bằng chữ in hoa)."""
    if not tokens or not tokens[0].text.startswith("("):
        return tokens
    end = next((place for place, token in enumerate(tokens) if ")" in token.text), None)
    return _trimmed(tokens[end + 1 :]) or tokens if end is not None else tokens


def _printed(rule: Rule, anchor: Anchor) -> str:
    return next(label for label in rule.labels if fold(label) == anchor.label.letters)


def _in_place(rule: Rule, anchor: Anchor, anchors: Sequence[Anchor]) -> bool:
    if rule.after and not follows(anchor, rule.after):
        return False
    return rule.section is None or section_of(anchor, anchors) == rule.section


def _trimmed(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """``tokens`` without the signs at either end."""
    kept = list(tokens)
    while kept and not any(sign.isalnum() for sign in kept[0].text):
        kept.pop(0)
    while kept and not any(sign.isalnum() for sign in kept[-1].text):
        kept.pop()
    return tuple(kept)


def _confidence(spec: FieldSpec, tokens: Sequence[Token], fit: float) -> float:
    exact = spec.type in EXACT_TYPES
    confidence = word_confidence(tokens, exact=exact) * fit
    if exact and any(looks_inked(token, tokens) for token in tokens if any(sign.isdigit() for sign in token.text)):
        confidence = min(confidence, max(INK_CEILING, 0.75 * confidence))
    return round(min(CEILING, confidence), 3)


def _origin(sheets: Sequence[Sheet]) -> FieldOrigin:
    layered = bool(sheets) and all(sheet.origin is FieldOrigin.TEXT_LAYER for sheet in sheets)
    return FieldOrigin.TEXT_LAYER if layered else FieldOrigin.OCR


def _page(tokens: Sequence[Token]) -> int | None:
    return tokens[0].page if tokens else None


def with_problem(found: Field, problem: Problem, ceiling: float) -> Field:
    """``found`` with one more problem and at most ``ceiling`` confidence."""
    return replace(found, confidence=min(found.confidence, ceiling), problems=(*found.problems, problem))
