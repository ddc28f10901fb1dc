"""Names of persons: Nguyễn Văn A, however the page prints them."""

from __future__ import annotations

import re
import unicodedata

from pipeline.domain.person_names import common_families, families, is_given_syllable
from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import fold, squeeze

_HONORIFICS = re.compile(
    r"^(?:(?:ông\s*[/,(]\s*bà\s*\)?|ông\s*\(\s*bà\s*\)|ông|bà|anh|chị|cô|chú|ngài|đ/c|đồng chí)\s*[:.]?\s+)+", re.IGNORECASE
)
_DEGREE = r"(?:pgs|gs|tskh|ts|ths|bs|bscki|bsckii|ckii|cki|ks|kts|ls|ds|cn|ngưt|nsưt)\."
#: One degree tells that what stands in a row with it, up to a full stop, is another: ThS.ES.
_TITLES = re.compile(
    rf"^(?:(?:[^\W\d_]{{2,5}}\.\s?)?{_DEGREE}\s*(?:[^\W\d_]{{2,5}}\.\s*)*(?-i:(?:TS|ThS|BS|CKII?)\s+)?|"
    r"(?-i:TS|ThS|BS|KS)\s+|(?:đại|trung|thượng|thiếu)\s+(?:tướng|tá|tuý|úy)\s+)",
    re.IGNORECASE,
)
#: Family names by which a name is told whole, the common ones first.
FAMILY_NAMES = families("clear", "words", "seldom", "given_too")
_SPELT = frozenset(FAMILY_NAMES)
#: Common family names, folded; a name that begins with none of them is believed less.
SURNAMES = frozenset(fold(name) for name in _SPELT)
#: The most common are given back marks that were lost.
_CANONICAL = {fold(name): name for name in common_families(22)}
#: Family names that stand more often within names: behind Ông and before but one other word they are no family name.
_GIVEN_TOO = frozenset(fold(name) for name in families("given_too")) - frozenset(
    fold(name) for name in families("clear", "words")
)
_SHORT = 3
_WORD = re.compile(r"^[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?$")


def parse_name(text: str, *, signed: bool = False) -> str | None:
    """The person named in ``text`` in title case without honorifics, ranks and degrees; None where it names nobody.

    Nobody who has ``signed`` calls himself Ông: before two syllables it is his family name there.
    """
    plain = squeeze(re.sub(r"[.…_:;,*|\"“”]{2,}|[:;,*|_\"“”]", " ", text)).strip(" .-–—")
    # Nobody is called Mr behind a degree: ThS. Ông Thúy Ngân.
    whole = _TITLES.sub("", plain)
    for pattern in (_HONORIFICS, _TITLES, *(() if whole != plain else (_HONORIFICS,))):
        plain = pattern.sub("", plain)
    if len(plain.split()) > 1 and re.match(r"(?i)bà\s+ông\s", whole):
        plain = re.sub(r"(?i)^bà\s+", "", whole)
    if re.match(r"(?i)ông \w", whole) and _is_family_name(whole, fold(plain).split(" ")[0]):
        plain = re.sub(r"(?i)^ông\s+(?=ông\s)", "", whole)
    if re.fullmatch(r"ÔNG [A-ZĐÀ-Ỹ]{2,}", whole) or (signed and re.fullmatch(r"(?i)ông \w+ \w+", whole)):
        plain = whole
    words = [part for word in plain.split() for part in _parted(word)]
    if not 2 <= len(words) <= 7 or not all(_WORD.match(word) for word in words):
        return None
    surname, *given = (_cased(word.rstrip(".")) for word in words)
    return " ".join((_mend_surname(surname), *given))


def _parted(word: str) -> tuple[str, ...]:
    """``word``, or the usual syllables of names it was run together from where there is but one way: THỊSENLAN."""
    if len(word) < 5 or not word.isalpha() or is_syllable(canonical(word)):
        return (word,)
    ways = [way for way in _ways(word) if len(way) > 1]
    return ways[0] if len(ways) == 1 else (word,)


def _ways(word: str) -> list[tuple[str, ...]]:
    """The ways to cut ``word`` into syllables that names are made of."""
    whole = [(word,)] if is_given_syllable(word) else []
    cuts = ((word[:size], rest) for size in range(2, len(word) - 1) for rest in _ways(word[size:]))
    return whole + [(head, *rest) for head, rest in cuts if is_given_syllable(head)]


def _is_family_name(whole: str, following: str) -> bool:
    """Whether Ông at the head of ``whole`` is the family name: no other one follows, or all is in capitals and none common."""
    if len(whole.split()) < 3:
        return False
    if len(whole.split()) == _SHORT and following in _GIVEN_TOO:
        return True
    return following not in SURNAMES or (whole.isupper() and following not in _CANONICAL)


def name_quality(name: str) -> float:
    """How much ``name`` looks like a Vietnamese name: 1 with a known family name and syllables of likely length."""
    words = fold(name).split()
    known, likely = is_known_surname(name.split(" ", maxsplit=1)[0]), bool(words) and words[0] in SURNAMES
    quality = 1.0 if known else 0.8 if likely else 0.75
    if len(words) > 5 or any(len(word) > 7 for word in words) or any(len(word) == 1 for word in words[:-1]):
        quality *= 0.8
    return quality if all(any(sign in "aeiouy" for sign in word) for word in words) else quality * 0.6


def is_known_surname(surname: str) -> bool:
    """Whether ``surname`` is a family name, spelt as it is."""
    return surname in _SPELT


def likely_surnames(surname: str) -> tuple[str, ...]:
    """The family names with the letters of ``surname`` but other marks, the most common first; empty where it is one."""
    return () if surname in _SPELT else tuple(name for name in FAMILY_NAMES if fold(name) == fold(surname))


def _mend_surname(surname: str) -> str:
    """``surname`` as the common, or the only, family name of its letters is spelt, where it is none as it is."""
    likely = likely_surnames(surname)
    return _CANONICAL.get(fold(surname), likely[0] if len(likely) == 1 else surname) if likely else surname


def _cased(word: str) -> str:
    parts = re.split(r"(['’\-])", unicodedata.normalize("NFC", word))
    return "".join(part[:1].upper() + part[1:].lower() for part in parts)
