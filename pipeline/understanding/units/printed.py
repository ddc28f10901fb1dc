"""An address as printed, word by word, with the kinds of units it names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from pipeline.domain.findings import UnitLevel
from pipeline.understanding.folding import fold
from pipeline.understanding.units.gazetteer import heads, key_of

TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*")
_NUMBERED = re.compile(r"([QPqp])[.]?(\d{1,2})")
_REMARK = re.compile(r"\((?:nay|trước|cũ|mới)[^)]*\)?|\((?:cũ|mới)\)", re.IGNORECASE)
_P, _D, _C = UnitLevel.PROVINCE, UnitLevel.DISTRICT, UnitLevel.COMMUNE
#: Words and abbreviations of kinds, folded: the kinds they may mean, and at which levels.
_HEADS = {
    "tinh": ("tinh", (_P,)),
    "thanh pho": ("thanh pho", (_P, _D)),
    "tp": ("thanh pho", (_P, _D)),
    "huyen": ("huyen", (_D,)),
    "quan": ("quan", (_D,)),
    "thi xa": ("thi xa", (_D,)),
    "tx": ("thi xa", (_D,)),
    "phuong": ("phuong", (_C,)),
    "xa": ("xa", (_C,)),
    "thi tran": ("thi tran", (_C,)),
    "tt": ("thi tran", (_C,)),
    "dac khu": ("dac khu", (_C,)),
}
#: Kinds as they are spelt, by their letters.
SPELT = {
    "tinh": "tỉnh", "thanh pho": "thành phố", "huyen": "huyện", "quan": "quận", "thi xa": "thị xã", "phuong": "phường",
    "xa": "xã", "thi tran": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip
#: One letter stands for a kind only before a full stop or a number.
_LETTERS = {
    "t": ("tinh", (_P,)),
    "h": ("huyen", (_D,)),
    "q": ("quan", (_D,)),
    "p": ("phuong", (_C,)),
    "x": ("xa", (_C,)),
}


#: What names of units, old and new, begin with that has the letters of a kind.
_NAME_HEADS = frozenset(
    {"huyền", "phương", "phường", "phượng", "quan", "quán", "quân", "quản", "tinh", "tình", "tĩnh", "tịnh", "xa", "xà", "xá"}
)
#: Words of addresses that a kind of unit is but a letter away from.
_NO_KINDS = frozenset({"thanh", "xuan", "quang", "phung", "quyen", "tin", "quoc", "toan"})


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word of an address: where it stands in the text, what parts it from the one before.

    ``parted``: 2 by a comma, semicolon or line, 1 by a dash or full stop, 0 by a space or nothing.
    """

    text: str
    start: int
    end: int
    parted: int
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The kind named before a unit: how many words it takes, what it says, the levels it may stand for."""

    size: int
    kind: str
    levels: tuple[UnitLevel, ...]


def tones_of(text: str) -> str:
    """The tone marks of ``text``, word by word."""
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in plain if sign in TONES or sign == " ")


def split_words(text: str) -> tuple[PrintedWord, ...]:
    """The words of ``text``, remarks in brackets (nay là …, cũ) left out; Q1 and P.5 become kind and number."""
    blanked = _REMARK.sub(lambda match: " " * len(match[0]), text)
    return tuple(_words(blanked))


def _words(text: str) -> Iterator[PrintedWord]:
    reached = 0
    for match in _WORD.finditer(text):
        between = text[reached : match.start()]
        parted = 2 if re.search(r"[,;\n]", between) else 1 if re.search(r"[-–—.:/]", between) else 0
        parted = 2 if not reached else parted
        stopped = text[match.end() : match.end() + 1] == "."
        numbered = _NUMBERED.fullmatch(match[0])
        glued = re.fullmatch(r"(TP|Tp)([A-ZĐ].+)", match[0])
        if numbered or glued:
            cut = match.start() + (1 if numbered else 2)
            yield PrintedWord(text[match.start() : cut], match.start(), cut, parted, True)
            yield PrintedWord(text[cut : match.end()], cut, match.end(), 0, stopped)
        else:
            yield PrintedWord(match[0], match.start(), match.end(), parted, stopped)
        reached = match.end()


def head_before(words: tuple[PrintedWord, ...], place: int) -> Head | None:
    """The kind that stands right before the word at ``place``; None where none does."""
    for size in (2, 1):
        if place < size or any(word.parted == 2 for word in words[place - size + 1 : place + 1]):
            continue
        said = words[place - size : place]
        folded = fold(" ".join(word.text for word in said))
        if folded in _HEADS and (_is_kind(said, folded) or (folded == "tinh" and _names_province(words[place:]))):
            return Head(size, *_HEADS[folded])
        meant = _misread_head(folded) or (_maimed_head(folded) if said[0].parted else "") if said[0].text.islower() else ""
        if meant:
            return Head(size, *_HEADS[meant])
        if size == 1 and folded in _LETTERS and (said[0].stopped or words[place].text.isdigit()):
            return Head(1, *_LETTERS[folded])
    return None


def _is_kind(said: tuple[PrintedWord, ...], folded: str) -> bool:
    """Whether words with the letters of a kind are that kind, and not the beginning of a name: Tịnh Ấn, Quán Lào."""
    if folded in ("tt", "tp", "tx"):
        return not said[0].text.islower() or said[0].stopped
    printed = " ".join(word.text for word in said)
    if printed.isascii() or printed[0].islower():
        return True
    told, meant = tones_of(printed).split(" "), tones_of(SPELT[folded]).split(" ")
    # No syllable bears two tones, and no name has the letters of two words of a kind: Hùyện, Thanh phố are kinds misread.
    return told == meant or any(len(word) > 1 for word in told) or len(said) > 1 or printed.lower() not in _NAME_HEADS


def _names_province(words: tuple[PrintedWord, ...]) -> bool:
    """Whether nothing but the name of a province stands in ``words`` up to the next sign."""
    ends = (at for at, word in enumerate(words) if at and word.parted == 2)
    return key_of(" ".join(word.text for word in words[: next(ends, len(words))])) in _province_keys()


@cache
def _province_keys() -> frozenset[str]:
    known = heads()
    return frozenset(entry.key for entry in (*known.provinces.values(), *known.before.values()))


def kind_before(words: tuple[PrintedWord, ...], place: int, level: UnitLevel) -> bool:
    """Whether a kind of ``level`` is said up to three words before ``place``, with no sign between."""
    for start in range(place, max(0, place - 3), -1):
        head = head_before(words, start)
        if head and level in head.levels:
            return True
        if words[start].parted:
            return False
    return False


@lru_cache(maxsize=4096)
def _misread_head(folded: str) -> str:
    """The kind that ``folded`` is but for a letter (two of thành phố); empty where it is none."""
    if folded in _HEADS or folded in _NO_KINDS or len(folded) < 4:
        return ""
    wrong = 2 if len(folded) > 8 else 1
    near = (head for head in _HEADS if len(head) > 3 and abs(len(head) - len(folded)) <= wrong)
    return next((head for head in near if Levenshtein.distance(folded, head, score_cutoff=wrong) <= wrong), "")


@lru_cache(maxsize=4096)
def _maimed_head(folded: str) -> str:
    """The kind whose first letter or two ``folded`` has lost; empty where it is none: ã, hường, uyện."""
    if folded in _HEADS or not folded:
        return ""
    return next((head for head in _HEADS if head.endswith(folded) and 0 < len(head) - len(folded) <= min(2, len(folded))), "")
