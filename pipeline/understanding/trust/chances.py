"""How likely fields are right: a logistic regression over their traits, learnt by ``scripts/train_fields.py``."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from pipeline.domain.findings import Field, FieldOrigin, FieldSpec
from pipeline.domain.pages import PageReading
from pipeline.understanding.fields import Extract
from pipeline.understanding.messages import describe
from pipeline.understanding.sheets import Sheet
from pipeline.understanding.trust.confidence import INK_READ_CEILING, LEARNT_CEILING, MAIMED_CEILING, UNSAID, Proof
from pipeline.understanding.trust.traits import TRAITS, Surroundings, goes_on, kind_of, measure_traits
from pipeline.understanding.trust.wordings import breaks_into_name, ends_open
from pipeline.understanding.units.lone_names import ends_with_province

#: The weights that come with the product, a table for each kind of value.
WEIGHTS = "trust.toml"

#: The chance, 0..1, that the value of a field with such traits is right.
Weigher = Callable[[FieldSpec, Sequence[float]], float]


def surround(readings: Sequence[PageReading], sheets: Sequence[Sheet]) -> Surroundings:
    """The document on ``sheets``, with what is known of its pages."""
    return Surroundings(sheets, {reading.number: reading for reading in readings})


def settle_confidence(
    extract: Extract, specs: Mapping[str, FieldSpec], around: Surroundings, weigh: Weigher
) -> tuple[Field, ...]:
    """The fields of ``extract`` with the chance that each is right, by ``weigh``; a value without words keeps what it has.

    A name that goes on elsewhere on the paper, an address without its province and a body without its place may have lost
    their ends. A field with a problem is never surer than its reader said; ink never passes its ceiling
    (docs/decisions/0015). A form into which a pen wrote one number is taken to be filled in by hand: so are its other numbers.
    """
    proofs = dict(extract.proofs)
    if any(_is_penned(field, specs[field.key], proofs.get(field.key, UNSAID)) for field in extract.fields):
        written = [field.key for field in extract.fields if kind_of(specs[field.key]) == "digits" and _was_read(field)]
        proofs |= {key: replace(proofs[key], inked=True) for key in written if key in proofs}
    return tuple(_settled(field, specs[field.key], proofs.get(field.key, UNSAID), around, weigh) for field in extract.fields)


def _is_penned(field: Field, spec: FieldSpec, proof: Proof) -> bool:
    """Whether a pen wrote the number behind a label; heads of papers and registers are filled in on printed papers, too."""
    return proof.inked and not field.problems and kind_of(spec) == "digits"


def _was_read(field: Field) -> bool:
    return field.origin not in (FieldOrigin.QR, FieldOrigin.BARCODE)


def _settled(field: Field, spec: FieldSpec, proof: Proof, around: Surroundings, weigh: Weigher) -> Field:
    if not proof.chances:
        return field
    if _has_lost_its_end(field, spec, around):
        proof = replace(proof, maimed=True)
    ceiling = min(
        LEARNT_CEILING,
        field.confidence if field.problems else 1.0,
        INK_READ_CEILING if proof.inked else 1.0,
        MAIMED_CEILING if proof.maimed else 1.0,
    )
    chance = weigh(spec, measure_traits(spec, field, proof, around))
    return _told_of_ink(replace(field, confidence=round(min(ceiling, chance), 4)), spec, proof)


def _has_lost_its_end(field: Field, spec: FieldSpec, around: Surroundings) -> bool:
    """Whether a name goes on elsewhere, an address stops before its province, or a body before the name of its place."""
    value = str(field.value)
    if spec.type == "name":
        return goes_on(value, field.evidence, around)
    if kind_of(spec) == "office":
        return ends_open(value.split())
    return spec.type == "address" and (not ends_with_province(value) or breaks_into_name(value))


def _told_of_ink(field: Field, spec: FieldSpec, proof: Proof) -> Field:
    """``field`` with a problem where a pen wrote it and nothing has been said of that yet."""
    if not proof.inked or field.problems:
        return field
    page = field.evidence[0].page if field.evidence else None
    return replace(field, problems=(describe("value_handwritten", spec, text=field.text, page=page),))


def learnt_chance(spec: FieldSpec, traits: Sequence[float]) -> float:
    """What the weights that come with the product say of a field with such ``traits``; 0 where none were learnt."""
    weights = _weights().get(kind_of(spec))
    if weights is None:
        return 0.0
    score = sum(weight * trait for weight, trait in zip(weights, traits, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def _weights() -> Mapping[str, tuple[float, ...]]:
    tables = tomllib.loads(files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return {kind: tuple(float(table.get(name, 0.0)) for name in TRAITS) for kind, table in tables.items()}
