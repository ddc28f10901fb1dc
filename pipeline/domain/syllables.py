"""How Vietnamese syllables are written: letters, the marks over them, and where the tone stands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Combining signs of the five written tones: huyền, sắc, ngã, hỏi, nặng.
TONES = "\u0300\u0301\u0303\u0309\u0323"

#: Combining signs that make other vowels of a, e, o, u.
VOWEL_MARKS = "\u0302\u0306\u031b"

_PLAIN_D = str.maketrans({"Đ": "D", "đ": "d"})
_PARTS = re.compile(r"(ngh|ng|nh|gh|gi(?=[aăâeêioôơuưy])|qu|kh|ch|ph|th|tr|[bcdđghklmnprstvx])?(\w+)")
_RIME_LIST = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êng i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot "
    "ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uơ uy uya uych "
    "uyn uynh uyp uyt uyu uyên uyêt uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu "
    "y yêm yên yêng yêt yêu ych ynh"
)
_RIMES = frozenset(_RIME_LIST.split())
_STOPS = ("c", "ch", "p", "t")
_OPEN_PAIRS = ("oa", "oe", "uy")


@lru_cache(maxsize=32768)
def bare(word: str) -> str:
    """``word`` in lower case without tone and vowel marks, đ as d: the letters that all its look-alikes share."""
    signs = unicodedata.normalize("NFD", word.lower().translate(_PLAIN_D))
    return "".join(sign for sign in signs if sign not in TONES and sign not in VOWEL_MARKS)


@lru_cache(maxsize=32768)
def canonical(word: str) -> str:
    """``word`` in lower case, NFC, with the tone where today's spelling sets it: hòa and hoà are both hoà."""
    letters, tone = split_tone(word.lower())
    return _with_tone(letters, tone, _tone_place(letters)) if tone else letters


def split_tone(word: str) -> tuple[str, str]:
    """The letters of ``word`` without tone, NFC, and its tone as a combining sign, empty for the level one."""
    signs = unicodedata.normalize("NFD", word)
    tone = "".join(sign for sign in signs if sign in TONES)
    return unicodedata.normalize("NFC", "".join(sign for sign in signs if sign not in TONES)), tone[:1]


def to_old_placement(word: str) -> str:
    """A canonical ``word`` with the tone on the first vowel of open oa, oe, uy: hoà as hòa, thuý as thúy."""
    letters, tone = split_tone(word)
    if not tone or not letters.endswith(_OPEN_PAIRS) or letters.startswith("qu"):
        return word
    return _with_tone(letters, tone, len(letters) - 2)


@lru_cache(maxsize=32768)
def count_marks_changed(one: str, other: str) -> int:
    """How many marks lie between two words of the same bare letters: the tone, and the mark of each letter."""
    (letters, tone), (others, other_tone) = split_tone(one), split_tone(other)
    return (tone != other_tone) + sum(a != b for a, b in zip(letters, others, strict=True))


@lru_cache(maxsize=32768)
def is_syllable(word: str) -> bool:
    """Whether ``word``, in any case, is spelt as a Vietnamese syllable may be, whether or not one knows it."""
    letters, tone = split_tone(word.lower())
    found = _PARTS.fullmatch(letters)
    if found is None:
        return False
    initial, rime = found[1] or "", found[2]
    if initial == "qu" and rime[0] in "yơ":
        rime = "u" + rime
    if rime not in _RIMES and (initial != "gi" or "i" + rime not in _RIMES):
        return False
    return tone in ("\u0301", "\u0323") if rime.endswith(_STOPS) else True


def _with_tone(letters: str, tone: str, place: int) -> str:
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])


def _tone_place(letters: str) -> int:
    """Where the tone stands: on a marked vowel, else by the vowels and the consonant behind them."""
    marked = [at for at, letter in enumerate(letters) if letter in "ăâêôơư"]
    if marked:
        return marked[-1]
    start = 2 if letters.startswith("qu") or (letters.startswith("gi") and len(letters) > 2 and letters[2] in "aeiouy") else 0
    vowels = [at for at, letter in enumerate(letters) if letter in "aeiouy" and at >= start]
    if not vowels:
        return len(letters) - 1
    closed = vowels[-1] < len(letters) - 1
    if len(vowels) == 1 or (len(vowels) == 2 and not closed and letters[vowels[0] :] not in _OPEN_PAIRS):
        return vowels[0]
    return vowels[1] if len(vowels) > 2 and not closed else vowels[-1]
