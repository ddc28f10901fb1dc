"""Several readings of the same datum, settled: those that agree bear each other out, doubtful ones yield to surer ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.domain.findings import Field, FieldOrigin, FieldSpec, FieldValue, Problem, Suggestion
from pipeline.domain.person_names import is_given_syllable
from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import fold
from pipeline.understanding.messages import describe
from pipeline.understanding.trust.confidence import CEILING, Proof
from pipeline.understanding.values.names import is_known_surname

#: What a code with error correction says is right; a little less where nothing printed bears it out.
CODE_AGREED, CODE_ALONE = 0.995, 0.985
#: The most confidence where sure readings say different things.
_DISPUTED = 0.5
#: Readings surer than this are not outvoted by a doubt.
_SURE = 0.8
#: Names and texts as alike as this are the same one, misread.
_ALIKE = 82
_CODES = (FieldOrigin.QR, FieldOrigin.BARCODE)


@dataclass(frozen=True, slots=True)
class Witness:
    """A field as one place has it, and what speaks for it there.

    ``place`` names the place in Vietnamese where it is not the field's own. A ``loose`` one may speak of something else:
    what it says counts only where it is the same or nearly so.
    """

    field: Field
    proof: Proof
    place: str = ""
    loose: bool = False


def settle(spec: FieldSpec, witnesses: Sequence[Witness]) -> Witness | None:
    """What ``witnesses``, the field's own place first, have to say together; None where there are none."""
    if not witnesses:
        return None
    codes = [one for one in witnesses if one.field.origin in _CODES and not one.loose]
    if codes:
        return _settle_code(spec, codes[0], [one for one in witnesses if one is not codes[0]])
    first = witnesses[0]
    others = [one for one in witnesses[1:] if not one.loose or alike(spec, one.field.value, first.field.value)]
    if not others:
        return first
    if spec.type == "name":
        first = _less_sure_if_cut(first, others)
        others = [_completed(first, one) for one in others]
        others += _joined_names([first, *others])
    groups: list[list[Witness]] = []
    for one in (first, *others):
        group = next((group for group in groups if same(one.field.value, group[0].field.value)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    chosen = max(groups, key=lambda group: _belief(spec, group) + (0.05 if group[0] is first else 0.0))
    return _agreed(spec, chosen, [group for group in groups if group is not chosen])


def _less_sure_if_cut(first: Witness, others: Sequence[Witness]) -> Witness:
    """``first``, believed by half where another place goes on after its end."""
    name = fold(str(first.field.value))
    cut = any(fold(str(one.field.value)) != name and _breaks_off(name, fold(str(one.field.value))) for one in others)
    if not cut:
        return first
    found = replace(first.field, confidence=round(first.field.confidence / 2, 4))
    return replace(first, field=found, proof=replace(first.proof, maimed=True))


def _joined_names(witnesses: Sequence[Witness]) -> list[Witness]:
    """A name of the surest syllables that ``witnesses`` of the same letters read, where none has them all."""
    first = witnesses[0]
    letters = fold(str(first.field.value))
    readings = [one for one in witnesses if fold(str(one.field.value)) == letters]
    words = [str(one.field.value).split() for one in readings]
    if len(readings) < 2 or len({len(parts) for parts in words}) > 1:
        return []
    chosen, chances = [], []
    for place in range(len(words[0])):
        best = max(range(len(readings)), key=lambda index: _syllable_chance(readings[index], words[index], place))
        chosen.append(words[best][place])
        chances.append(_syllable_chance(readings[best], words[best], place))
    name, found = " ".join(chosen), max(readings, key=lambda one: one.field.confidence)
    if any(str(one.field.value) == name for one in readings):
        return []
    field = replace(first.field, value=name, confidence=round(math.prod(chances), 4))
    return [replace(found, field=field, place="hai chỗ ghi tên", proof=replace(first.proof, mended=True), loose=True)]


def _completed(first: Witness, other: Witness) -> Witness:
    """``other`` with the head of the name that ``first`` has, where it shows the end alone."""
    words, own = str(other.field.value).split(), str(first.field.value).split()
    missing = len(own) - len(words)
    if missing < 1 or not _ends(fold(str(first.field.value)), fold(str(other.field.value))):
        return other
    head = tuple(_syllable_chance(first, own, place) for place in range(missing))
    chances = (*head, *other.proof.chances[-len(words) :])
    return replace(
        other,
        field=replace(other.field, value=" ".join([*own[:missing], *words]), confidence=round(math.prod(chances), 4)),
        proof=replace(other.proof, chances=chances),
    )


def _syllable_chance(witness: Witness, words: Sequence[str], place: int) -> float:
    """How sure a syllable of a name is: its word, and whether names are usually made of it."""
    chances = witness.proof.chances[-len(words) :]
    chance = chances[place] if len(chances) == len(words) else witness.field.confidence
    usual = is_known_surname(words[place]) if place == 0 else is_given_syllable(words[place])
    return chance if usual else 0.6 * chance


def same(one: FieldValue, other: FieldValue) -> bool:
    """Whether two values are the same but for case, spaces, signs between words and where a tone is set."""
    return one == other or _plain(one) == _plain(other)


def alike(spec: FieldSpec, one: FieldValue, other: FieldValue) -> bool:
    """Whether two values may be readings of one: the same letters, or nearly, for words; nearly the same digits."""
    if same(one, other):
        return True
    first, second = fold(str(one)), fold(str(other))
    if spec.type == "name":
        if len(first.split()) == len(second.split()):
            return first == second or fuzz.ratio(first, second) >= _ALIKE
        short, long = sorted((first, second), key=len)
        return _breaks_off(short, long) or _ends(long, short)
    return fuzz.ratio(first, second) >= _ALIKE


def _ends(name: str, other: str) -> bool:
    """Whether ``other`` is the end of ``name``, its family name hidden."""
    return len(other.split()) > 1 and name.endswith(f" {other}")


def _breaks_off(name: str, whole: str) -> bool:
    """Whether ``name`` is what is left of ``whole`` where its end was lost."""
    words = len(name.split())
    return whole.startswith(name) and words > 1 and len(whole.split()) <= words + 1


def _plain(value: FieldValue) -> str:
    words = "".join(sign if sign.isalnum() else " " for sign in str(value)).split()
    return " ".join(canonical(word) for word in words)


def _belief(spec: FieldSpec, group: Sequence[Witness]) -> float:
    return 1 - math.prod(1 - one.field.confidence * _usualness(spec, one) for one in group)


def _usualness(spec: FieldSpec, witness: Witness) -> float:
    """What a name loses by syllables that names are not made of, and by a lost end."""
    if spec.type != "name":
        return 1.0
    surname, *given = str(witness.field.value).split()
    strange = sum(not is_given_syllable(word) for word in given) + (not is_known_surname(surname))
    return 0.8**strange


def _agreed(spec: FieldSpec, group: Sequence[Witness], rest: Sequence[Sequence[Witness]]) -> Witness:
    best = max(group, key=lambda one: one.field.confidence)
    owned = group[0] if not group[0].place else best
    doubt = math.prod(math.sqrt(1 - one.field.confidence) for one in group if one is not best)
    confidence = min(CEILING, 1 - (1 - best.field.confidence) * doubt)
    against = tuple(max(others, key=lambda one: one.field.confidence) for others in rest)
    sure = [one for one in against if one.field.confidence >= _SURE]
    evidence = tuple(dict.fromkeys(spot for one in group for spot in one.field.evidence))
    settled = replace(owned.field, evidence=evidence, confidence=round(confidence, 4))
    proof = replace(best.proof, agreeing=best.proof.agreeing + len(group) - 1, differing=best.proof.differing + len(sure))
    return replace(best, field=_with_rivals(spec, replace(best, field=settled), against), proof=proof)


def _with_rivals(spec: FieldSpec, chosen: Witness, against: Sequence[Witness]) -> Field:
    """The field of ``chosen`` with what other places say as suggestions, and a problem where one of them is as sure."""
    found = chosen.field
    suggestions = tuple(Suggestion(one.field.value, "page", _reason(one)) for one in against)
    sure = [one for one in against if one.field.confidence >= _SURE and found.confidence < CEILING - 0.04]
    problems = tuple(_dispute(spec, one) for one in sure[:1])
    confidence = min(found.confidence, _DISPUTED) if problems else found.confidence
    return replace(
        found,
        confidence=confidence,
        problems=(*found.problems, *problems),
        suggestions=(*found.suggestions, *suggestions),
    )


def _reason(witness: Witness) -> str:
    return f"Đọc thấy ở {witness.place or 'chỗ khác trên giấy'}."


def _dispute(spec: FieldSpec, witness: Witness) -> Problem:
    page = witness.field.evidence[0].page if witness.field.evidence else None
    place = witness.place or "chỗ khác trên giấy"
    return describe("sources_disagree", spec, text=str(witness.field.text), page=page, place=place)


def _settle_code(spec: FieldSpec, code: Witness, printed: Sequence[Witness]) -> Witness:
    """What the code says, checked against the print."""
    found = code.field
    agreeing = [one for one in printed if same(one.field.value, found.value)]
    if agreeing:
        evidence = (*found.evidence, *(spot for one in agreeing for spot in one.field.evidence))
        confidence = max(CODE_AGREED, found.confidence) if found.origin is FieldOrigin.QR else CEILING
        proof = replace(code.proof, agreeing=len(agreeing))
        return replace(code, field=replace(found, confidence=confidence, evidence=evidence), proof=proof)
    strict = [one for one in printed if not one.loose]
    if not strict:
        return code
    best = max(strict, key=lambda one: one.field.confidence)
    spots = (*found.evidence, *best.field.evidence)
    hint = Suggestion(best.field.value, "print", "Chữ in trên giấy đọc được như vậy.")
    found = replace(found, evidence=spots, suggestions=(*found.suggestions, hint))
    misread = best.field.confidence < _SURE or fold(str(best.field.value)) == fold(str(found.value))
    words = spec.type in ("name", "address", "text") and alike(spec, best.field.value, found.value)
    if misread or (words and best.field.confidence < CEILING - 0.02):
        return replace(code, field=found)
    page = best.field.evidence[0].page if best.field.evidence else None
    problem = describe("sources_disagree", spec, text=best.field.text, page=page, place="chữ in")
    disputed = replace(found, confidence=_DISPUTED, problems=(*found.problems, problem))
    return replace(code, field=disputed, proof=replace(code.proof, differing=1))
