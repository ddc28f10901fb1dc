"""What is known of a value, as numbers that speak for it: its words, how it was found, its form, and the paper around it."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.domain.findings import Evidence, Field, FieldSpec, FieldValue
from pipeline.domain.pages import PageReading
from pipeline.domain.person_names import is_given_syllable, is_outdone
from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import provinces
from pipeline.understanding.sheets import Sheet
from pipeline.understanding.trust.confidence import Proof
from pipeline.understanding.trust.wordings import (
    are_given,
    ends_open,
    given_in,
    has_lost_dot,
    has_small_word,
    is_clean,
    is_spelt,
    misspells_compound,
    pairs_of,
    parts_of,
    plain,
)
from pipeline.understanding.units.lone_names import ends_with_province, is_registered, names_registered_units
from pipeline.understanding.values.names import is_known_surname
from pipeline.understanding.zones.filings import is_usual_filing
from pipeline.understanding.zones.places import is_set_phrase
from pipeline.understanding.zones.recipient_names import is_usual_recipient

#: The kinds of values that differ in what makes them wrong.
KINDS = ("digits", "register", "name", "place", "office", "phrase", "prose", "list")
_KIND_OF_TYPE = {"name": "name", "address": "place", "text": "prose", "list": "list"}
#: Fields of type text that are no prose: names of places, names of bodies, one of few phrases.
_KIND_OF_KEY = {
    **dict.fromkeys(("dia_danh", "noi_sinh"), "place"),
    **dict.fromkeys(("co_quan_ban_hanh", "co_quan_chu_quan", "noi_dang_ky", "noi_cap", "kinh_gui"), "office"),
    **dict.fromkeys(("chuc_vu_nguoi_ky", "gioi_tinh", "dan_toc", "quoc_tich", "ton_giao", "muc_dich_su_dung"), "phrase"),
    **dict.fromkeys(("thoi_han_su_dung", "tinh_trang_hon_nhan", "tinh_trang_an_tich"), "phrase"),
}
#: Numbers that clerks write by hand from their registers.
_REGISTERS = ("so",)
#: Where the slope of what a measure is worth may change; chances are taken as log odds.
_STEPS: Mapping[str, tuple[float, ...]] = {
    "words": (-3, 0, 1.5, 3, 4, 5, 7),
    "worst": (-2, 1, 3, 4, 5, 7),
    "fit": (0.3, 0.7, 0.9, 0.97, 1),
    "stated": (0, 0.4, 0.7, 0.9, 1),
    "formed": (-3, -1, 1, 3, 5, 7),
    "page": (0, 2, 3, 4.5),
    "dpi": (100, 200, 300),
}
_FACTS = (
    "good_page", "opened",
    "known", "not_unknown", "unmended", "whole", "not_inked", "clean", "spelt", "no_lost_dot", "no_small_word", "sound",
    "family_name", "given_names", "usual_length", "single", "short", "located", "no_other_spelling", "as_printed",
    "even_lines", "agreed", "borne_out", "nothing_differs", "registered", "ended", "usual_words", "common_marks",
)  # fmt: skip
#: The names of the traits; each is 0..1, and none makes a value less likely. ``base`` is always 1.
TRAITS = (*(f"{name}_{step}" for name, steps in _STEPS.items() for step in range(1, len(steps))), *_FACTS, "base")
_PHONE = re.compile(r"0(?:[235789]\d{8}|2\d{9})")
_FORM_OF_KEY = {
    "so": re.compile(r"\d{1,4}/(?:19|20)\d\d"),
    "so_ky_hieu": re.compile(
        r"(?!.*QH$)\d{1,5}[a-z]?(?:/(?:19|20)\d\d)?(?:/[A-ZĐ][A-Za-zĐđ\d]*(?:[-/&][A-ZĐ][A-Za-zĐđ\d]*)*)"
    ),
    "ma_ho_so": re.compile(r"\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2}-\d{6}-\d{4,5}"),
    "dien_tich": re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d{1,2})?\s?(?:m²|ha)"),
    "dien_tich_xay_dung": re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d{1,2})?\s?(?:m²|ha)"),
}
_EDGES = ".,;:()“”\"'’"
#: What names of bodies begin with: a second one is another body's.
_BODIES = re.compile(r"\b(?:ỦY BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND|SỞ|BỘ|BAN QUẢN LÝ)\b")


def kind_of(spec: FieldSpec) -> str:
    """Which of :data:`KINDS` the values of ``spec`` are."""
    if spec.key in _REGISTERS:
        return "register"
    return _KIND_OF_KEY.get(spec.key, "prose") if spec.type == "text" else _KIND_OF_TYPE.get(spec.type, "digits")


def step_width(trait: str) -> float:
    """How much the measure grows over the step ``trait``, such as ``words_2``, in log odds or its own unit."""
    name, _, number = trait.rpartition("_")
    steps = _STEPS[name]
    return steps[int(number)] - steps[int(number) - 1]


@dataclass(frozen=True)
class Surroundings:
    """The document a value stands in: its upright pages, and how each was read, by number."""

    sheets: Sequence[Sheet]
    pages: Mapping[int, PageReading]

    @cached_property
    def pairs(self) -> Mapping[str, Counter[str]]:
        """How often each two neighbouring words stand on the pages, spelling by spelling, under their bare letters."""
        found: dict[str, Counter[str]] = {}
        for sheet in self.sheets:
            for piece in sheet.pieces:
                for pair in pairs_of([token.text for token in piece.tokens]):
                    found.setdefault(fold(pair), Counter())[pair] += 1
        return found


def goes_on(name: str, own: Sequence[Evidence], around: Surroundings) -> bool:
    """Whether ``name`` stands on the paper away from its ``own`` place, too, with one more syllable of a name behind it."""
    words = [canonical(word) for word in name.split()]
    for piece in (piece for sheet in around.sheets for piece in sheet.pieces):
        said = [token.text.strip(_EDGES) for token in piece.tokens]
        letters = [canonical(word) for word in said]
        for start in range(len(said) - len(words)):
            following, box = said[start + len(words)], piece.tokens[start].word.box
            here = any(spot.page == piece.page and spot.box.overlap(box) > 0 for spot in own)
            if not here and letters[start : start + len(words)] == words and following[:1].isupper():
                return is_given_syllable(following)
    return False


def measure_traits(spec: FieldSpec, field: Field, proof: Proof, around: Surroundings) -> tuple[float, ...]:
    """A number for each of :data:`TRAITS`: what speaks for the value of ``field``."""
    chance, worst = (math.prod(proof.chances), min(proof.chances)) if proof.chances else (0.0, 0.0)
    page = around.pages.get(field.evidence[0].page) if field.evidence else None
    measures = {
        "words": _odds(chance),
        "worst": _odds(worst),
        "fit": proof.fit,
        "formed": _odds(math.prod(proof.formed)),
        "stated": min(1.0, field.confidence / max(chance, 1e-3)),
        "page": _odds(page.confidence if page else 0.0),
        "dpi": page.dpi if page else 0.0,
    }
    steps = [share for name, widths in _STEPS.items() for share in _climb(measures[name], widths)]
    good = page is not None and page.quality.verdict == "good"
    return (*steps, float(good), *map(float, _facts(spec, field, proof, around)), 1.0)


def _facts(spec: FieldSpec, field: Field, proof: Proof, around: Surroundings) -> tuple[float | bool, ...]:
    parts = parts_of(field.value)
    words = [word for part in parts for word in part]
    agreed, differs = _echoes(parts, around)
    known = proof.known is True or _is_known(spec, field.value)
    listed = known and kind_of(spec) in ("phrase", "list")
    whole = " ".join(words)
    return (
        not isinstance(field.value, tuple) or fold(field.value[0]).startswith("nhu "),
        known,
        known or proof.known is not False,
        not proof.mended,
        not proof.maimed,
        not proof.inked,
        is_clean(parts),
        listed or all(map(is_spelt, words)),
        not any(map(has_lost_dot, words)),
        not any(map(has_small_word, parts)),
        _is_sound(spec, field.value),
        bool(words) and is_known_surname(words[0]),
        are_given(words[1:] if spec.type == "name" else [*given_in(words)]),
        len(words) in (3, 4),
        len(proof.chances) <= 1,
        1.0 / math.sqrt(max(1, len(proof.chances))),
        field.units is not None and not field.units.note,
        not field.suggestions,
        plain(whole) in plain(field.text),
        _even(field.evidence),
        agreed,
        proof.agreeing > 0,
        not (differs or proof.differing),
        kind_of(spec) != "place" or _names_units(spec, str(field.value)),
        _is_ended(spec, str(field.value), parts),
        kind_of(spec) != "prose" or not any(map(misspells_compound, parts)),
        spec.type != "name" or not _has_commoner(words),
    )


def _is_ended(spec: FieldSpec, value: str, parts: Sequence[Sequence[str]]) -> bool:
    """Whether nothing seems to be missing at the end: the province of a place, the word that another asks for."""
    if kind_of(spec) in ("place", "office"):
        return ends_with_province(value)
    return kind_of(spec) != "prose" or not parts or not ends_open(parts[-1])


def _has_commoner(words: Sequence[str]) -> bool:
    return bool(words) and (is_outdone(words[0], family=True) or any(map(is_outdone, words[1:])))


def _names_units(spec: FieldSpec, value: str) -> bool:
    return is_registered(value) if spec.key == "dia_danh" else names_registered_units(value)


def _is_known(spec: FieldSpec, value: FieldValue) -> bool:
    if isinstance(value, tuple):
        return all(map(is_usual_recipient, value[:-1])) and is_usual_filing(value[-1])
    if spec.key == "gioi_tinh":
        return value in ("Nam", "Nữ")
    if spec.key == "quoc_tich":
        return value == "Việt Nam"
    return spec.key == "chuc_vu_nguoi_ky" and is_set_phrase(str(value), "signers")


def _even(evidence: Sequence[Evidence]) -> bool:
    """Whether no line seems left out between those the value stands on."""
    gaps = [abs(lower.box.centre[1] - upper.box.centre[1]) for upper, lower in pairwise(evidence)]
    if not gaps:
        return True
    height = statistics.median(spot.box.height for spot in evidence)
    return max(gaps) <= min(2.2 * height, 1.5 * max(height, statistics.median(gaps)))


def _is_sound(spec: FieldSpec, found: FieldValue) -> bool:
    """Whether the value has the form that values of its type or field have, where it can be told."""
    if isinstance(found, tuple):
        return fold(found[-1]).startswith("luu vt")
    value = str(found)
    if spec.type in _SOUND_BY_TYPE:
        return _SOUND_BY_TYPE[spec.type](value)
    if spec.key in ("co_quan_ban_hanh", "co_quan_chu_quan"):
        return len(_BODIES.findall(value)) <= 1
    if kind_of(spec) == "office":
        return value[:1].isupper()
    form = _FORM_OF_KEY.get(spec.key)
    return form is None or form.fullmatch(value) is not None


_SOUND_BY_TYPE: Mapping[str, Callable[[str], bool]] = {
    "id12": lambda value: value[:3] in provinces(),
    "phone": lambda value: _PHONE.fullmatch(value) is not None,
    "date": lambda value: "1900" <= value[:4] <= "2099",
    "int": lambda value: len(value) <= 2,
}


def _echoes(parts: Sequence[Sequence[str]], around: Surroundings) -> tuple[bool, bool]:
    """Whether every two neighbouring words of ``parts`` stand elsewhere too, and whether any stand there otherwise spelt."""
    pairs = [(pair, around.pairs.get(fold(pair))) for words in parts for pair in pairs_of(words)]
    counts = [(seen[pair], seen.total()) for pair, seen in pairs if seen]
    agreed = bool(counts) and all(same > 1 for same, _ in counts)
    return agreed, any(total > same for same, total in counts)


def _odds(chance: float) -> float:
    bounded = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def _climb(value: float, steps: Sequence[float]) -> list[float]:
    """How much of each of the ``steps`` lies below ``value``, 0..1."""
    return [(min(max(value, low), high) - low) / (high - low) for low, high in pairwise(steps)]
