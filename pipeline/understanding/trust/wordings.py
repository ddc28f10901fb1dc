"""What the words of a value look like: syllables or none, names, and the signs of words that lost a mark or a letter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from pipeline.domain.findings import FieldValue
from pipeline.domain.person_names import is_given_syllable
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.units.spellings import unit_words
from pipeline.understanding.values.names import is_known_surname

_STRANGE = re.compile(r"[^\w\s.,;:()/+%\"“”'’²\-–&]|\s&\s|\d[oOlI]|_|[ñäëïöüåøçæœßÿÑÄËÏÖÜÅØÇÆŒ]|[a-z][SZ]b|y\db")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
#: Syllables that end in y without a tone: the dot under them is lost in the stroke of the y (Tỵ, Kỵ, Thuỵ).
_OPEN_Y = re.compile(r"[bcdđghklmnpqrstvx]*u?y")
_LEVEL_Y = frozenset(("duy", "huy", "my", "vy", "ly", "thy", "hy", "uy", "quy", "y", "tuy", "suy", "nguy", "truy"))
#: Words that are in no name: with a capital inside a sentence they are another word that lost its mark.
_SMALL = frozenset(
    ("khi", "và", "của", "là", "cho", "các", "những", "được", "trong", "theo", "với", "không", "để", "bằng", "từ", "về", "do")
)
#: What no subject ends with, in small letters: words that ask for one more.
_OPEN = re.compile(
    r"(?:^|\s)(?:về|của|cho|tại|và|các|những|trong|theo|với|dự thảo|thành lập|phê duyệt|ban hành|ông|bà|số|lĩnh vực|năm|tháng|"
    r"tỉnh|huyện|xã|phường|hoặc|để|trên|bổ sung|sửa đổi|thực hiện|triển khai|tổ chức|tăng cường|"
    r"giai đoạn|từ|đến|việc|quận|thị xã|thị trấn|thành phố|đặc khu)$"
)
#: Kinds of settlements before a word in small letters that is none of those that may stand there.
_SETTLED = re.compile(r"\b(?:thôn|ấp|xóm|tổ dân phố|khu phố|khóm|buôn) (?!số\b|văn hóa\b)(?P<name>[^\W\d_]+)")
_SIGNED = re.compile(r"[A-ZĐ]+\.([A-ZĐ][a-zà-ỹđ]+)\d*b?")
#: Where a sentence or an item ends within a text.
_PARTS = re.compile(r"(?<=[;.:])\s+")
_EDGES = ".,;:()“”\"'’"


def parts_of(value: FieldValue) -> tuple[tuple[str, ...], ...]:
    """The words of ``value``, without the signs at their edges, part by part: items of a list, or what a semicolon parts."""
    texts = value if isinstance(value, tuple) else tuple(_PARTS.split(value)) if isinstance(value, str) else ()
    return tuple(tuple(word.strip(_EDGES) for word in text.split()) for text in texts)


def is_clean(parts: Sequence[Sequence[str]]) -> bool:
    """Whether the words hold no sign that papers are not written with, and no I that may be the digit."""
    return not any(_STRANGE.search(" ".join(words)) or any(map(_misread_one, words)) for words in parts)


def _misread_one(word: str) -> bool:
    """Whether ``word`` ends in an I that may be the digit: VXI for VX1."""
    upper = len(word) > 1 and word.isupper() and word.endswith("I")
    return upper and not _ROMAN.fullmatch(word) and not is_syllable(canonical(word))


def is_spelt(word: str) -> bool:
    """Whether ``word`` is a syllable, an abbreviation, a word of the name of a unit, or no word at all."""
    if not word.isalpha() or (word.isupper() and len(word) < 6) or is_syllable(canonical(word)):
        return True
    return word in _symbols() or canonical(word) in unit_words()


@cache
def _symbols() -> frozenset[str]:
    return frozenset((*phrases("divisions"), *phrases("symbols")))


def has_small_word(words: Sequence[str]) -> bool:
    """Whether a capital stands on a word inside ``words`` that is in no name: Cầu Khi for Cầu Khỉ."""
    return any(word[:1].isupper() and word[1:].islower() and word.lower() in _SMALL for word in words[1:])


def misspells_compound(words: Sequence[str]) -> bool:
    """Whether two neighbours of ``words`` have the letters of a common word of two syllables, but other marks: tống kết.

    Two with capitals are a name, and words of another common word are none of this: văn bản hành chính.
    """
    plain_words = [canonical(word) for word in words]
    pairs = [" ".join(pair) for pair in pairwise(plain_words)]
    told = [pair in compounds().get(fold(pair), ()) for pair in pairs]
    for place, pair in enumerate(pairs):
        named = all(word[:1].isupper() and not word.isupper() for word in words[place : place + 2])
        beside = any(told[max(0, place - 1) : place + 2])
        if not named and not beside and pair not in compounds().get(fold(pair), (pair,)):
            return True
    return False


@cache
def compounds() -> Mapping[str, tuple[str, ...]]:
    """Common words of two syllables, tones where today's spelling sets them, by their letters."""
    data = tomllib.loads(files(__package__).joinpath("compounds.toml").read_text(encoding="utf-8"))
    found: dict[str, tuple[str, ...]] = {}
    for listed in data["words"].values():
        for word in listed.split("|"):
            spelt = " ".join(canonical(part) for part in word.split())
            found[fold(spelt)] = (*found.get(fold(spelt), ()), spelt)
    return found


def ends_open(words: Sequence[str]) -> bool:
    """Whether ``words`` end with one that asks for another: lấy ý kiến dự thảo."""
    return len(words) > 1 and _OPEN.search(" ".join(words).lower()) is not None


def breaks_into_name(address: str) -> bool:
    """Whether what a settlement of ``address`` is called begins with a small letter: its first ones were lost."""
    return any(found["name"].islower() for found in _SETTLED.finditer(address))


def given_in(words: Sequence[str]) -> Iterator[str]:
    """The words of persons' names within text or the symbols of a list: what follows a family name, NC.Hiếu9b."""
    named = False
    for word in words:
        signed = _SIGNED.fullmatch(word)
        capital = word[:1].isupper() and word[1:].islower()
        if signed or (named and capital):
            yield signed[1] if signed else word
        named = capital and (named or is_known_surname(word))


def are_given(words: Sequence[str]) -> bool:
    """Whether all ``words`` are usual syllables of middle and given names."""
    return all(map(is_given_syllable, words))


def has_lost_dot(word: str) -> bool:
    """Whether ``word`` may have lost the dot under its last y: Ty for Tỵ."""
    lower = word.lower()
    return word[:1].isupper() and lower not in _LEVEL_Y and _OPEN_Y.fullmatch(lower) is not None


def pairs_of(words: Sequence[str]) -> list[str]:
    """Every two neighbours of ``words`` in small letters, tones where today's spelling sets them."""
    plain = [canonical(word.strip(_EDGES)) for word in words]
    return [f"{one} {other}" for one, other in pairwise(plain) if one and other]


def plain(text: str) -> str:
    """``text`` in small letters without the signs at the edges of its words, tones where today's spelling sets them."""
    return " ".join(canonical(word.strip(_EDGES)) for word in text.split())
