"""The fields of a document: every one the dictionary names for its type, by label or by zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.domain.findings import Field, FieldOrigin, FieldSpec, Problem, Suggestion
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.checks import describe_unread
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.kinds.classification import Reading
from pipeline.understanding.kinds.recipes import Rule, recipes
from pipeline.understanding.labels.anchors import Anchor, find_anchors, follows, section_of
from pipeline.understanding.labels.extents import value_tokens
from pipeline.understanding.labels.mentions import mentioned_names, signed_names
from pipeline.understanding.messages import describe
from pipeline.understanding.sheets import Sheet, Token, evidence
from pipeline.understanding.sources import coded_fields
from pipeline.understanding.trust.confidence import CEILING, INK_CEILING, Proof, looks_inked, prove, word_confidence
from pipeline.understanding.trust.witnesses import Witness, settle
from pipeline.understanding.values.dates import spelt_dates
from pipeline.understanding.values.interpretation import EXACT_TYPES, FORMED, interpret
from pipeline.understanding.values.meanings import Meaning, beside
from pipeline.understanding.values.names import likely_surnames
from pipeline.understanding.zones.administrative import read_zone
from pipeline.understanding.zones.zone_values import ZoneValue

#: A value behind a label that is believed less than this gives way to what stands in the field's zone.
_POOR = 0.6
#: What is printed, folded, where there is no value and none is wanted.
_NOTHING = ("khong thoi han", "khong co", "khong ro", "khong xac dinh", "de trong", "bo trong")
#: A token believed less than this that is no syllable is dirt at the end of a value.
_DISOWNED = 0.35
#: Labels of the words that repeat the figure before them.
_IN_WORDS = frozenset({"ghi bang chu", "viet bang chu", "bang chu"})
#: The most confidence of a figure that the words beside it contradict.
_DISPUTED = 0.5


@dataclass(frozen=True, slots=True)
class Extract:
    """The fields found, what speaks for each by its key, and a problem for each value on the page that could not be read."""

    fields: tuple[Field, ...]
    problems: tuple[Problem, ...]
    proofs: Mapping[str, Proof] = field(default_factory=dict)


def extract_fields(sheets: Sequence[Sheet], reading: Reading) -> Extract:
    """All fields of the type ``reading`` was taken for."""
    code = reading.classification.code
    recipe = recipes()[code]
    specs = {spec.key: spec for spec in document_type(code).fields}
    anchors = find_anchors(sheets, recipe) if any(rule.labels for rule in recipe.rules) else ()
    page = _Paper(sheets, reading, anchors, coded_fields(code, sheets), _origin(sheets))
    founds: list[Witness] = []
    problems: list[Problem] = []
    for rule in recipe.rules:
        witnesses, problem = _witnesses(rule, specs[rule.key], page)
        found = settle(specs[rule.key], witnesses)
        if found is not None:
            founds.append(found)
        elif problem is not None:
            problems.append(problem)
    proofs = {found.field.key: found.proof for found in founds}
    return Extract(tuple(found.field for found in founds), tuple(problems), proofs)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document under reading: its sheets, the labels on them and what its codes say."""

    sheets: Sequence[Sheet]
    reading: Reading
    anchors: Sequence[Anchor]
    coded: Mapping[str, tuple[Witness, ...]]
    origin: FieldOrigin


def _witnesses(rule: Rule, spec: FieldSpec, paper: _Paper) -> tuple[list[Witness], Problem | None]:
    """What the paper says of one field, its own place first; a problem where something stands there that makes no sense."""
    printed, problem = _read(rule, spec, paper)
    own = [printed] if printed is not None else []
    coded = paper.coded.get(rule.key, ())
    said = [*coded, *(_said_again(rule, spec, paper) if own or not rule.labels else ())]
    if not own and any(not one.loose for one in coded):
        return [one for one in coded if not one.loose], None
    return ([*own, *said], problem) if own else ([], problem)


def _said_again(rule: Rule, spec: FieldSpec, paper: _Paper) -> Iterator[Witness]:
    """The same name in a sentence and under a signature."""
    again = (("câu nêu tên trong giấy", mentioned_names(paper.sheets, rule.mentions)) if rule.mentions else None,)
    signed = ("chữ ký", signed_names(paper.sheets, rule.signed)) if rule.signed else None
    for place, names in filter(None, (*again, signed)):
        for tokens in names:
            meaning = interpret(spec.type, " ".join(token.text for token in tokens), rule.key)
            if meaning is not None:
                yield replace(_witness(spec, tokens, meaning, 1.0, paper.origin), place=place, loose=True)


def _read(rule: Rule, spec: FieldSpec, paper: _Paper) -> tuple[Witness | None, Problem | None]:
    """The value in the field's own place, behind its label or in its zone."""
    labelled, seen = _by_label(rule, spec, paper)
    if labelled is not None and (labelled.field.confidence >= _POOR or not rule.zone):
        return labelled, None
    zoned = read_zone(rule.zone, paper.sheets, paper.reading) if rule.zone else None
    if labelled is not None and (zoned is None or zoned.value is None or zoned.confidence <= labelled.field.confidence):
        return labelled, None
    if zoned is not None and zoned.value is not None:
        return _from_zone(zoned, spec, paper.origin), None
    if zoned is not None:
        return None, describe_unread(zoned.code, spec, zoned.text, _page(zoned.tokens))
    text = squeeze(" ".join(token.text for token in seen))
    if seen and not any(phrase in fold(text) for phrase in _NOTHING):
        return None, describe_unread("value_unreadable", spec, text, seen[0].page)
    return None, None


def _from_zone(zoned: ZoneValue, spec: FieldSpec, origin: FieldOrigin) -> Witness:
    assert zoned.value is not None
    value, proof, confidence = zoned.value, zoned.proof, zoned.confidence
    meaning = interpret(spec.type, str(value), spec.key) if spec.key in FORMED else None
    if meaning is not None:
        value, confidence = meaning.value, confidence * meaning.quality
        proof = replace(proof, known=meaning.known, mended=proof.mended or meaning.mended)
    confidence = round(min(CEILING, confidence), 3)
    problem = describe(zoned.code, spec, text=zoned.text, page=_page(zoned.tokens)) if zoned.code else None
    problems = (problem,) if problem else ()
    found = Field(spec.key, value, zoned.text, confidence, evidence(zoned.tokens), origin, problems, zoned.suggestions)
    return Witness(found, prove(zoned.tokens, proof, exact=spec.type in EXACT_TYPES))


def _by_label(rule: Rule, spec: FieldSpec, paper: _Paper) -> tuple[Witness | None, tuple[Token, ...]]:
    """The best value that a label leads to, and the tokens of a value that made no sense."""
    best: Witness | None = None
    best_score = 0.0
    unread: tuple[Token, ...] = ()
    for anchor in paper.anchors:
        if rule.key not in anchor.label.keys or not _in_place(rule, anchor, paper.anchors):
            continue
        tokens, meaning = _understood(rule, spec, anchor, paper.anchors)
        if meaning is None:
            unread = unread or tokens
            continue
        order = rule.labels.index(_printed(rule, anchor)) / (10 * len(rule.labels))
        score = anchor.score * meaning.quality - order
        if best is None or score > best_score + 0.05:
            best = _witness(spec, tokens, meaning, anchor.score, paper.origin)
            best_score = score
    return best, unread


def _witness(spec: FieldSpec, tokens: Sequence[Token], meaning: Meaning, fit: float, origin: FieldOrigin) -> Witness:
    """What ``tokens`` mean as a field, with what the words beside a figure and the lists say of it."""
    fit *= meaning.quality
    text = squeeze(" ".join(token.text for token in tokens))
    hints = tuple(Suggestion(rival, "print", "Phần viết bằng chữ đọc được như vậy.") for rival in meaning.rivals)
    problems = (describe("words_disagree", spec, text=text, page=_page(tokens)),) if spec.type == "date" and hints else ()
    confidence = _confidence(spec, tokens, fit)
    confidence = min(confidence, _DISPUTED) if meaning.rivals else confidence
    proof = Proof(
        fit=fit,
        known=meaning.known,
        mended=meaning.mended,
        maimed=meaning.maimed,
        agreeing=meaning.agreeing,
        differing=len(meaning.rivals),
    )
    found = Field(
        spec.key, meaning.value, text, confidence, evidence(tokens), origin, problems, (*hints, *_spelt(spec, meaning, text))
    )
    return Witness(found, prove(tokens, proof, exact=spec.type in EXACT_TYPES))


def _spelt(spec: FieldSpec, meaning: Meaning, text: str) -> tuple[Suggestion, ...]:
    """What a name may be whose family name is none, but has the letters of one; as read where its marks were set right."""
    if spec.type != "name":
        return ()
    surname, _, given = str(meaning.value).partition(" ")
    if meaning.mended:
        letters = (word.strip(".,:;").capitalize() for word in text.split())
        read = next((word for word in letters if fold(word) == fold(surname)), "")
        return (Suggestion(f"{read} {given}", "print", "Họ trên giấy đọc được như vậy."),) if read else ()
    reason = f"Không có họ “{surname}”; có thể thiếu hoặc nhầm dấu."
    return tuple(Suggestion(f"{likely} {given}", "check", reason) for likely in likely_surnames(surname)[:3])


def _understood(
    rule: Rule, spec: FieldSpec, anchor: Anchor, anchors: Sequence[Anchor]
) -> tuple[tuple[Token, ...], Meaning | None]:
    """The tokens after ``anchor`` and what they mean; with one line more where they mean nothing by themselves."""
    tokens: tuple[Token, ...] = ()
    for force in (False, True):
        tokens = _without_remark(_trimmed(value_tokens(anchor, rule, anchors, force=force)))
        tokens = tokens if spec.type in EXACT_TYPES else _without_dirt(tokens)
        meaning = interpret(spec.type, " ".join(token.text for token in tokens), rule.key) if tokens else None
        if meaning is not None:
            return tokens, _with_words(spec, anchor, anchors, meaning)
    return tokens, None


def _with_words(spec: FieldSpec, anchor: Anchor, anchors: Sequence[Anchor], meaning: Meaning) -> Meaning:
    """``meaning`` with what the words say that stand behind a label of their own (Ghi bằng chữ) after ``anchor``."""
    if spec.type != "date" or meaning.agreeing or meaning.rivals:
        return meaning
    following = next((other for other in anchors if other.at > anchor.at and other.sheet is anchor.sheet), None)
    if following is None or following.label.letters not in _IN_WORDS:
        return meaning
    words = value_tokens(following, Rule(spec.key, lines=2), anchors)
    said = spelt_dates(" ".join(token.text for token in words))
    return beside(meaning, said[0].isoformat() if said else None)


def _without_remark(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """``tokens`` without a remark in brackets that belongs to the label, such as (ghi bằng chữ in hoa)."""
    if not tokens or not tokens[0].text.startswith("("):
        return tokens
    end = next((place for place, token in enumerate(tokens) if ")" in token.text), None)
    return _trimmed(tokens[end + 1 :]) or tokens if end is not None else tokens


def _without_dirt(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """``tokens`` without what the engine all but disowned at either end and is no word: strokes, edges of stamps."""
    kept = list(tokens)
    while len(kept) > 1 and _is_dirt(kept[-1]):
        kept.pop()
    while len(kept) > 1 and _is_dirt(kept[0]):
        kept.pop(0)
    return _trimmed(kept)


def _is_dirt(token: Token) -> bool:
    letters = [sign for sign in token.text if sign.isalpha()]
    mixed = bool(letters) and any(sign.isdigit() for sign in token.text)
    if token.confidence >= _DISOWNED or (not mixed and (not letters or len(letters) > 2)):
        return False
    return mixed or not is_syllable(canonical("".join(letters)))


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
