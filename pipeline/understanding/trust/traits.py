"""What is known of a value, as numbers that speak for it: its words, how it was found, its form, and the paper around it."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from pipeline.domain.findings import Evidence, Field, FieldSpec, FieldValue
from pipeline.domain.pages import PageReading
from pipeline.domain.person_names import is_given_syllable
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases, provinces
from pipeline.understanding.sheets import Sheet
from pipeline.understanding.trust.confidence import Proof
from pipeline.understanding.values.names import is_known_surname
from pipeline.understanding.zones.filings import is_usual_filing
from pipeline.understanding.zones.places import is_set_phrase

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
    "page": (0, 2, 3, 4.5),
    "dpi": (100, 200, 300),
}
_FACTS = (
    "good_page", "opened",
    "known", "not_unknown", "unmended", "whole", "not_inked", "clean", "spelt", "no_lost_dot", "no_small_word", "sound",
    "family_name", "given_names", "usual_length", "single", "short", "located", "no_other_spelling", "as_printed",
    "even_lines", "agreed", "borne_out", "nothing_differs",
)  # fmt: skip
#: The names of the traits; each is 0..1, and none makes a value less likely. ``base`` is always 1.
TRAITS = (*(f"{name}_{step}" for name, steps in _STEPS.items() for step in range(1, len(steps))), *_FACTS, "base")
_STRANGE = re.compile(r"[^\w\s.,;:()/+%\"“”'’²\-–&]|\s&\s|\d[oOlI]|_|[ñäëïöüåøçæœßÿÑÄËÏÖÜÅØÇÆŒ]|[a-z][SZ]b|y\db")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
#: Syllables that end in y without a tone: the dot under them is lost in the stroke of the y (Tỵ, Kỵ, Thuỵ).
_OPEN_Y = re.compile(r"[bcdđghklmnpqrstvx]*u?y")
_LEVEL_Y = frozenset(("duy", "huy", "my", "vy", "ly", "thy", "hy", "uy", "quy", "y", "tuy", "suy", "nguy", "truy"))
#: Words that are in no name: with a capital inside a sentence they are another word that lost its mark.
_SMALL = frozenset(
    ("khi", "và", "của", "là", "cho", "các", "những", "được", "trong", "theo", "với", "không", "để", "bằng", "từ", "về", "do")
)
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
#: What names of bodies begin with: a second one is another body's.
_BODIES = re.compile(r"\b(?:ỦY BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|HĐND|SỞ|BỘ|BAN QUẢN LÝ)\b")
_SIGNED = re.compile(r"[A-ZĐ]+\.([A-ZĐ][a-zà-ỹđ]+)\d*b?")
_EDGES = ".,;:()“”\"'’"


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
                for pair in _pairs([token.text for token in piece.tokens]):
                    found.setdefault(fold(pair), Counter())[pair] += 1
        return found


def measure_traits(spec: FieldSpec, field: Field, proof: Proof, around: Surroundings) -> tuple[float, ...]:
    """A number for each of :data:`TRAITS`: what speaks for the value of ``field``."""
    chance, worst = (math.prod(proof.chances), min(proof.chances)) if proof.chances else (0.0, 0.0)
    page = around.pages.get(field.evidence[0].page) if field.evidence else None
    measures = {
        "words": _odds(chance),
        "worst": _odds(worst),
        "fit": proof.fit,
        "stated": min(1.0, field.confidence / max(chance, 1e-3)),
        "page": _odds(page.confidence if page else 0.0),
        "dpi": page.dpi if page else 0.0,
    }
    steps = [share for name, value in measures.items() for share in _climb(value, _STEPS[name])]
    good = page is not None and page.quality.verdict == "good"
    return (*steps, float(good), *map(float, _facts(spec, field, proof, around)), 1.0)


def _facts(spec: FieldSpec, field: Field, proof: Proof, around: Surroundings) -> tuple[float | bool, ...]:
    value = field.value if isinstance(field.value, str) else "; ".join(field.value) if isinstance(field.value, tuple) else ""
    words = [word.strip(_EDGES) for word in value.split()]
    agreed, differs = _echoes(value, around)
    known = proof.known is True or _is_known(spec, field.value)
    return (
        not isinstance(field.value, tuple) or fold(field.value[0]).startswith("nhu "),
        known,
        known or proof.known is not False,
        not proof.mended,
        not proof.maimed,
        not proof.inked,
        not _STRANGE.search(value) and not any(_misread_one(word) for word in words),
        all(_is_spelt(word) for word in words),
        not any(_lost_dot(word) for word in words),
        not any(word[:1].isupper() and word[1:].islower() and word.lower() in _SMALL for word in words[1:]),
        _is_sound(spec, field.value),
        bool(words) and is_known_surname(words[0]),
        all(map(is_given_syllable, words[1:] if spec.type == "name" else _given_in(words))),
        len(words) in (3, 4),
        len(proof.chances) <= 1,
        1.0 / math.sqrt(max(1, len(proof.chances))),
        field.units is not None and not field.units.note,
        not field.suggestions,
        _plain(value) in _plain(field.text),
        _even(field.evidence),
        agreed,
        proof.agreeing > 0,
        not (differs or proof.differing),
    )


def _is_known(spec: FieldSpec, value: FieldValue) -> bool:
    if isinstance(value, tuple):
        return {fold(item) for item in value[:-1]} <= _recipients() and is_usual_filing(value[-1])
    if spec.key == "gioi_tinh":
        return value in ("Nam", "Nữ")
    if spec.key == "quoc_tich":
        return value == "Việt Nam"
    return spec.key == "chuc_vu_nguoi_ky" and is_set_phrase(str(value), "signers")


@cache
def _recipients() -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in phrases("recipients"))


def _plain(text: str) -> str:
    return " ".join(canonical(word.strip(_EDGES)) for word in text.split())


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


def _misread_one(word: str) -> bool:
    """Whether ``word`` ends in an I that may be the digit: VXI for VX1."""
    upper = len(word) > 1 and word.isupper() and word.endswith("I")
    return upper and not _ROMAN.fullmatch(word) and not is_syllable(canonical(word))


def _is_spelt(word: str) -> bool:
    """Whether ``word`` is a syllable, an abbreviation, or no word at all."""
    return not word.isalpha() or (word.isupper() and len(word) < 6) or is_syllable(canonical(word))


def _given_in(words: Sequence[str]) -> Iterator[str]:
    """The words of persons' names within text or the symbols of a list: what follows a family name, NC.Hiếu9b."""
    named = False
    for word in words:
        signed = _SIGNED.fullmatch(word)
        capital = word[:1].isupper() and word[1:].islower()
        if signed or (named and capital):
            yield signed[1] if signed else word
        named = capital and (named or is_known_surname(word))


def _lost_dot(word: str) -> bool:
    lower = word.lower()
    return word[:1].isupper() and lower not in _LEVEL_Y and _OPEN_Y.fullmatch(lower) is not None


def _echoes(value: str, around: Surroundings) -> tuple[bool, bool]:
    """Whether every two neighbouring words of ``value`` stand elsewhere too, and whether any stand there otherwise spelt."""
    pairs = [(pair, around.pairs.get(fold(pair))) for pair in _pairs(value.split())]
    counts = [(seen[pair], seen.total()) for pair, seen in pairs if seen]
    agreed = bool(counts) and all(same > 1 for same, _ in counts)
    return agreed, any(total > same for same, total in counts)


def _pairs(words: Sequence[str]) -> list[str]:
    """Every two neighbours of ``words`` in small letters, tones where today's spelling sets them."""
    plain = [canonical(word.strip(_EDGES)) for word in words]
    return [f"{one} {other}" for one, other in pairwise(plain) if one and other]


def _odds(chance: float) -> float:
    bounded = min(max(chance, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))


def _climb(value: float, steps: Sequence[float]) -> list[float]:
    """How much of each of the ``steps`` lies below ``value``, 0..1."""
    return [(min(max(value, low), high) - low) / (high - low) for low, high in pairwise(steps)]
