"""Provinces and set phrases, to give back lost marks where the letters leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from rapidfuzz import fuzz, process

from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import capital_share, fold, squeeze
from pipeline.understanding.phrases import phrases, provinces
from pipeline.understanding.units.lone_names import mend_lone_unit
from pipeline.understanding.units.spellings import unit_spellings

#: What stands before the title of who acts for a head.
_ACTING = re.compile(r"(?:Q\.|QUYỀN|Quyền)\s+")
#: A kind run into the name behind it, or said twice; a 6 behind what is numbered in a place, read as a letter.
_GLUED = re.compile(r"\b(xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh)(?=[A-ZĐÀ-Ý])")
_TWICE = re.compile(r"\b(xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh) (?=\1 )")
_SIX = re.compile(r"\b((?i:thôn|xóm|ấp|tổ|khu|phố|khóm|đội|bản|phường|quận)) ó(?=,|$)")
#: What is left of Ủy ban at the head of a name.
_COMMITTEE = re.compile(r"(?:\S{1,2}\s+)?ban\s+(?P<rest>nhân dân\s)", re.IGNORECASE)
_LEVELS = ("tinh", "thanh pho", "tp")
#: How like a body of the list one must be that is it, misread.
_LIKE_BODY = 92.0

#: What parts of an address begin with, by its letters; only small letters are mended, names begin with capitals.
_LEVEL_WORDS = {
    "to": "tổ", "khu pho": "khu phố", "phuong": "phường", "xa": "xã", "huyen": "huyện", "quan": "quận", "tinh": "tỉnh",
    "thi tran": "thị trấn", "thi xa": "thị xã", "thanh pho": "thành phố", "thon": "thôn", "ap": "ấp", "xom": "xóm",
}  # fmt: skip


def mend_place(text: str) -> str:
    """``text`` as the province of its letters is spelt, where no unit is spelt as it is; else ``text``.

    One word may have other letters, where no unit has those that were read.
    """
    letters, known = fold(text), _by_letters(("provinces",))
    spelt = unit_spellings(text)
    if any(canonical(name) == canonical(text) for name in spelt):
        return text
    name = known.get(letters) or ("" if spelt else _misread(letters))
    return _cased_like(name, text) if name else text


def _misread(letters: str) -> str:
    """The one province that ``letters`` are but for one letter of one of two or more words."""
    found = [
        name
        for key, name in _by_letters(("provinces",)).items()
        if len(key) == len(letters) and " " in key and sum(one != other for one, other in zip(key, letters, strict=True)) == 1
    ]
    return found[0] if len(found) == 1 else ""


def is_province(text: str) -> bool:
    """Whether ``text`` is the name of a province, spelt as it is."""
    return canonical(text) in _provinces()


@cache
def _provinces() -> frozenset[str]:
    return frozenset(canonical(name) for name in provinces().values())


def mend_address(text: str) -> str:
    """``text`` with the marks of units set right, where the register leaves no other spelling of what stands behind a kind."""
    apart = _GLUED.sub(r"\1 ", _TWICE.sub("", _SIX.sub(r"\1 6", text)))
    words = (_mend_case(word) for word in apart.split())
    parts = [_mend_word(part.strip()) for part in " ".join(words).split(",")]
    whole = [_whole_city(part, parts[place - 1] if place else "") for place, part in enumerate(parts)]
    return ", ".join(mend_lone_unit(_mend_level(part)) for part in whole)


def mend_seat(text: str) -> str:
    """``text``, a body or a house at a place, as :func:`mend_address` does, with the first word of its name: ỦY BAN."""
    head = _COMMITTEE.match(text)
    if head is None:
        return mend_address(text)
    return mend_address(("ỦY BAN " if head[0].isupper() else "Ủy ban ") + text[head.start("rest") :])


def _whole_city(part: str, before: str) -> str:
    """``part`` with the first word of thành phố, where it names a city behind a ward: phố Điện Biên Phủ."""
    named = re.fullmatch(r"phố (.+)", part)
    ward = fold(before).startswith(("phuong ", "xa "))
    return f"thành {part}" if named and ward and unit_spellings(named[1], "thanh pho") else part


def names_province(address: str) -> bool:
    """Whether ``address`` ends with a province, with or without its level."""
    last = fold(address.rsplit(",", 1)[-1]).removeprefix("thanh pho ").removeprefix("tp ").removeprefix("tinh ")
    return last in _by_letters(("provinces",)) or last.endswith(" viet nam")


def mend_phrases(text: str, kind: str) -> str:
    """``text`` with every run of words that has the letters of a set phrase or province spelt as that one is."""
    acting = _ACTING.match(text) if kind == "signers" else None
    if acting:
        return f"{acting[0]}{mend_phrases(text[acting.end() :], kind)}"
    whole = _nearest(fold(text)) if kind == "signers" else ""
    if whole:
        return _cased_like(whole, text)
    mended = _mend_runs(
        _mend_runs(_with_level(text) if kind == "issuers" else text, _levelled()), _by_letters((kind, "issuers"))
    )
    return _nearest_body(mended) if kind == "issuers" and not is_set_phrase(mended, kind) else mended


def _with_level(text: str) -> str:
    """``text`` with ỦY BAN whole, and with TỈNH for what was read of it before a province's name: LĨNH LAI CHÂU."""
    plain = re.sub(r"^ỦY NHÂN DÂN\b", "ỦY BAN NHÂN DÂN", text)
    words = plain.split()
    for size in (2, 3):
        before = fold(words[-size - 1]) if len(words) > size else "tinh"
        if (
            fold(" ".join(words[-size:])) in _by_letters(("provinces",))
            and before != "tinh"
            and fuzz.ratio(before, "tinh") >= 75
        ):
            return " ".join((*words[: -size - 1], "TỈNH" if plain.isupper() else "tỉnh", *words[-size:]))
    return plain


def _nearest_body(text: str) -> str:
    """The body of a list that ``text`` is but for a letter or a space; else ``text``."""
    found = process.extract(fold(text), _by_letters(("issuers",)).keys(), scorer=fuzz.ratio, score_cutoff=88, limit=2)
    if not found or found[0][1] < _LIKE_BODY or (len(found) > 1 and found[0][1] - found[1][1] < 4):
        return text
    if any(sign.isdigit() for sign in text) or abs(len(found[0][0].replace(" ", "")) - len(fold(text).replace(" ", ""))) > 1:
        return text
    return _cased_like(_by_letters(("issuers",))[found[0][0]], text)


def _mend_runs(text: str, known: Mapping[str, str]) -> str:
    words, done, place = text.split(), list[str](), 0
    while place < len(words):
        for size in range(min(9, len(words) - place), 0, -1):
            run = " ".join(words[place : place + size])
            phrase = known.get(fold(run))
            if phrase and run[:1].isalpha() and run[-1:].isalpha():
                done.append(_cased_like(phrase, run))
                place += size
                break
        else:
            done.append(words[place])
            place += 1
    return " ".join(done)


@cache
def _levelled() -> Mapping[str, str]:
    """Provinces with the word before them: a bare name may be another place's, Tỉnh Quảng Ngãi is none but itself."""
    return {fold(f"{level} {name}"): f"{level} {name}" for name in provinces().values() for level in ("Tỉnh", "Thành phố")}


def _nearest(folded: str) -> str:
    """The signer's title that ``folded`` is but for a letter or two; empty where none is, or where it is one already."""
    known = _by_letters(("signers",))
    if folded in known or len(folded) < 6:
        return ""
    found = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=85)
    return known[found[0]] if found and abs(len(found[0]) - len(folded)) <= 2 else ""


def is_set_phrase(text: str, kind: str) -> bool:
    """Whether every word of ``text`` belongs to a set phrase or a province with its level."""
    known = {**_by_letters((kind, "issuers")), **_levelled()}
    words = text.split()
    reached = {0}
    for place in range(len(words)):
        if place in reached:
            reached |= {place + size for size in range(1, 10) if fold(" ".join(words[place : place + size])) in known}
    return bool(words) and len(words) in reached


def _mend_case(word: str) -> str:
    """``word`` without capitals in its middle, where it is no abbreviation: PhÚ is Phú."""
    mixed = word[:1].isupper() and any(sign.isupper() for sign in word[1:]) and any(sign.islower() for sign in word)
    return word.capitalize() if mixed and word.isalpha() and len(word) < 8 else word


def _mend_word(part: str) -> str:
    """``part`` with the marks of the word it begins with, where that names a level and is written small."""
    for letters, spelt in _LEVEL_WORDS.items():
        size = len(spelt.split())
        words = part.split()
        if len(words) > size and fold(" ".join(words[:size])) == letters and part[:1].islower():
            if letters == "to" and not words[1][:1].isdigit():
                return part
            return " ".join((spelt, *words[size:]))
    return part


def _mend_level(part: str) -> str:
    match = re.match(r"^(\S+(?: \S+)?) (.+)$", part)
    for size in (1, 2):
        words = part.split()
        if match and len(words) > size and fold(" ".join(words[:size])) in _LEVELS:
            return " ".join((*words[:size], mend_place(" ".join(words[size:]))))
    return part


@cache
def _by_letters(kinds: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for kind in kinds:
        names: Iterable[str] = provinces().values() if kind == "provinces" else phrases(kind)
        for name in names:
            found.setdefault(fold(name), name)
    return found


def _cased_like(phrase: str, model: str) -> str:
    if capital_share(model) > 0.8:
        return phrase.upper()
    return squeeze(phrase)
